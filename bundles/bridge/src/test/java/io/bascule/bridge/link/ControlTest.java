/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.bridge.link;

import static org.assertj.core.api.Assertions.assertThat;

import io.bascule.api.Bridge.Direction;
import io.bascule.api.BridgeStatus;
import io.bascule.api.QueueInfo;
import io.bascule.bridge.config.Server;
import io.bascule.mqtt.Message;
import io.bascule.mqtt.QoS;
import io.bascule.mqtt.ReasonCode;
import io.bascule.mqtt.Topic;
import io.bascule.transport.Acknowledgement;
import io.bascule.transport.ControlPacket;
import io.bascule.transport.ControlPacket.ServerProperties;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import org.junit.jupiter.api.Test;

/** What others ask of a link that runs. */
class ControlTest extends LinkFixture {

    // ---------------------------------------------------------------- stop and start

    @Test
    void leavesTheRemoteBrokerInOrderWhenItIsStopped() {
        connect();

        assertThat(ask(Control::stop)).isCompleted();

        assertThat(remote.packets).last().isEqualTo(ControlPacket.Disconnect.of(ReasonCode.SUCCESS));
        assertThat(broker.told).containsExactly("close");
        assertThat(broker.subscriptions).isNotEmpty(); // it collects
        assertThat(status().state()).isEqualTo(BridgeStatus.State.STOPPED);
        remote.loop.advance(Duration.ofDays(1));
        assertThat(remote.attempts).isEqualTo(1);
        assertThat(ask(Control::stop)).isCompleted();
    }

    @Test
    void goesOnWhereItWasStopped() {
        connect();
        deliver("up/a", QoS.AT_LEAST_ONCE, 5, false);
        ask(Control::stop);

        CompletableFuture<Void> started = ask(Control::start);
        assertThat(started).isNotDone();
        broker.opened(remote.loop); // to subscribe it, as whenever a bridge begins
        assertThat(started).isCompleted();
        establish(true, ServerProperties.NONE);
        deliver("up/a", QoS.AT_LEAST_ONCE, 5, true);
        remote.acknowledge(Acknowledgement.PUBACK, 5);

        assertBooks("up", 1, 1, Map.of());
        assertThat(ask(Control::start)).isCompleted();
        assertThat(remote.attempts).isEqualTo(2);
    }

    @Test
    void doesWhatIsAskedInOrder() {
        connect();

        CompletionStage<Void> stopped = link.control().stop();
        CompletionStage<Void> started = link.control().start();
        CompletionStage<Void> stoppedAgain = link.control().stop();
        CompletionStage<Void> startedAgain = link.control().start();
        remote.loop.runTasks();
        assertThat(stopped).isCompleted();
        broker.opened(remote.loop);
        assertThat(started).isCompleted();
        assertThat(stoppedAgain).isCompleted();
        broker.opened(remote.loop);
        assertThat(startedAgain).isCompleted();

        assertThat(remote.attempts).isEqualTo(3);
        establish(true, ServerProperties.NONE);
    }

    @Test
    void stopsWhileItWaitsForTheNextAttempt() {
        connect();
        remote.close("lost");

        assertThat(ask(Control::stop)).isCompleted();

        assertThat(status().state()).isEqualTo(BridgeStatus.State.STOPPED);
        assertThat(remote.loop.timers()).isZero();
    }

    @Test
    void givesUpAnAttemptWhenItIsStopped() {
        start();

        assertThat(ask(Control::stop)).isCompleted();

        assertThat(remote.handler).isNull();
        assertNothingLeft();
    }

    @Test
    void letsAConnectionComeAboutBeforeItIsStopped() {
        start();
        remote.open();

        CompletableFuture<Void> stopped = ask(Control::stop);
        CompletableFuture<Void> started = ask(Control::start);
        remote.connAck(true, ServerProperties.NONE);
        broker.opened(remote.loop);
        assertThat(stopped).isNotDone();
        remote.subAck();
        assertThat(stopped).isCompleted();

        broker.opened(remote.loop);
        assertThat(started).isCompleted();
        establish(true, ServerProperties.NONE);
    }

    @Test
    void canBeDeletedWhileItIsStopped() {
        connect();
        ask(Control::stop);

        CompletableFuture<Optional<Server>> deleted = link.delete();
        remote.loop.runTasks();
        assertThat(broker.options.sessionExpiryInterval()).isEqualTo(60);
        broker.opened(remote.loop);

        assertThat(deleted).isCompletedWithValue(Optional.empty());
        assertNothingLeft();
    }

    @Test
    void refusesWhatComesTooLate() {
        connect();
        stop();

        assertThat(ask(Control::stop)).isCompleted();
        assertRefused(ask(Control::start), "the bridge is closed");
        assertRefused(ask(Control::reconnect), "the bridge is closed");
        assertRefused(ask(control -> control.pause(Direction.FORWARD)), "the bridge is closed");
        assertThat(status().state()).isEqualTo(BridgeStatus.State.STOPPED);
        assertNothingLeft();
    }

    @Test
    void tellsWhoWaitsThatItIsClosed() {
        connect();
        ask(Control::stop);
        CompletableFuture<Void> started = ask(Control::start);
        CompletableFuture<Void> reconnected = ask(Control::reconnect);

        stop();
        broker.opened(remote.loop);

        assertThat(started).isCompleted();
        assertRefused(reconnected, "the bridge is closed");
        assertNothingLeft();
    }

    // ---------------------------------------------------------------- disabled

    @Test
    void collectsWithoutAConnectionWhileItIsDisabled() {
        file.put("enabled", "false");
        start();

        assertThat(status().state()).isEqualTo(BridgeStatus.State.DISABLED);
        assertThat(broker.subscriptions).isNotEmpty();
        remote.loop.advance(Duration.ofDays(1));
        assertThat(remote.attempts).isZero();
        assertThat(ask(Control::stop)).isCompleted();
        assertThat(status().state()).isEqualTo(BridgeStatus.State.DISABLED);
        String why = "the bridge is disabled; enabled = true in its file starts it";
        assertRefused(ask(Control::start), why);
        assertRefused(ask(Control::reconnect), why);
        assertRefused(ask(Control::drain), why);
        assertRefused(ask(control -> control.resume(Direction.SUBSCRIBE)), why);

        assertThat(stop()).isCompleted();
        assertThat(status().state()).isEqualTo(BridgeStatus.State.STOPPED);
        assertNothingLeft();
    }

    @Test
    void keepsNothingWithCleanStartWhileItIsDisabled() {
        file.put("enabled", "false");
        file.put("clean.start", "true");
        start();

        assertThat(status().state()).isEqualTo(BridgeStatus.State.DISABLED);
        assertThat(broker.subscriptions).isEmpty();
        assertThat(broker.told).containsExactly("endSession bridge:test");
    }

    // ---------------------------------------------------------------- pause and resume

    @Test
    void leavesWhatItWouldForwardInTheLocalSessionWhileThatIsPaused() {
        connect();

        assertThat(pause(Direction.FORWARD)).isCompleted();
        assertThat(broker.session.ready).isFalse();
        remote.publish(message("down/a", QoS.AT_LEAST_ONCE), 9, false);
        assertThat(broker.told).containsExactly("publish near/a q1 #9");
        assertThat(status().paused()).containsExactly(Direction.FORWARD);

        assertThat(resume(Direction.FORWARD)).isCompleted();
        assertThat(broker.session.ready).isTrue();
        assertThat(status().paused()).isEmpty();
    }

    @Test
    void takesNoPauseForAStall() {
        connect();
        deliver("up/a", QoS.AT_LEAST_ONCE, 5, false);
        pause(Direction.FORWARD);
        pause(Direction.SUBSCRIBE);
        remote.publish(message("down/a", QoS.AT_LEAST_ONCE), 9, false);
        remote.acknowledge(Acknowledgement.PUBACK, 5); // what was on its way
        broker.queue = new QueueInfo(7, 700, Optional.of(Duration.ofHours(1)), 0, 0, 0);

        remote.loop.advance(Duration.ofHours(1));

        assertThat(status().state()).isEqualTo(BridgeStatus.State.CONNECTED);
        assertThat(remote.attempts).isEqualTo(1);
    }

    @Test
    void holdsWhatTheRemoteBrokerPublishesWhileThatIsPaused() {
        connect();
        pause(Direction.SUBSCRIBE);

        remote.publish(message("down/a", QoS.AT_LEAST_ONCE), 8, false);
        remote.publish(message("down/b", QoS.AT_MOST_ONCE), 0, false);
        remote.publish(message("down/c", QoS.EXACTLY_ONCE), 9, false);
        remote.publish(message("down/a", QoS.AT_LEAST_ONCE), 8, true); // some 3.1.1 brokers do
        assertThat(broker.told).isEmpty();
        assertThat(remote.sent).isEmpty();
        assertThat(broker.session.ready).isTrue();
        assertBooks("down", 1, 0, Map.of("paused", 1L));

        resume(Direction.SUBSCRIBE);
        settle(ReasonCode.SUCCESS);
        assertThat(broker.told).containsExactly("publish near/a q1 #8", "publish near/c q2 #9");
        assertThat(remote.sent).containsExactly("PUBACK #8", "PUBREC #9");
        assertBooks("down", 3, 2, Map.of("paused", 1L));
        assertThat(remote.attempts).isEqualTo(1);
    }

    @Test
    void countsWhatAPauseDropsForEveryRouteThatItIsFor() {
        file.put("subscribe.all", "down/+ -> all/{2}");
        connect();
        pause(Direction.SUBSCRIBE);

        remote.publish(
                message("down/a", QoS.AT_MOST_ONCE),
                0,
                false,
                route("down").identifier(),
                route("all").identifier());
        remote.publish(message("elsewhere", QoS.AT_MOST_ONCE), 0, false);

        assertBooks("down", 1, 0, Map.of("paused", 1L));
        assertBooks("all", 1, 0, Map.of("paused", 1L));
        assertBooks("-", 1, 0, Map.of("unmapped", 1L));
    }

    @Test
    void finishesWhatItHadTakenBeforeThePause() {
        connect();
        remote.publish(message("down/a", QoS.EXACTLY_ONCE), 9, false);
        pause(Direction.SUBSCRIBE);

        settle(ReasonCode.SUCCESS);
        remote.acknowledge(Acknowledgement.PUBREL, 9);
        settle(ReasonCode.SUCCESS);

        assertThat(remote.sent).containsExactly("PUBREC #9", "PUBCOMP #9");
    }

    @Test
    void staysPausedOverALostConnection() {
        connect();
        pause(Direction.FORWARD);
        pause(Direction.SUBSCRIBE);
        remote.publish(message("down/a", QoS.AT_LEAST_ONCE), 8, false);

        reconnect(true);
        remote.publish(message("down/a", QoS.AT_LEAST_ONCE), 8, true);
        remote.publish(message("down/b", QoS.AT_LEAST_ONCE), 9, false);
        assertThat(broker.session.ready).isFalse();
        assertThat(broker.told).isEmpty();

        resume(Direction.SUBSCRIBE);
        assertThat(broker.told).containsExactly("publish near/a q1 #8 dup", "publish near/b q1 #9");
        assertThat(broker.session.ready).isFalse();
    }

    @Test
    void staysPausedOverAStop() {
        connect();
        ask(Control::stop);
        assertThat(pause(Direction.SUBSCRIBE)).isCompleted();
        ask(Control::start);
        broker.opened(remote.loop);
        establish(true, ServerProperties.NONE);

        remote.publish(message("down/a", QoS.AT_LEAST_ONCE), 8, false);

        assertThat(broker.published).isEmpty();
        assertThat(status().paused()).containsExactly(Direction.SUBSCRIBE);
    }

    @Test
    void holdsWhatComesBeforeTheSessionIsThere() {
        connect();
        pause(Direction.SUBSCRIBE);
        beginAnew();
        broker.told.clear();

        remote.publish(message("down/a", QoS.AT_LEAST_ONCE), 8, true);
        broker.opened(remote.loop);
        remote.subAck();
        assertThat(broker.told).noneMatch(line -> line.startsWith("publish"));

        resume(Direction.SUBSCRIBE);
        assertThat(broker.told).contains("publish near/a q1 #8 dup");
    }

    @Test
    void hasWhatItCannotHoldSentAgainOnTheNextConnection() {
        connect();
        pause(Direction.SUBSCRIBE);
        remote.publish(message("down/a", QoS.AT_LEAST_ONCE), 7, false);
        remote.publish(large("down/b"), 8, false);
        remote.publish(large("down/c"), 9, false);
        assertThat(remote.connection.reading).isTrue(); // what goes the other way is acknowledged
        remote.loop.advance(Duration.ofHours(1));
        assertThat(remote.attempts).isEqualTo(1);

        resume(Direction.SUBSCRIBE);
        assertThat(remote.packets).last().isEqualTo(ControlPacket.Disconnect.of(ReasonCode.SUCCESS));
        remote.loop.advance(Duration.ZERO);
        establish(true, ServerProperties.NONE);
        broker.told.clear();
        remote.publish(message("down/a", QoS.AT_LEAST_ONCE), 7, true);
        remote.publish(large("down/b"), 8, true);

        assertThat(broker.told).containsExactly("publish near/a q1 #7 dup", "publish near/b q1 #8 dup");
        assertThat(status().lastError()).isEmpty();
        assertBooks("down", 2, 0, Map.of());
    }

    @Test
    void letsNothingOvertakeWhatItCouldNotHold() {
        connect();
        pause(Direction.SUBSCRIBE);
        beginAnew();
        broker.opened(remote.loop);
        remote.publish(large("down/a"), 8, true);
        remote.publish(large("down/b"), 9, true);

        resume(Direction.SUBSCRIBE);
        remote.publish(message("down/c", QoS.AT_LEAST_ONCE), 10, false);
        assertThat(remote.attempts).isEqualTo(2); // a connection that is being made comes about first
        remote.subAck();
        remote.loop.advance(Duration.ZERO);

        assertThat(remote.attempts).isEqualTo(3);
        assertThat(broker.published).isEmpty();
    }

    @Test
    void holdsNoMoreThanReceiveMaximum() {
        file.put("receive.maximum", "2");
        connect();
        pause(Direction.SUBSCRIBE);
        for (int packetId = 1; packetId <= 3; packetId++) {
            remote.publish(message("down/" + packetId, QoS.AT_LEAST_ONCE), packetId, false);
        }
        assertThat(remote.connection.reading).isTrue();

        resume(Direction.SUBSCRIBE);
        remote.loop.advance(Duration.ZERO);

        assertThat(broker.told).containsExactly("close");
        assertThat(remote.attempts).isEqualTo(2);
    }

    /** A new connection, up to where the local session is asked for. */
    private void beginAnew() {
        remote.close("lost");
        remote.loop.advance(Duration.ofMinutes(1));
        remote.open();
        remote.connAck(true, ServerProperties.NONE);
    }

    private CompletableFuture<Void> pause(Direction direction) {
        return ask(control -> control.pause(direction));
    }

    private CompletableFuture<Void> resume(Direction direction) {
        return ask(control -> control.resume(direction));
    }

    /** Of which two are more than a pause may hold. */
    private static Message large(String topic) {
        return Message.of(Topic.of(topic), new byte[(int) (HeldMessages.MOST_BYTES / 2)], QoS.AT_LEAST_ONCE, false);
    }

    // ---------------------------------------------------------------- reconnect

    @Test
    void connectsAnew() {
        connect();

        CompletableFuture<Void> reconnected = ask(Control::reconnect);
        assertThat(remote.packets).last().isEqualTo(ControlPacket.Disconnect.of(ReasonCode.SUCCESS));
        assertThat(reconnected).isNotDone();
        remote.loop.advance(Duration.ZERO);

        assertThat(reconnected).isCompleted();
        establish(true, ServerProperties.NONE);
        assertThat(remote.attempts).isEqualTo(2);
        assertThat(status().lastError()).isEmpty();
    }

    @Test
    void doesNotWaitForTheNextAttempt() {
        file.put("reconnect.min", "1h");
        file.put("reconnect.max", "1d");
        connect();
        for (int i = 0; i < 5; i++) {
            remote.close("lost");
            remote.loop.advance(Duration.ofDays(1));
        }
        remote.close("lost");
        int before = remote.attempts;

        assertThat(ask(Control::reconnect)).isCompleted();

        assertThat(remote.attempts).isEqualTo(before + 1);
        remote.close("lost");
        remote.loop.advance(Duration.ofHours(2)); // as after the first failure
        assertThat(remote.attempts).isEqualTo(before + 2);
    }

    @Test
    void leavesAnAttemptAlone() {
        start();

        assertThat(ask(Control::reconnect)).isCompleted();

        assertThat(remote.attempts).isEqualTo(1);
    }

    @Test
    void connectsNowhereWhileItIsStopped() {
        connect();
        ask(Control::stop);

        assertRefused(ask(Control::reconnect), "the bridge is stopped; start it first");
    }

    // ---------------------------------------------------------------- drain

    @Test
    void forwardsWhatWaitsAndStops() {
        connect();
        broker.queue = waiting(2);

        CompletableFuture<Long> drained = ask(Control::drain);
        assertThat(broker.subscriptions).isEmpty();
        deliver("up/a", QoS.AT_LEAST_ONCE, 5, false);
        deliver("up/b", QoS.AT_LEAST_ONCE, 6, false);
        remote.loop.advance(Duration.ofSeconds(1));
        remote.acknowledge(Acknowledgement.PUBACK, 5);
        remote.acknowledge(Acknowledgement.PUBACK, 6);
        assertThat(status().state()).isEqualTo(BridgeStatus.State.CONNECTED);
        assertThat(drained).isNotDone();
        broker.queue = QueueInfo.NONE;
        remote.loop.advance(Duration.ofSeconds(1));

        assertThat(drained).isCompletedWithValue(2L);
        assertThat(status().state()).isEqualTo(BridgeStatus.State.STOPPED);
        assertThat(remote.packets).last().isEqualTo(ControlPacket.Disconnect.of(ReasonCode.SUCCESS));
        assertRefused(ask(Control::drain), "the bridge is stopped; start it first");

        ask(Control::start);
        broker.opened(remote.loop);
        assertThat(broker.subscriptions).isNotEmpty();
        establish(true, ServerProperties.NONE);
    }

    @Test
    void drainsThroughALostConnection() {
        connect();
        broker.queue = waiting(1);
        CompletableFuture<Long> drained = ask(Control::drain);
        deliver("up/a", QoS.AT_LEAST_ONCE, 5, false);
        remote.close("lost");
        broker.queue = QueueInfo.NONE; // of a session that is not attached nothing is known
        remote.loop.advance(Duration.ofMinutes(1));
        broker.queue = waiting(1);
        assertThat(drained).isNotDone();

        establish(true, ServerProperties.NONE);
        assertThat(broker.subscriptions).isEmpty();
        deliver("up/a", QoS.AT_LEAST_ONCE, 5, true);
        remote.acknowledge(Acknowledgement.PUBACK, 5);
        broker.queue = QueueInfo.NONE;
        remote.loop.advance(Duration.ofSeconds(1));

        assertThat(drained).isCompletedWithValue(1L);
    }

    @Test
    void takesNothingMoreAtOnceAlsoWithoutAConnection() {
        connect();
        remote.close("lost");
        int before = remote.attempts;

        CompletableFuture<Long> drained = ask(Control::drain);
        broker.opened(remote.loop);
        assertThat(broker.subscriptions).isEmpty();
        assertThat(remote.attempts).isEqualTo(before + 1);

        establish(true, ServerProperties.NONE);
        remote.loop.advance(Duration.ofSeconds(1));
        assertThat(drained).isCompletedWithValue(0L);
        assertNothingLeft();
    }

    @Test
    void doesNotWaitForAnAttemptBeforeItTakesNothingMore() {
        start();
        assertThat(broker.subscriptions).isNotEmpty();

        ask(Control::drain);
        remote.loop.advance(Duration.ZERO);
        broker.opened(remote.loop);

        assertThat(broker.subscriptions).isEmpty();
        assertThat(remote.attempts).isEqualTo(2);
        establish(true, ServerProperties.NONE);
        remote.loop.advance(Duration.ofSeconds(1));
        assertThat(status().state()).isEqualTo(BridgeStatus.State.STOPPED);
    }

    @Test
    void drainsAConnectionThatIsComingAbout() {
        start();
        remote.open();
        remote.connAck(true, ServerProperties.NONE);
        broker.opened(remote.loop);

        CompletableFuture<Long> drained = ask(Control::drain);
        remote.subAck();
        assertThat(broker.subscriptions).isEmpty();
        remote.loop.advance(Duration.ofSeconds(1));

        assertThat(drained).isCompletedWithValue(0L);
    }

    @Test
    void isDrainedOnceForAllWhoAsk() {
        connect();

        CompletableFuture<Long> drained = ask(Control::drain);
        CompletableFuture<Long> drainedToo = ask(Control::drain);
        assertThat(ask(Control::start)).isCompleted(); // it runs
        remote.loop.advance(Duration.ofSeconds(1));

        assertThat(drained).isCompletedWithValue(0L);
        assertThat(drainedToo).isCompletedWithValue(0L);
    }

    @Test
    void givesADrainUpWhenItIsStopped() {
        connect();
        broker.queue = waiting(1);
        CompletableFuture<Long> drained = ask(Control::drain);

        ask(Control::stop);

        assertRefused(drained, "the bridge was stopped after 0 messages were forwarded");
        assertNothingLeft();
    }

    @Test
    void givesADrainUpWhenItIsClosed() {
        connect();
        broker.queue = waiting(1);
        CompletableFuture<Long> drained = ask(Control::drain);

        stop();

        assertRefused(drained, "the bridge was closed after 0 messages were forwarded");
        assertNothingLeft();
    }

    @Test
    void drainsNothingThroughAPause() {
        connect();
        pause(Direction.FORWARD);

        assertRefused(ask(Control::drain), "what waits cannot be forwarded while forward is paused; resume it first");
        assertThat(broker.subscriptions).isNotEmpty();
    }

    private static QueueInfo waiting(int messages) {
        return new QueueInfo(0, 0, Optional.empty(), messages, 0, 0);
    }

    // ---------------------------------------------------------------- helpers

    private <T> CompletableFuture<T> ask(Function<Control, CompletionStage<T>> request) {
        CompletionStage<T> stage = request.apply(link.control());
        remote.loop.runTasks();
        return stage.toCompletableFuture();
    }

    private static void assertRefused(CompletableFuture<?> request, String why) {
        assertThat(request)
                .isCompletedExceptionally()
                .failsWithin(Duration.ZERO)
                .withThrowableThat()
                .havingCause()
                .isInstanceOf(IllegalStateException.class)
                .withMessage(why);
    }
}
