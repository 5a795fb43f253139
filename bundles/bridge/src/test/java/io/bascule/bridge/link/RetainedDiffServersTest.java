/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.bridge.link;

import static org.assertj.core.api.Assertions.assertThat;

import io.bascule.mqtt.ReasonCode;
import io.bascule.transport.ControlPacket;
import io.bascule.transport.ControlPacket.ServerProperties;
import java.time.Duration;
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
}
