/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.bridge.link;

import static org.assertj.core.api.Assertions.assertThat;

import io.bascule.api.BridgeStatus;
import io.bascule.api.QueueInfo;
import io.bascule.bridge.config.Server;
import io.bascule.mqtt.QoS;
import io.bascule.transport.ControlPacket.ServerProperties;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** What others ask of a lazy link, and what happens around it. */
class LazyControlTest extends LazyFixture {

    @Test
    void connectsWhenItIsStartedOrIsToReconnect() {
        startLazy();
        rests(QueueInfo.NONE);

        assertThat(ask(Control::start)).isCompleted();
        establish(true, ServerProperties.NONE);
        remote.loop.advance(IDLE_TIMEOUT.plusSeconds(1));
        assertThat(status().state()).isEqualTo(BridgeStatus.State.IDLE);

        assertThat(ask(Control::reconnect)).isCompleted();
        establish(true, ServerProperties.NONE);
    }

    @Test
    void isStoppedOutOfItsIdlenessAndConnectsWhenItIsStarted() {
        startLazy();
        rests(THREE);

        assertThat(ask(Control::stop)).isCompleted();
        assertThat(status().state()).isEqualTo(BridgeStatus.State.STOPPED);
        assertThat(remote.loop.timers()).isZero();

        ask(Control::start);
        broker.opened(remote.loop);
        rests(QueueInfo.NONE);
        establish(true, ServerProperties.NONE);
        remote.loop.advance(IDLE_TIMEOUT.plusSeconds(1));
        assertThat(status().state()).isEqualTo(BridgeStatus.State.IDLE);
    }

    @Test
    void isDrainedOutOfItsIdleness() {
        startLazy();
        rests(TWO);
        broker.queue = TWO;

        CompletableFuture<Long> drained = ask(Control::drain);
        broker.opened(remote.loop); // to take its subscriptions away
        assertThat(broker.subscriptions).isEmpty();
        establish(true, ServerProperties.NONE);
        deliver("up/a", QoS.AT_MOST_ONCE, 0, false);
        deliver("up/a", QoS.AT_MOST_ONCE, 0, false);
        remote.loop.advance(IDLE_TIMEOUT.multipliedBy(3));
        assertThat(drained).isNotDone();
        broker.queue = QueueInfo.NONE;
        aMomentLater();

        assertThat(drained).isCompletedWithValue(2L);
        assertThat(status().state()).isEqualTo(BridgeStatus.State.STOPPED);
        assertThat(remote.loop.timers()).isZero();
    }

    @Test
    void closesOutOfItsIdleness() {
        startLazy();
        rests(TWO);
        aMomentLater();

        assertThat(stop()).isCompleted();

        assertNothingLeft();
    }

    @Test
    void isDeletedOutOfItsIdleness() {
        startLazy();
        rests(TWO);

        CompletableFuture<Optional<Server>> deleted = link.delete();
        remote.loop.runTasks();
        broker.opened(remote.loop); // to have it end after the grace

        assertThat(deleted).isCompletedWithValue(Optional.empty()); // nobody has told the remote broker
        assertThat(broker.options.sessionExpiryInterval()).isEqualTo(60);
        assertNothingLeft();
    }

    @Test
    void doesNotConnectForFilesThatChangeWhileItIsIdle() {
        file.put("server", "mqtts://remote");
        startLazy();
        rests(QueueInfo.NONE);

        remote.filesChanged.run();
        aMomentLater();

        assertThat(remote.attempts).isZero();
        assertThat(status().state()).isEqualTo(BridgeStatus.State.IDLE);
    }

    @Test
    void aDisabledOneDoesNothingAtAll() {
        file.put("enabled", "false");
        startLazy();
        rests(THREE);

        remote.loop.advance(Duration.ofDays(1));

        assertThat(remote.attempts).isZero();
        assertThat(status().state()).isEqualTo(BridgeStatus.State.DISABLED);
    }

    /** There is no better moment to go back than when nothing is on its way. */
    @Test
    void beginsWithTheServerThatIsPreferredWhenItConnectsAgain() {
        file.put("server", "mqtt://a, mqtt://b");
        startLazy();
        rests(THREE);
        aMomentLater();
        remote.close("refused");
        remote.loop.advance(Duration.ZERO);
        rests(QueueInfo.NONE);
        establish(false, ServerProperties.NONE);
        remote.loop.advance(IDLE_TIMEOUT.plusSeconds(1));
        assertThat(status().state()).isEqualTo(BridgeStatus.State.IDLE);
        assertThat(remote.hosts).containsExactly("a", "b");

        rests(THREE);
        aMomentLater();

        assertThat(remote.hosts).containsExactly("a", "b", "a");
        establish(true, ServerProperties.NONE);
    }

    @Test
    void keepsItsTurnWhereNoServerIsPreferred() {
        file.putAll(Map.of("server", "mqtt://a, mqtt://b", "round.robin", "true"));
        startLazy();
        rests(THREE);
        aMomentLater();
        remote.close("refused");
        remote.loop.advance(Duration.ZERO);
        rests(QueueInfo.NONE);
        establish(false, ServerProperties.NONE);
        remote.loop.advance(IDLE_TIMEOUT.plusSeconds(1));

        rests(THREE);
        aMomentLater();

        assertThat(remote.hosts).containsExactly("a", "b", "b");
    }
}
