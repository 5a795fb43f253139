/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.shell.karaf;

import io.bascule.shell.command.ConsoleCommand;
import io.bascule.shell.command.Help;
import io.bascule.shell.command.Sessions;
import org.apache.karaf.shell.api.action.Command;
import org.apache.karaf.shell.api.action.lifecycle.Service;

/** {@link Sessions}. */
@Service
@Command(
        scope = "mqtt",
        name = "sessions",
        description = Sessions.SUMMARY,
        detailedDescription = Help.EXAMPLE + Sessions.EXAMPLE)
public final class SessionsAction extends AnsweringAction {

    @Override
    ConsoleCommand command() {
        return new Sessions();
    }
}
