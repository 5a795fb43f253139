/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.shell.karaf;

import io.bascule.shell.command.ConsoleCommand;
import io.bascule.shell.command.Help;
import io.bascule.shell.command.Listeners;
import org.apache.karaf.shell.api.action.Command;
import org.apache.karaf.shell.api.action.lifecycle.Service;

/** {@link Listeners}. */
@Service
@Command(
        scope = "mqtt",
        name = "listeners",
        description = Listeners.SUMMARY,
        detailedDescription = Help.EXAMPLE + Listeners.EXAMPLE)
public final class ListenersAction extends AnsweringAction {

    @Override
    ConsoleCommand command() {
        return new Listeners();
    }
}
