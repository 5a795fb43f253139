/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.bridge.link;

import static org.assertj.core.api.Assertions.assertThat;

import io.bascule.api.BridgeStatus;
import io.bascule.api.Broker;
import io.bascule.api.QueueInfo;
import io.bascule.api.QueueLimits;
import io.bascule.api.SessionOptions;
import io.bascule.api.Subscription;
import io.bascule.bridge.config.Server;
import io.bascule.itests.statements.Statement;
import io.bascule.mqtt.Message;
import io.bascule.mqtt.MqttVersion;
import io.bascule.mqtt.QoS;
import io.bascule.mqtt.ReasonCode;
import io.bascule.mqtt.Topic;
import io.bascule.mqtt.TopicFilter;
import io.bascule.mqtt.UserProperty;
import io.bascule.resource.ResourceKind;
import io.bascule.spi.Credentials;
import io.bascule.transport.Acknowledgement;
import io.bascule.transport.ControlPacket;
import io.bascule.transport.ControlPacket.ServerProperties;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/** The relay between a session and a connection of which the test is the other end. */
class LinkTest extends LinkFixture {
    // ---------------------------------------------------------------- out

    @Test
    void relaysQos1UnderTheSameIdentifierAndAcknowledgesAfterTheRemoteBroker() {
        connect();

        deliver("up/a", QoS.AT_LEAST_ONCE, 5, false);
        assertThat(remote.sent).containsExactly("PUBLISH far/a q1 #5");
        assertThat(broker.told).isEmpty();

        remote.acknowledge(Acknowledgement.PUBACK, 5);
        assertThat(broker.told).containsExactly("puback #5");
        assertBooks("up", 1, 1, Map.of());
    }

    @Test
    void relaysQos2StepByStep() {
        connect();

        deliver("up/a", QoS.EXACTLY_ONCE, 5, false);
        remote.acknowledge(Acknowledgement.PUBREC, 5);
        remote.loop.run(() -> broker.listener.pubrel(5));
        remote.acknowledge(Acknowledgement.PUBCOMP, 5);

        assertThat(remote.sent).containsExactly("PUBLISH far/a q2 #5", "PUBREL #5");
        assertThat(broker.told).containsExactly("pubrec #5", "pubcomp #5");
        assertBooks("up", 1, 1, Map.of());
    }

    @Test
    void countsARefusalByTheRemoteBrokerAsADropWithItsReason() {
        connect();

        deliver("up/a", QoS.AT_LEAST_ONCE, 1, false);
        deliver("up/b", QoS.EXACTLY_ONCE, 2, false);
        remote.acknowledge(Acknowledgement.PUBACK, 1, ReasonCode.NOT_AUTHORIZED);
        remote.acknowledge(Acknowledgement.PUBREC, 2, ReasonCode.QUOTA_EXCEEDED);

        assertThat(broker.told).containsExactly("puback #1 NOT_AUTHORIZED", "pubrec #2 QUOTA_EXCEEDED");
        assertBooks("up", 2, 0, Map.of("acl", 1L, "full", 1L));
    }

    @Test
    @Statement(v5 = "MQTT-3.3.1-1", v311 = "MQTT-2.3.1-3")
    void sendsAgainWhatTheSessionDeliversAgainAndCountsItOnce() {
        connect();
        deliver("up/a", QoS.AT_LEAST_ONCE, 5, false);

        reconnect(true);
        deliver("up/a", QoS.AT_LEAST_ONCE, 5, true);
        assertThat(remote.sent).containsExactly("PUBLISH far/a q1 dup #5");
        remote.acknowledge(Acknowledgement.PUBACK, 5);

        assertBooks("up", 1, 1, Map.of());
    }

    @Test
    void givesUpWhatNoRouteTakesSoThatItDoesNotComeForEver() {
        connect();

        deliver("gone/a", QoS.AT_MOST_ONCE, 0, false);
        deliver("gone/a", QoS.AT_LEAST_ONCE, 1, false);
        deliver("gone/a", QoS.EXACTLY_ONCE, 2, true);
        remote.loop.run(() -> broker.listener.pubrel(2));
        remote.acknowledge(Acknowledgement.PUBCOMP, 2, ReasonCode.PACKET_IDENTIFIER_NOT_FOUND);

        assertThat(remote.sent).containsExactly("PUBREL #2");
        assertThat(broker.told).containsExactly("puback #1", "pubrec #2", "pubcomp #2");
        assertBooks("-", 3, 0, Map.of("unmapped", 3L));
    }

    @Test
    @Statement(v5 = "MQTT-3.2.2-15")
    void givesUpWhatIsTooLargeForTheRemoteBroker() {
        connect();
        remote.maximumPayload = 0;

        deliver("up/a", QoS.AT_LEAST_ONCE, 1, false);

        assertThat(broker.told).containsExactly("puback #1");
        assertBooks("up", 1, 0, Map.of("too-large", 1L));
    }

    @Test
    @Statement(v5 = "MQTT-3.2.2-11")
    void lowersTheQosToWhatTheRemoteBrokerTakes() {
        connect(limited(1, 65_535, true));

        deliver("up/a", QoS.EXACTLY_ONCE, 5, false);
        remote.acknowledge(Acknowledgement.PUBACK, 5);
        remote.loop.run(() -> broker.listener.pubrel(5));

        assertThat(remote.sent).containsExactly("PUBLISH far/a q1 #5");
        assertThat(broker.told).containsExactly("pubrec #5", "pubcomp #5");
        assertBooks("up", 1, 1, Map.of());
    }

    @Test
    void acknowledgesAtOnceWhereTheRemoteBrokerTakesNothingButQos0() {
        connect(limited(0, 65_535, true));

        deliver("up/a", QoS.AT_LEAST_ONCE, 5, true);

        assertThat(remote.sent).containsExactly("PUBLISH far/a q0 #0");
        assertThat(broker.told).containsExactly("puback #5");
    }

    @Test
    @Statement(v5 = "MQTT-3.2.2-14")
    void keepsRetainUnlessTheRouteOrTheRemoteBrokerForbidsIt() {
        file.put("forward.strip", "s/# -> s/{#} retain=strip");
        connect();
        deliverRetained("up/a");
        deliverRetained("s/a");
        assertThat(remote.sent).containsExactly("PUBLISH far/a q0 retain #0", "PUBLISH s/a q0 #0");

        remote.close("lost");
        comeBack(true, limited(2, 65_535, false));
        deliverRetained("up/a");
        assertThat(remote.sent).containsExactly("PUBLISH far/a q0 #0");
    }

    @Test
    void endsAConnectionWhoseAcknowledgementIsNotTheOneAskedFor() {
        connect();
        deliver("up/a", QoS.EXACTLY_ONCE, 5, false);

        remote.acknowledge(Acknowledgement.PUBACK, 5);

        assertThat(remote.packets).last().isEqualTo(ControlPacket.Disconnect.of(ReasonCode.PROTOCOL_ERROR));
        assertThat(status().state()).isEqualTo(BridgeStatus.State.BACKOFF);
    }

    @Test
    void countsWhatIsLostWithTheLocalSession() {
        connect();
        deliver("up/a", QoS.AT_LEAST_ONCE, 5, false);

        broker.present = false;
        reconnect(true);

        assertBooks("up", 1, 0, Map.of("session-lost", 1L));
    }

    @Test
    void holdsTheSessionWhileTheRemoteBrokerDoesNotKeepUp() {
        connect();
        assertThat(broker.session.ready).isTrue();

        remote.writable = false;
        remote.loop.run(() -> remote.handler.writabilityChanged());
        assertThat(broker.session.ready).isFalse();

        remote.writable = true;
        remote.loop.run(() -> remote.handler.writabilityChanged());
        assertThat(broker.session.ready).isTrue();
    }

    // ---------------------------------------------------------------- in

    @Test
    void acknowledgesToTheRemoteBrokerWhenTheLocalOneHasIt() {
        connect();

        remote.publish(message("down/a", QoS.AT_LEAST_ONCE), 9, false);
        assertThat(broker.told).containsExactly("publish near/a q1 #9");
        assertThat(remote.sent).isEmpty();

        settle(ReasonCode.NO_MATCHING_SUBSCRIBERS);
        assertThat(remote.sent).containsExactly("PUBACK #9");
        assertBooks("down", 1, 1, Map.of());
    }

    @Test
    void relaysIncomingQos2StepByStep() {
        connect();

        remote.publish(message("down/a", QoS.EXACTLY_ONCE), 9, false);
        settle(ReasonCode.SUCCESS);
        remote.acknowledge(Acknowledgement.PUBREL, 9);
        settle(ReasonCode.SUCCESS);

        assertThat(broker.told).containsExactly("publish near/a q2 #9", "pubrel #9");
        assertThat(remote.sent).containsExactly("PUBREC #9", "PUBCOMP #9");
        assertBooks("down", 1, 1, Map.of());
    }

    @Test
    void tellsTheRemoteBrokerWhenTheLocalOneRefuses() {
        connect();

        remote.publish(message("down/a", QoS.AT_LEAST_ONCE), 9, false);
        settle(ReasonCode.NOT_AUTHORIZED);

        assertThat(remote.sent).containsExactly("PUBACK #9 NOT_AUTHORIZED");
        assertBooks("down", 1, 0, Map.of("not-authorized", 1L));
    }

    @Test
    void neverAcknowledgesOnAConnectionThatTheMessageDidNotComeOn() {
        connect();
        remote.publish(message("down/a", QoS.AT_LEAST_ONCE), 9, false);

        reconnect(true);
        settle(ReasonCode.SUCCESS);
        assertThat(remote.sent).isEmpty();
        assertBooks("down", 0, 0, Map.of());

        remote.publish(message("down/a", QoS.AT_LEAST_ONCE), 9, true);
        settle(ReasonCode.SUCCESS);
        assertThat(remote.sent).containsExactly("PUBACK #9");
        assertBooks("down", 1, 1, Map.of());
    }

    @Test
    void publishesOnceForEveryRouteThatOneCopyIsFor() {
        file.put("subscribe.all", "down/+ -> all/{2}");
        connect();
        int[] both = {route("down").identifier(), route("all").identifier()};

        remote.publish(message("down/a", QoS.EXACTLY_ONCE), 9, false, both);
        settle(ReasonCode.SUCCESS);

        assertThat(broker.told).containsExactly("publish near/a q1 #9", "publish all/a q2 #9");
        assertThat(remote.sent).containsExactly("PUBREC #9");
        assertBooks("down", 1, 1, Map.of());
        assertBooks("all", 1, 1, Map.of());
    }

    @Test
    @Statement(v5 = "MQTT-4.5.0-2", v311 = "MQTT-4.5.0-2")
    void reachesNoTopicOutsideItsRoutes() {
        connect();

        remote.publish(
                message("elsewhere", QoS.EXACTLY_ONCE), 9, false, route("down").identifier());

        assertThat(broker.told).isEmpty();
        assertThat(remote.sent).containsExactly("PUBREC #9");
        assertBooks("down", 1, 0, Map.of("unmapped", 1L));
    }

    @Test
    void readsNoFurtherWhileTooMuchWaitsForTheLocalBroker() {
        file.put("receive.maximum", "2");
        connect();
        Message large = Message.of(Topic.of("down/a"), new byte[9 << 20], QoS.AT_LEAST_ONCE, false);

        remote.publish(large, 1, false);
        remote.publish(large, 2, false);
        assertThat(remote.connection.reading).isTrue(); // what it says of the other direction must get through
        remote.publish(large, 3, false); // more than it may
        assertThat(remote.connection.reading).isFalse();

        settle(ReasonCode.SUCCESS);
        assertThat(remote.connection.reading).isTrue();
        assertThat(remote.sent).containsExactly("PUBACK #1", "PUBACK #2", "PUBACK #3");
        assertBooks("down", 3, 3, Map.of());
    }

    @Test
    void readsNoMoreThanSoManyMessagesASecondThatNobodyAcknowledges() {
        file.put("receive.rate", "1000");
        connect();
        for (int id = 1; id <= 10; id++) {
            remote.publish(message("down/a", QoS.AT_LEAST_ONCE), id, false);
        }
        remote.publish(message("down/a", QoS.AT_MOST_ONCE), 0, false);
        remote.publish(message("down/a", QoS.AT_MOST_ONCE), 0, false);
        assertThat(remote.connection.reading).isTrue();
        remote.publish(message("down/a", QoS.AT_MOST_ONCE), 0, false);
        assertThat(remote.connection.reading).isFalse();

        remote.loop.advance(Duration.ofMillis(2));
        remote.publish(message("down/a", QoS.AT_MOST_ONCE), 0, false); // had been read from the socket already
        remote.loop.advance(Duration.ofMillis(1));
        assertThat(remote.connection.reading).isFalse();
        remote.loop.advance(Duration.ofMillis(1));
        assertThat(remote.connection.reading).isTrue();

        remote.publish(Message.of(Topic.of("down/a"), new byte[10 << 10], QoS.AT_MOST_ONCE, false), 0, false);
        remote.loop.advance(Duration.ofMillis(10));
        assertThat(remote.connection.reading).isFalse(); // topic and payload are more than ten KiB
        remote.loop.advance(Duration.ofMillis(1));
        assertThat(remote.connection.reading).isTrue();
        settle(ReasonCode.SUCCESS);
        assertBooks("down", 15, 15, Map.of());
    }

    @Test
    void waitsForNothingMoreWhenTheConnectionOfAFloodIsLost() {
        file.put("receive.rate", "1");
        connect();
        int timers = remote.loop.timers();
        remote.publish(message("down/a", QoS.AT_MOST_ONCE), 0, false);
        assertThat(remote.loop.timers()).isEqualTo(timers + 1);

        reconnect(true);

        assertThat(remote.loop.timers()).isEqualTo(timers);
        assertThat(remote.connection.reading).isTrue();
    }

    @Test
    void readsOnWhileLittleWaitsForTheLocalBrokerThoughMoreThanItMay() {
        file.put("receive.maximum", "2");
        connect();

        for (int id = 1; id <= 5; id++) {
            remote.publish(message("down/a", QoS.AT_LEAST_ONCE), id, false);
            assertThat(remote.connection.reading).isTrue();
        }

        settle(ReasonCode.SUCCESS);
        assertBooks("down", 5, 5, Map.of());
    }

    @Test
    void saysWhatTheRemoteBrokerSendsAgain() {
        connect();
        remote.publish(message("down/a", QoS.AT_LEAST_ONCE), 9, false);

        reconnect(true);
        remote.publish(message("down/a", QoS.AT_LEAST_ONCE), 9, true);

        assertThat(broker.told).endsWith("publish near/a q1 #9 dup");
    }

    @Test
    void makesNobodyWaitForABridgeThatIsDeleted() {
        file.putAll(Map.of("queue.messages", "7", "queue.policy", "block"));
        connect();
        assertThat(broker.options.queue().orElseThrow().overflow()).isEqualTo(QueueLimits.Overflow.BLOCK);

        link.delete();
        remote.loop.runTasks();

        assertThat(broker.options.sessionExpiryInterval()).isEqualTo(60);
        assertThat(broker.options.queue())
                .contains(new QueueLimits(7, 256L << 20, QueueLimits.ANY_AGE, QueueLimits.Overflow.DROP_NEWEST));
    }

    @Test
    void keepsWhatComesBeforeTheSessionIsThere() {
        start();
        remote.open();
        remote.connAck(true, ServerProperties.NONE);
        assertThat(remote.connection.reading).isFalse();

        remote.publish(message("down/a", QoS.EXACTLY_ONCE), 9, true);
        remote.acknowledge(Acknowledgement.PUBREL, 8);
        broker.opened(remote.loop);

        assertThat(broker.told).startsWith("publish near/a q2 #9 dup", "pubrel #8");
        assertThat(remote.connection.reading).isTrue();
    }

    @Test
    void leavesWhatIsExcludedWhereItIs() {
        file.put("forward.up", "up/# exclude=up/b");
        file.put("subscribe.down", "down/# -> near/{#} exclude=down/+/b");
        connect();

        deliver("up/b", QoS.AT_LEAST_ONCE, 5, false);
        remote.publish(message("down/a/b", QoS.AT_LEAST_ONCE), 9, false);

        assertThat(remote.sent).containsExactly("PUBACK #9");
        assertThat(broker.told).containsExactly("puback #5");
        assertBooks("up", 1, 0, Map.of("excluded", 1L));
        assertBooks("down", 1, 0, Map.of("excluded", 1L));
    }

    // ---------------------------------------------------------------- loops

    @Test
    void asksNeitherBrokerForItsOwnMessages() {
        connect();

        Subscription far = ((ControlPacket.Subscribe) remote.packets.get(1))
                .subscriptions()
                .get(0)
                .subscription()
                .orElseThrow();
        assertThat(far.noLocal() && far.retainAsPublished()).isTrue();
        assertThat(broker.subscriptions).isNotEmpty().allMatch(near -> near.noLocal() && near.retainAsPublished());
    }

    @Test
    void tellsARemoteBrokerOf5WhoseBridgeItIs() {
        start();
        remote.open();

        assertThat(lastConnect().userProperties()).containsExactly(new UserProperty(Broker.ID_PROPERTY, "here"));
    }

    @Test
    void notesEveryBrokerThatAMessageLeaves() {
        connect(ServerProperties.NONE.withUserProperties(List.of(new UserProperty(Broker.ID_PROPERTY, "there"))));

        deliver(message("up/a", QoS.AT_MOST_ONCE), 0, false);
        remote.publish(message("down/a", QoS.AT_MOST_ONCE), 0, false);

        assertThat(remote.published.get(0).properties().userProperties())
                .containsExactly(new UserProperty(Hops.PROPERTY, "here"));
        assertThat(broker.published.get(0).properties().userProperties())
                .containsExactly(new UserProperty(Hops.PROPERTY, "there"));
    }

    @Test
    void dropsWhatHasComeRoundInACircle() {
        connect(ServerProperties.NONE.withUserProperties(List.of(new UserProperty(Broker.ID_PROPERTY, "there"))));

        deliver(HopsTest.after(message("up/a", QoS.AT_LEAST_ONCE), "there", "third"), 4, false);
        deliver(HopsTest.after(message("up/a", QoS.EXACTLY_ONCE), "there", "third"), 5, false);
        remote.publish(HopsTest.after(message("down/a", QoS.EXACTLY_ONCE), "here", "third"), 9, false);

        assertThat(remote.sent).containsExactly("PUBREC #9");
        assertThat(broker.told).containsExactly("puback #4", "pubrec #5");
        assertBooks("up", 2, 0, Map.of("loop", 2L));
        assertBooks("down", 1, 0, Map.of("loop", 1L));
    }

    @Test
    void letsAMessageCrossNoMoreBridgesThanTheFileAllows() {
        file.put("hops.maximum", "2");
        connect();

        deliver(HopsTest.after(message("up/a", QoS.AT_MOST_ONCE), "first"), 0, false);
        deliver(HopsTest.after(message("up/b", QoS.AT_MOST_ONCE), "first", "second"), 0, false);

        assertThat(remote.sent).containsExactly("PUBLISH far/a q0 #0");
        assertBooks("up", 2, 1, Map.of("loop", 1L));
    }

    @Test
    void warnsOfRoutesThatLeadInACircle() {
        file.put("subscribe.back", "far/# -> up/{#}");
        start();

        assertThat(status().warnings())
                .containsExactly(
                        "forward.up and subscribe.back overlap: what leaves as far/# comes back and is taken by"
                                + " forward.up once more; No Local and the hops keep it from that");
    }

    @Test
    void saysInItsProtocolLevelThatItIsABridgeBefore5Alone() {
        start();
        remote.open();
        assertThat(lastConnect().bridge()).isFalse();
        remote.close("over");

        file.put("protocol", "3.1.1");
        start();
        remote.open();
        assertThat(lastConnect().bridge()).isTrue();
    }

    @Test
    void doesWithoutTheBridgeBitWhereItIsNotUnderstood() {
        file.put("protocol", "3.1.1");
        start();
        remote.open();
        remote.packet(new ControlPacket.ConnAck(false, ReasonCode.UNSUPPORTED_PROTOCOL_VERSION, ServerProperties.NONE));
        remote.loop.advance(Duration.ZERO);
        assertThat(remote.attempts).as("at once").isEqualTo(2);
        assertThat(status().lastError()).isEmpty();

        remote.open();
        assertThat(lastConnect().bridge()).isFalse();
        remote.connAck(false, ServerProperties.NONE);
        remote.close("lost");
        remote.loop.advance(Duration.ofMinutes(1));
        remote.open();

        assertThat(lastConnect().bridge()).as("from now on").isFalse();
    }

    @Test
    void offersTheBridgeBitAgainWhereItWasNotTheReason() {
        file.put("protocol", "3.1.1");
        start();
        for (int i = 0; i < 3; i++) {
            remote.open();
            assertThat(lastConnect().bridge()).isTrue();
            remote.close("closed before it had said anything");
            remote.loop.advance(Duration.ZERO);
            assertThat(remote.attempts).as("at once").isEqualTo(2 * i + 2);
            remote.open();
            assertThat(lastConnect().bridge()).isFalse();
            remote.close("closed before it had said anything");
            assertThat(status().lastError()).contains("closed before it had said anything");

            remote.loop.advance(Duration.ofMinutes(1));
        }
    }

    @Test
    void dropsAnEchoWhereTheRemoteBrokerDoesNotTakeTheBridgeBit() {
        file.put("protocol", "3.1.1");
        file.put("subscribe.back", "far/#");
        start();
        remote.open();
        remote.close("closed before it had said anything");
        remote.loop.advance(Duration.ZERO);
        establish(true, ServerProperties.NONE);

        deliver("up/a", QoS.AT_LEAST_ONCE, 5, false);
        deliver("up/a", QoS.AT_LEAST_ONCE, 5, true);
        remote.publish(message("far/a", QoS.AT_LEAST_ONCE), 9, false);
        remote.publish(message("far/a", QoS.AT_LEAST_ONCE), 10, false);
        remote.publish(message("far/b", QoS.AT_MOST_ONCE), 0, false);

        assertThat(broker.told).containsExactly("publish far/a q1 #10", "publish far/b q0 #0");
        assertThat(remote.sent).contains("PUBACK #9");
        settle(ReasonCode.SUCCESS);
        assertBooks("back", 3, 2, Map.of("loop", 1L));
    }

    @Test
    void leavesEchoesToARemoteBrokerThatTakesTheBridgeBit() {
        file.put("protocol", "3.1.1");
        file.put("subscribe.back", "far/#");
        connect();

        deliver("up/a", QoS.AT_LEAST_ONCE, 5, false);
        remote.publish(message("far/a", QoS.AT_MOST_ONCE), 0, false);

        assertThat(broker.told).containsExactly("publish far/a q0 #0");
    }

    @Test
    void speaks311WhereTheRemoteBrokerDoesNotTake5AndBothMayBe() {
        file.put("protocol", "auto");
        start();
        remote.open();
        assertThat(lastConnect().version()).isEqualTo(MqttVersion.MQTT_5);
        remote.close("closed before it had said anything");
        remote.loop.advance(Duration.ZERO);
        assertThat(remote.attempts).as("at once").isEqualTo(2);
        establish(false, ServerProperties.NONE);
        assertThat(status().protocol()).isEqualTo("3.1.1");
        assertThat(broker.options.receiveMaximum())
                .as("what such a broker bears")
                .isEqualTo(20);

        remote.close("lost");
        remote.loop.advance(Duration.ofMinutes(1));
        remote.open();
        assertThat(lastConnect().version()).as("it may have had another reason").isEqualTo(MqttVersion.MQTT_5);
    }

    @Test
    void offers5NoMoreWhereTheRemoteBrokerSaysThatItDoesNotTakeIt() {
        file.put("protocol", "auto");
        start();
        remote.open();
        remote.packet(new ControlPacket.ConnAck(false, ReasonCode.UNSUPPORTED_PROTOCOL_VERSION, ServerProperties.NONE));
        remote.loop.advance(Duration.ZERO);
        establish(false, ServerProperties.NONE);
        remote.close("lost");
        remote.loop.advance(Duration.ofMinutes(1));
        remote.open();
        assertThat(lastConnect().version()).isEqualTo(MqttVersion.MQTT_3_1_1);
    }

    @Test
    void speaks5WhereBothMayBe() {
        file.put("protocol", "auto");
        connect();
        assertThat(status().protocol()).isEqualTo("5.0");
    }

    // ---------------------------------------------------------------- files that change

    @Test
    void keepsItsConnectionUntilAnotherOneStands() {
        file.put("server", "mqtts://remote");
        connect();
        remote.filesChanged.run();
        assertThat(remote.attempts).isEqualTo(2);
        remote.openSecond();
        deliver("up/a", QoS.AT_MOST_ONCE, 0, false);
        assertThat(remote.sent).as("nothing over the second one").containsExactly("PUBLISH far/a q0 #0");
        assertThat(status().state()).isEqualTo(BridgeStatus.State.CONNECTED);

        remote.loop.advance(Duration.ofSeconds(1));
        assertThat(remote.sent).containsExactly("CONNECT");
        remote.connAck(true, ServerProperties.NONE);
        broker.opened(remote.loop);
        remote.subAck();
        assertThat(status().state()).isEqualTo(BridgeStatus.State.CONNECTED);
        assertThat(remote.attempts).isEqualTo(2);
        deliver("up/b", QoS.AT_MOST_ONCE, 0, false);
        assertThat(remote.sent).endsWith("PUBLISH far/b q0 #0");

        stop();
        assertNothingLeft();
    }

    @Test
    void keepsItsConnectionWhereNoOtherOneStands() {
        file.put("server", "mqtts://remote");
        connect();
        remote.filesChanged.run();
        remote.openSecond();
        remote.closeSecond("bad_certificate");
        remote.loop.advance(Duration.ofSeconds(1));

        assertThat(status().state()).isEqualTo(BridgeStatus.State.CONNECTED);
        assertThat(status().lastError()).contains("bad_certificate");
        deliver("up/a", QoS.AT_MOST_ONCE, 0, false);
        assertThat(remote.sent).containsExactly("PUBLISH far/a q0 #0");
        stop();
        assertNothingLeft();
    }

    @Test
    void connectsAnewWithASecondConnectionOnItsWay() {
        file.put("server", "mqtts://remote");
        connect();
        remote.filesChanged.run();
        link.control().reconnect();
        remote.loop.runTasks();
        remote.loop.advance(Duration.ZERO);
        assertThat(remote.attempts).isEqualTo(3);
        establish(true, ServerProperties.NONE);
        stop();
        assertNothingLeft();
    }

    @Test
    void connectsAnewOverASecondConnectionThatIsThere() {
        file.put("server", "mqtts://remote");
        connect();
        remote.filesChanged.run();
        remote.openSecond();
        link.control().reconnect();
        remote.loop.runTasks();
        remote.loop.advance(Duration.ZERO);
        assertThat(remote.attempts).isEqualTo(2);
        assertThat(remote.sent).containsExactly("CONNECT");
        stop();
        assertNothingLeft();
    }

    @Test
    void stopsWithASecondConnectionOnItsWay() {
        file.put("server", "mqtts://remote");
        connect();
        remote.filesChanged.run();
        remote.openSecond();
        assertThat(stop()).isDone();
        assertNothingLeft();
    }

    @Test
    void connectsAtOnceWhenItsFilesAreMended() {
        file.put("server", "mqtts://remote");
        start();
        remote.close("ca.pem does not exist");
        assertThat(status().state()).isEqualTo(BridgeStatus.State.BACKOFF);
        remote.filesChanged.run();
        assertThat(remote.attempts).isEqualTo(2);
    }

    @Test
    void usesFilesThatChangeWhileItConnects() {
        file.put("server", "mqtts://remote");
        start();
        remote.filesChanged.run();
        assertThat(remote.attempts).isEqualTo(1);
        establish(true, ServerProperties.NONE);
        assertThat(remote.attempts).isEqualTo(2);
    }

    @Test
    void makesNoSecondConnectionForFilesThatTheFirstHasUsed() {
        file.put("server", "mqtts://remote");
        start();
        remote.filesChanged.run();
        remote.close("refused");
        remote.loop.advance(Duration.ofMinutes(1));
        assertThat(remote.attempts).isEqualTo(2);
        establish(true, ServerProperties.NONE);
        assertThat(remote.attempts).isEqualTo(2);
    }

    @Test
    void warnsOfFilesThatAreNotInUseAsTheyAre() {
        file.put("server", "mqtts://remote");
        connect();
        remote.filesProblem = Optional.of("own.pem has expired; what was read before stays in use");
        assertThat(status().warnings()).containsExactly(remote.filesProblem.get());
    }

    // ---------------------------------------------------------------- interceptors

    @Test
    void letsOthersChangeAndDropWhatCrosses() {
        connect();
        List<String> seen = new ArrayList<>();
        interceptors.only = (way, message) -> {
            seen.add(way.bridge() + " " + way.direction() + " " + way.route() + " " + message.topic());
            return message.topic().name().endsWith("secret")
                    ? Optional.empty()
                    : Optional.of(message.withTopic(Topic.of(message.topic() + "/seen")));
        };

        deliver("up/a", QoS.AT_LEAST_ONCE, 1, false);
        deliver("up/secret", QoS.AT_LEAST_ONCE, 2, false);
        deliver("up/secret", QoS.EXACTLY_ONCE, 3, false);
        remote.publish(message("down/b", QoS.AT_LEAST_ONCE), 7, false);
        remote.publish(message("down/secret", QoS.EXACTLY_ONCE), 8, false);
        remote.publish(message("down/secret", QoS.AT_MOST_ONCE), 0, false);

        assertThat(seen)
                .startsWith("test forward up far/a", "test forward up far/secret")
                .contains("test subscribe down near/b");
        assertThat(remote.sent).containsExactly("PUBLISH far/a/seen q1 #1", "PUBREC #8");
        assertThat(broker.told).containsExactly("puback #2", "pubrec #3", "publish near/b/seen q1 #7");
        settle(ReasonCode.SUCCESS);
        remote.acknowledge(Acknowledgement.PUBACK, 1);
        assertBooks("up", 3, 1, Map.of("intercepted", 2L));
        assertBooks("down", 3, 1, Map.of("intercepted", 2L));
    }

    @Test
    void acknowledgesWhatOneRouteDropsWhenTheOtherHasIt() {
        file.put("subscribe.also", "down/+ -> also/{2}");
        connect();
        interceptors.only = (way, message) -> way.route().equals("also") ? Optional.empty() : Optional.of(message);
        int[] both = {route("down").identifier(), route("also").identifier()};

        remote.publish(message("down/b", QoS.EXACTLY_ONCE), 7, false, both);
        assertThat(broker.told).containsExactly("publish near/b q2 #7");
        assertThat(remote.sent).isEmpty();
        settle(ReasonCode.SUCCESS);
        assertThat(remote.sent).containsExactly("PUBREC #7");
        assertBooks("also", 1, 0, Map.of("intercepted", 1L));
        assertBooks("down", 1, 1, Map.of());
    }

    // ---------------------------------------------------------------- shared subscriptions

    @Test
    void asksForNoSharedSubscriptionsWhereThereAreNone() {
        file.put("subscribe.shared", "$share/g/x/#");
        ServerProperties none = ServerProperties.NONE;
        start();
        remote.open();
        remote.connAck(
                true,
                new ServerProperties(
                        none.sessionExpiryInterval(),
                        none.receiveMaximum(),
                        none.maximumQos(),
                        none.retainAvailable(),
                        none.maximumPacketSize(),
                        none.assignedClientIdentifier(),
                        none.topicAliasMaximum(),
                        none.reasonString(),
                        none.wildcardSubscriptionAvailable(),
                        none.subscriptionIdentifierAvailable(),
                        false,
                        none.serverKeepAlive(),
                        none.responseInformation(),
                        none.serverReference(),
                        none.authenticationMethod(),
                        none.authenticationData(),
                        none.userProperties()));
        broker.opened(remote.loop);
        remote.subAck();
        remote.pubComp();

        assertThat(status().state()).isEqualTo(BridgeStatus.State.DEGRADED);
        assertThat(remote.packets.stream().filter(ControlPacket.Subscribe.class::isInstance))
                .hasSize(1);
        assertThat(status().lastError())
                .hasValueSatisfying(error -> assertThat(error).contains("$share/g/x/#"));
    }

    // ---------------------------------------------------------------- rates

    @Test
    void sendsMessagesAtTheRateOfItsFile() {
        file.put("send.rate", "10");
        connect();
        deliver("up/a", QoS.AT_MOST_ONCE, 0, false);
        assertThat(broker.session.ready).isTrue();
        deliver("up/b", QoS.AT_MOST_ONCE, 0, false);
        assertThat(broker.session.ready).as("two in a tenth of a second").isFalse();

        remote.loop.advance(Duration.ofMillis(99));
        assertThat(broker.session.ready).isFalse();
        remote.loop.advance(Duration.ofMillis(2));
        assertThat(broker.session.ready).isTrue();
        stop();
        assertNothingLeft();
    }

    @Test
    void sendsBytesAtTheRateOfItsFile() {
        file.put("send.byte.rate", "1KiB");
        connect();
        deliver(Message.of(Topic.of("up/a"), new byte[1019], QoS.AT_LEAST_ONCE, false), 1, false); // far/a
        assertThat(broker.session.ready).isFalse();
        remote.loop.advance(Duration.ofMillis(899));
        assertThat(broker.session.ready).isFalse();
        remote.loop.advance(Duration.ofMillis(2));
        assertThat(broker.session.ready).isTrue();
    }

    @Test
    void sendsABacklogAtARateOfItsOwn() {
        file.put("backlog.rate", "10");
        connect();
        broker.queue = waiting(2);
        deliver("up/a", QoS.AT_MOST_ONCE, 0, false);
        broker.queue = waiting(1);
        deliver("up/b", QoS.AT_MOST_ONCE, 0, false);
        assertThat(broker.session.ready).isFalse();
        remote.loop.advance(Duration.ofMillis(101));
        assertThat(broker.session.ready).isTrue();

        broker.queue = QueueInfo.NONE;
        for (int i = 0; i < 100; i++) {
            deliver("up/c", QoS.AT_MOST_ONCE, 0, false);
        }
        assertThat(broker.session.ready).as("nothing waits any more").isTrue();
    }

    private static QueueInfo waiting(int messages) {
        return new QueueInfo(messages, messages, Optional.empty(), 0, 0, 0);
    }

    @Test
    void letsA5BrokerUseTopicAliases() {
        start();
        remote.open();
        assertThat(lastConnect().topicAliasMaximum()).isEqualTo(64);
        remote.close("over");

        file.put("protocol", "3.1.1");
        start();
        remote.open();
        assertThat(lastConnect().topicAliasMaximum()).isZero();
    }

    // ---------------------------------------------------------------- credentials of a provider

    private final List<Integer> given = new ArrayList<>();

    private CredentialSource numbered(Optional<Duration> life) {
        return giving(() -> {
            given.add(given.size() + 1);
            return new Credentials(
                    Optional.of("token " + given.size()), Optional.empty(), life.map(Instant.now()::plus));
        });
    }

    @Test
    void asksForCredentialsBeforeEachConnection() {
        credentials = numbered(Optional.empty());
        start();
        remote.open();
        assertThat(lastConnect().userName()).contains("token 1");
        remote.close("lost");
        remote.loop.advance(Duration.ofMinutes(1));
        remote.open();
        assertThat(lastConnect().userName()).contains("token 2");
    }

    @Test
    void changesOverBeforeItsCredentialsExpire() {
        credentials = numbered(Optional.of(Duration.ofMinutes(10)));
        connect();
        remote.loop.advance(Duration.ofMinutes(8));
        assertThat(remote.attempts).isEqualTo(1);
        remote.loop.advance(Duration.ofMinutes(1).plusSeconds(1));
        assertThat(remote.attempts).isEqualTo(2);
        remote.openSecond();
        assertThat(status().state()).isEqualTo(BridgeStatus.State.CONNECTED);
        remote.loop.advance(Duration.ofSeconds(1));

        assertThat(lastConnect().userName()).contains("token 2");
    }

    @Test
    void keepsItsConnectionWhereThereAreNoNewCredentials() {
        credentials = numbered(Optional.of(Duration.ofMinutes(10)));
        connect();
        credentials = refusing("the credential provider p gives nothing: no network");
        remote.loop.advance(Duration.ofMinutes(9).plusSeconds(1));

        assertThat(status().state()).isEqualTo(BridgeStatus.State.CONNECTED);
        assertThat(status().lastError())
                .hasValueSatisfying(error -> assertThat(error).contains("no network"));
        stop();
        assertNothingLeft();
    }

    @Test
    void triesAgainWhereThereAreNoCredentials() {
        credentials = refusing("the credential provider p is not there");
        start();
        assertThat(status().state()).isEqualTo(BridgeStatus.State.BACKOFF);
        assertThat(status().lastError()).contains("the credential provider p is not there");
        assertThat(remote.attempts).isZero();

        credentials = numbered(Optional.empty());
        remote.loop.advance(Duration.ofMinutes(1));
        establish(true, ServerProperties.NONE);
    }

    @Test
    void waitsNoLongerForCredentialsThanForAConnection() {
        List<Consumer<Credentials>> asking = new ArrayList<>();
        credentials = silent(asking);
        start();
        assertThat(status().state()).isEqualTo(BridgeStatus.State.CONNECTING);
        Consumer<Credentials> first = asking.get(0);
        remote.loop.advance(Duration.ofSeconds(30));
        assertThat(status().lastError()).contains("the credential provider took too long");
        assertThat(asking).as("nobody waits any more").doesNotContain(first);

        remote.loop.run(() -> first.accept(new Credentials(Optional.of("late"), Optional.empty(), Optional.empty())));
        assertThat(remote.attempts).isZero();
        assertThat(stop()).isDone();
        assertThat(asking).isEmpty();
        assertNothingLeft();
    }

    @Test
    void stopsWhileItWaitsForCredentials() {
        List<Consumer<Credentials>> asking = new ArrayList<>();
        credentials = silent(asking);
        start();
        Consumer<Credentials> first = asking.get(0);
        CompletableFuture<Void> stopped = link.close();
        // They come at the same time.
        remote.loop.run(() -> first.accept(new Credentials(Optional.of("late"), Optional.empty(), Optional.empty())));
        remote.loop.runTasks();
        assertThat(stopped).isDone();
        assertThat(remote.attempts).isZero();
        assertThat(asking).isEmpty();
        assertNothingLeft();
    }

    @Test
    void takesCredentialsThatNeverExpire() {
        credentials = giving(() -> new Credentials(Optional.of("u"), Optional.empty(), Optional.of(Instant.MAX)));
        connect();
        assertThat(status().remoteAddress()).isPresent();
        stop();
        assertNothingLeft();
    }

    private ControlPacket.Connect lastConnect() {
        return (ControlPacket.Connect) remote.packets.get(0);
    }

    // ---------------------------------------------------------------- sessions

    @Test
    void opensALastingSessionOnlyWhenTheRemoteOneIsUp() {
        start();
        remote.open();
        assertThat(broker.options).isNull();
        ControlPacket.Connect connect = (ControlPacket.Connect) remote.packets.get(0);
        assertThat(connect.cleanStart()).isFalse();
        assertThat(connect.sessionExpiryInterval()).hasValue(SessionOptions.NEVER);

        remote.connAck(false, limited(2, 20, true));

        assertThat(broker.options.receiveMaximum()).isEqualTo(20);
        assertThat(broker.options.sessionExpiryInterval()).isEqualTo(SessionOptions.NEVER);
        assertThat(broker.options.overlap()).isEqualTo(SessionOptions.Overlap.COPY_PER_SUBSCRIPTION);
        assertThat(broker.options.executor()).contains(remote.loop);
    }

    @Test
    void letsMessagesWaitBeforeThereIsAConnection() {
        start();

        assertThat(broker.session.open).isFalse();
        assertThat(broker.subscriptions)
                .extracting(each -> each.filter().text())
                .containsExactly("up/#");
        assertThat(remote.attempts).isEqualTo(1);
        assertThat(scope.ledger().live(ResourceKind.SESSION)).isZero();
    }

    @Test
    void leavesNothingBehindWhenItIsStoppedBeforeItHasASession() {
        build();
        link.start();
        remote.loop.runTasks();

        CompletableFuture<Void> stopped = stop();
        assertThat(stopped).isNotDone();
        broker.opened(remote.loop);

        assertThat(stopped).isCompleted();
        assertThat(broker.session.open).isFalse();
        assertThat(remote.attempts).isZero();
        assertNothingLeft();
    }

    @Test
    void keepsNothingWithCleanStart() {
        file.put("clean.start", "true");
        start();
        assertThat(broker.told).containsExactly("endSession bridge:test"); // what an earlier file has left
        establish(true, ServerProperties.NONE);

        assertThat(broker.options.cleanStart()).isTrue();
        assertThat(broker.options.sessionExpiryInterval()).isZero();
        assertThat(scope.ledger().live(ResourceKind.SUBSCRIPTION)).isOne();

        stop();
        assertThat(scope.ledger().live(ResourceKind.SUBSCRIPTION)).isZero();
        assertThat(broker.session.open).isFalse();
    }

    @Test
    void leavesTheSubscriptionsOfALastingSessionToTheSession() {
        connect();

        assertThat(scope.ledger().acquired()).doesNotContainKey(ResourceKind.SUBSCRIPTION);
    }

    @Test
    @Statement(v5 = "MQTT-3.2.2-5")
    void forgetsIdentifiersThatTheRemoteBrokerHasForgotten() {
        start();
        remote.open();
        remote.connAck(false, ServerProperties.NONE);
        broker.opened(remote.loop);

        assertThat(broker.told).startsWith("forgetReceived");
    }

    @Test
    void subscribesAtBothEndsBeforeMessagesFlow() {
        start();
        remote.open();
        remote.connAck(true, ServerProperties.NONE);
        broker.opened(remote.loop);
        assertThat(broker.session.ready).isFalse();
        assertThat(status().state()).isEqualTo(BridgeStatus.State.CONNECTING);

        Subscription far = ((ControlPacket.Subscribe) remote.packets.get(1))
                .subscriptions()
                .get(0)
                .subscription()
                .orElseThrow();
        assertThat(far.identifier()).isEqualTo(route("down").identifier());
        assertThat(far.noLocal() && far.retainAsPublished()).isTrue();
        remote.subAck();

        assertThat(broker.session.ready).isTrue();
        assertThat(status().state()).isEqualTo(BridgeStatus.State.CONNECTED);
    }

    @Test
    void bringsLocalSubscriptionsInLineAndLeavesTheRestAlone() {
        connect();
        reconnect(true);
        assertThat(broker.told).isEmpty();

        remote.loop.run(() -> link.close());
        broker.told.clear();
        file.put("forward.more", "more/#");
        file.remove("forward.up");
        connect();

        assertThat(broker.subscriptions)
                .extracting(subscription -> subscription.filter().text())
                .containsExactly("more/#");
    }

    @Test
    void unsubscribesFromWhatTheRoutesNoLongerTake() {
        file.put("subscribe.more", "more/#");
        connect();
        remote.loop.run(() -> link.close());
        file.remove("subscribe.more");
        file.put("subscribe.down", "down/+ -> near/{2}");

        start();
        remote.open();
        remote.connAck(true, ServerProperties.NONE);
        broker.opened(remote.loop);
        remote.subAck();
        assertThat(status().state()).isEqualTo(BridgeStatus.State.CONNECTING);
        assertThat(unsubscribed()).containsExactlyInAnyOrder("more/#", "down/#");
        remote.unsubAck();

        assertThat(status().state()).isEqualTo(BridgeStatus.State.CONNECTED);
        assertThat(remoteSession.subscribed()).extracting(TopicFilter::text).containsExactly("down/+");
        reconnect(true);
        assertThat(unsubscribed()).isEmpty();
    }

    @Test
    void knowsThatANewRemoteSessionIsSubscribedToNothing() {
        file.put("subscribe.more", "more/#");
        connect();
        file.remove("subscribe.more");
        remote.loop.run(() -> link.close());

        start();
        establish(false, ServerProperties.NONE);

        assertThat(unsubscribed()).isEmpty();
    }

    private List<String> unsubscribed() {
        return remote.packets.stream()
                .filter(ControlPacket.Unsubscribe.class::isInstance)
                .flatMap(packet -> ((ControlPacket.Unsubscribe) packet).filters().stream())
                .map(filter -> filter.orElseThrow().text())
                .toList();
    }

    // ---------------------------------------------------------------- identifiers

    /** The forerunner of the local session may have used any of them, and lost what became of it. */
    @Test
    void releasesWhatMayBeStaleBeforeAnythingIsSentUnderIt() {
        file.put("receive.maximum", "2");
        broker.present = false;
        start();
        remote.open();
        remote.connAck(true, ServerProperties.NONE);
        broker.opened(remote.loop);
        remote.subAck();
        assertThat(remote.sent)
                .containsExactly(
                        "CONNECT",
                        "SUBSCRIBE",
                        "PUBREL #1",
                        "PUBREL #2",
                        "PUBREL #3",
                        "PUBREL #4",
                        "PUBREL #5",
                        "PUBREL #6");
        assertThat(broker.session.ready).isFalse();

        for (int packetId = 1; packetId <= 6; packetId++) {
            remote.acknowledge(Acknowledgement.PUBCOMP, packetId, ReasonCode.PACKET_IDENTIFIER_NOT_FOUND);
        }
        assertThat(status().state()).isEqualTo(BridgeStatus.State.CONNECTED);
        assertThat(broker.session.ready).isTrue();
        assertThat(broker.told).doesNotContain("pubcomp #1");

        remote.sent.clear();
        deliver("up/a", QoS.EXACTLY_ONCE, 1, false);
        deliver("up/a", QoS.EXACTLY_ONCE, 2, false);
        assertThat(remote.sent).containsExactly("PUBLISH far/a q2 #1", "PUBREL #7", "PUBLISH far/a q2 #2", "PUBREL #8");
    }

    @Test
    void holdsTheSessionWhereTheNextIdentifierMayBeStale() {
        file.put("receive.maximum", "2");
        broker.present = false;
        connect();
        deliver("up/a", QoS.AT_LEAST_ONCE, 1, false);
        deliver("up/a", QoS.AT_LEAST_ONCE, 3, false);
        assertThat(broker.session.ready).isTrue();

        deliver("up/a", QoS.AT_LEAST_ONCE, 4, false);
        assertThat(broker.session.ready).isFalse();

        remote.acknowledge(Acknowledgement.PUBCOMP, 7);
        assertThat(broker.session.ready).isTrue();
    }

    /** Otherwise the session would be held for ever. */
    @Test
    void leavesARemoteBrokerThatReleasesNoIdentifier() {
        file.put("receive.maximum", "2");
        broker.present = false;
        connect();
        deliver("up/a", QoS.AT_LEAST_ONCE, 4, false);
        remote.acknowledge(Acknowledgement.PUBACK, 4);
        assertThat(broker.session.ready).isFalse();

        remote.loop.advance(Duration.ofSeconds(36));
        assertThat(status().lastError()).contains("the remote broker has acknowledged nothing for 30s");
        assertThat(remote.attempts).isEqualTo(2);
    }

    @Test
    void releasesNothingTwice() {
        file.put("receive.maximum", "2");
        broker.present = false;
        connect();
        remote.loop.run(() -> link.close());

        start();
        remote.open();
        remote.connAck(true, ServerProperties.NONE);
        broker.opened(remote.loop);
        assertThat(remote.sent).contains("PUBREL #7").doesNotContain("PUBREL #6");

        remote.close("lost");
        remote.loop.advance(Duration.ofMinutes(1));
        establish(false, ServerProperties.NONE);
        reconnect(true);
        assertThat(remoteSession.released()).isEqualTo(RemoteSession.ALL);
    }

    @Test
    void releasesEachIdentifierOnceUntilTheyBeginAnew() {
        broker.present = false;
        connect();
        for (int packetId = 1; packetId <= 65_535; packetId++) {
            deliver("up/a", QoS.AT_MOST_ONCE, packetId, false);
            remote.pubComp();
            assertThat(broker.session.ready).isTrue();
        }

        assertThat(remoteSession.released()).isEqualTo(RemoteSession.ALL);
        remote.sent.clear();
        deliver("up/a", QoS.EXACTLY_ONCE, 1, false);
        assertThat(remote.sent).containsExactly("PUBLISH far/a q2 #1");
    }

    @Test
    void releasesNothingWhereNothingGoesOutWithQos2() {
        file.put("forward.up", "up/# -> far/{#} qos=1");
        broker.present = false;
        start();
        remote.open();
        remote.connAck(true, ServerProperties.NONE);
        broker.opened(remote.loop);
        remote.subAck();

        assertThat(status().state()).isEqualTo(BridgeStatus.State.CONNECTED);
        assertThat(remote.sent).containsExactly("CONNECT", "SUBSCRIBE");
    }

    @Test
    void showsASubscriptionThatTheRemoteBrokerRefuses() {
        start();
        remote.open();
        remote.connAck(true, ServerProperties.NONE);
        broker.opened(remote.loop);
        ControlPacket.Subscribe subscribe = (ControlPacket.Subscribe) remote.packets.get(1);
        remote.packet(new ControlPacket.SubAck(subscribe.packetId(), List.of(ReasonCode.NOT_AUTHORIZED)));

        assertThat(status().state()).isEqualTo(BridgeStatus.State.DEGRADED);
        assertThat(status().lastError())
                .hasValueSatisfying(error -> assertThat(error).contains("down/#"));

        reconnect(true);
        assertThat(status().state()).isEqualTo(BridgeStatus.State.CONNECTED);
    }

    @Test
    void leavesARemoteBrokerThatAcknowledgesNothing() {
        connect();
        remote.loop.advance(Duration.ofMinutes(5)); // nothing to acknowledge
        deliver("up/a", QoS.AT_LEAST_ONCE, 5, false);
        remote.loop.advance(Duration.ofSeconds(9));
        assertThat(status().state()).isEqualTo(BridgeStatus.State.CONNECTED);

        remote.loop.advance(Duration.ofSeconds(2));
        assertThat(status().state()).isEqualTo(BridgeStatus.State.DEGRADED);
        assertThat(status().lastError()).contains("no acknowledgement for 11s");

        remote.loop.advance(Duration.ofSeconds(25));
        assertThat(status().lastError()).contains("the remote broker has acknowledged nothing for 30s");
        assertThat(remote.attempts).isEqualTo(2);
    }

    @Test
    void staysWithOneThatAcknowledgesSlowly() {
        connect();
        for (int packetId = 1; packetId <= 20; packetId++) {
            deliver("up/a", QoS.AT_LEAST_ONCE, packetId, false);
        }
        for (int packetId = 1; packetId <= 20; packetId++) {
            remote.loop.advance(Duration.ofSeconds(20));
            remote.acknowledge(Acknowledgement.PUBACK, packetId);
            assertThat(status().state()).isEqualTo(BridgeStatus.State.CONNECTED);
        }
        remote.loop.advance(Duration.ofMinutes(5));
        assertThat(remote.attempts).isEqualTo(1);
    }

    @Test
    void waitsNoLongerForTheEndOfAQos2HandshakeThanForItsBeginning() {
        connect();
        deliver("up/a", QoS.EXACTLY_ONCE, 5, false);
        remote.acknowledge(Acknowledgement.PUBREC, 5);
        remote.loop.run(() -> broker.listener.pubrel(5));
        remote.loop.advance(Duration.ofSeconds(36));
        assertThat(remote.attempts).isEqualTo(2);

        establish(true, ServerProperties.NONE);
        remote.loop.run(() -> broker.listener.pubrel(5));
        remote.acknowledge(Acknowledgement.PUBCOMP, 5);
        remote.loop.advance(Duration.ofMinutes(5));
        assertThat(remote.attempts).isEqualTo(2);
    }

    @Test
    void tellsTheRemoteBrokerWhetherItIsThere() {
        file.put("status.topic", "far/bridges/test");
        start();
        remote.open();
        remote.connAck(true, ServerProperties.NONE);
        broker.opened(remote.loop);
        remote.subAck();
        ControlPacket.Connect connect = (ControlPacket.Connect) remote.packets.get(0);
        Message will = connect.will().orElseThrow().message();
        assertThat(will.topic()).hasToString("far/bridges/test");
        assertThat(will.text()).isEqualTo("{\"name\":\"test\",\"state\":\"offline\"}");
        assertThat(will.retain()).isTrue();
        assertThat(remote.sent).endsWith("PUBLISH far/bridges/test q0 retain #0");

        stop();
        assertThat(remote.sent).endsWith("PUBLISH far/bridges/test q0 retain #0", "DISCONNECT");
    }

    @Test
    void knowsHowLongTheRemoteBrokerTakesToAnswer() {
        start();
        assertThat(status().remoteAddress()).isEmpty();
        assertThat(status().roundTrip()).isEmpty();
        remote.open();
        remote.loop.advance(Duration.ofMillis(40));
        remote.connAck(true, ServerProperties.NONE);
        broker.opened(remote.loop);
        remote.subAck();
        assertThat(status().remoteAddress()).contains("remote/<unresolved>:1883");
        assertThat(status().roundTrip()).contains(Duration.ofMillis(40));

        remote.loop.advance(Duration.ofSeconds(30)); // half a keep alive
        remote.loop.advance(Duration.ofMillis(7));
        remote.packet(new ControlPacket.PingResp());
        assertThat(status().roundTrip()).contains(Duration.ofMillis(7));

        remote.close("lost");
        assertThat(status().remoteAddress()).isEmpty();
        assertThat(status().roundTrip()).isEmpty();
    }

    @Test
    void detachesFromTheSessionWhenTheConnectionIsLost() {
        connect();

        remote.close("connection reset");

        assertThat(broker.told).containsExactly("close");
        assertThat(status().state()).isEqualTo(BridgeStatus.State.BACKOFF);
        assertThat(status().lastError()).contains("connection reset");
    }

    @Test
    void comesBackSoonOnALinkThatFlapsAsLongAsMessagesCross() {
        file.put("reconnect.min", "100ms");
        connect();
        for (int i = 0; i < 20; i++) {
            remote.publish(message("down/a", QoS.AT_MOST_ONCE), 0, false);
            remote.close("lost");
            remote.loop.advance(Duration.ofMillis(200));
            establish(true, ServerProperties.NONE);
        }

        assertThat(remote.attempts).isEqualTo(21);
    }

    @Test
    void startsAnewWhenTheLocalSessionIsTaken() {
        connect();

        remote.loop.run(() -> broker.listener.closed(ReasonCode.SESSION_TAKEN_OVER));

        assertThat(status().state()).isEqualTo(BridgeStatus.State.BACKOFF);
        remote.loop.advance(Duration.ofMinutes(1));
        assertThat(remote.attempts).isEqualTo(2);
    }

    // ---------------------------------------------------------------- time

    @Test
    @Statement(v5 = "MQTT-3.1.2-20", v311 = "MQTT-3.1.2-23")
    void asksForASignOfLifeTwicePerKeepAlive() {
        file.put("keepalive", "10s");
        connect();
        assertThat(remote.connection.readTimeout).isEqualTo(Duration.ofSeconds(15));

        remote.loop.advance(Duration.ofSeconds(20));

        assertThat(remote.sent).containsExactly("PINGREQ", "PINGREQ", "PINGREQ", "PINGREQ");
    }

    @Test
    @Statement(v5 = {"MQTT-3.1.2-21", "MQTT-3.2.2-21"})
    void obeysTheKeepAliveOfTheRemoteBroker() {
        connect(new ServerProperties(
                OptionalLong.empty(),
                65_535,
                2,
                true,
                OptionalLong.empty(),
                Optional.empty(),
                0,
                Optional.empty(),
                true,
                true,
                true,
                OptionalInt.of(4),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                List.of()));

        assertThat(remote.connection.readTimeout).isEqualTo(Duration.ofSeconds(6));
        remote.loop.advance(Duration.ofSeconds(4));
        assertThat(remote.sent).containsExactly("PINGREQ", "PINGREQ");
    }

    @Test
    void givesUpARemoteBrokerThatNeverAnswers() {
        file.put("connect.timeout", "1s");
        start();
        remote.open();

        remote.loop.advance(Duration.ofSeconds(2));

        assertThat(status().state()).isEqualTo(BridgeStatus.State.BACKOFF);
        assertThat(status().lastError())
                .hasValueSatisfying(error -> assertThat(error).contains("CONNACK"));
    }

    @Test
    void saysWhyTheRemoteBrokerRefuses() {
        start();
        remote.open();
        remote.packet(new ControlPacket.ConnAck(false, ReasonCode.BAD_USER_NAME_OR_PASSWORD, ServerProperties.NONE));

        assertThat(status().lastError())
                .hasValueSatisfying(error -> assertThat(error).contains("Bad User Name or Password"));
        assertThat(status().state()).isEqualTo(BridgeStatus.State.BACKOFF);
    }

    // ---------------------------------------------------------------- end

    @Test
    void leavesNothingBehindWhenItIsStopped() {
        connect();
        deliver("up/a", QoS.AT_LEAST_ONCE, 5, false);

        CompletableFuture<Void> stopped = stop();

        assertThat(stopped).isCompleted();
        assertThat(broker.told).containsExactly("close");
        assertThat(remote.packets).last().isEqualTo(ControlPacket.Disconnect.of(ReasonCode.SUCCESS));
        assertThat(status().state()).isEqualTo(BridgeStatus.State.STOPPED);
        assertNothingLeft();
    }

    @Test
    void leavesBothSessionsTheirGraceWhenItIsDeleted() {
        file.put("delete.grace", "90s");
        connect();

        CompletableFuture<Optional<Server>> deleted = link.delete();
        remote.loop.runTasks();
        assertThat(deleted).isNotDone();
        assertThat(broker.options.sessionExpiryInterval()).isEqualTo(90);
        assertThat(broker.options.cleanStart()).isFalse();
        broker.opened(remote.loop);

        assertThat(deleted).isCompletedWithValue(Optional.of(Server.parse("mqtt://remote")));
        assertThat(broker.told).containsExactly("close", "close");
        assertThat(remote.packets)
                .last()
                .isEqualTo(new ControlPacket.Disconnect(ReasonCode.SUCCESS, OptionalLong.of(90), Optional.empty()));
        assertNothingLeft();
    }

    @Test
    void saysWhenTheRemoteBrokerCouldNotBeToldToEndTheSession() {
        connect();
        remote.close("lost");
        assertThat(delete()).isCompletedWithValue(Optional.empty());

        file.put("protocol", "3.1.1");
        connect();
        assertThat(delete()).isCompletedWithValue(Optional.empty());
        assertThat(remote.packets).last().isEqualTo(ControlPacket.Disconnect.of(ReasonCode.SUCCESS));
    }

    private CompletableFuture<Optional<Server>> delete() {
        CompletableFuture<Optional<Server>> deleted = link.delete();
        remote.loop.runTasks();
        broker.opened(remote.loop);
        return deleted;
    }

    @Test
    void needsNoGraceWithCleanStart() {
        file.put("clean.start", "true");
        connect();

        CompletableFuture<Optional<Server>> deleted = link.delete();
        remote.loop.runTasks();

        assertThat(deleted).isCompleted();
        assertThat(broker.session.open).isFalse();
        assertThat(broker.options.sessionExpiryInterval()).isZero();
        assertNothingLeft();
    }

    @Test
    void letsAConnectionComeAboutBeforeItIsEnded() {
        start();
        remote.open();

        CompletableFuture<Void> stopped = stop();
        remote.connAck(true, ServerProperties.NONE);
        broker.opened(remote.loop);
        assertThat(stopped).isNotDone();
        remote.subAck();

        assertThat(stopped).isCompleted();
        assertThat(remote.packets).last().isEqualTo(ControlPacket.Disconnect.of(ReasonCode.SUCCESS));
        assertThat(broker.session.open).isFalse();
        assertNothingLeft();
    }

    @Test
    void waitsHalfASecondAtMostForAConnectionToComeAbout() {
        start();
        remote.open();

        CompletableFuture<Void> stopped = stop();
        remote.loop.advance(Duration.ofMillis(500));

        assertThat(stopped).isCompleted();
        assertNothingLeft();
    }

    @Test
    void leavesNothingBehindWhereverItIsStopped() {
        for (int count = 1; count <= 5; count++) {
            LinkTest fresh = new LinkTest();
            Runnable[] steps = {
                () -> {},
                fresh::start,
                fresh.remote::open,
                () -> fresh.remote.connAck(true, ServerProperties.NONE),
                () -> fresh.broker.opened(fresh.remote.loop),
                fresh.remote::subAck,
            };
            for (int i = 0; i <= count; i++) {
                steps[i].run();
            }
            fresh.stop();
            fresh.scope.close();
            fresh.remote.loop.runTasks();
            if (count == 3) {
                fresh.broker.opened(fresh.remote.loop); // comes late
                assertThat(fresh.broker.session.open).isFalse();
            }
            assertThat(fresh.link.close()).as("stopped after step " + count).isCompleted();
            fresh.assertNothingLeft();
        }
    }

    @Test
    void doesNotConnectAgainOnceItIsStopped() {
        connect();
        remote.close("lost");
        stop();

        remote.loop.advance(Duration.ofHours(1));

        assertThat(remote.attempts).isEqualTo(1);
        assertNothingLeft();
    }
}
