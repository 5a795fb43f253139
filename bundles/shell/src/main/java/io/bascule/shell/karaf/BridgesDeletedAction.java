/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.shell.karaf;

import io.bascule.shell.command.BridgesDeleted;
import io.bascule.shell.command.ConsoleCommand;
import io.bascule.shell.command.Help;
import org.apache.karaf.shell.api.action.Command;
import org.apache.karaf.shell.api.action.lifecycle.Service;

/** {@link BridgesDeleted}. */
@Service
@Command(
        scope = "mqtt",
        name = "bridges-deleted",
        description = BridgesDeleted.SUMMARY,
        detailedDescription = Help.EXAMPLE + BridgesDeleted.EXAMPLE)
public final class BridgesDeletedAction extends AnsweringAction {

    @Override
    ConsoleCommand command() {
        return new BridgesDeleted();
    }
}
