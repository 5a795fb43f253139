/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.broker.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import io.bascule.api.QueueLimits;
import io.bascule.api.QueueLimits.Overflow;
import io.bascule.broker.store.MemoryMessageStore;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** Queues that hold publishers back, which are asked now and then. */
class StoreRoomTest {
    /** So many that some have the same place in a hash table. */
    private static final int QUEUES = 100;

    private static final QueueLimits LIMITS = new QueueLimits(1, 1000, QueueLimits.ANY_AGE, Overflow.BLOCK);

    private final StoreRoom room = new StoreRoom(new MemoryMessageStore());
    private final AtomicBoolean full = new AtomicBoolean(true);
    private final AtomicInteger released = new AtomicInteger();

    private void check() {
        assertTimeoutPreemptively(Duration.ofSeconds(20), room::check);
    }

    @Test
    void asksEachOnceWhileAllHoldSomebodyBack() {
        List<QueueGate> gates = new ArrayList<>();
        for (int i = 0; i < QUEUES; i++) {
            QueueGate gate = new QueueGate(room, full::get, LIMITS, 1, 10);
            gates.add(gate);
            Withheld acknowledgement = new Withheld(released::incrementAndGet);
            gate.withhold(acknowledgement);
            acknowledgement.release();
        }

        check();
        check();
        assertThat(released).hasValue(0);

        full.set(false);
        check();
        assertThat(released).hasValue(QUEUES);
        assertThat(gates).noneMatch(gate -> gate.withheld() > 0);
    }
}
