/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.shell.karaf;

import io.bascule.shell.command.BridgeInfo;
import io.bascule.shell.command.ConsoleCommand;
import io.bascule.shell.command.Help;
import org.apache.karaf.shell.api.action.Argument;
import org.apache.karaf.shell.api.action.Command;
import org.apache.karaf.shell.api.action.Completion;
import org.apache.karaf.shell.api.action.lifecycle.Service;

/** {@link BridgeInfo}. */
@Service
@Command(
        scope = "mqtt",
        name = "bridge-info",
        description = BridgeInfo.SUMMARY,
        detailedDescription = Help.EXAMPLE + BridgeInfo.EXAMPLE)
public final class BridgeInfoAction extends AnsweringAction {
    // Not required for Karaf: the command says it better when it is missing. So in the other commands.
    @Argument(name = "name", description = BridgeInfo.NAME)
    @Completion(BridgeNameCompleter.class)
    private String name;

    @Override
    ConsoleCommand command() {
        return BridgeInfo.of(name);
    }
}
