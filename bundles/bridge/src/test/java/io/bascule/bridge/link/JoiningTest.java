/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.bridge.link;

import static org.assertj.core.api.Assertions.assertThat;

import io.bascule.api.BridgeStatus.State;
import io.bascule.mqtt.QoS;
import io.bascule.transport.ControlPacket.ServerProperties;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** From when on the Packet Identifiers of the local session mean what they say at another server. */
class JoiningTest extends LinkFixture {
    @BeforeEach
    void loseTheFirstOfTwoServers() {
        file.put("server", "mqtt://a, mqtt://b");
        connect();
        remote.publish(message("down/x", QoS.EXACTLY_ONCE), 9, false, 1);
        remote.loop.advance(Duration.ofSeconds(10));
        broker.whenKept = new CompletableFuture<>();
        broker.told.clear();
        remote.close("lost");
        remote.loop.advance(Duration.ZERO);
        remote.open();
        remote.connAck(true, ServerProperties.NONE);
        broker.opened(remote.loop);
        remote.subAck();
        remote.pubComp();
    }

    /** After a crash what came back of the first server's identifiers would have the second one's messages taken for known. */
    @Test
    void isJoinedWhenWhatItHasForgottenIsKept() {
        assertThat(broker.told).contains("forgetReceived");
        assertThat(known.joined()).isEmpty();
        assertThat(status().state()).isEqualTo(State.CONNECTING);
        assertThat(broker.session.ready).as("nor does anything cross").isFalse();

        remote.loop.run(() -> broker.whenKept.complete(List.of()));

        assertThat(known.joined()).hasValue(1);
        assertThat(status().state()).isEqualTo(State.CONNECTED);
    }
}
