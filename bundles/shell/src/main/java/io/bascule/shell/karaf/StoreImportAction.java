/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.shell.karaf;

import io.bascule.shell.command.Help;
import io.bascule.shell.command.OngoingCommand;
import io.bascule.shell.command.StoreImport;
import org.apache.karaf.shell.api.action.Argument;
import org.apache.karaf.shell.api.action.Command;
import org.apache.karaf.shell.api.action.Option;
import org.apache.karaf.shell.api.action.lifecycle.Service;

/** {@link StoreImport}. */
@Service
@Command(
        scope = "mqtt",
        name = "store-import",
        description = StoreImport.SUMMARY,
        detailedDescription = Help.EXAMPLE + StoreImport.EXAMPLE)
public final class StoreImportAction extends OngoingAction {
    @Argument(name = "file", description = StoreImport.FILE)
    private String file;

    @Option(name = "--skip-existing", aliases = "-s", description = StoreImport.SKIP_EXISTING)
    private boolean skipExisting;

    @Override
    OngoingCommand command() {
        return StoreImport.of(file, skipExisting);
    }
}
