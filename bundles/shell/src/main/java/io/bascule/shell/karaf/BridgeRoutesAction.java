/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.shell.karaf;

import io.bascule.shell.command.BridgeRoutes;
import io.bascule.shell.command.ConsoleCommand;
import io.bascule.shell.command.Help;
import java.util.Optional;
import org.apache.karaf.shell.api.action.Argument;
import org.apache.karaf.shell.api.action.Command;
import org.apache.karaf.shell.api.action.Completion;
import org.apache.karaf.shell.api.action.lifecycle.Service;

/** {@link BridgeRoutes}. */
@Service
@Command(
        scope = "mqtt",
        name = "bridge-routes",
        description = BridgeRoutes.SUMMARY,
        detailedDescription = Help.EXAMPLE + BridgeRoutes.EXAMPLE)
public final class BridgeRoutesAction extends AnsweringAction {
    @Argument(index = 0, name = "name", description = BridgeRoutes.NAME)
    @Completion(BridgeNameCompleter.class)
    private String name;

    @Override
    ConsoleCommand command() {
        return new BridgeRoutes(Optional.ofNullable(name));
    }
}
