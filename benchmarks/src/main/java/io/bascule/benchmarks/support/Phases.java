/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.benchmarks.support;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * Latencies by the phase in which their message was due, whenever it was really sent and whenever it arrived: a sender that is held up does
 * not hide what it was held up by.
 */
public final class Phases {
    private final List<Phase> phases = new CopyOnWriteArrayList<>();

    private record Phase(long beganNanos, Histogram latencies) {}

    /** From now on messages are due in a phase of their own, whose latencies these are. */
    public Histogram begin() {
        Phase phase = new Phase(System.nanoTime(), new Histogram());
        phases.add(phase);
        return phase.latencies;
    }

    /** Takes a latency, counted from when the message was due. */
    public void record(long dueNanos, long latencyNanos) {
        for (int i = phases.size() - 1; i >= 0; i--) {
            Phase phase = phases.get(i);
            if (dueNanos - phase.beganNanos >= 0) {
                phase.latencies.record(latencyNanos);
                return;
            }
        }
    }
}
