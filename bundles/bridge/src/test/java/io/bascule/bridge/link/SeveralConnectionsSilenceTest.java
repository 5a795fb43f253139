/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.bridge.link;

import static org.assertj.core.api.Assertions.assertThat;

import io.bascule.api.BridgeStatus.State;
import io.bascule.mqtt.QoS;
import io.bascule.transport.Acknowledgement;
import io.bascule.transport.ControlPacket.ServerProperties;
import java.time.Duration;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** When a remote broker that a bridge has several connections to is taken to be silent. */
class SeveralConnectionsSilenceTest extends LinkFixture {
    private static final Duration LONG = Duration.ofSeconds(36);

    @BeforeEach
    void connectTwice() {
        file.put("connections", "2");
        file.put("client.id", "gateway");
        file.remove("subscribe.down");
        remote.hasSeveral = true;
        start();
        remote.open();
        remote.connAck(true, ServerProperties.NONE);
        remote.further.get(0).open();
        remote.further.get(0).connAck(ServerProperties.NONE);
        broker.opened(remote.loop);
        remote.sent.clear();
        deliver("up/x", QoS.EXACTLY_ONCE, 5, false);
    }

    private void release() {
        remote.loop.run(() -> broker.listener.pubrel(5));
    }

    private void answer(Acknowledgement kind) {
        remote.acknowledge(kind, 5);
    }

    private void assertLeft() {
        assertThat(remote.sent).contains("DISCONNECT");
        assertThat(status().lastError().orElseThrow()).contains("has acknowledged nothing for 30s");
    }

    /** The disk is slow with the release that the local session is to write first. */
    @Test
    void isNotSilentWhereTheReleaseIsStillToBeSent() {
        answer(Acknowledgement.PUBREC);
        remote.loop.advance(LONG);

        assertThat(status().state()).isEqualTo(State.CONNECTED);
        release();
        answer(Acknowledgement.PUBCOMP);
        remote.loop.advance(LONG);
        assertThat(status().state()).isEqualTo(State.CONNECTED);
    }

    @Test
    void isSilentWhereTheReleaseIsNotAnswered() {
        answer(Acknowledgement.PUBREC);
        release();
        answer(Acknowledgement.PUBREC); // which it has repeated
        remote.loop.advance(LONG);

        assertLeft();
    }

    @Test
    void isSilentWhereAnotherMessageIsNotAnswered() {
        deliver("up/x", QoS.EXACTLY_ONCE, 6, false);
        answer(Acknowledgement.PUBREC);
        remote.loop.advance(LONG);

        assertLeft();
    }
}
