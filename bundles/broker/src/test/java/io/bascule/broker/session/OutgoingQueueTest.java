/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.broker.session;

import static org.assertj.core.api.Assertions.assertThat;

import io.bascule.api.LocalOptions;
import io.bascule.api.LocalOptions.Priority;
import io.bascule.api.QueueLimits;
import io.bascule.api.Subscription;
import io.bascule.api.Subscription.RetainHandling;
import io.bascule.mqtt.Message;
import io.bascule.mqtt.QoS;
import io.bascule.mqtt.TopicFilter;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** How often what waits is sorted, which takes as long as there are messages and subscriptions. */
class OutgoingQueueTest {
    private static final QueueLimits LIMITS =
            new QueueLimits(100_000, Long.MAX_VALUE, QueueLimits.ANY_AGE, QueueLimits.Overflow.DROP_NEWEST);

    private final List<Subscription> subscriptions = new ArrayList<>();
    private int sorted;
    private final OutgoingQueue queue = new OutgoingQueue(new QueueMemory(Long.MAX_VALUE), this::rules);

    /** They are asked for once for each time that what waits is sorted. */
    private WaitingRules rules() {
        sorted++;
        return WaitingRules.of(subscriptions);
    }

    private void subscribe(int identifier, Priority priority) {
        subscriptions.add(new Subscription(
                TopicFilter.of("t/" + identifier),
                QoS.AT_LEAST_ONCE,
                false,
                false,
                RetainHandling.SEND,
                identifier,
                LocalOptions.NONE.withPriority(priority)));
        queue.rulesHaveChanged();
    }

    private void add(int identifier) {
        Message message = Message.of("t/" + identifier, "x");
        queue.add(
                new Outgoing(message, null, QoS.AT_LEAST_ONCE, true, new int[] {identifier}, false),
                0,
                LIMITS,
                false,
                (outgoing, limit) -> {});
    }

    @Test
    void isSortedOnceForAllThatWasSubscribedToBefore() {
        for (int i = 1; i <= 100; i++) {
            subscribe(i, i % 2 == 0 ? Priority.HIGH : Priority.LOW);
        }
        for (int i = 1; i <= 1000; i++) {
            add(1 + i % 100);
        }

        assertThat(sorted).isEqualTo(1);
        assertThat(queue.size()).isEqualTo(1000);
        assertThat(queue.peek().subscriptionIdentifiers()[0] % 2).isZero();
    }

    /** For which reason nobody sends what is retained between the subscriptions of one request. */
    @Test
    void isSortedAgainWhenSomethingComesAfterEachSubscription() {
        for (int i = 1; i <= 100; i++) {
            subscribe(i, Priority.LOW);
            add(i);
        }

        assertThat(sorted).isEqualTo(100);
    }
}
