/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.shell.karaf;

import io.bascule.shell.command.Help;
import io.bascule.shell.command.OngoingCommand;
import io.bascule.shell.command.StoreVerify;
import org.apache.karaf.shell.api.action.Argument;
import org.apache.karaf.shell.api.action.Command;
import org.apache.karaf.shell.api.action.lifecycle.Service;

/** {@link StoreVerify}. */
@Service
@Command(
        scope = "mqtt",
        name = "store-verify",
        description = StoreVerify.SUMMARY,
        detailedDescription = Help.EXAMPLE + StoreVerify.EXAMPLE)
public final class StoreVerifyAction extends OngoingAction {
    @Argument(name = "folder", description = StoreVerify.FOLDER)
    private String folder;

    @Override
    OngoingCommand command() {
        return StoreVerify.of(folder);
    }
}
