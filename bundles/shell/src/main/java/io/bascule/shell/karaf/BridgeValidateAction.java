/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.shell.karaf;

import io.bascule.shell.command.BridgeValidate;
import io.bascule.shell.command.Help;
import io.bascule.shell.command.OngoingCommand;
import org.apache.karaf.shell.api.action.Argument;
import org.apache.karaf.shell.api.action.Command;
import org.apache.karaf.shell.api.action.lifecycle.Service;

/** {@link BridgeValidate}. */
@Service
@Command(
        scope = "mqtt",
        name = "bridge-validate",
        description = BridgeValidate.SUMMARY,
        detailedDescription = Help.EXAMPLE + BridgeValidate.EXAMPLE)
public final class BridgeValidateAction extends OngoingAction {
    @Argument(name = "file", description = BridgeValidate.FILE)
    private String file;

    @Override
    OngoingCommand command() {
        return BridgeValidate.of(file);
    }
}
