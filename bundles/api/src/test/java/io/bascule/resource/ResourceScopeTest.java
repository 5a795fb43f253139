/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.resource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class ResourceScopeTest {
    private final ResourceScope scope = new ResourceScope("test");
    private final List<String> released = new ArrayList<>();

    @Test
    void releasesInReverseOrder() {
        for (String each : List.of("a", "b", "c")) {
            scope.hold(ResourceKind.TASK, () -> released.add(each));
        }
        assertThat(scope.live()).isEqualTo(3);
        scope.close();
        scope.close();
        assertThat(released).containsExactly("c", "b", "a");
        assertThat(scope.live()).isZero();
        assertThat(scope.ledger()).hasToString("task 3/3; 0 live");
    }

    @Test
    void releasesTheRestWhenOneFails() {
        scope.hold(ResourceKind.SOCKET, () -> released.add("socket"));
        scope.hold(ResourceKind.TASK, () -> {
            throw new IllegalStateException("on purpose");
        });
        scope.hold(ResourceKind.FILE, () -> {
            throw new NoClassDefFoundError("a bundle that has gone");
        });
        scope.close();
        assertThat(released).containsExactly("socket");
        assertThat(scope.live()).isZero();
        assertThat(scope.ledger().failures()).hasSize(2);
    }

    @Test
    void releasesAtOnceWhatComesTooLate() {
        scope.close();
        assertThatThrownBy(() -> scope.hold(ResourceKind.TASK, () -> released.add("late")))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("test is closed");
        assertThat(released).containsExactly("late");
        assertThat(scope.live()).isZero();
    }

    @Test
    void leavesOutWhatEndedOrWasGivenBack() {
        Lease ended = scope.hold(ResourceKind.TASK, () -> released.add("ended"));
        Lease closed = scope.hold(ResourceKind.TASK, () -> released.add("closed"));
        ended.ended();
        ended.close();
        closed.close();
        closed.close();
        scope.close();
        assertThat(released).containsExactly("closed");
        assertThat(scope.ledger().live(ResourceKind.TASK)).isZero();
    }

    @Test
    void losesNothingBetweenThreads() throws InterruptedException {
        AtomicInteger open = new AtomicInteger();
        List<Thread> threads = new ArrayList<>();
        for (int t = 0; t < 4; t++) {
            Thread thread = new Thread(() -> {
                try {
                    while (true) {
                        open.incrementAndGet();
                        Lease lease = scope.hold(ResourceKind.TASK, open::decrementAndGet);
                        if (open.get() % 2 == 0) {
                            lease.close();
                        }
                    }
                } catch (IllegalStateException e) {
                    // closed, and what came too late was released
                }
            });
            thread.start();
            threads.add(thread);
        }
        while (scope.live() < 100) {
            Thread.onSpinWait();
        }
        scope.close();
        for (Thread thread : threads) {
            thread.join();
        }
        assertThat(open).hasValue(0);
        assertThat(scope.live()).isZero();
    }

    @Test
    void addsLedgersUp() {
        scope.hold(ResourceKind.TASK, () -> {
                    throw new IllegalStateException("on purpose");
                })
                .close();
        scope.hold(ResourceKind.SESSION, () -> {});
        ResourceLedger sum = ResourceLedger.empty("all");

        for (int i = 0; i < 20; i++) {
            sum = sum.plus(scope.ledger());
        }

        assertThat(sum)
                .hasToString("task 20/20, session 0/20; 20 live; failed: "
                        + String.join(
                                ", ", Collections.nCopies(16, "task: java.lang.IllegalStateException: on purpose")));
        assertThat(sum.owner()).isEqualTo("all");
    }
}
