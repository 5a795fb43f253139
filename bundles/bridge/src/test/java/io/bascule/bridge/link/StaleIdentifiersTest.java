/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.bridge.link;

import static org.assertj.core.api.Assertions.assertThat;

import io.bascule.api.BridgeStatus.State;
import io.bascule.mqtt.QoS;
import io.bascule.transport.ControlPacket.ServerProperties;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What is known of stale identifiers when the process is killed while they are being released. */
class StaleIdentifiersTest extends LinkFixture {
    @BeforeEach
    void fewAtATime() {
        file.put("receive.maximum", "2");
    }

    private void comeToAnEarlierSession() {
        remote.open();
        remote.connAck(true, ServerProperties.NONE);
        broker.opened(remote.loop);
        remote.subAck();
    }

    /** As if the process had been killed: what is known is what was written down. */
    private void startAgain() {
        KnownSessions file = written;
        stop();
        known = file;
        broker.present = true;
        start();
        comeToAnEarlierSession();
    }

    private int writtenDown() {
        return written.all().get(0).released();
    }

    @Test
    void areReleasedAfterAKillWhereTheyWereNot() {
        broker.present = false;
        connect();
        for (int packetId = 1; packetId <= 40; packetId++) {
            deliver("up/x", QoS.EXACTLY_ONCE, packetId, false);
            remote.pubComp();
        }
        startAgain();

        assertThat(remote.sent)
                .as("and none that may be on its way")
                .noneMatch(line ->
                        line.startsWith("PUBREL") && Integer.parseInt(line.substring(line.indexOf('#') + 1)) <= 40 + 2)
                .contains("PUBREL #" + (writtenDown() + 1));
    }

    @Test
    void areReleasedAfterAKillBeforeThereWasAConnection() {
        broker.present = false;
        start();

        assertThat(writtenDown()).isZero();
        assertThat(written.joined()).hasValue(0);
    }

    @Test
    void areNotUsedBeforeItIsWrittenDownThatTheyAreReleased() {
        broker.present = false;
        start();
        keeping = new CompletableFuture<>();
        comeToAnEarlierSession();
        remote.pubComp();
        assertThat(status().state()).isEqualTo(State.CONNECTING);

        CompletableFuture<Void> first = keeping;
        keeping = null;
        remote.loop.run(() -> first.complete(null));
        assertThat(status().state()).isEqualTo(State.CONNECTED);
        assertThat(broker.session.ready).isTrue();
    }

    @Test
    void makeTheSessionWaitForASlowDisk() {
        broker.present = false;
        connect();
        keeping = new CompletableFuture<>();
        for (int packetId = 1; broker.session.ready; packetId++) {
            assertThat(packetId).isLessThan(10);
            deliver("up/x", QoS.AT_LEAST_ONCE, packetId, false);
            remote.pubComp();
        }

        remote.loop.run(() -> keeping.complete(null));
        assertThat(broker.session.ready).isTrue();
    }

    @Test
    void areOfNoConcernToTheNextConnectionWhenTheDiskWasSlow() {
        makeTheSessionWaitForASlowDisk();
        CompletableFuture<Void> first = new CompletableFuture<>();
        keeping = first;
        for (int packetId = 10; broker.session.ready; packetId++) {
            deliver("up/x", QoS.AT_LEAST_ONCE, packetId, false);
            remote.pubComp();
        }
        keeping = null;
        reconnect(true);
        assertThat(broker.session.ready).isTrue();

        remote.loop.run(() -> first.complete(null));

        assertThat(status().state()).isEqualTo(State.CONNECTED);
        assertThat(broker.session.ready).isTrue();
    }

    @Test
    void areNoneAfterAKillWhereTheRemoteSessionWasNew() {
        broker.present = false;
        start();
        establish(false, ServerProperties.NONE);
        assertThat(writtenDown()).isEqualTo(RemoteSession.ALL);
        deliver("up/x", QoS.EXACTLY_ONCE, 1, false);
        startAgain();

        assertThat(remote.sent).noneMatch(line -> line.startsWith("PUBREL"));
    }

    @Test
    void areNoneWhereBothSessionsAreThere() {
        connect();

        assertThat(kept).isZero();
    }
}
