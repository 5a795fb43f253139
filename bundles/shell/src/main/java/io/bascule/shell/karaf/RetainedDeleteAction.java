/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.shell.karaf;

import io.bascule.shell.command.ConsoleCommand;
import io.bascule.shell.command.Help;
import io.bascule.shell.command.RetainedDelete;
import org.apache.karaf.shell.api.action.Argument;
import org.apache.karaf.shell.api.action.Command;
import org.apache.karaf.shell.api.action.Completion;
import org.apache.karaf.shell.api.action.lifecycle.Service;

/** {@link RetainedDelete}. */
@Service
@Command(
        scope = "mqtt",
        name = "retained-delete",
        description = RetainedDelete.SUMMARY,
        detailedDescription = Help.EXAMPLE + RetainedDelete.EXAMPLE + "\n" + Help.QUOTING)
public final class RetainedDeleteAction extends AnsweringAction {
    @Argument(name = "filter", description = Help.FILTER)
    @Completion(RetainedTopicCompleter.class)
    private String filter;

    @Override
    ConsoleCommand command() {
        return RetainedDelete.of(filter);
    }
}
