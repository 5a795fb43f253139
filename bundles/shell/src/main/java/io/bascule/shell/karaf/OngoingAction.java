/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.shell.karaf;

import io.bascule.shell.command.Console;
import io.bascule.shell.command.OngoingCommand;
import io.bascule.shell.command.Services;
import java.util.function.Supplier;

/** A command that takes its time. */
abstract class OngoingAction extends MqttAction {

    /** The command that was typed. */
    abstract OngoingCommand command();

    @Override
    final void run(Supplier<Services> services, Console console) {
        command().run(services, console);
    }
}
