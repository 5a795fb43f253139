/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.bridge.link;

import static org.assertj.core.api.Assertions.assertThat;

import io.bascule.api.Delivery;
import io.bascule.mqtt.Message;
import io.bascule.mqtt.QoS;
import io.bascule.mqtt.ReasonCode;
import io.bascule.mqtt.Topic;
import io.bascule.transport.ControlPacket;
import io.bascule.transport.ControlPacket.ServerProperties;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A connection that is being closed takes a moment to end, in which the local session delivers what it had begun to. */
class LeavingTest extends LinkFixture {

    @BeforeEach
    void thatWaitsWithQos0() {
        file.put("forward.up", "up/# -> far/{#} offline=queue");
    }

    /** As the session delivers a QoS 0 message that it has kept. */
    private void deliverKept(String topic, int packetId, boolean dup) {
        Message message = Message.of(Topic.of(topic), new byte[] {1}, QoS.AT_MOST_ONCE, false);
        broker.deliver(remote.loop, new Delivery(packetId, message, QoS.AT_LEAST_ONCE, false, dup, new int[] {1}));
    }

    private void leave() {
        remote.endsLate = true;
        remote.sent.clear();
        remote.loop.run(() -> link.control().reconnect());
        remote.loop.runTasks();
        assertThat(remote.sent).as("being closed").containsExactly("DISCONNECT");
        broker.told.clear();
    }

    @Test
    void leavesToTheNextConnectionWhatIsDeliveredMeanwhile() {
        connect();
        leave();

        deliverKept("up/a", 5, false);
        deliver("up/b", QoS.AT_LEAST_ONCE, 6, false);
        deliver("up/c", QoS.EXACTLY_ONCE, 7, false);
        assertThat(broker.told).isEmpty();
        assertBooks("up", 0, 0, Map.of());

        remote.endsLate = false;
        reconnect(true);
        deliverKept("up/a", 5, true);
        assertThat(remote.sent).containsExactly("PUBLISH far/a q0 #0");
        assertThat(broker.told).containsExactly("puback #5");
        assertBooks("up", 1, 1, Map.of());
    }

    @Test
    void countsAsDroppedWhatNobodyDeliversAgain() {
        file.put("forward.up", "up/# -> far/{#}");
        connect();
        leave();

        deliver("up/a", QoS.AT_MOST_ONCE, 0, false);

        assertThat(remote.published).isEmpty();
        assertBooks("up", 1, 0, Map.of(DropReasons.OFFLINE_QOS_0, 1L));
    }

    @Test
    void doesSoWhereTheRemoteBrokerHasSaidGoodbye() {
        connect();
        remote.endsLate = true;
        remote.packet(ControlPacket.Disconnect.of(ReasonCode.SERVER_SHUTTING_DOWN));

        deliverKept("up/a", 5, false);

        assertThat(broker.told).isEmpty();
        assertBooks("up", 0, 0, Map.of());
    }

    @Test
    void doesSoWhereOneOfSeveralConnectionsIsBeingClosed() {
        file.putAll(Map.of("connections", "2", "client.id", "gateway"));
        remote.hasSeveral = true;
        start();
        remote.open();
        remote.connAck(true, ServerProperties.NONE);
        remote.further.get(0).open();
        remote.further.get(0).connAck(ServerProperties.NONE);
        broker.opened(remote.loop);
        remote.subAck();
        broker.told.clear();
        remote.endsLate = true;
        remote.further.get(0).packet(ControlPacket.Disconnect.of(ReasonCode.SERVER_SHUTTING_DOWN));

        for (int id = 1; id <= 20; id++) {
            deliverKept("up/" + id, id, false);
        }

        assertThat(broker.told).isEmpty();
        assertBooks("up", 0, 0, Map.of());
    }

    /** It never was one of those by which messages leave. */
    @Test
    void goesOnWhereOneOfSeveralIsClosedBeforeAllAreThere() {
        file.putAll(Map.of("connections", "3", "client.id", "gateway"));
        remote.hasSeveral = true;
        start();
        remote.open();
        remote.connAck(true, ServerProperties.NONE);
        remote.further.get(0).open();
        remote.further.get(0).connAck(ServerProperties.NONE);
        remote.further.get(0).packet(ControlPacket.Disconnect.of(ReasonCode.QUOTA_EXCEEDED));
        remote.further.get(1).open();
        remote.further.get(1).connAck(ServerProperties.NONE);
        broker.opened(remote.loop);
        remote.subAck();
        broker.told.clear();

        deliverKept("up/a", 5, false);

        assertThat(broker.told).containsExactly("puback #5");
        assertBooks("up", 1, 1, Map.of());
    }
}
