/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.shell.karaf;

import io.bascule.shell.command.ConsoleCommand;
import io.bascule.shell.command.Help;
import io.bascule.shell.command.Match;
import org.apache.karaf.shell.api.action.Argument;
import org.apache.karaf.shell.api.action.Command;
import org.apache.karaf.shell.api.action.Completion;
import org.apache.karaf.shell.api.action.lifecycle.Service;

/** {@link Match}. */
@Service
@Command(
        scope = "mqtt",
        name = "match",
        description = Match.SUMMARY,
        detailedDescription = Help.EXAMPLE + Match.EXAMPLE + "\n" + Help.QUOTING)
public final class MatchAction extends AnsweringAction {
    @Argument(name = "topic", description = Help.TOPIC)
    @Completion(TopicCompleter.class)
    private String topic;

    @Override
    ConsoleCommand command() {
        return Match.of(topic);
    }
}
