/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.shell.karaf;

import io.bascule.shell.command.Help;
import io.bascule.shell.command.OngoingCommand;
import io.bascule.shell.command.Publish;
import io.bascule.shell.command.PublishInput;
import java.io.File;
import java.util.List;
import org.apache.karaf.shell.api.action.Argument;
import org.apache.karaf.shell.api.action.Command;
import org.apache.karaf.shell.api.action.Completion;
import org.apache.karaf.shell.api.action.Option;
import org.apache.karaf.shell.api.action.lifecycle.Service;
import org.apache.karaf.shell.support.completers.StringsCompleter;

/** {@link Publish}. */
@Service
@Command(
        scope = "mqtt",
        name = "publish",
        description = Publish.SUMMARY,
        detailedDescription = Help.EXAMPLE + Publish.EXAMPLE + "\n" + Help.QUOTING)
public final class PublishAction extends OngoingAction {
    @Argument(index = 0, name = "topic", description = Help.TOPIC)
    @Completion(TopicCompleter.class)
    private String topic;

    @Argument(index = 1, name = "message", description = Help.MESSAGE)
    private String message;

    @Option(name = "--qos", aliases = "-q", description = Help.QOS, valueToShowInHelp = "")
    @Completion(
            value = StringsCompleter.class,
            values = {"0", "1", "2"})
    private String qos = "0";

    @Option(name = "--retain", aliases = "-r", description = Help.RETAIN)
    private boolean retain;

    @Option(name = "--file", aliases = "-f", description = Help.FILE)
    private File file;

    @Option(name = "--count", aliases = "-c", description = Help.COUNT)
    private String count;

    @Option(name = "--rate", description = Help.RATE)
    private String rate;

    @Option(name = "--content-type", description = Help.CONTENT_TYPE)
    private String contentType;

    @Option(name = "--payload-format", description = Help.PAYLOAD_FORMAT)
    @Completion(
            value = StringsCompleter.class,
            values = {"0", "1"})
    private String payloadFormat;

    @Option(name = "--expiry", description = Help.EXPIRY)
    private String expiry;

    @Option(name = "--response-topic", description = Help.RESPONSE_TOPIC)
    private String responseTopic;

    @Option(name = "--correlation-data", description = Help.CORRELATION_DATA)
    private String correlationData;

    @Option(name = "--user-property", description = Help.USER_PROPERTY, multiValued = true, valueToShowInHelp = "")
    private List<String> userProperties = List.of();

    @Override
    OngoingCommand command() {
        return Publish.of(new PublishInput(topic, message)
                .qos(qos)
                .retain(retain)
                .file(file == null ? null : file.getPath())
                .repeated(count, rate)
                .contentType(contentType)
                .payloadFormat(payloadFormat)
                .expiry(expiry)
                .response(responseTopic, correlationData)
                .userProperties(userProperties));
    }
}
