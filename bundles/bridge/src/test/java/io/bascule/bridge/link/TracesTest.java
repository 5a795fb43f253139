/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.bridge.link;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.bascule.api.BridgePacket;
import io.bascule.api.PacketTrace;
import io.bascule.mqtt.QoS;
import io.bascule.mqtt.ReasonCode;
import io.bascule.resource.ResourceKind;
import io.bascule.transport.Acknowledgement;
import io.bascule.transport.ControlPacket;
import io.bascule.transport.ControlPacket.ServerProperties;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What is shown of the packets that a link exchanges. */
class TracesTest extends LinkFixture {
    private final List<BridgePacket> shown = new ArrayList<>();

    @Test
    void showsEachPacketInBothDirections() {
        connect();
        link.trace(shown::add);

        deliver("up/a", QoS.EXACTLY_ONCE, 5, true);
        remote.acknowledge(Acknowledgement.PUBREC, 5);
        remote.loop.run(() -> broker.listener.pubrel(5));
        remote.acknowledge(Acknowledgement.PUBCOMP, 5);
        remote.publish(message("down/a", QoS.AT_MOST_ONCE).withRetain(true), 0, false);
        remote.loop.advance(Duration.ofSeconds(30));
        remote.packet(new ControlPacket.PingResp());

        assertThat(lines())
                .containsExactly(
                        "> PUBLISH 5 2 dup far/a 1",
                        "< PUBREC 5",
                        "> PUBREL 5",
                        "< PUBCOMP 5",
                        "< PUBLISH 0 retain down/a 1",
                        "> PINGREQ",
                        "< PINGRESP");
    }

    @Test
    void showsConnectionsComeAndGoWithoutAPassword() {
        file.put("user", "u");
        file.put("password", "hunter2");
        start();
        link.trace(shown::add);
        establish(true, ServerProperties.NONE);
        stop();

        assertThat(lines())
                .containsExactly(
                        "> CONNECT", "< CONNACK", "> SUBSCRIBE 65535 [down/#]", "< SUBACK 65535", "> DISCONNECT");
        assertThat(shown.toString()).doesNotContain("hunter2");
    }

    @Test
    void showsNothingThatWasNotSent() {
        connect();
        remote.maximumPayload = 0;
        link.trace(shown::add);

        deliver("up/a", QoS.AT_LEAST_ONCE, 5, false);

        assertThat(shown).isEmpty();
    }

    @Test
    void endsWhenItIsClosed() {
        connect();
        PacketTrace trace = link.trace(shown::add);
        assertThat(trace.isOpen()).isTrue();
        assertThat(scope.ledger().live(ResourceKind.TRACE)).isOne();

        trace.close();
        trace.close();
        deliver("up/a", QoS.AT_LEAST_ONCE, 5, false);

        assertThat(trace.isOpen()).isFalse();
        assertThat(shown).isEmpty();
        assertThat(scope.ledger().live(ResourceKind.TRACE)).isZero();
    }

    @Test
    void endsWithTheBridge() {
        connect();
        PacketTrace trace = link.trace(shown::add);
        stop();

        assertNothingLeft();
        assertThat(trace.isOpen()).isFalse();
        assertThatThrownBy(() -> link.trace(shown::add)).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void doesNotSufferFromWhoFails() {
        connect();
        PacketTrace failing = link.trace(packet -> {
            throw new IllegalArgumentException("cannot take it");
        });
        link.trace(shown::add);

        deliver("up/a", QoS.AT_LEAST_ONCE, 5, false);
        remote.acknowledge(Acknowledgement.PUBACK, 5, ReasonCode.SUCCESS);

        assertThat(failing.isOpen()).isFalse();
        assertThat(lines()).containsExactly("> PUBLISH 5 1 far/a 1", "< PUBACK 5");
    }

    private List<String> lines() {
        return shown.stream().map(TracesTest::line).toList();
    }

    private static String line(BridgePacket packet) {
        StringBuilder line = new StringBuilder(packet.sent() ? "> " : "< ").append(packet.type());
        packet.packetId().ifPresent(id -> line.append(' ').append(id));
        packet.publish()
                .ifPresent(publish -> line.append(' ')
                        .append(publish.qos().level())
                        .append(publish.dup() ? " dup" : "")
                        .append(publish.retain() ? " retain" : "")
                        .append(' ')
                        .append(publish.topic())
                        .append(' ')
                        .append(publish.payloadBytes()));
        return packet.topicFilters().isEmpty() ? line.toString() : line + " " + packet.topicFilters();
    }
}
