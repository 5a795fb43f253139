/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.shell.karaf;

import io.bascule.shell.command.BridgeInfo;
import io.bascule.shell.command.BridgeQueueExport;
import io.bascule.shell.command.ConsoleCommand;
import io.bascule.shell.command.Help;
import org.apache.karaf.shell.api.action.Argument;
import org.apache.karaf.shell.api.action.Command;
import org.apache.karaf.shell.api.action.Completion;
import org.apache.karaf.shell.api.action.lifecycle.Service;

/** {@link BridgeQueueExport}. */
@Service
@Command(
        scope = "mqtt",
        name = "bridge-queue-export",
        description = BridgeQueueExport.SUMMARY,
        detailedDescription = Help.EXAMPLE + BridgeQueueExport.EXAMPLE)
public final class BridgeQueueExportAction extends AnsweringAction {
    @Argument(name = "name", description = BridgeInfo.NAME)
    @Completion(BridgeNameCompleter.class)
    private String name;

    @Argument(name = "file", index = 1, description = BridgeQueueExport.FILE)
    private String file;

    @Override
    ConsoleCommand command() {
        return BridgeQueueExport.of(name, file);
    }
}
