/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.bridge.link;

import static org.assertj.core.api.Assertions.assertThat;

import io.bascule.api.Bridge.Direction;
import io.bascule.api.BridgeStatus;
import io.bascule.api.BridgeStatus.State;
import io.bascule.mqtt.Message;
import io.bascule.mqtt.QoS;
import io.bascule.mqtt.ReasonCode;
import io.bascule.mqtt.Topic;
import io.bascule.transport.Acknowledgement;
import io.bascule.transport.ControlPacket;
import io.bascule.transport.ControlPacket.ServerProperties;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A bridge that makes several connections to its remote broker. */
class SeveralConnectionsTest extends LinkFixture {
    /** By the hash of what they become: the first, second and third of three connections. */
    private String first;

    private String second;
    private String third;

    @BeforeEach
    void threeConnections() {
        file.put("connections", "3");
        file.put("client.id", "gateway");
        file.remove("subscribe.down");
        remote.hasSeveral = true;
        first = topicOf(0);
        second = topicOf(1);
        third = topicOf(2);
    }

    private static String topicOf(int connection) {
        for (int i = 0; ; i++) {
            int hash = ("far/" + i).hashCode();
            if (Math.floorMod(hash ^ (hash >>> 16), 3) == connection) {
                return String.valueOf(i);
            }
        }
    }

    // ---------------------------------------------------------------- to connect

    @Test
    void makesTheOthersWhenTheFirstIsAccepted() {
        start();
        remote.open();
        assertThat(remote.further).isEmpty();
        remote.connAck(true, ServerProperties.NONE);
        assertThat(remote.further).hasSize(2);
        assertThat(broker.options).as("nothing leaves before all are there").isNull();

        accept(0, ServerProperties.NONE);
        assertThat(broker.options).isNull();
        accept(1, ServerProperties.NONE);
        broker.opened(remote.loop);

        assertThat(status().state()).isEqualTo(State.CONNECTED);
        ControlPacket.Connect connect = connect(0);
        assertThat(connect.clientId()).isEqualTo("gateway:2");
        assertThat(connect.cleanStart()).isTrue();
        assertThat(connect.sessionExpiryInterval()).hasValue(0);
        assertThat(connect(1).clientId()).isEqualTo("gateway:3");
    }

    @Test
    void leavesTheBridgesPresenceToTheFirst() {
        file.put("status.topic", "here");
        start();
        remote.open();
        assertThat(((ControlPacket.Connect) remote.packets.get(0)).will()).isPresent();
        remote.connAck(true, ServerProperties.NONE);
        accept(0, ServerProperties.NONE);
        accept(1, ServerProperties.NONE);
        broker.opened(remote.loop);
        assertThat(connect(0).will()).isEmpty();
        stop();

        assertThat(remote.further.get(0).sent).containsExactly("CONNECT", "DISCONNECT");
    }

    @Test
    void hasRoomForWhatAllOfThemTake() {
        start();
        remote.open();
        remote.connAck(true, limited(2, 10, true));
        accept(0, limited(2, 20, true));
        accept(1, limited(2, 30, true));
        broker.opened(remote.loop);

        assertThat(broker.options.receiveMaximum()).isEqualTo(2 * 60);
    }

    @Test
    void doesWithoutOneThatIsRefused() {
        start();
        remote.open();
        remote.connAck(true, ServerProperties.NONE);
        accept(0, ServerProperties.NONE);
        remote.further.get(1).open();
        remote.further
                .get(1)
                .packet(new ControlPacket.ConnAck(false, ReasonCode.QUOTA_EXCEEDED, ServerProperties.NONE));
        broker.opened(remote.loop);
        remote.sent.clear();

        assertThat(status().state()).isEqualTo(State.DEGRADED);
        assertThat(status().lastError().orElseThrow())
                .startsWith(
                        "connection 3 of 3 is missing: the remote broker refuses the connection: Quota exceeded (0x97)");
        deliver("up/" + third, QoS.AT_LEAST_ONCE, 1, false);
        assertThat(remote.sent).containsExactly("PUBLISH far/" + third + " q1 #1");
    }

    @Test
    void waitsForNoneThatDoesNotAnswer() {
        file.put("connect.timeout", "10s");
        start();
        remote.open();
        remote.connAck(true, ServerProperties.NONE);
        accept(0, ServerProperties.NONE);
        remote.loop.advance(Duration.ofSeconds(6));
        broker.opened(remote.loop);

        assertThat(status().state()).isEqualTo(State.DEGRADED);
        assertThat(status().lastError().orElseThrow()).startsWith("connection 3 of 3 is missing: ");
    }

    @Test
    void asksForWhatIsMissingFromTimeToTime() {
        start();
        remote.open();
        remote.connAck(true, ServerProperties.NONE);
        accept(0, ServerProperties.NONE);
        remote.further.get(1).close("refused");
        broker.opened(remote.loop);
        remote.loop.advance(Duration.ofMinutes(10));
        assertThat(remote.further).hasSize(3);
        remote.further.get(2).close("refused");
        assertThat(status().state()).as("as before").isEqualTo(State.DEGRADED);
        remote.loop.advance(Duration.ofMinutes(10));
        deliver("up/" + first, QoS.AT_LEAST_ONCE, 1, false);
        accept(3, ServerProperties.NONE);
        assertThat(connect(3).clientId()).isEqualTo("gateway:3");
        assertThat(broker.session.ready)
                .as("until what is on its way is acknowledged")
                .isFalse();
        remote.acknowledge(Acknowledgement.PUBACK, 1);
        remote.loop.advance(Duration.ofMillis(50));
        assertThat(remote.further).allMatch(FakeRemote.Further::isOver);

        establishAll(4, ServerProperties.NONE);
        stop();
        assertNothingLeft();
    }

    // ---------------------------------------------------------------- what goes where

    @Test
    void sharesOutByTopic() {
        connectAll();
        deliver("up/" + second, QoS.AT_LEAST_ONCE, 1, false);
        deliver("up/" + third, QoS.AT_MOST_ONCE, 0, false);
        deliver("up/" + first, QoS.AT_LEAST_ONCE, 2, false);

        assertThat(remote.sent).containsExactly("PUBLISH far/" + first + " q1 #2");
        assertThat(sent(0)).containsExactly("PUBLISH far/" + second + " q1 #1");
        assertThat(sent(1)).containsExactly("PUBLISH far/" + third + " q0 #0");
    }

    @Test
    void usesAllOfThemAlike() {
        connectAll();
        for (int i = 0; i < 3000; i++) {
            deliver("up/sensors/" + i + "/value", QoS.AT_MOST_ONCE, 0, false);
        }

        assertThat(List.of(remote.sent.size(), sent(0).size(), sent(1).size()))
                .allSatisfy(count -> assertThat(count).isBetween(800, 1200));
    }

    @Test
    void sendsQos2OverTheOneWithASession() {
        connectAll();
        deliver("up/" + second, QoS.EXACTLY_ONCE, 1, false);

        assertThat(remote.sent).containsExactly("PUBLISH far/" + second + " q2 #1");
        assertThat(sent(0)).isEmpty();
    }

    /** No Local is about one connection. */
    @Test
    void sendsWhatMayComeBackOverTheOneThatIsSubscribed() {
        file.put("subscribe.down", "far/# -> up/{#}");
        start();
        remote.open();
        remote.connAck(true, ServerProperties.NONE);
        accept(0, ServerProperties.NONE);
        accept(1, ServerProperties.NONE);
        broker.opened(remote.loop);
        remote.subAck();
        remote.sent.clear();
        deliver("up/" + second, QoS.AT_LEAST_ONCE, 1, false);

        assertThat(remote.sent).containsExactly("PUBLISH far/" + second + " q1 #1");
    }

    // ---------------------------------------------------------------- acknowledgements

    @Test
    void passesOnWhatEachAcknowledges() {
        connectAll();
        deliver("up/" + second, QoS.AT_LEAST_ONCE, 1, false);
        deliver("up/" + third, QoS.AT_LEAST_ONCE, 2, false);
        remote.further.get(1).acknowledge(Acknowledgement.PUBACK, 2);
        remote.further.get(0).acknowledge(Acknowledgement.PUBACK, 1);

        assertThat(broker.told).containsExactly("puback #2", "puback #1");
        assertBooks("up", 2, 2, Map.of());
    }

    @Test
    void takesNoAcknowledgementFromAnother() {
        connectAll();
        deliver("up/" + second, QoS.AT_LEAST_ONCE, 1, false);
        remote.acknowledge(Acknowledgement.PUBACK, 1);
        remote.further.get(1).acknowledge(Acknowledgement.PUBACK, 1);

        assertThat(broker.told).isEmpty();
        assertBooks("up", 1, 0, Map.of());
    }

    @Test
    void waitsForRoomInOneOfThemAlone() {
        connectAll(limited(2, 1, true));
        deliver("up/" + second, QoS.AT_LEAST_ONCE, 1, false);
        deliver("up/" + second, QoS.AT_LEAST_ONCE, 2, false);
        deliver("up/" + third, QoS.AT_LEAST_ONCE, 3, false);
        assertThat(sent(0)).containsExactly("PUBLISH far/" + second + " q1 #1");
        assertThat(sent(1)).containsExactly("PUBLISH far/" + third + " q1 #3");
        remote.further.get(0).acknowledge(Acknowledgement.PUBACK, 2);
        assertThat(broker.told).as("it was not sent").isEmpty();

        remote.further.get(0).acknowledge(Acknowledgement.PUBACK, 1);
        assertThat(sent(0)).endsWith("PUBLISH far/" + second + " q1 #2");
        remote.further.get(0).acknowledge(Acknowledgement.PUBACK, 2);
        remote.further.get(1).acknowledge(Acknowledgement.PUBACK, 3);

        assertThat(broker.told).containsExactly("puback #1", "puback #2", "puback #3");
        assertBooks("up", 3, 3, Map.of());
    }

    @Test
    void countsNoMessageTwiceThatHasWaitedForRoom() {
        connectAll(limited(2, 1, true));
        deliver("up/" + second, QoS.AT_LEAST_ONCE, 1, false);
        deliver("up/" + second, QoS.AT_LEAST_ONCE, 2, false);
        lose();
        remote.loop.advance(Duration.ofMinutes(1));
        establishAll(2, ServerProperties.NONE);
        deliver("up/" + second, QoS.AT_LEAST_ONCE, 1, true);
        deliver("up/" + second, QoS.AT_LEAST_ONCE, 2, true);
        assertThat(sent(2))
                .containsExactly("PUBLISH far/" + second + " q1 dup #1", "PUBLISH far/" + second + " q1 dup #2");
        remote.further.get(2).acknowledge(Acknowledgement.PUBACK, 1);
        remote.further.get(2).acknowledge(Acknowledgement.PUBACK, 2);

        assertBooks("up", 2, 2, Map.of());
    }

    /** The local session goes on at once, with what is behind the others that wait. */
    @Test
    void goesOnAfterOneThatIsTooLargeForTheRemoteBroker() {
        connectAll(limited(2, 1, true));
        deliver("up/" + second, QoS.AT_LEAST_ONCE, 1, false);
        Message large = Message.of(Topic.of("up/" + second), new byte[100], QoS.AT_LEAST_ONCE, false);
        deliver(large, 2, false);
        deliver("up/" + second, QoS.AT_LEAST_ONCE, 3, false);
        remote.maximumPayload = 10;
        broker.whenTold("puback #2", () -> deliver("up/" + second, QoS.AT_LEAST_ONCE, 4, false));
        for (int packetId : new int[] {1, 3, 4}) {
            remote.further.get(0).acknowledge(Acknowledgement.PUBACK, packetId);
        }

        assertThat(sent(0))
                .containsExactly(
                        "PUBLISH far/" + second + " q1 #1",
                        "PUBLISH far/" + second + " q1 #3",
                        "PUBLISH far/" + second + " q1 #4");
        assertBooks("up", 4, 3, Map.of("too-large", 1L));
    }

    /** Room that is taken until PUBCOMP. */
    @Test
    void waitsForQos2ToBeOver() {
        connectAll(limited(2, 1, true));
        deliver("up/a", QoS.EXACTLY_ONCE, 1, false);
        deliver("up/b", QoS.EXACTLY_ONCE, 2, false);
        remote.acknowledge(Acknowledgement.PUBREC, 1);
        remote.loop.run(() -> broker.listener.pubrel(1));
        assertThat(remote.sent).containsExactly("PUBLISH far/a q2 #1", "PUBREL #1");

        remote.acknowledge(Acknowledgement.PUBCOMP, 1);
        assertThat(remote.sent).endsWith("PUBLISH far/b q2 #2");
    }

    /** Some brokers say again that they have a message, before it has been sent again. */
    @Test
    void doesNotSendWhatWaitsForRoomAndIsThereAlready() {
        connectAll(limited(2, 1, true));
        deliver("up/a", QoS.EXACTLY_ONCE, 1, true);
        deliver("up/b", QoS.EXACTLY_ONCE, 2, true);
        remote.acknowledge(Acknowledgement.PUBREC, 2);
        remote.loop.run(() -> broker.listener.pubrel(2));
        remote.acknowledge(Acknowledgement.PUBCOMP, 2);
        remote.acknowledge(Acknowledgement.PUBREC, 1);
        remote.loop.run(() -> broker.listener.pubrel(1));
        remote.acknowledge(Acknowledgement.PUBCOMP, 1);

        assertThat(remote.sent).containsExactly("PUBLISH far/a q2 dup #1", "PUBREL #2", "PUBREL #1");
        assertBooks("up", 2, 2, Map.of());
    }

    // ---------------------------------------------------------------- what waits

    @Test
    void letsQos0NotOvertake() {
        connectAll(limited(2, 1, true));
        deliver("up/" + second, QoS.AT_LEAST_ONCE, 1, false);
        deliver("up/" + second, QoS.AT_LEAST_ONCE, 2, false);
        deliver("up/" + second, QoS.AT_MOST_ONCE, 0, false);
        assertThat(sent(0)).hasSize(1);
        remote.further.get(0).acknowledge(Acknowledgement.PUBACK, 1);
        assertThat(sent(0)).as("it waits like the one before it").hasSize(2);
        remote.further.get(0).acknowledge(Acknowledgement.PUBACK, 2);

        assertThat(sent(0)).endsWith("PUBLISH far/" + second + " q1 #2", "PUBLISH far/" + second + " q0 #0");
        assertBooks("up", 3, 3, Map.of());
    }

    @Test
    void countsQos0ThatIsLostWithItsConnection() {
        connectAll(limited(2, 1, true));
        deliver("up/" + second, QoS.AT_LEAST_ONCE, 1, false);
        deliver("up/" + second, QoS.AT_LEAST_ONCE, 2, false);
        deliver("up/" + second, QoS.AT_MOST_ONCE, 0, false);
        lose();

        assertBooks("up", 3, 0, Map.of("offline-qos0", 1L));
    }

    @Test
    void letsNothingLeaveWhileItIsPaused() {
        connectAll(limited(2, 1, true));
        deliver("up/" + second, QoS.AT_LEAST_ONCE, 1, false);
        deliver("up/" + second, QoS.AT_LEAST_ONCE, 2, false);
        link.control().pause(Direction.FORWARD);
        remote.loop.runTasks();
        remote.further.get(0).acknowledge(Acknowledgement.PUBACK, 1);
        assertThat(sent(0)).hasSize(1);

        link.control().resume(Direction.FORWARD);
        remote.loop.runTasks();
        assertThat(sent(0)).endsWith("PUBLISH far/" + second + " q1 #2");
    }

    /** What has waited counts when it leaves. */
    @Test
    void keepsToItsRate() {
        file.put("send.rate", "10");
        connectAll(limited(2, 1, true));
        for (int packetId = 1; packetId <= 5; packetId++) {
            deliver("up/" + second, QoS.AT_LEAST_ONCE, packetId, false);
        }
        for (int packetId = 1; packetId <= 3; packetId++) {
            remote.further.get(0).acknowledge(Acknowledgement.PUBACK, packetId);
        }
        assertThat(sent(0))
                .as("a tenth of a second's worth at once, and one more")
                .hasSize(2);

        remote.loop.advance(Duration.ofMillis(100));
        assertThat(sent(0)).hasSize(3);
    }

    @Test
    void deliversNoMoreThanSomeMegabyteThatWaits() {
        connectAll(limited(2, 100, true));
        for (int packetId = 1; packetId <= 100; packetId++) {
            deliver("up/" + second, QoS.AT_LEAST_ONCE, packetId, false);
        }
        deliver(large(), 101, false);
        assertThat(broker.session.ready).isTrue();
        deliver(large(), 102, false);
        assertThat(broker.session.ready).isFalse();

        remote.further.get(0).acknowledge(Acknowledgement.PUBACK, 1);
        assertThat(broker.session.ready).as("more than half of it still waits").isFalse();
        remote.further.get(0).acknowledge(Acknowledgement.PUBACK, 2);
        assertThat(broker.session.ready).isTrue();
    }

    /** The local session delivers at once when it may. */
    @Test
    void letsNothingOvertakeWhatMakesRoomForIt() {
        connectAll(limited(2, 1, true));
        deliver(large(), 1, false);
        deliver(large(), 2, false);
        deliver(large(), 3, false);
        assertThat(broker.session.ready).isFalse();
        broker.whenTold("ready true", () -> {
            broker.whenTold("ready true", () -> {});
            deliver("up/" + second, QoS.AT_LEAST_ONCE, 4, false);
        });
        for (int packetId = 1; packetId <= 4; packetId++) {
            remote.further.get(0).acknowledge(Acknowledgement.PUBACK, packetId);
        }

        assertThat(sent(0))
                .extracting(line -> line.substring(line.indexOf('#')))
                .containsExactly("#1", "#2", "#3", "#4");
        assertBooks("up", 4, 4, Map.of());
    }

    @Test
    void dropsWhatExpiresWhileItWaits() {
        connectAll(limited(2, 1, true));
        deliver("up/" + second, QoS.AT_LEAST_ONCE, 1, false);
        deliver(message("up/" + second, QoS.AT_LEAST_ONCE).expiringIn(Duration.ZERO), 2, false);
        remote.further.get(0).acknowledge(Acknowledgement.PUBACK, 1);

        assertThat(sent(0)).hasSize(1);
        assertThat(broker.told).containsExactly("puback #1", "puback #2");
        assertBooks("up", 2, 1, Map.of("expired", 1L));
    }

    private Message large() {
        return Message.of(Topic.of("up/" + second), new byte[600_000], QoS.AT_LEAST_ONCE, false);
    }

    /** A message that has waited is remembered as one that may come back from the moment that it leaves, also over another connection. */
    @Test
    void knowsWhatComesBackThatHasWaited() {
        file.put("protocol", "3.1.1");
        file.put("receive.maximum", "1");
        file.put("subscribe.down", "far/# -> up/{#}");
        connectWithoutTheBit();
        deliver("up/a", QoS.AT_LEAST_ONCE, 1, false);
        deliver("up/b", QoS.AT_LEAST_ONCE, 2, false);
        remote.loop.advance(Duration.ofSeconds(20));
        remote.acknowledge(Acknowledgement.PUBACK, 1);
        assertThat(remote.sent).endsWith("PUBLISH far/b q1 #2");
        remote.publish(message("far/b", QoS.AT_MOST_ONCE), 0, false);

        assertThat(broker.published).isEmpty();
        assertBooks("down", 1, 0, Map.of("loop", 1L));
    }

    /** To a remote broker that does not know bridges. */
    private void connectWithoutTheBit() {
        start();
        remote.open();
        remote.close("closed");
        remote.loop.advance(Duration.ofMinutes(1));
        establishAll(0, ServerProperties.NONE);
    }

    // ---------------------------------------------------------------- what is amiss

    @Test
    void deliversNothingWhileOneOfThemDoesNotKeepUp() {
        connectAll();
        remote.further.get(1).writabilityChanged(false);
        assertThat(broker.session.ready).isFalse();
        remote.further.get(1).writabilityChanged(true);
        assertThat(broker.session.ready).isTrue();
    }

    @Test
    void connectsAllAnewWhenOneIsLost() {
        connectAll();
        deliver("up/" + second, QoS.AT_LEAST_ONCE, 1, false);
        remote.further.get(0).close("reset");
        assertThat(status().state()).isEqualTo(State.BACKOFF);
        assertThat(status().lastError()).contains("connection 2 of 3 is lost: reset");
        assertThat(remote.further).allMatch(FakeRemote.Further::isOver);

        remote.loop.advance(Duration.ofMinutes(1));
        establishAll(2, ServerProperties.NONE);
        deliver("up/" + second, QoS.AT_LEAST_ONCE, 1, true);

        assertThat(sent(2)).containsExactly("PUBLISH far/" + second + " q1 dup #1");
    }

    @Test
    void namesTheMessageThatOneOfThemIsClosedOverAgainAndAgain() {
        connectAll();
        for (int time = 1; time <= 3; time++) {
            deliver("up/" + third, QoS.AT_LEAST_ONCE, 1, time > 1);
            deliver("up/" + second, QoS.AT_LEAST_ONCE, 9 + time, false);
            remote.further.get(2 * time - 2).acknowledge(Acknowledgement.PUBACK, 9 + time);
            remote.further.get(2 * time - 1).close("reset");
            if (time < 3) {
                remote.loop.advance(Duration.ofMinutes(1));
                establishAll(2 * time, ServerProperties.NONE);
            }
        }

        assertThat(status().lastError())
                .contains("the remote broker has closed the connection 3 times in a row after the message to far/"
                        + third + ": connection 3 of 3 is lost: reset");
    }

    @Test
    void leavesOneThatAcknowledgesNothingThoughTheOthersDo() {
        connectAll();
        deliver("up/" + second, QoS.AT_LEAST_ONCE, 1, false);
        for (int i = 0; i < 7; i++) {
            remote.loop.advance(Duration.ofSeconds(5));
            if (i == 2) {
                assertThat(status().lastError()).contains("no acknowledgement for 15s");
            }
            if (!remote.further.get(1).isOver()) {
                deliver("up/" + third, QoS.AT_LEAST_ONCE, 2, false);
                remote.further.get(1).acknowledge(Acknowledgement.PUBACK, 2);
            }
        }

        assertThat(remote.further.get(1).isOver()).isTrue();
        assertThat(status().lastError()).contains("the remote broker has acknowledged nothing for 30s");
    }

    /** And the other way round: what the first has not to answer is no silence of it. */
    @Test
    void doesNotTakeOneForSilentThatHasNothingToAnswer() {
        connectAll();
        for (int i = 0; i < 20; i++) {
            deliver("up/" + first, QoS.AT_LEAST_ONCE, 1 + 2 * i, false);
            deliver("up/" + third, QoS.AT_LEAST_ONCE, 2 + 2 * i, false);
            remote.acknowledge(Acknowledgement.PUBACK, 1 + 2 * i);
            remote.loop.advance(Duration.ofSeconds(5));
            remote.further.get(1).acknowledge(Acknowledgement.PUBACK, 2 + 2 * i);
        }

        assertThat(status().state()).isEqualTo(State.CONNECTED);
    }

    @Test
    void takesNoMessageOverOneThatIsNotSubscribed() {
        connectAll();
        remote.further.get(0).publish(message("far/x", QoS.AT_MOST_ONCE));

        assertThat(status().lastError())
                .contains(
                        "connection 2 of 3 is lost: the remote broker sends a message over a connection that is subscribed to nothing");
        assertThat(broker.published).isEmpty();
    }

    // ---------------------------------------------------------------- to close

    /** With other connections than before a topic might take another one, and overtake what is on its way. */
    @Test
    void letsWhatIsOnItsWayBeAcknowledgedBeforeItCloses() {
        connectAll();
        deliver("up/" + second, QoS.AT_LEAST_ONCE, 1, false);
        CompletableFuture<Void> closed = stop();
        assertThat(broker.session.ready).isFalse();
        assertThat(closed).isNotDone();
        assertThat(remote.further).noneMatch(FakeRemote.Further::isOver);

        remote.further.get(0).acknowledge(Acknowledgement.PUBACK, 1);
        remote.loop.advance(Duration.ofMillis(50));

        assertThat(broker.told).contains("puback #1");
        assertThat(closed).isDone();
        assertThat(remote.further).allMatch(FakeRemote.Further::isOver);
        assertNothingLeft();
    }

    @Test
    void waitsForItHalfASecondAtMost() {
        connectAll();
        deliver("up/" + second, QoS.AT_LEAST_ONCE, 1, false);
        CompletableFuture<Void> closed = stop();
        remote.loop.advance(Duration.ofMillis(500));

        assertThat(closed).isDone();
        assertNothingLeft();
    }

    @Test
    void givesEverythingBackWhileTheyAreBeingMade() {
        start();
        remote.open();
        remote.connAck(true, ServerProperties.NONE);
        remote.further.get(0).open();
        CompletableFuture<Void> closed = stop();
        remote.loop.advance(Duration.ofMillis(500));

        assertThat(closed).isDone();
        assertNothingLeft();
    }

    // ----------------------------------------------------------------

    private void connectAll() {
        connectAll(ServerProperties.NONE);
    }

    private void connectAll(ServerProperties properties) {
        start();
        establishAll(0, properties);
    }

    /** So many further connections were made before. */
    private void establishAll(int before, ServerProperties properties) {
        remote.open();
        remote.connAck(true, properties);
        accept(before, properties);
        accept(before + 1, properties);
        broker.opened(remote.loop);
        remote.subAck();
        remote.pubComp();
        assertThat(status().state()).isEqualTo(BridgeStatus.State.CONNECTED);
        remote.sent.clear();
        broker.told.clear();
    }

    private void accept(int index, ServerProperties properties) {
        remote.further.get(index).open();
        remote.further.get(index).connAck(properties);
    }

    private ControlPacket.Connect connect(int index) {
        return (ControlPacket.Connect) remote.further.get(index).packets.get(0);
    }

    private List<String> sent(int index) {
        List<String> lines = new ArrayList<>(remote.further.get(index).sent);
        lines.remove("CONNECT");
        return lines;
    }

    private void lose() {
        remote.close("lost");
    }
}
