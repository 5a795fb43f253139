/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.shell.karaf;

import io.bascule.shell.command.BridgeInfo;
import io.bascule.shell.command.BridgeStart;
import io.bascule.shell.command.ConsoleCommand;
import io.bascule.shell.command.Help;
import org.apache.karaf.shell.api.action.Argument;
import org.apache.karaf.shell.api.action.Command;
import org.apache.karaf.shell.api.action.Completion;
import org.apache.karaf.shell.api.action.lifecycle.Service;

/** {@link BridgeStart}. */
@Service
@Command(
        scope = "mqtt",
        name = "bridge-start",
        description = BridgeStart.SUMMARY,
        detailedDescription = Help.EXAMPLE + BridgeStart.EXAMPLE)
public final class BridgeStartAction extends AnsweringAction {
    @Argument(name = "name", description = BridgeInfo.NAME)
    @Completion(BridgeNameCompleter.class)
    private String name;

    @Override
    ConsoleCommand command() {
        return BridgeStart.of(name);
    }
}
