/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.bridge.link;

import static org.assertj.core.api.Assertions.assertThat;

import io.bascule.api.BridgeStatus.State;
import io.bascule.mqtt.QoS;
import io.bascule.transport.Acknowledgement;
import io.bascule.transport.ControlPacket.ServerProperties;
import java.time.Duration;
import java.util.BitSet;
import java.util.List;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;

/** A bridge of one server that an edit of its file has brought back there, after another one. */
class EditTakenBackTest extends LinkFixture {
    private void comeBack(boolean sessionPresent) {
        known = new KnownSessions(List.of(RemoteSession.forgotten()), OptionalInt.empty());
        start();
        remote.open();
        assertThat(known.hasGoneOn()).isFalse();
        remote.connAck(sessionPresent, ServerProperties.NONE);
        assertThat(known.hasGoneOn()).isTrue();
        broker.opened(remote.loop);
        remote.subAck();
    }

    @Test
    void releasesWhatTheServerMayHoldBeforeAnIdentifierIsUsedAnew() {
        comeBack(true);
        assertThat(remote.sent).contains("PUBREL #1");
        assertThat(status().state()).isEqualTo(State.CONNECTING);

        remote.pubComp();

        assertThat(remote.sent).contains("PUBREL #" + RemoteSession.ALL);
        assertThat(status().state()).isEqualTo(State.CONNECTED);
        deliver("up/x", QoS.EXACTLY_ONCE, 500, true);
        assertThat(remote.sent).endsWith("PUBLISH far/x q2 dup #500");
    }

    @Test
    void releasesNothingWhereTheSessionHasEnded() {
        comeBack(false);

        assertThat(status().state()).isEqualTo(State.CONNECTED);
        assertThat(remote.sent).noneMatch(line -> line.startsWith("PUBREL"));
    }

    private BitSet held() {
        return known.all().get(0).held();
    }

    @Test
    void notesThatItHoldsNothingWhereNothingIsOnItsWay() {
        known = new KnownSessions(List.of(RemoteSession.forgotten()), OptionalInt.of(0));
        connect();

        assertThat(held()).isEqualTo(new BitSet());
    }

    /** It crosses with less than it was delivered with, or is given up, and so is not sent again. */
    @Test
    void notesWhatIsNotSentAgain() {
        file.put("forward.up", "up/# -> far/{#} qos=max:1");
        known = new KnownSessions(List.of(RemoteSession.forgotten()), OptionalInt.of(0));
        broker.queue = LazyFixture.waiting(0, Duration.ZERO, 2);
        connect();

        deliver("up/x", QoS.EXACTLY_ONCE, 5, true);
        deliver("up/x", QoS.AT_LEAST_ONCE, 6, false);

        assertThat(held()).isEqualTo(BitSet.valueOf(new long[] {1 << 5}));
    }

    /** All that could be under way would be released otherwise, which takes long on a slow link. */
    @Test
    void notesWhatTheOnlyServerMayHold() {
        known = new KnownSessions(List.of(RemoteSession.forgotten()), OptionalInt.of(0));
        broker.queue = LazyFixture.waiting(0, Duration.ZERO, 2);
        connect();
        assertThat(held()).isEqualTo(RemoteSession.everyIdentifier());

        deliver("up/x", QoS.AT_LEAST_ONCE, 4, true);
        assertThat(held().cardinality()).as("not all is sent again").isEqualTo(RemoteSession.ALL);
        deliver("up/x", QoS.EXACTLY_ONCE, 5, false);
        assertThat(held()).isEqualTo(BitSet.valueOf(new long[] {1 << 5}));

        remote.acknowledge(Acknowledgement.PUBREC, 5);
        remote.loop.run(() -> broker.listener.pubrel(5));
        assertThat(held()).isEqualTo(BitSet.valueOf(new long[] {1 << 5}));
        remote.acknowledge(Acknowledgement.PUBCOMP, 5);
        assertThat(held()).isEqualTo(new BitSet());
    }
}
