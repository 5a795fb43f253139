/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.benchmarks.endtoend;

import io.bascule.benchmarks.support.Histogram;
import io.bascule.benchmarks.support.Server;
import java.time.Duration;

/** What broker and generator have used by a moment, to be compared with a later one. */
record Usage(long nanos, Duration broker, Duration generator) {
    static Usage of(Server server) {
        return new Usage(
                System.nanoTime(),
                server.cpu(),
                ProcessHandle.current().info().totalCpuDuration().orElse(Duration.ZERO));
    }

    /** What these messages cost since then. */
    Figure since(Usage begin, String row, long messages, Histogram latencies, Faults faults) {
        return since(begin, row, messages, nanos - begin.nanos, latencies, faults);
    }

    /** What these messages cost since then, of which the last arrived after so long. */
    Figure since(Usage begin, String row, long messages, long messageNanos, Histogram latencies, Faults faults) {
        double all = nanos - begin.nanos;
        double cpu = broker.minus(begin.broker).toNanos();
        return new Figure(
                row,
                cpu / messages / 1e3,
                messages / (messageNanos / 1e9),
                cpu / all,
                generator.minus(begin.generator).toNanos() / all,
                latencies,
                new Histogram(),
                faults);
    }
}
