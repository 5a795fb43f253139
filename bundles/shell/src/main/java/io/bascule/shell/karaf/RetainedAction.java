/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.shell.karaf;

import io.bascule.shell.command.ConsoleCommand;
import io.bascule.shell.command.Help;
import io.bascule.shell.command.Retained;
import org.apache.karaf.shell.api.action.Argument;
import org.apache.karaf.shell.api.action.Command;
import org.apache.karaf.shell.api.action.Completion;
import org.apache.karaf.shell.api.action.Option;
import org.apache.karaf.shell.api.action.lifecycle.Service;

/** {@link Retained}. */
@Service
@Command(
        scope = "mqtt",
        name = "retained",
        description = Retained.SUMMARY,
        detailedDescription = Help.EXAMPLE + Retained.EXAMPLE + "\n" + Help.QUOTING)
public final class RetainedAction extends AnsweringAction {
    @Argument(name = "filter", description = Retained.FILTER)
    @Completion(RetainedTopicCompleter.class)
    private String filter;

    @Option(name = "--limit", aliases = "-l", description = Retained.LIMIT)
    private String limit;

    @Override
    ConsoleCommand command() {
        return Retained.of(filter, limit);
    }
}
