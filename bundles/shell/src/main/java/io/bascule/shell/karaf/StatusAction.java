/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.shell.karaf;

import io.bascule.shell.command.ConsoleCommand;
import io.bascule.shell.command.Help;
import io.bascule.shell.command.Status;
import org.apache.karaf.shell.api.action.Command;
import org.apache.karaf.shell.api.action.lifecycle.Service;

/** {@link Status}. */
@Service
@Command(
        scope = "mqtt",
        name = "status",
        description = Status.SUMMARY,
        detailedDescription = Help.EXAMPLE + Status.EXAMPLE)
public final class StatusAction extends AnsweringAction {

    @Override
    ConsoleCommand command() {
        return new Status();
    }
}
