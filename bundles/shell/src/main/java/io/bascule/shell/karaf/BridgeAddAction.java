/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.shell.karaf;

import io.bascule.shell.command.BridgeAdd;
import io.bascule.shell.command.ConsoleCommand;
import io.bascule.shell.command.Help;
import java.util.List;
import org.apache.karaf.shell.api.action.Argument;
import org.apache.karaf.shell.api.action.Command;
import org.apache.karaf.shell.api.action.lifecycle.Service;

/** {@link BridgeAdd}. */
@Service
@Command(
        scope = "mqtt",
        name = "bridge-add",
        description = BridgeAdd.SUMMARY,
        detailedDescription = Help.EXAMPLE + BridgeAdd.EXAMPLE + "\n" + Help.QUOTING)
public final class BridgeAddAction extends AnsweringAction {
    @Argument(index = 0, name = "name", description = BridgeAdd.NAME)
    private String name;

    @Argument(index = 1, name = "key=value", description = BridgeAdd.LINE, multiValued = true, valueToShowInHelp = "")
    private List<String> lines = List.of();

    @Override
    ConsoleCommand command() {
        return BridgeAdd.of(name, lines);
    }
}
