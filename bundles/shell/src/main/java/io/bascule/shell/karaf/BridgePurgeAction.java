/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.shell.karaf;

import io.bascule.shell.command.BridgeInfo;
import io.bascule.shell.command.BridgePurge;
import io.bascule.shell.command.ConsoleCommand;
import io.bascule.shell.command.Help;
import org.apache.karaf.shell.api.action.Argument;
import org.apache.karaf.shell.api.action.Command;
import org.apache.karaf.shell.api.action.Completion;
import org.apache.karaf.shell.api.action.lifecycle.Service;

/** {@link BridgePurge}. */
@Service
@Command(
        scope = "mqtt",
        name = "bridge-purge",
        description = BridgePurge.SUMMARY,
        detailedDescription = Help.EXAMPLE + BridgePurge.EXAMPLE)
public final class BridgePurgeAction extends AnsweringAction {
    // Not required for Karaf: the command says it better when it is missing. So in the other commands.
    @Argument(name = "name", description = BridgeInfo.NAME)
    @Completion(DeletedBridgeCompleter.class)
    private String name;

    @Override
    ConsoleCommand command() {
        return BridgePurge.of(name);
    }
}
