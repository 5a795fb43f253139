/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.bridge.link;

import static org.assertj.core.api.Assertions.assertThat;

import io.bascule.mqtt.QoS;
import io.bascule.mqtt.ReasonCode;
import io.bascule.transport.Acknowledgement;
import io.bascule.transport.ControlPacket;
import io.bascule.transport.ControlPacket.ServerProperties;
import java.time.Duration;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** What a forward route with {@code retain=diff} believes of a remote broker that it has not heard of for a while. */
class RetainedDiffServersTest extends RetainedDiffFixture {
    @Test
    void sendsAllToARemoteBrokerThatHasLostItsSession() {
        retain("up/a", "1");
        retain("up/b", "1");
        connectAndCompare(false);
        assertThat(crossed()).hasSize(2);
        retain("up/b", "");

        reconnectAndCompare(false);

        assertThat(crossed()).containsExactlyInAnyOrder("far/a=1", "far/b=");
    }

    /** It has begun a session, and says that it has one when it is asked again. */
    @Test
    void sendsAllToARemoteBrokerWhoseAnswerWasLost() {
        retain("up/a", "1");
        connectAndCompare(false);
        assertThat(crossed()).hasSize(1);
        remote.close("lost");
        remote.loop.advance(Duration.ofMinutes(1));
        remote.open();
        assertThat(remote.sent).contains("CONNECT");

        reconnectAndCompare(true);

        assertThat(crossed()).containsExactly("far/a=1");
    }

    /** It closes the connection at each CONNECT of 5.0. */
    @Test
    void isAsSureAsBeforeOfARemoteBrokerThatIsGreetedInAnotherWay() {
        file.put("protocol", "auto");
        retain("up/a", "1");
        start();
        remote.open();
        remote.close("not understood");
        remote.loop.advance(Duration.ZERO);
        establishAndCompare(false);
        assertThat(crossed()).containsExactly("far/a=1");
        remote.close("lost");
        remote.loop.advance(Duration.ofMinutes(1));
        remote.open();
        remote.close("not understood");
        remote.loop.advance(Duration.ZERO);

        establishAndCompare(true);

        assertThat(remote.hosts).hasSize(4);
        assertThat(crossed()).isEmpty();
        retain("up/b", "1");
        reconnectAndCompare(false);
        assertThat(crossed()).as("the control").containsExactlyInAnyOrder("far/a=1", "far/b=1");
    }

    /** Which it has accepted before, so that it may have begun a session. */
    @Test
    void sendsAllToARemoteBrokerThatIsGreetedInAnotherWayThanBefore() {
        file.put("protocol", "auto");
        retain("up/a", "1");
        connectAndCompare(false);
        assertThat(crossed()).containsExactly("far/a=1");
        remote.close("lost");
        remote.loop.advance(Duration.ofMinutes(1));
        remote.open();
        remote.close("lost");
        remote.loop.advance(Duration.ZERO);

        establishAndCompare(true);

        assertThat(crossed()).containsExactly("far/a=1");
    }

    @Test
    void isAsSureAsBeforeAfterARefusal() {
        retain("up/a", "1");
        connectAndCompare(false);
        assertThat(crossed()).hasSize(1);
        remote.close("lost");
        remote.loop.advance(Duration.ofMinutes(1));
        remote.open();
        remote.packet(new ControlPacket.ConnAck(false, ReasonCode.SERVER_BUSY, ServerProperties.NONE));

        reconnectAndCompare(true);

        assertThat(crossed()).isEmpty();
    }

    /** They may be of one cluster. */
    @Test
    void sendsAllToAServerAfterAnother() {
        file.put("server", "mqtt://a, mqtt://b");
        file.put("round.robin", "true");
        retain("up/a", "1");
        connectAndCompare(false);
        assertThat(crossed()).containsExactly("far/a=1");
        reconnectAndCompare(false);
        assertThat(crossed()).containsExactly("far/a=1");

        reconnectAndCompare(true);

        assertThat(crossed()).containsExactly("far/a=1");
        assertThat(remote.hosts).startsWith("a", "b").endsWith("a");
    }

    @Test
    void goesByWhatIsRememberedWhereSessionsAreNotKept() {
        file.put("clean.start", "true");
        retain("up/a", "1");
        connectAndCompare(false);
        assertThat(crossed()).containsExactly("far/a=1");

        reconnectAndCompare(false);

        assertThat(crossed()).isEmpty();
    }

    /** What one connection carries may be long there when the other one's is read. */
    @Test
    void isNotSureOfWhatAnotherConnectionMayReplace() {
        file.put("connections", "3");
        file.put("client.id", "gateway");
        file.remove("subscribe.down");
        remote.hasSeveral = true;
        String topic = IntStream.iterate(0, i -> i + 1)
                .mapToObj(String::valueOf)
                .filter(each -> connectionOf("far/" + each) == 1)
                .findFirst()
                .orElseThrow();
        start();
        establishAll(0, false);
        publish("up/" + topic, "1", QoS.AT_LEAST_ONCE, 1);
        publish("up/" + topic, "2", QoS.EXACTLY_ONCE, 2);
        assertThat(remote.further.get(0).sent).contains("PUBLISH far/" + topic + " q1 retain #1");
        remote.acknowledge(Acknowledgement.PUBREC, 2);
        remote.acknowledge(Acknowledgement.PUBCOMP, 2);
        remote.further.get(0).acknowledge(Acknowledgement.PUBACK, 1);

        remote.close("lost");
        remote.loop.advance(Duration.ofMinutes(1));
        establishAll(2, true);

        assertThat(remote.sent).contains("PUBLISH far/" + topic + " q2 retain #1001");
    }

    private static int connectionOf(String topic) {
        int hash = topic.hashCode();
        return Math.floorMod(hash ^ (hash >>> 16), 3);
    }

    private void establishAll(int before, boolean remotePresent) {
        remote.open();
        remote.connAck(remotePresent, ServerProperties.NONE);
        for (FakeRemote.Further each : remote.further.subList(before, before + 2)) {
            each.open();
            each.connAck(ServerProperties.NONE);
        }
        broker.opened(remote.loop);
        remote.pubComp();
    }
}
