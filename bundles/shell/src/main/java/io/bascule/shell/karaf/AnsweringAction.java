/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.shell.karaf;

import io.bascule.shell.command.ConsoleCommand;
import io.bascule.shell.command.Services;
import io.bascule.shell.view.ViewPrinter;
import java.io.PrintStream;

/** A command that answers once. */
abstract class AnsweringAction extends MqttAction {
    private static final ViewPrinter PRINTER = new ViewPrinter(new KarafTable());

    /** The command that was typed. */
    abstract ConsoleCommand command();

    @Override
    final void run(Services services, boolean json, PrintStream out) {
        PRINTER.print(command().run(services), json, out);
    }
}
