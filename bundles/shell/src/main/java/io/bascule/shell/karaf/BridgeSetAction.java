/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.shell.karaf;

import io.bascule.shell.command.BridgeInfo;
import io.bascule.shell.command.BridgeSet;
import io.bascule.shell.command.ConsoleCommand;
import io.bascule.shell.command.Help;
import java.util.List;
import org.apache.karaf.shell.api.action.Argument;
import org.apache.karaf.shell.api.action.Command;
import org.apache.karaf.shell.api.action.Completion;
import org.apache.karaf.shell.api.action.Option;
import org.apache.karaf.shell.api.action.lifecycle.Service;

/** {@link BridgeSet}. */
@Service
@Command(
        scope = "mqtt",
        name = "bridge-set",
        description = BridgeSet.SUMMARY,
        detailedDescription = Help.EXAMPLE + BridgeSet.EXAMPLE + "\n" + Help.QUOTING)
public final class BridgeSetAction extends AnsweringAction {
    @Argument(index = 0, name = "name", description = BridgeInfo.NAME)
    @Completion(BridgeNameCompleter.class)
    private String name;

    @Argument(index = 1, name = "key=value", description = BridgeSet.LINE, multiValued = true, valueToShowInHelp = "")
    private List<String> lines = List.of();

    @Option(name = "--unset", aliases = "-u", description = BridgeSet.UNSET, multiValued = true, valueToShowInHelp = "")
    private List<String> removals = List.of();

    @Override
    ConsoleCommand command() {
        return BridgeSet.of(name, lines, removals);
    }
}
