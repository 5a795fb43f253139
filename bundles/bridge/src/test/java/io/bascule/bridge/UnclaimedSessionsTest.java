/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.bridge;

import static org.assertj.core.api.Assertions.assertThat;

import io.bascule.api.QueueInfo;
import io.bascule.api.SessionInfo;
import io.bascule.api.SessionOptions;
import io.bascule.bridge.link.FakeBroker;
import io.bascule.bridge.link.FakeEventLoop;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class UnclaimedSessionsTest {
    private final FakeBroker broker = new FakeBroker();
    private final FakeEventLoop loop = new FakeEventLoop();
    private final OpenBridges bridges = new OpenBridges();
    private UnclaimedSessions unclaimed;

    @BeforeEach
    void begin() {
        unclaimed = new UnclaimedSessions(loop, broker, bridges);
    }

    @Test
    void endsTheSessionOfABridgeThatIsConfiguredNoMore() {
        broker.sessions.add(session("bridge:gone", false, SessionOptions.NEVER));

        loop.advance(UnclaimedSessions.GRACE.minus(Duration.ofSeconds(1)));
        assertThat(broker.options()).isEmpty();
        loop.advance(Duration.ofSeconds(1));
        assertThat(broker.options()).hasValueSatisfying(options -> {
            assertThat(options.clientId()).isEqualTo("bridge:gone");
            assertThat(options.cleanStart()).isFalse();
            assertThat(options.sessionExpiryInterval()).isEqualTo(60);
        });
        broker.opened(loop);
        assertThat(broker.told()).containsExactly("close");
    }

    @Test
    void leavesEveryOtherSessionAlone() {
        broker.sessions.add(session("panel", false, SessionOptions.NEVER));
        broker.sessions.add(session("bridge:connected", true, SessionOptions.NEVER));
        broker.sessions.add(session("bridge:ending", false, 30));
        broker.sessions.add(session("bridge:invalid", false, SessionOptions.NEVER));
        bridges.opened("invalid", OpenBridges.Open.of(Map.of("no", "sense"), Optional.empty()));

        loop.advance(UnclaimedSessions.GRACE);
        assertThat(broker.options()).isEmpty();
    }

    @Test
    void looksNoMoreWhenItIsStopped() {
        broker.sessions.add(session("bridge:gone", false, SessionOptions.NEVER));
        unclaimed.deactivate();

        loop.advance(UnclaimedSessions.GRACE);
        assertThat(broker.options()).isEmpty();
    }

    static SessionInfo session(String clientId, boolean connected, long expiry) {
        return new SessionInfo(
                clientId,
                connected,
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Instant.EPOCH,
                0,
                expiry,
                1,
                QueueInfo.NONE,
                0,
                0,
                0);
    }
}
