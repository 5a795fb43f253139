/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.shell.karaf;

import io.bascule.shell.command.Console;
import io.bascule.shell.command.ConsoleCommand;
import io.bascule.shell.command.Services;
import java.util.function.Supplier;

/** A command that answers once. */
abstract class AnsweringAction extends MqttAction {

    /** The command that was typed. */
    abstract ConsoleCommand command();

    @Override
    final void run(Supplier<Services> services, Console console) {
        console.print(command().run(services.get()));
    }
}
