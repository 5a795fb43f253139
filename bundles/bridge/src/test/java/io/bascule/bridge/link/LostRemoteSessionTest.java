/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.bridge.link;

import static org.assertj.core.api.Assertions.assertThat;

import io.bascule.itests.statements.Statement;
import io.bascule.mqtt.QoS;
import io.bascule.transport.Acknowledgement;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What is left of QoS 2 handshakes at a remote broker that has lost its session. */
class LostRemoteSessionTest extends LinkFixture {
    @BeforeEach
    void releaseOne() {
        connect();
        deliver("up/a", QoS.EXACTLY_ONCE, 5, false);
        remote.acknowledge(Acknowledgement.PUBREC, 5);
        release(5);
        assertThat(remote.sent).containsExactly("PUBLISH far/a q2 #5", "PUBREL #5");
    }

    private void release(int packetId) {
        remote.loop.run(() -> broker.listener.pubrel(packetId));
    }

    @Test
    void isReleasedOnceMoreWhereTheSessionIsThere() {
        reconnect(true);

        release(5);

        assertThat(remote.sent).containsExactly("PUBREL #5");
        assertThat(broker.told).isEmpty();
    }

    @Test
    @Statement(v5 = "MQTT-3.2.2-5")
    void isCompleteWhereTheSessionIsLost() {
        reconnect(false);

        release(5);

        assertThat(remote.sent).isEmpty();
        assertThat(broker.told).containsOnlyOnce("pubcomp #5");
        assertBooks("up", 1, 1, Map.of());
    }

    @Test
    void doesNotKeepWhatIsSentAfterwardsFromBeingReleased() {
        reconnect(false);
        deliver("up/b", QoS.EXACTLY_ONCE, 6, false);

        remote.acknowledge(Acknowledgement.PUBREC, 6);
        release(6);
        remote.acknowledge(Acknowledgement.PUBCOMP, 6);

        assertThat(remote.sent).containsExactly("PUBLISH far/b q2 #6", "PUBREL #6");
        assertThat(broker.told).endsWith("pubrec #6", "pubcomp #6");
    }

    /** It would be taken for received, and never be sent. */
    @Test
    void passesOverAnAnswerToWhatWasNotSentThere() {
        deliver("up/b", QoS.EXACTLY_ONCE, 6, false);
        reconnect(false);

        remote.acknowledge(Acknowledgement.PUBREC, 6);

        assertThat(broker.told).noneMatch(line -> line.startsWith("pubrec"));
    }
}
