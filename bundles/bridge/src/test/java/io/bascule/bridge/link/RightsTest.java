/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.bridge.link;

import static org.assertj.core.api.Assertions.assertThat;

import io.bascule.api.Bridge.Direction;
import io.bascule.api.BridgeStatus;
import io.bascule.api.Delivery;
import io.bascule.api.Identity;
import io.bascule.mqtt.Message;
import io.bascule.mqtt.QoS;
import io.bascule.mqtt.ReasonCode;
import io.bascule.mqtt.Topic;
import io.bascule.mqtt.TopicFilter;
import io.bascule.transport.Acknowledgement;
import io.bascule.transport.ControlPacket.ServerProperties;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A bridge that may not do everything in its own broker, and one of which nobody can say what it may. */
class RightsTest extends LinkFixture {
    private static final Duration ASK_AGAIN = Duration.ofSeconds(2);

    private void deny(String topic, QoS qos, int packetId, boolean dup) {
        Message message = message(topic, qos);
        remote.loop.run(() -> broker.listener.denied(new Delivery(packetId, message, qos, false, dup, new int[] {1})));
    }

    @Test
    void isNobodyInParticularAndAsksWhomItsFileSays() {
        connect();
        assertThat(broker.options.identity()).hasValue(Identity.ANONYMOUS);
        assertThat(broker.options.authorizers()).isEmpty();
        stop();

        file.put("authorizers", "plant, office");
        connect();
        assertThat(broker.options.authorizers()).hasValue(List.of("plant", "office"));
        stop();

        file.put("authorizers", "none");
        connect();
        assertThat(broker.options.authorizers()).hasValue(List.of());
    }

    // ---------------------------------------------------------------- denied

    @Test
    void countsWhatItMayNotReceive() {
        connect();
        deny("up/a", QoS.AT_MOST_ONCE, 0, false);
        deny("up/a", QoS.AT_LEAST_ONCE, 1, false);
        deliver("up/b", QoS.AT_LEAST_ONCE, 2, false);
        remote.acknowledge(Acknowledgement.PUBACK, 2);

        assertThat(remote.sent).containsExactly("PUBLISH far/b q1 #2");
        assertThat(broker.told).containsExactly("puback #2");
        assertBooks("up", 3, 1, Map.of("not-authorized", 2L));
    }

    @Test
    void countsOnceWhatItMightReceiveWhenItWasSentFirst() {
        connect();
        deliver("up/a", QoS.AT_LEAST_ONCE, 1, false);
        deliver("up/a", QoS.EXACTLY_ONCE, 2, false);
        reconnect(true);
        deny("up/a", QoS.AT_LEAST_ONCE, 1, true);
        deny("up/a", QoS.EXACTLY_ONCE, 2, true);
        remote.acknowledge(Acknowledgement.PUBCOMP, 2);

        assertThat(remote.sent).containsExactly("PUBREL #2");
        assertBooks("up", 2, 0, Map.of("not-authorized", 2L));
    }

    @Test
    void whatNoRouteTakesIsNotForItsRights() {
        connect();
        deny("gone/a", QoS.AT_LEAST_ONCE, 1, false);
        assertBooks("-", 1, 0, Map.of("unmapped", 1L));
    }

    @Test
    void countsWhatItMayNotPublishOfQos0Too() {
        connect();
        remote.publish(message("down/a", QoS.AT_MOST_ONCE), 0, false);
        remote.publish(message("down/b", QoS.AT_MOST_ONCE), 0, false);
        assertBooks("down", 2, 2, Map.of());
        remote.loop.run(() -> broker.owedOfQos0.get(0).accept(ReasonCode.NOT_AUTHORIZED));
        assertBooks("down", 2, 1, Map.of("not-authorized", 1L));
    }

    @Test
    void asksAgainForWhatItMayNotSubscribeTo() {
        TopicFilter filter = TopicFilter.of("up/#");
        broker.denied.add(filter);
        start();
        remote.open();
        remote.connAck(true, ServerProperties.NONE);
        broker.opened(remote.loop);
        remote.subAck();
        remote.pubComp();
        assertThat(status().state()).isEqualTo(BridgeStatus.State.DEGRADED);
        assertThat(status().lastError()).hasValue("the bridge may not receive up/# from this broker");
        broker.told.clear();

        remote.loop.advance(ASK_AGAIN);
        assertThat(broker.told).containsExactly("subscribe up/#");
        broker.denied.clear();
        remote.loop.advance(ASK_AGAIN);
        assertThat(status().state()).isEqualTo(BridgeStatus.State.CONNECTED);
        assertThat(status().lastError()).isEmpty();
        broker.told.clear();
        remote.loop.advance(ASK_AGAIN.multipliedBy(2));
        assertThat(broker.told).isEmpty();

        stop();
        assertNothingLeft();
    }

    @Test
    void asksForManyInTurns() {
        StringBuilder filters = new StringBuilder("up/0");
        broker.denied.add(TopicFilter.of("up/0"));
        for (int i = 1; i < 100; i++) {
            filters.append(", up/").append(i);
            broker.denied.add(TopicFilter.of("up/" + i));
        }
        file.put("forward.up", filters + " -> far/{2}");
        file.put("forward.more", "more/#");
        broker.denied.add(TopicFilter.of("more/#"));
        start();
        remote.open();
        remote.connAck(true, ServerProperties.NONE);
        broker.opened(remote.loop);
        remote.subAck();
        remote.pubComp();
        broker.told.clear();

        broker.denied.clear();
        remote.loop.advance(ASK_AGAIN);
        assertThat(broker.told).hasSize(100);
        assertThat(status().state()).isEqualTo(BridgeStatus.State.DEGRADED);
        remote.loop.advance(ASK_AGAIN);
        assertThat(broker.told).hasSize(101);
        assertThat(status().state()).isEqualTo(BridgeStatus.State.CONNECTED);
    }

    @Test
    void asksNoMoreWhenTheConnectionIsGone() {
        broker.denied.add(TopicFilter.of("up/#"));
        start();
        remote.open();
        remote.connAck(true, ServerProperties.NONE);
        broker.opened(remote.loop);
        remote.subAck();
        remote.pubComp();
        stop();
        broker.told.clear();
        remote.loop.advance(ASK_AGAIN);
        assertThat(broker.told).isEmpty();
        assertNothingLeft();
    }

    // ---------------------------------------------------------------- undecided

    @Test
    void saysWhomItWaitsFor() {
        connect();
        broker.missingAuthorizers = List.of("office", "plant");
        assertThat(status().state()).isEqualTo(BridgeStatus.State.DEGRADED);
        assertThat(status().lastError().orElseThrow()).endsWith("missing is the authorizer office, plant");
        broker.missingAuthorizers = List.of();
        assertThat(status().state()).isEqualTo(BridgeStatus.State.CONNECTED);
        assertThat(status().lastError()).isEmpty();
    }

    @Test
    void leavesTheConnectionRatherThanAcknowledgeWhatItCannotHold() {
        connect();
        broker.missingAuthorizers = List.of("plant");
        byte[] large = new byte[8 << 20];
        for (int id = 1; id <= 5; id++) {
            remote.publish(Message.of(Topic.of("down/a"), large, QoS.AT_LEAST_ONCE, false), id, false);
        }
        assertThat(broker.published).hasSize(4);
        assertThat(remote.sent).containsExactly("DISCONNECT");
        assertBooks("down", 0, 0, Map.of());

        broker.missingAuthorizers = List.of();
        comeBack(true, ServerProperties.NONE);
        for (int id = 1; id <= 5; id++) {
            remote.publish(Message.of(Topic.of("down/a"), large, QoS.AT_LEAST_ONCE, true), id, true);
        }
        broker.owed.subList(0, 4).clear(); // of the connection that is gone
        settle(ReasonCode.SUCCESS);
        assertBooks("down", 5, 5, Map.of());
    }

    /** The session holds so many requests and answers further ones with QUOTA_EXCEEDED, which is an acknowledgement. */
    @ParameterizedTest
    @ValueSource(strings = {"down/# -> near/{#} qos=exact:2", "down/# -> near/{#}"})
    void leavesTheConnectionOverManySmallOnesToo(String route) {
        file.put("receive.maximum", "65535");
        file.put("subscribe.down", route);
        file.put("subscribe.also", "down/+ -> also/{1}");
        connect();
        broker.missingAuthorizers = List.of("plant");
        int[] both = {route("down").identifier(), route("also").identifier()};
        Message small = Message.of(Topic.of("down/a"), new byte[1], QoS.AT_LEAST_ONCE, false);
        for (int id = 1; id <= 40_000 && remote.sent.isEmpty(); id++) {
            remote.publish(small, id, false, both);
        }

        assertThat(remote.sent).containsExactly("DISCONNECT");
        assertThat(broker.owed).as("with as much of QoS 0 there is room").hasSizeBetween(16_000, 32_000);
        assertBooks("down", 0, 0, Map.of());
        assertBooks("also", 0, 0, Map.of());
    }

    @Test
    void isPatientWithTheRemoteBrokerWhileItsOwnSubscriptionsWait() {
        start();
        remote.open();
        remote.connAck(true, ServerProperties.NONE);
        broker.missingAuthorizers = List.of("plant");
        broker.opened(remote.loop);
        remote.loop.advance(Duration.ofMinutes(10));
        assertThat(remote.attempts).isOne();
        assertThat(status().lastError().orElseThrow()).endsWith("plant");
    }

    @Test
    void saysWhatToWrite() {
        assertThat(Denial.remedy("cloud", Direction.FORWARD, "a/b"))
                .contains("\"allow receive bridge=cloud a/b\"", "authorizers = none");
        assertThat(Denial.remedy("night shift", Direction.SUBSCRIBE, "a"))
                .contains("\"allow publish bridge=\"night shift\" a\"");
    }
}
