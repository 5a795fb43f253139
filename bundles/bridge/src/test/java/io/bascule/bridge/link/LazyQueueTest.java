/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.bridge.link;

import static org.assertj.core.api.Assertions.assertThat;

import io.bascule.api.QueueInfo;
import io.bascule.api.QueueLimits;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** A lazy link whose queue is full before as many messages wait as it waits for. */
class LazyQueueTest extends LazyFixture {
    private void brokerAllows(int messages, long bytes) {
        broker.queueLimits = new QueueLimits(messages, bytes, QueueLimits.ANY_AGE, QueueLimits.Overflow.DROP_NEWEST);
    }

    private void assertConnectsWith(int messages, int bytes) {
        for (int waiting = 1; waiting < messages; waiting++) {
            rests(new QueueInfo(waiting, bytes - 1, Optional.of(Duration.ZERO), 0, 0, 0));
            aMomentLater();
        }
        assertThat(remote.attempts).as("so far").isZero();

        rests(new QueueInfo(messages, bytes, Optional.of(Duration.ZERO), 0, 0, 0));
        aMomentLater();

        assertThat(remote.attempts).isOne();
    }

    /** What comes while it connects is to have room as well. */
    @Test
    void connectsWhenHalfOfTheBrokersQueueIsTaken() {
        brokerAllows(4, 1 << 20);
        file.put("threshold", "5");
        startLazy();

        assertConnectsWith(3, 100);
    }

    @Test
    void connectsWithTheFirstMessageWhereThereIsRoomForNoOther() {
        brokerAllows(1, 1 << 20);
        startLazy();

        assertConnectsWith(1, 100);
    }

    @Test
    void connectsWhenHalfOfTheBrokersBytesAreTaken() {
        brokerAllows(1000, 1024);
        startLazy();

        assertConnectsWith(2, 513);
    }

    @Test
    void waitsForItsThresholdWhereTheBrokersQueueIsLarger() {
        brokerAllows(1000, 1 << 20);
        startLazy();

        assertConnectsWith(3, 100);
    }

    /** Of which the reader has seen to it that it holds as many. */
    @Test
    void waitsForItsThresholdWhereItsOwnQueueIsAsLarge() {
        brokerAllows(1, 1);
        file.put("queue.messages", "3");
        startLazy();

        assertConnectsWith(3, 100);
    }
}
