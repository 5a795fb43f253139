/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.shell.karaf;

import io.bascule.shell.command.BridgeTrial;
import io.bascule.shell.command.ConsoleCommand;
import io.bascule.shell.command.Help;
import org.apache.karaf.shell.api.action.Argument;
import org.apache.karaf.shell.api.action.Command;
import org.apache.karaf.shell.api.action.Completion;
import org.apache.karaf.shell.api.action.Option;
import org.apache.karaf.shell.api.action.lifecycle.Service;
import org.apache.karaf.shell.support.completers.StringsCompleter;

/** {@link BridgeTrial}. */
@Service
@Command(
        scope = "mqtt",
        name = "bridge-test",
        description = BridgeTrial.SUMMARY,
        detailedDescription = Help.EXAMPLE + BridgeTrial.EXAMPLE + "\n" + Help.QUOTING)
public final class BridgeTrialAction extends AnsweringAction {
    @Argument(name = "topic", description = Help.TOPIC)
    @Completion(TopicCompleter.class)
    private String topic;

    @Option(name = "--bridge", aliases = "-b", description = BridgeTrial.BRIDGE)
    @Completion(BridgeNameCompleter.class)
    private String bridge;

    @Option(name = "--direction", aliases = "-d", description = BridgeTrial.DIRECTION)
    @Completion(
            value = StringsCompleter.class,
            values = {"forward", "subscribe"})
    private String direction;

    @Option(name = "--qos", aliases = "-q", description = Help.QOS, valueToShowInHelp = "")
    @Completion(
            value = StringsCompleter.class,
            values = {"0", "1", "2"})
    private String qos = "0";

    @Option(name = "--retain", aliases = "-r", description = BridgeTrial.RETAIN)
    private boolean retain;

    @Override
    ConsoleCommand command() {
        return BridgeTrial.of(topic, bridge, direction, qos, retain);
    }
}
