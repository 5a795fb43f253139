/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.shell.karaf;

import io.bascule.shell.command.ConsoleCommand;
import io.bascule.shell.command.Help;
import io.bascule.shell.command.Residue;
import java.util.Optional;
import org.apache.karaf.shell.api.action.Argument;
import org.apache.karaf.shell.api.action.Command;
import org.apache.karaf.shell.api.action.Completion;
import org.apache.karaf.shell.api.action.lifecycle.Service;

/** {@link Residue}. */
@Service
@Command(
        scope = "mqtt",
        name = "bridge-residue",
        description = Residue.SUMMARY,
        detailedDescription = Help.EXAMPLE + Residue.EXAMPLE)
public final class BridgeResidueAction extends AnsweringAction {
    @Argument(name = "name", description = Residue.NAME)
    @Completion(ClosedBridgeNameCompleter.class)
    private String name;

    @Override
    ConsoleCommand command() {
        return new Residue(Optional.ofNullable(name));
    }
}
