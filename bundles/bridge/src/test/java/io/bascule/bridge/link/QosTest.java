/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.bridge.link;

import static org.assertj.core.api.Assertions.assertThat;

import io.bascule.api.Delivery;
import io.bascule.api.LocalOptions;
import io.bascule.api.LocalOptions.Priority;
import io.bascule.mqtt.Message;
import io.bascule.mqtt.QoS;
import io.bascule.mqtt.ReasonCode;
import io.bascule.mqtt.TopicFilter;
import io.bascule.transport.Acknowledgement;
import io.bascule.transport.ControlPacket;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/** Routes whose messages cross with another QoS than they were published with. */
class QosTest extends LinkFixture {

    private void deliver(String topic, QoS published, QoS delivered, int packetId) {
        broker.deliver(
                remote.loop, new Delivery(packetId, message(topic, published), delivered, false, false, new int[] {1}));
    }

    @Test
    void sendsWithWhatTheSessionDeliversWith() {
        file.put("forward.up", "up/# -> far/{#} qos=exact:1");
        connect();
        assertThat(broker.subscriptions.get(0).local().minimumQos()).isEqualTo(QoS.AT_LEAST_ONCE);

        deliver("up/a", QoS.AT_MOST_ONCE, QoS.AT_LEAST_ONCE, 5);
        assertThat(remote.sent).containsExactly("PUBLISH far/a q1 #5");
        assertThat(broker.told).isEmpty();
        remote.acknowledge(Acknowledgement.PUBACK, 5);

        assertThat(broker.told).containsExactly("puback #5");
        assertBooks("up", 1, 1, Map.of());
    }

    @Test
    void sendsWithQos0WhatHasWaitedWithMoreAndIsDoneWithItThen() {
        file.put("forward.up", "up/# -> far/{#} offline=queue priority=high");
        connect();
        assertThat(broker.subscriptions.get(0).local())
                .isEqualTo(new LocalOptions(QoS.AT_LEAST_ONCE, false, Priority.HIGH));

        deliver("up/a", QoS.AT_MOST_ONCE, QoS.AT_LEAST_ONCE, 5);
        deliver("up/b", QoS.AT_LEAST_ONCE, QoS.AT_LEAST_ONCE, 6);

        assertThat(remote.sent).containsExactly("PUBLISH far/a q0 #0", "PUBLISH far/b q1 #6");
        assertThat(broker.told).containsExactly("puback #5");
        assertBooks("up", 2, 1, Map.of());
    }

    @Test
    void countsWhatCrossesWithLessThanOverAnEarlierConnectionOnce() {
        connect();
        deliver("up/a", QoS.AT_LEAST_ONCE, 5, false);
        remote.close("lost");
        comeBack(true, limited(0, 10, true));

        deliver("up/a", QoS.AT_LEAST_ONCE, 5, true);
        assertBooks("up", 1, 1, Map.of());
        deliver("up/b", QoS.AT_LEAST_ONCE, 5, false);
        assertBooks("up", 2, 2, Map.of());
    }

    @Test
    void goesWithWhatTheRemoteBrokerTakes() {
        file.put("forward.up", "up/# -> far/{#} qos=exact:2");
        connect(limited(1, 10, true));

        deliver("up/a", QoS.AT_MOST_ONCE, QoS.EXACTLY_ONCE, 5);
        assertThat(remote.sent).containsExactly("PUBLISH far/a q1 #5");
        remote.acknowledge(Acknowledgement.PUBACK, 5);

        assertThat(broker.told).containsExactly("pubrec #5");
        assertBooks("up", 1, 1, Map.of());
    }

    @Test
    void publishesWithMoreThanItCameWith() {
        file.put("subscribe.down", "down/# -> near/{#} qos=exact:1");
        connect();

        remote.publish(message("down/a", QoS.AT_MOST_ONCE), 0, false, 1);
        remote.publish(message("down/b", QoS.AT_LEAST_ONCE), 7, false, 1);
        assertThat(broker.told).containsExactly("publish near/a q1 #0", "publish near/b q1 #7");
        settle(ReasonCode.SUCCESS);

        assertThat(remote.sent).containsExactly("PUBACK #7"); // nobody waits for the other
        assertBooks("down", 2, 2, Map.of());
    }

    /** A control. */
    @Test
    void publishesWithWhatItCameWith() {
        connect();

        remote.publish(message("down/a", QoS.AT_MOST_ONCE), 0, false, 1);

        assertThat(broker.told).containsExactly("publish near/a q0 #0");
    }

    @Test
    void countsARefusalOfWhatCameWithQos0() {
        file.put("subscribe.down", "down/# -> near/{#} qos=exact:1");
        connect();

        remote.publish(message("down/a", QoS.AT_MOST_ONCE), 0, false, 1);
        broker.owedOfQos0.forEach(owed -> remote.loop.run(() -> owed.accept(ReasonCode.NOT_AUTHORIZED)));

        assertThat(remote.sent).isEmpty();
        assertBooks("down", 1, 0, Map.of("not-authorized", 1L));
    }

    @Test
    void releasesHereWhatTheRemoteBrokerWillNotRelease() {
        file.put("subscribe.down", "down/# -> near/{#} qos=exact:2");
        connect();

        remote.publish(message("down/a", QoS.AT_LEAST_ONCE), 7, false, 1);
        assertThat(broker.told).containsExactly("publish near/a q2 #7", "pubrel #7");
        List<Consumer<ReasonCode>> owed = List.copyOf(broker.owed);
        broker.owed.clear();
        remote.loop.run(() -> owed.get(0).accept(ReasonCode.SUCCESS));
        assertThat(remote.sent)
                .as("not before it is released, since a crash may part the two")
                .isEmpty();
        remote.loop.run(() -> owed.get(1).accept(ReasonCode.SUCCESS));
        assertThat(remote.sent).containsExactly("PUBACK #7");
        broker.told.clear();

        remote.publish(message("down/b", QoS.EXACTLY_ONCE), 7, false, 1);
        assertThat(broker.told).containsExactly("publish near/b q2 #7");
        settle(ReasonCode.SUCCESS);
        assertThat(remote.sent).containsExactly("PUBACK #7", "PUBREC #7");
        assertBooks("down", 2, 2, Map.of());
    }

    @Test
    void readsNoFurtherWhileTooMuchOfQos0WaitsForTheStore() {
        file.put("subscribe.down", "down/# -> near/{#} qos=exact:1");
        file.put("receive.rate", "1000000");
        connect();
        Message large = Message.of("down/a", "x".repeat(1 << 20)).withQos(QoS.AT_MOST_ONCE);

        for (int i = 0; i < 17; i++) {
            remote.publish(large, 0, false, 1);
        }
        remote.loop.advance(Duration.ofSeconds(1)); // it is not for their rate
        assertThat(remote.connection.reading).isFalse();
        remote.loop.run(() -> List.copyOf(broker.owedOfQos0).forEach(owed -> owed.accept(ReasonCode.SUCCESS)));

        assertThat(remote.connection.reading).isTrue();
        assertBooks("down", 17, 17, Map.of());
    }

    @Test
    void dropsQos0OfWhichTooMuchWaitsForThoseWhoSayWhatItMay() {
        file.put("subscribe.down", "down/# -> near/{#} qos=exact:1");
        file.put("receive.rate", "1000000");
        connect();
        broker.missingAuthorizers = List.of("file");
        Message large = Message.of("down/a", "x".repeat(1 << 20)).withQos(QoS.AT_MOST_ONCE);

        for (int i = 0; i < 18; i++) {
            remote.publish(large, 0, false, 1);
        }
        remote.loop.advance(Duration.ofSeconds(1));

        assertThat(remote.connection.reading).as("hears PINGRESP").isTrue();
        assertThat(broker.owedOfQos0).hasSize(16);
        assertBooks("down", 18, 16, Map.of("full", 2L));
    }

    @Test
    void subscribesToWhatIsToBeRaisedNoHigherThanItIsToBe() {
        file.put("subscribe.down", "down/# -> near/{#} qos=exact:1");
        start();
        remote.open();
        remote.connAck(true, ControlPacket.ServerProperties.NONE);
        broker.opened(remote.loop);

        assertThat(remote.packets)
                .filteredOn(ControlPacket.Subscribe.class::isInstance)
                .flatExtracting(each -> ((ControlPacket.Subscribe) each).subscriptions())
                .singleElement()
                .satisfies(each -> {
                    assertThat(each.subscription().orElseThrow().filter()).isEqualTo(TopicFilter.of("down/#"));
                    assertThat(each.subscription().orElseThrow().maximumQos()).isEqualTo(QoS.AT_LEAST_ONCE);
                });
    }
}
