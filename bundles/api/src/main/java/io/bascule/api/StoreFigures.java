/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.api;

import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * Figures of an open store at one moment. Counters run from when it was opened and never go back.
 *
 * @param failure why nothing becomes safe, and so nothing is acknowledged, at present, in words; empty where that is not so
 * @param bytes what its segments take on the disk, with what is still to be written
 * @param liveBytes what of that is needed
 * @param segments how many files it has
 * @param oldest how long ago the oldest record was written, to about a minute or a hundredth of it; it may be one that is long over
 * @param appended the position of the last record: how many were ever appended to this folder, but for those that damage took
 * @param durable the position up to which all records are safe
 * @param pendingBytes what is appended and not safe yet
 * @param damaged the segments that were found damaged when it was opened
 * @param sessions those on the disk: with a Session Expiry Interval or a will
 * @param retained retained messages, also those that have expired and are not deleted yet
 * @param queued messages that sessions have not acknowledged, waiting or in flight, counted once for each session
 */
public record StoreFigures(
        Optional<String> failure,
        long bytes,
        long liveBytes,
        int segments,
        Optional<Duration> oldest,
        long appended,
        long durable,
        long pendingBytes,
        Commits commits,
        Compaction compaction,
        List<DamagedSegment> damaged,
        int sessions,
        int retained,
        long queued) {
    public StoreFigures {
        damaged = List.copyOf(damaged);
    }

    /**
     * Groups of records that were made safe. The times are those of the last 1,024, zero where there was none: how long the disk took for
     * one.
     *
     * @param count how many there were
     */
    public record Commits(long count, Duration median, Duration percentile99, Duration longest) {}

    /**
     * What keeps the disk from filling with what is over: it appends anew what is still needed of the oldest segments, and deletes them.
     *
     * @param running whether it has something to do at present
     * @param copiedBytes what it has appended anew
     * @param deletedSegments how many it has deleted
     */
    public record Compaction(boolean running, long copiedBytes, long deletedSegments) {}

    /**
     * A segment with damage. What comes before the damage is in use.
     *
     * @param file its name in the folder; as soon as nothing of it is in use any more it ends with {@code .damaged}
     * @param records how many of its records were read
     * @param unreadableBytes how much comes behind them
     */
    public record DamagedSegment(String file, long records, long unreadableBytes) {}
}
