/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.bridge.link;

import static org.assertj.core.api.Assertions.assertThat;

import io.bascule.api.Bridge.Direction;
import io.bascule.api.Delivery;
import io.bascule.api.QueueInfo;
import io.bascule.bridge.route.Route;
import io.bascule.mqtt.Message;
import io.bascule.mqtt.QoS;
import io.bascule.mqtt.ReasonCode;
import io.bascule.transport.Acknowledgement;
import io.bascule.transport.ControlPacket;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** A forward route with {@code retain=diff}. */
class RetainedDiffTest extends RetainedDiffFixture {
    @Test
    void sendsWhatTheRemoteBrokerLacksAndNothingElse() {
        retain("up/a", "1");
        retain("up/b", "1");
        retain("other", "1");
        connectAndCompare(false);
        assertThat(crossed()).containsExactly("far/a=1", "far/b=1");
        assertThat(remote.sent).contains("PUBLISH far/a q1 retain #1001");

        reconnectAndCompare(true);
        assertThat(crossed()).isEmpty();

        retain("up/a", "2");
        retain("up/b", "");
        retain("up/c", "1");
        reconnectAndCompare(true);
        assertThat(crossed()).containsExactlyInAnyOrder("far/a=2", "far/b=", "far/c=1");

        reconnectAndCompare(true);
        assertThat(crossed()).isEmpty();
        assertThat(remembered.orElseThrow().at(0, forward()).topics()).containsExactlyInAnyOrder("up/a", "up/c");
        assertBooks("up", 5, 5, Map.of());
    }

    private Route forward() {
        return definition.routes(Direction.FORWARD).get(0);
    }

    @Test
    void sendsEveryLivePublicationAsWell() {
        retain("up/a", "1");
        connectAndCompare(false);
        assertThat(crossed()).containsExactly("far/a=1");

        publish("up/a", "1", 1);
        publish("up/a", "1", 2);

        assertThat(crossed()).containsExactly("far/a=1", "far/a=1", "far/a=1");
    }

    @Test
    void sendsAgainWhatWasNotAcknowledgedOrRefused() {
        retain("up/a", "1");
        connectAndCompare(false);
        assertThat(remote.sent).contains("PUBLISH far/a q1 retain #1001");
        reconnectAndCompare(true);
        assertThat(remote.sent).contains("PUBLISH far/a q1 retain #1002");
        answer(ReasonCode.NOT_AUTHORIZED);

        reconnectAndCompare(true);
        assertThat(crossed()).containsExactly("far/a=1");

        reconnectAndCompare(true);
        assertThat(crossed()).isEmpty();
    }

    /** The last that waited says what the remote broker has, and not what was acknowledged before. */
    @Test
    void comparesWhenAllThatWaitedIsSent() {
        retain("up/a", "1");
        connectAndCompare(false);
        assertThat(crossed()).containsExactly("far/a=1");
        remote.close("lost");
        broker.queue = new QueueInfo(1, 100, Optional.of(Duration.ofMinutes(2)), 0, 0, 0);
        remote.loop.advance(Duration.ofMinutes(1));
        establishAndCompare(true);
        remote.loop.advance(Duration.ofSeconds(1));
        assertThat(remote.sent).noneMatch(line -> line.startsWith("PUBLISH"));

        Message waited = retained("up/a", "2", QoS.AT_LEAST_ONCE);
        broker.deliver(remote.loop, new Delivery(7, waited, waited.qos(), true, false, new int[] {identifier()}));
        broker.queue = QueueInfo.NONE;
        remote.loop.advance(Duration.ofSeconds(1));

        assertThat(crossed()).as("1 was retained with QoS 0 meanwhile").containsExactly("far/a=2", "far/a=1");
    }

    @Test
    void isSureOfQos0WhenAPingIsAnswered() {
        broker.retain(retained("up/a", "1", QoS.AT_MOST_ONCE));
        connectAndCompare(false);
        assertThat(crossed()).containsExactly("far/a=1");
        reconnectAndCompare(true);
        assertThat(crossed()).as("nobody has answered").containsExactly("far/a=1");

        remote.packet(new ControlPacket.PingResp()); // answers nothing
        remote.loop.advance(Duration.ofSeconds(6));
        assertThat(remote.sent).contains("PINGREQ");
        remote.packet(new ControlPacket.PingResp());

        reconnectAndCompare(true);
        assertThat(crossed()).isEmpty();
    }

    @Test
    void isSureOfQos2WhenItIsReleased() {
        broker.retain(retained("up/a", "1", QoS.EXACTLY_ONCE));
        connectAndCompare(false);
        assertThat(remote.sent).contains("PUBLISH far/a q2 retain #1001");
        remote.acknowledge(Acknowledgement.PUBREC, 1001);
        reconnectAndCompare(true);
        assertThat(remote.sent).contains("PUBLISH far/a q2 retain #1002");
        remote.acknowledge(Acknowledgement.PUBREC, 1002);
        remote.acknowledge(Acknowledgement.PUBCOMP, 1002);

        reconnectAndCompare(true);

        assertThat(crossed()).isEmpty();
    }

    /** What is of QoS 2 is published there when it is released, and may take the place of what was sent behind it. */
    @Test
    void isNotSureOfWhatQos2MayReplace() {
        connectAndCompare(false);
        publish("up/a", "1", QoS.EXACTLY_ONCE, 1);
        publish("up/b", "1", QoS.EXACTLY_ONCE, 2);
        publish("up/c", "1", QoS.EXACTLY_ONCE, 3);
        publish("up/a", "2", QoS.AT_LEAST_ONCE, 4);
        publish("up/b", "", QoS.AT_LEAST_ONCE, 5);
        publish("up/c", "2", QoS.EXACTLY_ONCE, 6);
        assertThat(crossed()).hasSize(6);
        for (int packetId : new int[] {1, 2, 3, 6}) {
            remote.acknowledge(Acknowledgement.PUBREC, packetId);
        }
        for (int packetId : new int[] {1, 2, 3, 6}) {
            remote.acknowledge(Acknowledgement.PUBCOMP, packetId);
        }

        reconnectAndCompare(true);
        assertThat(crossed()).containsExactlyInAnyOrder("far/a=2", "far/b=");

        reconnectAndCompare(true);
        assertThat(crossed()).isEmpty();
    }

    @Test
    void isNotSureOfWhatTheSameOfQos2MayReplace() {
        connectAndCompare(false);
        publish("up/a", "1", QoS.EXACTLY_ONCE, 1);
        release(1);
        publish("up/a", "1", QoS.EXACTLY_ONCE, 2);
        publish("up/a", "2", QoS.AT_LEAST_ONCE, 3);
        Message passing = retained("up/b", "1", QoS.EXACTLY_ONCE).expiringIn(Duration.ofDays(1));
        broker.deliver(remote.loop, new Delivery(4, passing, passing.qos(), true, false, new int[] {identifier()}));
        publish("up/b", "2", QoS.AT_LEAST_ONCE, 5);
        publish("up/c", "1", QoS.AT_LEAST_ONCE, 6);
        assertThat(crossed()).hasSize(6);
        release(2);
        release(4);

        reconnectAndCompare(true);

        assertThat(crossed()).containsExactlyInAnyOrder("far/a=2", "far/b=2");
    }

    private void release(int packetId) {
        remote.acknowledge(Acknowledgement.PUBREC, packetId);
        remote.acknowledge(Acknowledgement.PUBCOMP, packetId);
    }

    @Test
    void remembersBeyondItsOwnLife() {
        retainedFile = Optional.of(folder.resolve("b"));
        retain("up/a", "1");
        retain("up/b", "1");
        connectAndCompare(false);
        assertThat(crossed()).hasSize(2);

        retain("up/b", "2");
        startAgain(true);

        assertThat(crossed()).containsExactly("far/b=2");
    }

    /** A was written, B was sent, and the end came before B was written; then A is retained again. */
    @Test
    void neverTakesTheFileOfBeforeForTheTruth() {
        retainedFile = Optional.of(folder.resolve("b"));
        retain("up/a", "A");
        retain("up/b", "1");
        connectAndCompare(false);
        assertThat(crossed()).hasSize(2);
        startAgain(true);
        assertThat(crossed()).isEmpty();

        publish("up/a", "B", 1);
        assertThat(crossed()).containsExactly("far/a=B");
        retain("up/a", "A");
        crash(true);

        assertThat(crossed()).containsExactly("far/a=A");
    }

    @Test
    void waitsForTheFileBeforeItMakesItUntrue() {
        retainedFile = Optional.of(folder.resolve("b"));
        retain("up/a", "A");
        connectAndCompare(false);
        assertThat(crossed()).hasSize(1);
        startAgain(true);
        remote.holdsFiles = true;

        publish("up/a", "A", 1);
        publish("up/a", "B", 2);
        publish("up/x", "1", 3);
        assertThat(crossed()).as("the same makes nothing untrue").containsExactly("far/a=A");
        assertThat(broker.session.ready).isFalse();

        remote.runFiles();
        assertThat(crossed()).containsExactly("far/a=A", "far/a=B", "far/x=1");
        assertThat(broker.session.ready).isTrue();
        assertBooks("up", 3, 3, Map.of());
    }

    @Test
    void losesNothingThatWaitsForTheFileWhenTheConnectionIsLost() {
        retainedFile = Optional.of(folder.resolve("b"));
        retain("up/a", "A");
        connectAndCompare(false);
        assertThat(crossed()).hasSize(1);
        startAgain(true);
        remote.holdsFiles = true;

        publish("up/a", "B", 1);
        Message qos0 = retained("up/y", "1", QoS.AT_MOST_ONCE);
        broker.deliver(remote.loop, new Delivery(0, qos0, qos0.qos(), true, false, new int[] {identifier()}));
        remote.close("lost");
        remote.runFiles();
        assertThat(broker.told).noneMatch(line -> line.startsWith("puback"));
        assertBooks("up", 1, 0, Map.of("offline-qos0", 1L));
        assertNothingLeft();
    }

    /** A broker that keeps nothing over a restart has deleted nothing. */
    @Test
    void deletesNothingThatThisBrokerHasLost() {
        retainedFile = Optional.of(folder.resolve("b"));
        retain("up/a", "1");
        retain("up/b", "1");
        connectAndCompare(false);
        assertThat(crossed()).hasSize(2);

        broker.retained.remove("up/b");
        broker.subscriptions.clear();
        broker.id = "started again";
        broker.present = false;
        startAgain(true);
        assertThat(crossed()).isEmpty();

        broker.retained.remove("up/a");
        reconnectAndCompare(true);
        assertThat(crossed()).as("deleted since, and b is forgotten").containsExactly("far/a=");
    }

    /** The session is there already for who comes after an edit, and all the same nothing was deleted. */
    @Test
    void deletesNothingThatThisBrokerHasLostBeforeAnEdit() {
        retainedFile = Optional.of(folder.resolve("b"));
        retain("up/a", "1");
        retain("up/b", "1");
        connectAndCompare(false);
        assertThat(crossed()).hasSize(2);
        stop();
        remembered.orElseThrow().close();
        broker.retained.clear();
        broker.subscriptions.clear();
        broker.id = "started again";
        broker.present = false;
        broker.opening = null;
        start(); // and the remote broker is out of reach

        startAgain(true);

        assertThat(crossed()).isEmpty();
        retain("up/c", "1");
        reconnectAndCompare(true);
        assertThat(crossed()).as("the control").containsExactly("far/c=1");
    }

    /** It may have expired there. */
    @Test
    void isNeverSureOfWhatExpires() {
        broker.retain(retained("up/a", "1", QoS.AT_LEAST_ONCE).expiringIn(Duration.ofDays(1)));
        connectAndCompare(false);
        assertThat(crossed()).containsExactly("far/a=1");

        reconnectAndCompare(true);

        assertThat(crossed()).containsExactly("far/a=1");
    }

    @Test
    void doesNotTryAgainWhatIsTooLarge() {
        file.put("forward.up", "up/# -> far/{#} retain=diff max.payload=2B");
        retain("up/a", "123");
        retain("up/b", "12");
        connectAndCompare(false);

        assertThat(crossed()).containsExactly("far/b=12");
        assertBooks("up", 1, 1, Map.of());
    }

    @Test
    void isOfNoUseWhereTheRemoteBrokerRetainsNothing() {
        retain("up/a", "1");
        start();
        remote.open();
        remote.connAck(false, limited(2, 65_535, false));
        broker.opened(remote.loop);
        remote.subAck();

        assertThat(crossed()).isEmpty();
    }

    @Test
    void leavesNothingBehind() {
        broker.retain(retained("up/a", "1", QoS.AT_MOST_ONCE));
        retain("up/b", "1");
        connectAndCompare(false);
        assertThat(stop()).isCompleted();
        assertNothingLeft();
    }
}
