/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.bridge.link;

import static org.assertj.core.api.Assertions.assertThat;

import io.bascule.api.Bridge.Direction;
import io.bascule.api.BridgeStatus;
import io.bascule.api.QueueInfo;
import io.bascule.mqtt.QoS;
import io.bascule.mqtt.ReasonCode;
import io.bascule.mqtt.TopicFilter;
import io.bascule.transport.Acknowledgement;
import io.bascule.transport.ControlPacket;
import io.bascule.transport.ControlPacket.ServerProperties;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** Links that do not connect as soon as they are there. */
class StartTypeTest extends LazyFixture {
    // ---------------------------------------------------------------- manual

    @Test
    void collectsAndDoesNotConnectUntilItIsStarted() {
        file.put("start.type", "manual");
        start();

        remote.loop.advance(Duration.ofDays(1));
        assertThat(remote.attempts).isZero();
        assertThat(broker.subscriptions).isNotEmpty();
        assertThat(status().state()).isEqualTo(BridgeStatus.State.STOPPED);

        CompletableFuture<Void> started = ask(Control::start);
        broker.opened(remote.loop); // to subscribe it, as whenever a bridge begins
        assertThat(started).isCompleted();
        establish(true, ServerProperties.NONE);
    }

    @Test
    void connectsAgainLikeAnyOtherOnceItWasStarted() {
        file.put("start.type", "manual");
        start();
        ask(Control::start);
        broker.opened(remote.loop);
        establish(true, ServerProperties.NONE);

        reconnect(true);

        ask(Control::stop);
        remote.loop.advance(Duration.ofDays(1));
        assertThat(remote.attempts).isEqualTo(2);
        assertThat(stop()).isCompleted();
        assertNothingLeft();
    }

    // ---------------------------------------------------------------- lazy: to connect

    @Test
    void isIdleBelowItsThreshold() {
        startLazy();
        assertThat(broker.subscriptions).isNotEmpty();

        rests(TWO);
        remote.loop.advance(Duration.ofMinutes(10));

        assertThat(remote.attempts).isZero();
        assertThat(status().state()).isEqualTo(BridgeStatus.State.IDLE);
        assertThat(status().queue()).isEqualTo(TWO);
    }

    @Test
    void connectsWhenEnoughWaits() {
        startLazy();

        rests(THREE);
        aMomentLater();

        establish(true, ServerProperties.NONE);
    }

    @Test
    void connectsWhenAMessageHasWaitedForLong() {
        file.put("threshold.age", "1h");
        startLazy();

        rests(waiting(1, Duration.ofMinutes(59), 0));
        aMomentLater();
        assertThat(remote.attempts).isZero();
        rests(waiting(1, Duration.ofMinutes(60), 0));
        aMomentLater();

        establish(true, ServerProperties.NONE);
    }

    /** As a session that has outlived the process may be. */
    @Test
    void connectsToFinishWhatIsHalfAcross() {
        startLazy();

        rests(waiting(0, null, 1));
        aMomentLater();

        assertThat(remote.attempts).isOne();
    }

    @Test
    void connectsBeforeAQueueOfLargeMessagesIsFull() {
        file.put("queue.bytes", "1KiB");
        startLazy();

        rests(new QueueInfo(1, 512, Optional.of(Duration.ZERO), 0, 0, 0));
        aMomentLater();
        assertThat(remote.attempts).isZero();
        rests(new QueueInfo(1, 513, Optional.of(Duration.ZERO), 0, 0, 0));
        aMomentLater();

        assertThat(remote.attempts).isOne();
    }

    @Test
    void connectsWhenPublishersWaitForIt() {
        startLazy();

        rests(new QueueInfo(1, 100, Optional.of(Duration.ZERO), 0, 0, 1));
        aMomentLater();

        assertThat(remote.attempts).isOne();
    }

    @Test
    void waitsBeforeItsNextAttemptLikeAnyOther() {
        startLazy();
        rests(THREE);
        aMomentLater();

        remote.close("refused");
        assertThat(status().state()).isEqualTo(BridgeStatus.State.BACKOFF);
        rests(QueueInfo.NONE);
        remote.loop.advance(Duration.ofMinutes(1));
        assertThat(remote.attempts).isEqualTo(2);

        establish(true, ServerProperties.NONE);
        remote.loop.advance(IDLE_TIMEOUT.plusSeconds(1));
        assertThat(status().state()).isEqualTo(BridgeStatus.State.IDLE);
    }

    @Test
    void doesNotConnectForWhatMayNotCross() {
        startLazy();
        assertThat(ask(control -> control.pause(Direction.FORWARD))).isCompleted();
        rests(THREE);
        aMomentLater();
        assertThat(remote.attempts).isZero();

        assertThat(ask(control -> control.resume(Direction.FORWARD))).isCompleted();
        aMomentLater();

        assertThat(remote.attempts).isOne();
    }

    @Test
    void collectsAgainWhenItsSessionWasDeleted() {
        startLazy();
        rests(TWO);
        aMomentLater();
        broker.sessions.clear();
        broker.subscriptions.clear();

        aMomentLater();
        broker.opened(remote.loop);

        assertThat(broker.subscriptions).isNotEmpty();
        assertThat(status().state()).isEqualTo(BridgeStatus.State.IDLE);
        rests(THREE);
        aMomentLater();
        assertThat(remote.attempts).isOne();
    }

    @Test
    void collectsWhatItMayReceiveAfterAWhile() {
        broker.denied.add(TopicFilter.of("up/#"));
        startLazy();
        assertThat(broker.subscriptions).isEmpty();
        assertThat(status().lastError()).contains("the bridge may not receive up/# from this broker");
        rests(QueueInfo.NONE);

        broker.denied.clear();
        remote.loop.advance(Duration.ofSeconds(10));
        broker.opened(remote.loop);

        assertThat(broker.subscriptions).isNotEmpty();
        assertThat(status().state()).isEqualTo(BridgeStatus.State.IDLE);
        assertThat(remote.attempts).isZero();
    }

    // ---------------------------------------------------------------- lazy: to leave

    @Test
    void leavesTheRemoteBrokerInOrderWhenNothingHasCrossedForAWhile() {
        connectLazy();

        remote.loop.advance(IDLE_TIMEOUT.minusSeconds(1));
        assertThat(status().state()).isEqualTo(BridgeStatus.State.CONNECTED);
        remote.loop.advance(Duration.ofSeconds(2));

        assertThat(remote.packets).last().isEqualTo(ControlPacket.Disconnect.of(ReasonCode.SUCCESS));
        assertThat(broker.told).containsExactly("close");
        assertThat(broker.subscriptions).isNotEmpty();
        assertThat(status().state()).isEqualTo(BridgeStatus.State.IDLE);
        assertThat(status().remoteAddress()).isEmpty();
    }

    @Test
    void connectsAndLeavesAgainAndAgain() {
        connectLazy();
        for (int i = 0; i < 3; i++) {
            remote.loop.advance(IDLE_TIMEOUT.plusSeconds(1));
            assertThat(status().state()).isEqualTo(BridgeStatus.State.IDLE);
            rests(THREE);
            aMomentLater();
            rests(QueueInfo.NONE);
            establish(true, ServerProperties.NONE);
        }
        assertThat(remote.attempts).isEqualTo(4);
        assertThat(stop()).isCompleted();
        assertNothingLeft();
    }

    @Test
    void staysWhileMessagesCross() {
        connectLazy();

        for (int i = 1; i < 60; i++) {
            remote.loop.advance(Duration.ofSeconds(10));
            if (i % 2 == 0) {
                deliver("up/a", QoS.AT_MOST_ONCE, 0, false);
            } else {
                remote.publish(message("down/a", QoS.AT_MOST_ONCE), 0, false, 1);
            }
        }

        assertThat(status().state()).isEqualTo(BridgeStatus.State.CONNECTED);
    }

    @Test
    void staysUntilWhatItSentIsAcknowledgedToTheEnd() {
        connectLazy();
        broker.queue = waiting(0, null, 1);
        deliver("up/a", QoS.EXACTLY_ONCE, 5, false);
        remote.acknowledge(Acknowledgement.PUBREC, 5);
        remote.loop.run(() -> broker.listener.pubrel(5));

        remote.loop.advance(IDLE_TIMEOUT.plusSeconds(5)); // less than what makes a connection doubtful
        assertThat(status().state()).isIn(BridgeStatus.State.CONNECTED, BridgeStatus.State.DEGRADED);

        remote.acknowledge(Acknowledgement.PUBCOMP, 5);
        broker.queue = QueueInfo.NONE;
        remote.loop.advance(IDLE_TIMEOUT.plusSeconds(1));
        assertThat(status().state()).isEqualTo(BridgeStatus.State.IDLE);
    }

    @Test
    void staysUntilThisBrokerHasTakenWhatCame() {
        connectLazy();
        remote.publish(message("down/a", QoS.AT_LEAST_ONCE), 7, false);
        broker.told.clear();

        remote.loop.advance(Duration.ofMinutes(10));
        assertThat(status().state()).isEqualTo(BridgeStatus.State.CONNECTED);

        settle(ReasonCode.SUCCESS);
        assertThat(remote.sent).contains("PUBACK #7");
        remote.loop.advance(IDLE_TIMEOUT.plusSeconds(1));
        assertThat(status().state()).isEqualTo(BridgeStatus.State.IDLE);
    }

    @Test
    void staysWhileItIsPaused() {
        connectLazy();
        ask(control -> control.pause(Direction.SUBSCRIBE));

        remote.loop.advance(Duration.ofMinutes(10));
        assertThat(status().state()).isEqualTo(BridgeStatus.State.CONNECTED);

        ask(control -> control.resume(Direction.SUBSCRIBE));
        remote.loop.advance(IDLE_TIMEOUT.plusSeconds(1));
        assertThat(status().state()).isEqualTo(BridgeStatus.State.IDLE);
    }

    /** What came while it was leaving has waited, and is one more reason to come back, but not before it has left. */
    @Test
    void connectsAgainForWhatCameWhileItWasLeaving() {
        connectLazy();
        rests(THREE);

        remote.loop.advance(IDLE_TIMEOUT);
        assertThat(status().state()).isEqualTo(BridgeStatus.State.IDLE);
        assertThat(remote.attempts).isOne();
        aMomentLater();

        assertThat(remote.attempts).isEqualTo(2);
    }

    @Test
    void anAutomaticOneNeverLeaves() {
        connect();

        remote.loop.advance(Duration.ofDays(1));

        assertThat(status().state()).isEqualTo(BridgeStatus.State.CONNECTED);
    }
}
