/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.shell.karaf;

import io.bascule.shell.command.BridgeInfo;
import io.bascule.shell.command.BridgeQueue;
import io.bascule.shell.command.ConsoleCommand;
import io.bascule.shell.command.Help;
import org.apache.karaf.shell.api.action.Argument;
import org.apache.karaf.shell.api.action.Command;
import org.apache.karaf.shell.api.action.Completion;
import org.apache.karaf.shell.api.action.Option;
import org.apache.karaf.shell.api.action.lifecycle.Service;

/** {@link BridgeQueue}. */
@Service
@Command(
        scope = "mqtt",
        name = "bridge-queue",
        description = BridgeQueue.SUMMARY,
        detailedDescription = Help.EXAMPLE + BridgeQueue.EXAMPLE)
public final class BridgeQueueAction extends AnsweringAction {
    @Argument(name = "name", description = BridgeInfo.NAME)
    @Completion(BridgeNameCompleter.class)
    private String name;

    @Option(name = "--limit", aliases = "-l", description = BridgeQueue.LIMIT)
    private String limit;

    @Override
    ConsoleCommand command() {
        return BridgeQueue.of(name, limit);
    }
}
