/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.store.log;

import java.io.IOException;
import java.util.List;
import java.util.Optional;

/**
 * A file of a log as it is found.
 *
 * @param header where it can be read
 */
record SegmentFile(long number, String name, Optional<SegmentHeader> header) {

    /** @param number as its name has it */
    static SegmentFile read(LogFile file, long number, String name) throws IOException {
        Optional<SegmentHeader> header =
                SegmentHeader.read(file, name).filter(read -> read.number() == number && read.firstSequence() > 0);
        return new SegmentFile(number, name, header);
    }

    boolean isQuarantined() {
        return SegmentName.isQuarantined(name);
    }

    /** Whether this, which is the last one and so long, was being created. */
    boolean wasBeingCreated(long size) {
        return header.isEmpty() && size <= SegmentHeader.SIZE && !isQuarantined();
    }

    /** The sequence of its first record, where that is known. */
    Optional<Long> firstSequence() {
        return header.map(SegmentHeader::firstSequence);
    }

    /**
     * Whether it is damaged.
     *
     * @param next the one behind it, or null
     * @param nextSequence one after the last record that could be read of it
     * @param left how many bytes it has behind that
     */
    boolean isDamaged(SegmentFile next, long nextSequence, long left) {
        Optional<Long> limit = next == null ? Optional.empty() : next.firstSequence();
        boolean complete = limit.isPresent() && nextSequence == limit.get();
        boolean lacks = limit.isPresent() && !complete && next.number() == number + 1;
        return isQuarantined() || header.isEmpty() || !complete && next != null && left > 0 || lacks;
    }

    /** @throws IOException when these, by their names in order, are not of one log */
    static void checkOrder(List<SegmentFile> files) throws IOException {
        SegmentFile before = null;
        long first = 1;
        for (SegmentFile next : files) {
            if (before != null && before.number() == next.number()) {
                throw new IOException(before.name() + " and " + next.name() + " are the same segment of the log");
            }
            if (next.firstSequence().isPresent()) {
                if (next.firstSequence().get() < first) {
                    throw new IOException(next.name() + " begins with record "
                            + next.firstSequence().get() + ", though one before it begins with " + first
                            + ": the folder has files of two logs");
                }
                first = next.firstSequence().get();
            }
            before = next;
        }
    }
}
