/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.benchmarks.bridge;

import io.bascule.benchmarks.support.Histogram;
import java.util.List;

/** How long it took until messages flowed again in every stream, and until what had piled up meanwhile had come. */
final class Recoveries {
    private static final long LIMIT_SECONDS = 120;

    private final Histogram flowing = new Histogram();
    private final Histogram caughtUp = new Histogram();
    private int failed;

    /** Waits for all streams, from a moment of {@link System#nanoTime()} on; false when one does not recover within two minutes. */
    boolean await(List<Account> accounts, long from) throws InterruptedException {
        if (!Streams.await(LIMIT_SECONDS, () -> accounts.stream().allMatch(account -> account.caughtUp() != 0))) {
            failed++;
            return false;
        }
        flowing.record(accounts.stream()
                .mapToLong(account -> account.flowing() - from)
                .max()
                .orElseThrow());
        caughtUp.record(accounts.stream()
                .mapToLong(account -> account.caughtUp() - from)
                .max()
                .orElseThrow());
        return true;
    }

    int failed() {
        return failed;
    }

    double slowestCaughtUpMillis() {
        return caughtUp.maxMillis();
    }

    /** Median, 99th percentile and maximum. */
    String flowingMillis() {
        return String.format("%.0f, %.0f, %.0f", flowing.millisAt(0.5), flowing.millisAt(0.99), flowing.maxMillis());
    }

    static String header() {
        return "| trouble | times | messages flow again after p50, ms | p99, ms | max, ms"
                + " | backlog gone after p50, ms | p99, ms | max, ms | not within " + LIMIT_SECONDS + " s |\n"
                + "|---|---|---|---|---|---|---|---|---|";
    }

    /** One row of a Markdown table. */
    String row(String trouble) {
        return String.format(
                "| %s | %d | %s | %s | %d |",
                trouble, flowing.count() + failed, flowing.cells(), caughtUp.cells(), failed);
    }
}
