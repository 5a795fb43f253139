/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.shell.karaf;

import io.bascule.shell.command.BridgeDrain;
import io.bascule.shell.command.BridgeInfo;
import io.bascule.shell.command.Help;
import io.bascule.shell.command.OngoingCommand;
import org.apache.karaf.shell.api.action.Argument;
import org.apache.karaf.shell.api.action.Command;
import org.apache.karaf.shell.api.action.Completion;
import org.apache.karaf.shell.api.action.lifecycle.Service;

/** {@link BridgeDrain}. */
@Service
@Command(
        scope = "mqtt",
        name = "bridge-drain",
        description = BridgeDrain.SUMMARY,
        detailedDescription = Help.EXAMPLE + BridgeDrain.EXAMPLE)
public final class BridgeDrainAction extends OngoingAction {
    @Argument(name = "name", description = BridgeInfo.NAME)
    @Completion(BridgeNameCompleter.class)
    private String name;

    @Override
    OngoingCommand command() {
        return BridgeDrain.of(name);
    }
}
