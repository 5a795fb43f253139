/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.bridge.link;

import static org.assertj.core.api.Assertions.assertThat;

import io.bascule.api.BridgeStatus.State;
import io.bascule.mqtt.QoS;
import io.bascule.mqtt.ReasonCode;
import io.bascule.transport.Acknowledgement;
import io.bascule.transport.ControlPacket.ServerProperties;
import java.time.Duration;
import java.util.BitSet;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A bridge with several servers. */
class FailoverTest extends LinkFixture {
    private static final Duration A_WHILE = Duration.ofSeconds(10);

    @BeforeEach
    void twoServers() {
        file.put("server", "mqtt://a, mqtt://b");
    }

    // ---------------------------------------------------------------- whose turn it is

    @Test
    void triesTheOthersAtOnceAndThenWaits() {
        file.put("server", "mqtt://a, mqtt://b, mqtt://c");
        start();
        refuse();
        refuse();
        assertThat(remote.hosts).containsExactly("a", "b", "c");
        assertThat(status().server()).isEqualTo("mqtt://c:1883");
        assertThat(status().lastError()).contains("mqtt://b:1883: connection refused");

        refuse();
        assertThat(remote.hosts).as("not before it has waited").hasSize(3);
        remote.loop.advance(Duration.ofMinutes(1));

        assertThat(remote.hosts).containsExactly("a", "b", "c", "a");
    }

    @Test
    void triesTheOthersAtOnceWhenAConnectionIsLostThatHasStood() {
        file.put("server", "mqtt://a, mqtt://b, mqtt://c");
        start();
        refuse();
        establish(false, ServerProperties.NONE);
        assertThat(status().server()).isEqualTo("mqtt://b:1883");
        remote.loop.advance(A_WHILE);

        lose();
        refuse();

        assertThat(remote.hosts).containsExactly("a", "b", "a", "c");
    }

    @Test
    void doesNotGoRoundAndRoundAmongServersThatDropIt() {
        connect();
        lose(); // it has not stood
        establish(false, ServerProperties.NONE);
        lose();

        assertThat(remote.hosts).containsExactly("a", "b");
        assertThat(status().state()).isEqualTo(State.BACKOFF);
    }

    @Test
    void takesTurns() {
        file.put("round.robin", "true");
        start();
        refuse();
        establish(false, ServerProperties.NONE);
        remote.loop.advance(Duration.ofMinutes(10));
        assertThat(remote.hosts).as("none is preferred").containsExactly("a", "b");

        lose();
        assertThat(remote.hosts).containsExactly("a", "b", "a");
    }

    /** An edit of the file forces nothing. */
    @Test
    void beginsWhereItWasBefore() {
        known = new KnownSessions(List.of(remoteSession, empty()), OptionalInt.of(1));
        start();
        assertThat(remote.hosts).containsExactly("b");
        establish(true, ServerProperties.NONE);
        remote.loop.advance(Duration.ofSeconds(60));

        assertThat(remote.hosts).as("and goes home in order").containsExactly("b", "a");
    }

    // ---------------------------------------------------------------- identifiers

    @Test
    void sendsWhatIsOnItsWayToTheOtherServer() {
        connect();
        deliver("up/x", QoS.EXACTLY_ONCE, 5, false);
        lose();
        remote.open();
        remote.connAck(false, ServerProperties.NONE);
        broker.told.clear();
        broker.opened(remote.loop);
        assertThat(broker.told).as("the other one's identifiers").contains("forgetReceived");
        remote.subAck();
        deliver("up/x", QoS.EXACTLY_ONCE, 5, true);

        assertThat(remote.sent).endsWith("PUBLISH far/x q2 dup #5").doesNotContain("PUBREL #5");
        acknowledge(5);
        assertBooks("up", 1, 1, Map.of());
    }

    @Test
    void releasesWhatAServerHoldsBeforeAnIdentifierIsUsedAnew() {
        connect();
        deliver("up/x", QoS.EXACTLY_ONCE, 5, false);
        deliver("up/y", QoS.EXACTLY_ONCE, 6, false);
        acknowledge(6);
        elsewhere(() -> {
            deliver("up/x", QoS.EXACTLY_ONCE, 5, true);
            acknowledge(5);
        });

        remote.open();
        remote.connAck(true, ServerProperties.NONE);
        broker.opened(remote.loop);
        remote.subAck();
        assertThat(remote.sent).contains("PUBREL #5").doesNotContain("PUBREL #6");
        assertThat(status().state()).as("not before it is released").isEqualTo(State.CONNECTING);

        remote.acknowledge(Acknowledgement.PUBCOMP, 5);
        assertThat(status().state()).isEqualTo(State.CONNECTED);
        assertThat(broker.told).as("is of the bridge itself").doesNotContain("pubcomp #5");
    }

    /** It would be taken for the message that is on its way under that identifier now. */
    @Test
    void passesOverAnAnswerToWhatWasSentBefore() {
        connect();
        deliver("up/x", QoS.EXACTLY_ONCE, 5, false);
        elsewhere(() -> {
            deliver("up/x", QoS.EXACTLY_ONCE, 5, true);
            acknowledge(5);
            deliver("up/y", QoS.EXACTLY_ONCE, 5, false);
        });
        remote.open();
        remote.connAck(true, ServerProperties.NONE);
        broker.opened(remote.loop);
        broker.told.clear();

        remote.acknowledge(Acknowledgement.PUBREC, 5); // of up/x
        assertThat(broker.told).isEmpty();
        remote.subAck();
        remote.pubComp();
        deliver("up/y", QoS.EXACTLY_ONCE, 5, true);
        remote.acknowledge(Acknowledgement.PUBREC, 5);

        assertThat(broker.told).contains("pubrec #5");
    }

    @Test
    void goesOnWithReleasingOverTheNextConnection() {
        broker.present = false; // so that all might be held
        start();
        remote.open();
        remote.connAck(true, ServerProperties.NONE);
        broker.opened(remote.loop);
        remote.subAck();
        for (int id = 1; id <= 100; id++) {
            remote.acknowledge(Acknowledgement.PUBCOMP, id);
        }
        assertThat(remoteSession.released()).isEqualTo(100);
    }

    @Test
    void doesNotReleaseTheMessageThatIsStillOnItsWay() {
        connect();
        deliver("up/x", QoS.EXACTLY_ONCE, 5, false);
        elsewhere(() -> {}); // which did not get as far as that

        establish(true, ServerProperties.NONE);
        deliver("up/x", QoS.EXACTLY_ONCE, 5, true);

        assertThat(remote.sent).containsExactly("PUBLISH far/x q2 dup #5");
    }

    @Test
    void releasesWhatWasBeingReleasedWhenTheServerWasLost() {
        connect();
        deliver("up/x", QoS.EXACTLY_ONCE, 5, false);
        remote.acknowledge(Acknowledgement.PUBREC, 5);
        release(5);
        elsewhere(() -> release(5));

        remote.open();
        remote.connAck(true, ServerProperties.NONE);
        broker.opened(remote.loop);

        assertThat(remote.sent).contains("PUBREL #5");
    }

    @Test
    void releasesAllThatAServerMayHoldAfterACrash() {
        BitSet held = new BitSet();
        held.set(7, 9);
        known = new KnownSessions(
                List.of(remoteSession, new RemoteSession(List.of(), RemoteSession.ALL, held)), OptionalInt.of(0));
        broker.present = true;
        start();
        refuse();
        remote.open();
        remote.connAck(true, ServerProperties.NONE);
        broker.opened(remote.loop);

        assertThat(remote.sent).contains("PUBREL #7", "PUBREL #8").doesNotContain("PUBREL #9");
    }

    @Test
    void staysWithItsIdentifiersAtTheSameServer() {
        connect();
        int before = kept;
        broker.told.clear();
        deliver("up/x", QoS.EXACTLY_ONCE, 5, false);
        lose();
        refuse();
        broker.told.clear();
        remote.loop.advance(Duration.ofMinutes(1));
        establish(true, ServerProperties.NONE);
        deliver("up/x", QoS.EXACTLY_ONCE, 5, true);

        assertThat(remote.hosts).endsWith("a", "b", "a");
        assertThat(broker.told).doesNotContain("forgetReceived");
        assertThat(remote.sent).containsExactly("PUBLISH far/x q2 dup #5");
        assertThat(kept).isEqualTo(before);
    }

    /** What a server was waited for ends after another one has been turned to. */
    @Test
    void isNotJoinedWithAServerThatIsLostBeforeItIs() {
        connect();
        remote.loop.advance(A_WHILE);
        broker.whenKept = new CompletableFuture<>();
        lose();
        remote.open();
        remote.connAck(false, ServerProperties.NONE);
        broker.opened(remote.loop);
        remote.subAck();
        lose();
        remote.loop.advance(Duration.ofMinutes(1));
        remote.open();
        remote.connAck(true, ServerProperties.NONE);
        assertThat(remote.hosts).endsWith("a", "b", "a");
        remote.loop.run(() -> broker.whenKept.complete(List.of()));

        assertThat(known.joined()).isNotEqualTo(OptionalInt.of(1));
    }

    @Test
    void writesDownThatItIsBetweenTwoServersBeforeAnythingIsSaid() {
        connect();
        assertThat(known.joined()).hasValue(0);
        int before = kept;
        lose();
        remote.open();
        remote.connAck(true, ServerProperties.NONE);
        assertThat(known.joined()).isEmpty();
        assertThat(kept).isEqualTo(before + 1);

        broker.opened(remote.loop);
        remote.pubComp();
        remote.subAck();

        assertThat(known.joined()).hasValue(1);
        assertThat(kept).isEqualTo(before + 2);
    }

    // ---------------------------------------------------------------- the way back

    @Test
    void goesBackWhenTheFirstServerHasAcceptedIt() {
        toTheSecond();
        remote.loop.advance(Duration.ofSeconds(60));
        deliver("up/x", QoS.AT_LEAST_ONCE, 5, false);
        assertThat(remote.hosts).endsWith("b", "a");
        assertThat(status().state()).isEqualTo(State.CONNECTED);
        remote.openSecond();
        remote.loop.advance(Duration.ofSeconds(1));
        assertThat(broker.session.ready).isTrue();

        remote.connAckSecond(true, ServerProperties.NONE);
        assertThat(status().state()).isEqualTo(State.CONNECTED);
        assertThat(broker.session.ready)
                .as("what is under way comes to an end first")
                .isFalse();
        remote.acknowledge(Acknowledgement.PUBACK, 5);
        remote.loop.advance(Duration.ofMillis(20));
        broker.opened(remote.loop);
        remote.subAck();
        remote.pubComp();

        assertThat(status().state()).isEqualTo(State.CONNECTED);
        assertThat(status().server()).isEqualTo("mqtt://a:1883");
        assertThat(remote.hosts).endsWith("b", "a");
        assertBooks("up", 1, 1, Map.of());
        stop();
        assertNothingLeft();
    }

    @Test
    void takesNothingMoreOnceItIsToGoBack() {
        toTheSecond();
        remote.loop.advance(Duration.ofSeconds(60));
        remote.publish(message("down/x", QoS.EXACTLY_ONCE), 9, false, 1);
        firstAccepts();
        remote.publish(message("down/y", QoS.EXACTLY_ONCE), 10, false, 1);
        assertThat(broker.told).contains("publish near/x q2 #9").doesNotContain("publish near/y q2 #10");
        remote.loop.advance(Duration.ofMillis(40));
        assertThat(status().server()).as("it is not acknowledged yet").isEqualTo("mqtt://b:1883");
        settle(ReasonCode.SUCCESS);
        remote.loop.advance(Duration.ofMillis(40));

        assertThat(status().server()).isEqualTo("mqtt://a:1883");
    }

    @Test
    void doesNotWaitForEverForWhatIsUnderWay() {
        toTheSecond();
        remote.loop.advance(Duration.ofSeconds(60));
        deliver("up/x", QoS.AT_LEAST_ONCE, 5, false);
        firstAccepts();
        remote.loop.advance(Duration.ofSeconds(3));

        assertThat(status().server()).isEqualTo("mqtt://a:1883");
    }

    @Test
    void staysWhereTheFirstServerDoesNotAcceptIt() {
        toTheSecond();
        remote.loop.advance(Duration.ofSeconds(60));
        remote.openSecond();
        remote.closeSecond("connection reset");
        assertThat(status().state()).isEqualTo(State.CONNECTED);
        assertThat(status().server()).isEqualTo("mqtt://b:1883");
        deliver("up/x", QoS.AT_LEAST_ONCE, 5, false);
        assertThat(remote.sent).contains("PUBLISH far/x q1 #5");

        remote.loop.advance(Duration.ofSeconds(60));
        assertThat(remote.hosts).as("and looks again").endsWith("a", "a");
    }

    @Test
    void deliversAgainWhenTheFirstServerGoesMeanwhile() {
        toTheSecond();
        remote.loop.advance(Duration.ofSeconds(60));
        deliver("up/x", QoS.AT_LEAST_ONCE, 5, false);
        firstAccepts();
        remote.closeSecond("connection reset");
        remote.loop.advance(Duration.ofSeconds(3));

        assertThat(status().state()).isEqualTo(State.CONNECTED);
        assertThat(status().server()).isEqualTo("mqtt://b:1883");
        assertThat(broker.session.ready).isTrue();
        remote.publish(message("down/y", QoS.EXACTLY_ONCE), 10, false, 1);
        assertThat(broker.told).contains("publish near/y q2 #10");
    }

    @Test
    void deliversNothingIntoAConnectionThatIsClosed() {
        connect();
        link.control().reconnect();
        remote.loop.run(() -> assertThat(broker.session.ready).isFalse());
    }

    @Test
    void looksLessOftenForAServerThatDoesNotStay() {
        toTheSecond();
        goBack();
        lose();
        establish(true, ServerProperties.NONE);
        assertThat(status().server()).isEqualTo("mqtt://b:1883");
        int attempts = remote.attempts;

        remote.loop.advance(Duration.ofSeconds(119));
        assertThat(remote.attempts).isEqualTo(attempts);
        remote.loop.advance(Duration.ofSeconds(2));
        assertThat(remote.attempts).isEqualTo(attempts + 1);
    }

    @Test
    void goesOverToTheFirstServerWhenTheSecondIsLostMeanwhile() {
        toTheSecond();
        remote.loop.advance(Duration.ofSeconds(60));
        remote.openSecond();
        int attempts = remote.attempts;
        lose();
        remote.connAck(true, ServerProperties.NONE);
        broker.opened(remote.loop);
        remote.subAck();
        remote.pubComp();

        assertThat(status().state()).isEqualTo(State.CONNECTED);
        assertThat(status().server()).isEqualTo("mqtt://a:1883");
        assertThat(remote.attempts).isEqualTo(attempts);
    }

    /** However often the connection is renewed meanwhile. */
    @Test
    void looksInItsTimeAlsoWhereConnectionsAreShort() {
        toTheSecond();
        for (int i = 0; i < 2; i++) {
            remote.loop.advance(Duration.ofSeconds(29));
            link.control().reconnect();
            remote.loop.runTasks();
            remote.loop.advance(Duration.ZERO);
            establish(true, ServerProperties.NONE);
        }
        int attempts = remote.attempts;
        remote.loop.advance(Duration.ofSeconds(3));

        assertThat(remote.attempts).isEqualTo(attempts + 1);
        assertThat(remote.hosts).endsWith("a");
    }

    @Test
    void looksAgainWhenALookHasGoneWithARenewal() {
        file.put("server", "mqtts://a, mqtts://b");
        toTheSecond("mqtts://b:8883");
        remote.loop.advance(Duration.ofSeconds(60));
        assertThat(remote.hosts).endsWith("a");
        remote.filesChanged.run();
        remote.closeSecond("bad_certificate");
        remote.loop.advance(Duration.ofSeconds(61));

        assertThat(remote.hosts).endsWith("a");
        assertThat(remote.attempts).isGreaterThan(4);
    }

    @Test
    void staysAtItsServerWhenItIsAskedToConnectAnewMeanwhile() {
        toTheSecond();
        remote.loop.advance(Duration.ofSeconds(60));
        link.control().reconnect();
        remote.loop.runTasks();
        remote.loop.advance(Duration.ZERO);
        establish(true, ServerProperties.NONE);

        assertThat(status().server()).isEqualTo("mqtt://b:1883");
    }

    @Test
    void mayHoldAnythingAfterACrashWhereItWasJoined() {
        connect();
        deliver("up/x", QoS.EXACTLY_ONCE, 5, false);
        remote.loop.advance(A_WHILE);
        lose();
        establish(false, ServerProperties.NONE);

        List<RemoteSession> afterCrash = known.before(List.of()).all();
        assertThat(afterCrash.get(0).held().stream()).as("as it was left").containsExactly(5);
        assertThat(afterCrash.get(1).held()).isEqualTo(RemoteSession.everyIdentifier());
    }

    @Test
    void stopsOnItsWayBack() {
        toTheSecond();
        remote.loop.advance(Duration.ofSeconds(60));
        deliver("up/x", QoS.AT_LEAST_ONCE, 5, false);
        firstAccepts();

        assertThat(stop()).isDone();
        assertNothingLeft();
    }

    /** Connected to the second server for a while, since the first is not there. */
    private void toTheSecond() {
        toTheSecond("mqtt://b:1883");
    }

    private void toTheSecond(String server) {
        start();
        refuse();
        establish(true, ServerProperties.NONE);
        assertThat(status().server()).isEqualTo(server);
    }

    /** Over the second connection. */
    private void firstAccepts() {
        remote.openSecond();
        remote.connAckSecond(true, ServerProperties.NONE);
    }

    private void goBack() {
        remote.loop.advance(Duration.ofSeconds(60));
        firstAccepts();
        remote.loop.advance(Duration.ofMillis(20));
        broker.opened(remote.loop);
        remote.subAck();
        remote.pubComp();
        assertThat(status().state()).isEqualTo(State.CONNECTED);
        assertThat(status().server()).isEqualTo("mqtt://a:1883");
    }

    /** Loses the first server, does this at the second and loses that as well; the first is next. */
    private void elsewhere(Runnable there) {
        remote.loop.advance(A_WHILE);
        lose();
        establish(false, ServerProperties.NONE);
        there.run();
        remote.loop.advance(A_WHILE);
        broker.told.clear();
        lose();
        assertThat(remote.hosts).endsWith("a", "b", "a");
    }

    private void acknowledge(int packetId) {
        remote.acknowledge(Acknowledgement.PUBREC, packetId);
        release(packetId);
        remote.acknowledge(Acknowledgement.PUBCOMP, packetId);
    }

    private void release(int packetId) {
        remote.loop.run(() -> broker.listener.pubrel(packetId));
    }

    private void refuse() {
        remote.close("connection refused");
        remote.loop.advance(Duration.ZERO);
    }

    private void lose() {
        remote.close("lost");
        remote.loop.advance(Duration.ZERO);
    }
}
