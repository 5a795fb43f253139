/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.bridge.link;

import static org.assertj.core.api.Assertions.assertThat;

import io.bascule.api.BridgeStatus.State;
import io.bascule.spi.Credentials;
import io.bascule.transport.ControlPacket;
import io.bascule.transport.ControlPacket.ServerProperties;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/** A provider that gives what it has given before, as one does that keeps a token until it expires. */
class CredentialsRenewalTest extends LinkFixture {
    private static final Duration LIFE = Duration.ofMinutes(10);
    /** When others are asked for; the clock that says when they expire stands still here. */
    private static final Duration RENEWAL = Duration.ofMinutes(9).plusSeconds(1);

    private Instant expires = Instant.now().plus(LIFE);
    private String token = "first";
    private int asked;

    private void provide() {
        credentials = giving(() -> {
            asked++;
            return new Credentials(Optional.of("u"), Optional.of(token.getBytes()), Optional.of(expires));
        });
    }

    private void assertStays() {
        assertThat(remote.attempts).isEqualTo(1);
        assertThat(status().state()).isEqualTo(State.CONNECTED);
    }

    @Test
    void makesNoSecondConnectionUntilThereAreOthers() {
        provide();
        connect();
        remote.loop.advance(RENEWAL);
        assertThat(asked).isEqualTo(2);
        assertStays();
        assertThat(status().lastError()).isEmpty();

        token = "second";
        remote.loop.advance(RENEWAL);
        remote.openSecond();
        remote.loop.advance(Duration.ofSeconds(1));

        ControlPacket.Connect connect = (ControlPacket.Connect) remote.packets.get(0);
        assertThat(connect.password().orElseThrow()).asString().isEqualTo("second");
        stop();
        assertNothingLeft();
    }

    /** By this machine's clock, which may be wrong. */
    @Test
    void asksEveryMinuteForOthersThanThoseThatHaveExpired() {
        expires = Instant.now().minusSeconds(1);
        provide();
        connect();
        remote.loop.advance(Duration.ofSeconds(59));
        assertThat(asked).isEqualTo(1);
        remote.loop.advance(Duration.ofMinutes(2));

        assertThat(asked).isEqualTo(3);
        assertStays();
    }

    @Test
    void leavesASecondConnectionAloneThatHasAnotherReason() {
        file.put("server", "mqtts://remote");
        provide();
        connect();
        remote.filesChanged.run();
        remote.loop.advance(RENEWAL);
        assertThat(remote.attempts).isEqualTo(2);

        remote.openSecond();
        remote.loop.advance(Duration.ofSeconds(1));
        assertThat(remote.sent).containsExactly("CONNECT");
    }

    @Test
    void makesASecondConnectionForFilesThatChangeWhileItAsks() {
        file.put("server", "mqtts://remote");
        provide();
        connect();
        List<Consumer<Credentials>> asking = new ArrayList<>();
        credentials = silent(asking);
        remote.loop.advance(RENEWAL);
        assertThat(asking).hasSize(1);
        provide();
        remote.filesChanged.run();

        assertThat(remote.attempts).isEqualTo(2);
        assertThat(asking).isEmpty();
    }

    @Test
    void stopsWhileItAsks() {
        provide();
        connect();
        List<Consumer<Credentials>> asking = new ArrayList<>();
        credentials = silent(asking);
        remote.loop.advance(RENEWAL);
        Consumer<Credentials> last = asking.get(0);
        stop();
        remote.loop.run(() ->
                last.accept(new Credentials(Optional.of("u"), Optional.of(token.getBytes()), Optional.of(expires))));

        assertThat(asking).isEmpty();
        assertNothingLeft();
    }

    @Test
    void doesWithoutAnAnswerThatComesWhenTheConnectionIsLost() {
        provide();
        connect();
        List<Consumer<Credentials>> asking = new ArrayList<>();
        credentials = silent(asking);
        remote.loop.advance(RENEWAL);
        provide();
        remote.close("lost");
        remote.loop.advance(Duration.ofMinutes(1));

        assertThat(asking).isEmpty();
        establish(true, ServerProperties.NONE);
    }
}
