/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.shell.karaf;

import io.bascule.shell.command.Help;
import io.bascule.shell.command.OngoingCommand;
import io.bascule.shell.command.StoreExport;
import org.apache.karaf.shell.api.action.Argument;
import org.apache.karaf.shell.api.action.Command;
import org.apache.karaf.shell.api.action.lifecycle.Service;

/** {@link StoreExport}. */
@Service
@Command(
        scope = "mqtt",
        name = "store-export",
        description = StoreExport.SUMMARY,
        detailedDescription = Help.EXAMPLE + StoreExport.EXAMPLE)
public final class StoreExportAction extends OngoingAction {
    @Argument(name = "file", description = StoreExport.FILE)
    private String file;

    @Override
    OngoingCommand command() {
        return StoreExport.of(file);
    }
}
