/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.bridge.link;

import static org.assertj.core.api.Assertions.assertThat;

import io.bascule.api.BridgeStatus;
import io.bascule.bridge.config.BudgetLimits;
import io.bascule.mqtt.Message;
import io.bascule.mqtt.QoS;
import io.bascule.mqtt.Topic;
import io.bascule.transport.Acknowledgement;
import io.bascule.transport.ControlPacket.ServerProperties;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What a link sends of its budget. */
class SendBudgetTest extends LinkFixture {
    private static final Instant START = Instant.parse("2026-11-29T22:00:00Z");
    private static final int TOPIC = "far/x".length();

    private final List<Budget.Figures> kept = new ArrayList<>();

    /** It goes as the event loop does. */
    private final Clock clock = new FakeClock(() -> START.plusNanos(remote.loop.nanoTime()));

    @BeforeEach
    void giveABudget() {
        budget = Optional.of(budget(Budget.Figures.NONE));
    }

    private Budget budget(Budget.Figures before) {
        return new Budget(
                new BudgetLimits(OptionalLong.of(1024), OptionalLong.empty()),
                before,
                clock,
                it -> kept.add(it.figures()));
    }

    private void send(int bytes, int packetId) {
        deliver(Message.of(Topic.of("up/x"), new byte[bytes - TOPIC], QoS.AT_LEAST_ONCE, false), packetId, false);
    }

    private Duration untilMidnight() {
        return Duration.between(clock.instant(), Instant.parse("2026-11-30T00:00:00Z"));
    }

    @Test
    void restsWhenItIsUsedUpAndGoesOnTheNextDay() {
        connect();
        send(1023, 1);
        assertThat(broker.session.ready).isTrue();
        assertThat(status().warnings()).isEmpty();

        send(100, 2);

        assertThat(remote.sent).hasSize(2); // what uses it up is sent whole
        assertThat(broker.session.ready).isFalse();
        assertThat(status().state()).isEqualTo(BridgeStatus.State.CONNECTED);
        assertThat(status().warnings())
                .containsExactly(
                        "the budget of 1KiB a day is used up, and what is to be forwarded waits until 2026-11-30T00:00:00Z");
        remote.acknowledge(Acknowledgement.PUBACK, 1); // its answers are taken all the same
        assertThat(broker.told).containsExactly("puback #1");

        remote.acknowledge(Acknowledgement.PUBACK, 2);
        remote.loop.advance(untilMidnight().minusMillis(1));
        assertThat(broker.session.ready).isFalse();
        remote.loop.advance(Duration.ofMillis(1));
        assertThat(broker.session.ready).isTrue();
        assertThat(status().warnings()).isEmpty();
        stop();
        assertNothingLeft();
    }

    @Test
    void restsOverTheNextConnectionToo() {
        connect();
        send(1024, 1);
        remote.acknowledge(Acknowledgement.PUBACK, 1);
        reconnect(true);

        assertThat(broker.session.ready).isFalse();
        remote.loop.advance(untilMidnight());
        assertThat(broker.session.ready).isTrue();
        stop();
        assertNothingLeft();
    }

    @Test
    void restsFromTheBeginningWhereAnEarlierInstanceHasUsedItUp() {
        connect();
        send(1024, 1);
        Budget.Figures figures = budget.orElseThrow().figures();
        stop();
        budget = Optional.of(budget(figures));
        start();
        establish(true, ServerProperties.NONE);

        assertThat(broker.session.ready).isFalse();
        assertThat(status().warnings()).hasSize(1);
    }

    /** What is sent again is paid again. */
    @Test
    void countsWhatIsSentAgain() {
        connect();
        send(600, 1);
        reconnect(true);
        deliver(Message.of(Topic.of("up/x"), new byte[595], QoS.AT_LEAST_ONCE, false), 1, true);

        assertThat(broker.session.ready).isFalse();
        assertThat(budget.orElseThrow().figures().ofDay()).isEqualTo(1200);
    }

    @Test
    void keepsWhatWasSentEvery10sAndAtTheEnd() {
        connect();
        send(100, 1);
        send(100, 2);
        remote.acknowledge(Acknowledgement.PUBACK, 1);
        remote.acknowledge(Acknowledgement.PUBACK, 2);
        assertThat(kept).isEmpty();
        remote.loop.advance(Duration.ofSeconds(10));
        assertThat(kept).extracting(Budget.Figures::ofDay).containsExactly(200L);
        remote.loop.advance(Duration.ofMinutes(1));
        assertThat(kept).as("nothing new").hasSize(1);

        send(100, 3);
        remote.close("lost");
        assertThat(kept).extracting(Budget.Figures::ofDay).containsExactly(200L, 300L);
    }

    @Test
    void keepsAtOnceThatItIsUsedUp() {
        connect();
        send(1024, 1);
        assertThat(kept).extracting(Budget.Figures::ofDay).containsExactly(1024L);
    }

    @Test
    void doesNotCountWhatIsNotSent() {
        file.put("forward.up", "up/# -> far/{#} max.payload=1KiB");
        connect();
        send(2048, 1);
        assertThat(budget.orElseThrow().figures().ofDay()).isZero();
        assertThat(broker.session.ready).isTrue();
    }
}
