/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.shell.karaf;

import io.bascule.shell.command.ConsoleCommand;
import io.bascule.shell.command.Publish;
import org.apache.karaf.shell.api.action.Argument;
import org.apache.karaf.shell.api.action.Command;
import org.apache.karaf.shell.api.action.Completion;
import org.apache.karaf.shell.api.action.Option;
import org.apache.karaf.shell.api.action.lifecycle.Service;
import org.apache.karaf.shell.support.completers.StringsCompleter;

/** {@link Publish}. */
@Service
@Command(scope = "mqtt", name = "publish", description = Publish.SUMMARY)
public final class PublishAction extends AnsweringAction {
    @Argument(index = 0, name = "topic", description = "Where to.")
    @Completion(TopicCompleter.class)
    private String topic;

    @Argument(index = 1, name = "message", description = "The text; '' for none.")
    private String message;

    @Option(name = "--qos", aliases = "-q", description = "Quality of service: 0, 1 or 2.")
    @Completion(
            value = StringsCompleter.class,
            values = {"0", "1", "2"})
    private String qos = "0";

    @Option(name = "--retain", aliases = "-r", description = "Keeps it for later subscribers.")
    private boolean retain;

    @Override
    ConsoleCommand command() {
        return Publish.of(topic, message, qos, retain);
    }
}
