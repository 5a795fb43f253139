/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.broker.whiteboard;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class WorkersTest {
    private static final Duration LONG = Duration.ofMinutes(5);

    private final CountDownLatch over = new CountDownLatch(1);
    private Workers workers = new Workers("test", 3, LONG);

    @AfterEach
    void close() {
        over.countDown();
        workers.close();
        eventually(() -> workers.threads() == 0);
    }

    @Test
    void hasNoThreadBeforeTheFirstTask() {
        assertThat(workers.threads()).isZero();
    }

    @Test
    void usesAnIdleThreadBeforeItStartsAnother() {
        Set<Thread> used = ConcurrentHashMap.newKeySet();
        for (int i = 0; i < 20; i++) {
            CountDownLatch done = new CountDownLatch(1);
            workers.execute(() -> {
                used.add(Thread.currentThread());
                done.countDown();
            });
            eventually(() -> done.getCount() == 0
                    && used.stream().allMatch(thread -> thread.getState() == Thread.State.TIMED_WAITING));
        }
        assertThat(used).hasSize(1);
        assertThat(workers.threads()).isEqualTo(1);
    }

    @Test
    void runsAsManyAtATimeAsItMay() throws Exception {
        CyclicBarrier together = new CyclicBarrier(4); // three tasks and this test
        for (int i = 0; i < 3; i++) {
            workers.execute(() -> await(together));
        }
        together.await(10, TimeUnit.SECONDS);
        assertThat(workers.threads()).isEqualTo(3);
    }

    @Test
    void letsTasksWaitBeyondThat() {
        AtomicInteger ran = new AtomicInteger();
        for (int i = 0; i < 3; i++) {
            workers.execute(this::block);
        }
        for (int i = 0; i < 10; i++) {
            workers.execute(ran::incrementAndGet);
        }
        assertThat(workers.threads()).isEqualTo(3);
        assertThat(ran).hasValue(0);

        over.countDown();

        eventually(() -> ran.get() == 10);
    }

    @Test
    void letsIdleThreadsGo() {
        workers = new Workers("test", 3, Duration.ofMillis(20));
        AtomicInteger ran = new AtomicInteger();
        workers.execute(ran::incrementAndGet);

        eventually(() -> ran.get() == 1 && workers.threads() == 0);

        workers.execute(ran::incrementAndGet); // and they come again
        eventually(() -> ran.get() == 2);
    }

    @Test
    void letsItsThreadsGoWhenItIsClosed() {
        List<Thread> threads = new ArrayList<>();
        CountDownLatch started = new CountDownLatch(1);
        workers.execute(() -> {
            threads.add(Thread.currentThread());
            started.countDown();
        });
        eventually(() -> started.getCount() == 0);

        workers.close();

        eventually(() -> !threads.get(0).isAlive());
        workers.execute(() -> threads.clear());
        assertThat(threads).hasSize(1);
    }

    @Test
    void survivesAnInterruptThatWasMeantForATask() {
        AtomicInteger ran = new AtomicInteger();
        workers.execute(() -> Thread.currentThread().interrupt());
        workers.execute(ran::incrementAndGet);
        eventually(() -> ran.get() == 1);
    }

    private void block() {
        try {
            over.await();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private static void await(CyclicBarrier barrier) {
        try {
            barrier.await(10, TimeUnit.SECONDS);
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    private static void eventually(BooleanSupplier condition) {
        long deadline = System.nanoTime() + Duration.ofSeconds(10).toNanos();
        while (!condition.getAsBoolean()) {
            assertThat(System.nanoTime() - deadline).isNegative();
            Thread.onSpinWait();
        }
    }
}
