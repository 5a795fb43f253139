/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.shell.karaf;

import io.bascule.shell.command.ConsoleCommand;
import io.bascule.shell.command.Help;
import io.bascule.shell.command.RetainedGet;
import org.apache.karaf.shell.api.action.Argument;
import org.apache.karaf.shell.api.action.Command;
import org.apache.karaf.shell.api.action.Completion;
import org.apache.karaf.shell.api.action.lifecycle.Service;

/** {@link RetainedGet}. */
@Service
@Command(
        scope = "mqtt",
        name = "retained-get",
        description = RetainedGet.SUMMARY,
        detailedDescription = Help.EXAMPLE + RetainedGet.EXAMPLE + "\n" + Help.QUOTING)
public final class RetainedGetAction extends AnsweringAction {
    @Argument(name = "topic", description = Help.TOPIC)
    @Completion(RetainedTopicCompleter.class)
    private String topic;

    @Override
    ConsoleCommand command() {
        return RetainedGet.of(topic);
    }
}
