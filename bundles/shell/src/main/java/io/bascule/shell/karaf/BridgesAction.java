/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.shell.karaf;

import io.bascule.shell.command.Bridges;
import io.bascule.shell.command.ConsoleCommand;
import io.bascule.shell.command.Help;
import org.apache.karaf.shell.api.action.Command;
import org.apache.karaf.shell.api.action.lifecycle.Service;

/** {@link Bridges}. */
@Service
@Command(
        scope = "mqtt",
        name = "bridges",
        description = Bridges.SUMMARY,
        detailedDescription = Help.EXAMPLE + Bridges.EXAMPLE)
public final class BridgesAction extends AnsweringAction {

    @Override
    ConsoleCommand command() {
        return new Bridges();
    }
}
