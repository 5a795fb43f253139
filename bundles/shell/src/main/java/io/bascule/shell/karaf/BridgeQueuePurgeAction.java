/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.shell.karaf;

import io.bascule.shell.command.BridgeInfo;
import io.bascule.shell.command.BridgeQueuePurge;
import io.bascule.shell.command.ConsoleCommand;
import io.bascule.shell.command.Help;
import org.apache.karaf.shell.api.action.Argument;
import org.apache.karaf.shell.api.action.Command;
import org.apache.karaf.shell.api.action.Completion;
import org.apache.karaf.shell.api.action.lifecycle.Service;

/** {@link BridgeQueuePurge}. */
@Service
@Command(
        scope = "mqtt",
        name = "bridge-queue-purge",
        description = BridgeQueuePurge.SUMMARY,
        detailedDescription = Help.EXAMPLE + BridgeQueuePurge.EXAMPLE)
public final class BridgeQueuePurgeAction extends AnsweringAction {
    @Argument(name = "name", description = BridgeInfo.NAME)
    @Completion(BridgeNameCompleter.class)
    private String name;

    @Override
    ConsoleCommand command() {
        return BridgeQueuePurge.of(name);
    }
}
