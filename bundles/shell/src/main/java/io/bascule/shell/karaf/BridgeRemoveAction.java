/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.shell.karaf;

import io.bascule.shell.command.BridgeInfo;
import io.bascule.shell.command.BridgeRemove;
import io.bascule.shell.command.ConsoleCommand;
import io.bascule.shell.command.Help;
import org.apache.karaf.shell.api.action.Argument;
import org.apache.karaf.shell.api.action.Command;
import org.apache.karaf.shell.api.action.Completion;
import org.apache.karaf.shell.api.action.lifecycle.Service;

/** {@link BridgeRemove}. */
@Service
@Command(
        scope = "mqtt",
        name = "bridge-remove",
        description = BridgeRemove.SUMMARY,
        detailedDescription = Help.EXAMPLE + BridgeRemove.EXAMPLE)
public final class BridgeRemoveAction extends AnsweringAction {
    @Argument(index = 0, name = "name", description = BridgeInfo.NAME)
    @Completion(BridgeNameCompleter.class)
    private String name;

    @Override
    ConsoleCommand command() {
        return BridgeRemove.of(name);
    }
}
