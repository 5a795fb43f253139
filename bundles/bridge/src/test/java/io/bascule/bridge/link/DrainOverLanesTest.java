/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.bridge.link;

import static org.assertj.core.api.Assertions.assertThat;

import io.bascule.api.BridgeStatus;
import io.bascule.bridge.config.BudgetLimits;
import io.bascule.mqtt.Message;
import io.bascule.mqtt.QoS;
import io.bascule.mqtt.Topic;
import io.bascule.transport.Acknowledgement;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** What was delivered with QoS 0 and waits for its connection is in no queue of the broker any more. */
class DrainOverLanesTest extends LinkFixture {
    private static final Instant START = Instant.parse("2026-11-29T22:00:00Z");

    private final Clock clock = new FakeClock(() -> START.plusNanos(remote.loop.nanoTime()));

    @Test
    void isNotOverBeforeQos0HasLeft() {
        budget = Optional.of(new Budget(
                new BudgetLimits(OptionalLong.of(1024), OptionalLong.empty()),
                Budget.Figures.NONE,
                clock,
                figures -> {}));
        connectTwo();
        String topic = topicOfTheSecond();
        deliver(topic, QoS.AT_LEAST_ONCE, 1, false);
        deliver(Message.of(Topic.of(topic), new byte[1024], QoS.AT_LEAST_ONCE, false), 2, false);
        deliver(topic, QoS.AT_MOST_ONCE, 0, false);
        remote.further.get(0).acknowledge(Acknowledgement.PUBACK, 1); // the next one uses up the budget
        remote.further.get(0).acknowledge(Acknowledgement.PUBACK, 2);
        assertThat(remote.published).hasSize(2);

        CompletableFuture<Long> drained = link.control().drain().toCompletableFuture();
        remote.loop.runTasks();
        remote.loop.advance(Duration.ofSeconds(2));
        assertThat(drained).isNotDone();
        assertThat(status().state()).isEqualTo(BridgeStatus.State.CONNECTED);
        remote.loop.advance(Duration.ofHours(2));

        assertThat(remote.published).hasSize(3);
        assertThat(drained).isCompletedWithValue(1L);
        assertThat(status().state()).isEqualTo(BridgeStatus.State.STOPPED);
        assertBooks("up", 3, 3, Map.of());
    }

    private void connectTwo() {
        file.putAll(Map.of("connections", "2", "client.id", "gateway"));
        remote.hasSeveral = true;
        start();
        remote.open();
        remote.connAck(true, limited(2, 1, true));
        remote.further.get(0).open();
        remote.further.get(0).connAck(limited(2, 1, true));
        broker.opened(remote.loop);
        remote.subAck();
        remote.pubComp();
        assertThat(status().state()).isEqualTo(BridgeStatus.State.CONNECTED);
    }

    private static String topicOfTheSecond() {
        for (int i = 0; ; i++) {
            int hash = ("far/" + i).hashCode();
            if (Math.floorMod(hash ^ (hash >>> 16), 2) == 1) {
                return "up/" + i;
            }
        }
    }
}
