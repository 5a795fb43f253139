/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.shell.karaf;

import io.bascule.shell.command.ConsoleCommand;
import io.bascule.shell.command.Help;
import io.bascule.shell.command.Limits;
import org.apache.karaf.shell.api.action.Command;
import org.apache.karaf.shell.api.action.lifecycle.Service;

/** {@link Limits}. */
@Service
@Command(
        scope = "mqtt",
        name = "limits",
        description = Limits.SUMMARY,
        detailedDescription = Help.EXAMPLE + Limits.EXAMPLE)
public final class LimitsAction extends AnsweringAction {

    @Override
    ConsoleCommand command() {
        return new Limits();
    }
}
