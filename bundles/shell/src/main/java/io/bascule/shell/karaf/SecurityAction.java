/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.shell.karaf;

import io.bascule.shell.command.ConsoleCommand;
import io.bascule.shell.command.Help;
import io.bascule.shell.command.Security;
import org.apache.karaf.shell.api.action.Command;
import org.apache.karaf.shell.api.action.lifecycle.Service;

/** {@link Security}. */
@Service
@Command(
        scope = "mqtt",
        name = "security",
        description = Security.SUMMARY,
        detailedDescription = Help.EXAMPLE + Security.EXAMPLE)
public final class SecurityAction extends AnsweringAction {

    @Override
    ConsoleCommand command() {
        return new Security();
    }
}
