/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.shell.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.bascule.api.LocalOptions;
import io.bascule.api.Receiver;
import io.bascule.api.Subscription;
import io.bascule.mqtt.QoS;
import io.bascule.mqtt.TopicFilter;
import io.bascule.shell.command.Fakes.FakeBroker;
import io.bascule.shell.view.Json;
import io.bascule.shell.view.Table;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class MatchTest {
    private final FakeBroker broker = new FakeBroker();

    @Test
    void saysWhoGetsItAndWhy() {
        broker.receivers.add(receiver("worker-2", false, QoS.AT_LEAST_ONCE, "$share/w/plant/#"));
        broker.receivers.add(receiver("worker-1", true, QoS.AT_LEAST_ONCE, "$share/w/plant/#"));
        broker.receivers.add(receiver("panel", true, QoS.EXACTLY_ONCE, "plant/#", "plant/+"));
        broker.receivers.add(receiver("historian", false, QoS.AT_LEAST_ONCE, "plant/x"));
        broker.receivers.add(receiver("glance", false, QoS.AT_MOST_ONCE, "plant/x"));
        broker.receivers.add(receiver("elsewhere", true, QoS.AT_MOST_ONCE, "other/x"));

        String json = Json.line(Match.of("plant/x").run(Fakes.services(broker)));

        assertThat(json)
                .isEqualTo("[" + row("glance", false, 0, "\"plant/x\"", "null", "LOST") + ","
                        + row("historian", false, 1, "\"plant/x\"", "null", "WAITS") + ","
                        + row("panel", true, 2, "\"plant/#\",\"plant/+\"", "null", "SENT") + ","
                        + row("worker-1", true, 1, "\"$share/w/plant/#\"", "\"w\"", "TAKES_TURNS") + ","
                        + row("worker-2", false, 1, "\"$share/w/plant/#\"", "\"w\"", "STANDS_BY") + "]");
    }

    /** As the sessions of bridges, with {@code offline} and {@code qos=exact:1}. */
    @Test
    void saysWhatBecomesOfQos0ThatIsToWait() {
        LocalOptions latest = LocalOptions.NONE.withKeepsLatest(true);
        LocalOptions raised = LocalOptions.NONE.withMinimumQos(QoS.AT_LEAST_ONCE);
        broker.receivers.add(local("1", QoS.AT_MOST_ONCE, latest));
        broker.receivers.add(local("2", QoS.AT_LEAST_ONCE, LocalOptions.NONE, latest));
        broker.receivers.add(local("3", QoS.AT_LEAST_ONCE, latest, raised));
        broker.receivers.add(local("4", QoS.AT_MOST_ONCE, LocalOptions.NONE.withPriority(LocalOptions.Priority.HIGH)));

        assertThat(Json.line(Match.of("plant/x").run(Fakes.services(broker))))
                .isEqualTo("[" + row("1", false, 0, "\"plant/x\"", "null", "LATEST_WAITS") + ","
                        + row("2", false, 1, "\"plant/x\",\"plant/x\"", "null", "WAITS_OR_LATEST") + ","
                        + row("3", false, 1, "\"plant/x\",\"plant/x\"", "null", "WAITS_ALWAYS") + ","
                        + row("4", false, 0, "\"plant/x\"", "null", "LOST") + "]");
    }

    private static Receiver local(String clientId, QoS qos, LocalOptions... options) {
        List<Subscription> subscriptions = Stream.of(options)
                .map(each -> new Subscription(
                        TopicFilter.of("plant/x"), qos, false, false, Subscription.RetainHandling.SEND, 1, each))
                .toList();
        return new Receiver(clientId, false, Optional.empty(), qos, subscriptions);
    }

    @Test
    void saysThatNobodyGetsIt() {
        assertThat(((Table) Match.of("a").run(Fakes.services(broker))).whenEmpty())
                .isEqualTo("Nobody would get it.");
        assertThat(((Table) Match.of("/a").run(Fakes.services(broker))).whenEmpty())
                .isEqualTo("Nobody would get it. Was there a $? The shell has taken it for a variable; quote it: '…'.");
    }

    @Test
    void saysWhatIsWrongWithTheTopic() {
        assertThatThrownBy(() -> Match.of(null))
                .hasMessage("A topic is missing. Quote what begins with # or holds a $, as in mqtt:match '$topic'.");
        assertThatThrownBy(() -> Match.of("a/+")).hasMessageStartingWith("A topic name has no wildcard,");
    }

    private static String row(
            String clientId, boolean connected, int qos, String filters, String share, String outcome) {
        return "{\"clientId\":\"" + clientId + "\",\"connected\":" + connected + ",\"qos\":" + qos + ",\"filters\":["
                + filters + "],\"share\":" + share + ",\"outcome\":\"" + outcome + "\"}";
    }

    private static Receiver receiver(String clientId, boolean connected, QoS qos, String... filters) {
        List<Subscription> subscriptions = Stream.of(filters)
                .map(filter -> Subscription.of(TopicFilter.of(filter), qos))
                .toList();
        Optional<String> shareName = subscriptions.get(0).filter().shareName();
        return new Receiver(clientId, connected, shareName, qos, subscriptions);
    }
}
