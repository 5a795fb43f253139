/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.shell.karaf;

import io.bascule.shell.command.BridgeInfo;
import io.bascule.shell.command.BridgeStop;
import io.bascule.shell.command.ConsoleCommand;
import io.bascule.shell.command.Help;
import org.apache.karaf.shell.api.action.Argument;
import org.apache.karaf.shell.api.action.Command;
import org.apache.karaf.shell.api.action.Completion;
import org.apache.karaf.shell.api.action.lifecycle.Service;

/** {@link BridgeStop}. */
@Service
@Command(
        scope = "mqtt",
        name = "bridge-stop",
        description = BridgeStop.SUMMARY,
        detailedDescription = Help.EXAMPLE + BridgeStop.EXAMPLE)
public final class BridgeStopAction extends AnsweringAction {
    @Argument(name = "name", description = BridgeInfo.NAME)
    @Completion(BridgeNameCompleter.class)
    private String name;

    @Override
    ConsoleCommand command() {
        return BridgeStop.of(name);
    }
}
