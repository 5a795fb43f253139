/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.broker;

import static io.bascule.broker.BrokerTestBase.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import io.bascule.api.Delivery;
import io.bascule.api.LocalOptions;
import io.bascule.api.QueueLimits;
import io.bascule.api.QueueLimits.Overflow;
import io.bascule.api.Session;
import io.bascule.api.SessionOptions;
import io.bascule.api.Subscription;
import io.bascule.mqtt.Message;
import io.bascule.mqtt.QoS;
import io.bascule.mqtt.Topic;
import io.bascule.mqtt.TopicFilter;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** What waits in a bundle's session, and in which order it comes. */
abstract class WaitingTestBase extends StoredBrokerTestBase {
    final List<Delivery> got = new CopyOnWriteArrayList<>();

    final Session open(SessionOptions options) {
        got.clear();
        return get(broker.broker().open(options, got::add));
    }

    /** Makes a session with these subscriptions and leaves it. */
    final void leave(SessionOptions options, Subscription... subscriptions) {
        Session session = open(options);
        get(session.subscribe(List.of(subscriptions)));
        leave(session);
    }

    final void leave(Session session) {
        session.close();
        eventually("away", () -> isAway(session.clientId()));
    }

    static Subscription subscription(String filter, int identifier, LocalOptions options) {
        return new Subscription(
                TopicFilter.of(filter),
                QoS.EXACTLY_ONCE,
                false,
                false,
                Subscription.RetainHandling.DO_NOT_SEND,
                identifier,
                options);
    }

    static QueueLimits limits(int messages, Overflow overflow) {
        return new QueueLimits(messages, 1 << 20, QueueLimits.ANY_AGE, overflow);
    }

    /** Publishes these, each as {@code topic=text}. */
    final void publish(QoS qos, String... lines) {
        for (String line : lines) {
            String[] parts = line.split("=");
            Message message = Message.of(Topic.of(parts[0]), parts[1].getBytes(StandardCharsets.UTF_8), qos, false);
            assertThat(get(broker.broker().publish(message)).isFailure()).isFalse();
        }
    }

    final void assertCome(String... lines) {
        eventually("all have come", () -> got.size() >= lines.length);
        assertThat(got)
                .extracting(
                        each -> each.message().topic() + "=" + each.message().text())
                .containsExactly(lines);
    }

    final List<String> waiting(String clientId) {
        return get(broker.broker().queued(clientId, 0, 1000)).stream()
                .map(each -> each.message().topic() + "=" + each.message().text())
                .toList();
    }

    final long dropped(DropReason reason) {
        return broker.broker().info().dropped().getOrDefault(reason.label(), 0L);
    }
}
