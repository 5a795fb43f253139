/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.store.log;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * Reads what a folder has when a log is opened.
 *
 * <p>The records of a segment end where those of the next one begin. What it has beyond that was not safe when the next one
 * was begun, and is there again. What lacks before that is damage, and so is anything that is no record, but at the end of
 * the last segment: there it is what was being written when the process ended. A last file that is not longer than a
 * header, and has none, was being created.
 */
final class Opening {
    private final Folder folder;
    private final Replay replay;
    private final List<Segment> segments = new ArrayList<>();
    private final List<Recovery.Quarantined> quarantined = new ArrayList<>();
    private long nextNumber = 1;
    private long nextSequence = 1;
    /** How many records the segment that was read last may have had more: who repairs it finds their sequences free. */
    private long lost;

    private long records;
    private long truncatedBytes;

    /** A file and, where it can be read, its header. */
    private record Found(long number, String name, LogFile file, Optional<SegmentHeader> header) {}

    Opening(Folder folder, Replay replay) {
        this.folder = folder;
        this.replay = replay;
    }

    /** Replays all records; what they were read from is safe on disk when it returns, and closed when it throws. */
    void run() throws IOException {
        List<Found> found = new ArrayList<>();
        try {
            find(found);
            for (int i = 0; i < found.size(); i++) {
                read(found.get(i), i + 1 < found.size() ? found.get(i + 1) : null);
            }
            folder.force();
        } catch (Throwable e) {
            found.forEach(one -> Quietly.close(one.file()));
            segments.forEach(Segment::close);
            throw e;
        }
    }

    private void find(List<Found> found) throws IOException {
        for (String name : folder.list().stream().sorted().toList()) {
            OptionalLong number = SegmentName.parse(name);
            if (number.isPresent()) {
                found.add(open(number.getAsLong(), name));
            }
        }
        if (!found.isEmpty()) {
            Found last = found.get(found.size() - 1);
            nextNumber = last.number() + 1;
            if (wasBeingCreated(last)) {
                nextNumber = last.number();
                truncatedBytes = last.file().size();
                found.remove(found.size() - 1);
                last.file().close();
            }
        }
        checkOrder(found);
    }

    private Found open(long number, String name) throws IOException {
        LogFile file = folder.open(name);
        try {
            Optional<SegmentHeader> header =
                    SegmentHeader.read(file, name).filter(read -> read.number() == number && read.firstSequence() > 0);
            return new Found(number, name, file, header);
        } catch (Throwable e) {
            Quietly.close(file);
            throw e;
        }
    }

    private static boolean wasBeingCreated(Found last) throws IOException {
        return last.header().isEmpty()
                && last.file().size() <= SegmentHeader.SIZE
                && !SegmentName.isQuarantined(last.name());
    }

    private static void checkOrder(List<Found> found) throws IOException {
        Found before = null;
        long first = 1;
        for (Found next : found) {
            if (before != null && before.number() == next.number()) {
                throw new IOException(before.name() + " and " + next.name() + " are the same segment of the log");
            }
            if (next.header().isPresent()) {
                if (next.header().get().firstSequence() < first) {
                    throw new IOException(next.name() + " begins with record "
                            + next.header().get().firstSequence() + ", though one before it begins with " + first
                            + ": the folder has files of two logs");
                }
                first = next.header().get().firstSequence();
            }
            before = next;
        }
    }

    private void read(Found found, Found next) throws IOException {
        long first = found.header().map(SegmentHeader::firstSequence).orElse(nextSequence);
        Optional<Long> limit = next == null ? Optional.empty() : next.header().map(SegmentHeader::firstSequence);
        Segment segment = new Segment(found.number(), first, found.name(), found.file());
        segments.add(segment);
        if (found.header().isPresent()) {
            replay(segment, limit.orElse(Long.MAX_VALUE));
        }
        nextSequence = segment.nextSequence();
        lost = 0;
        long left = found.file().size() - (found.header().isPresent() ? segment.end() : 0);
        boolean complete = limit.isPresent() && segment.nextSequence() == limit.get();
        boolean lacks = limit.isPresent() && !complete && next.number() == found.number() + 1;
        if (SegmentName.isQuarantined(found.name())
                || found.header().isEmpty()
                || !complete && next != null && left > 0
                || lacks) {
            quarantine(segment, left);
        } else if (next == null || left > 0) {
            truncatedBytes += left;
            segment.settle();
        }
    }

    private void replay(Segment segment, long limit) throws IOException {
        RecordReader reader = new RecordReader(segment.file(), segment.firstSequence());
        while (reader.nextSequence() < limit && reader.advance()) {
            replay.record(reader.nextSequence() - 1, reader.type(), reader.payload());
            segment.add(reader.position());
            records++;
        }
    }

    private void quarantine(Segment segment, long unreadableBytes) throws IOException {
        segment.quarantine(folder);
        quarantined.add(new Recovery.Quarantined(
                segment.name(), segment.nextSequence() - segment.firstSequence(), unreadableBytes));
        lost = unreadableBytes / RecordFormat.OVERHEAD;
    }

    List<Segment> segments() {
        return segments;
    }

    long nextNumber() {
        return nextNumber;
    }

    long nextSequence() {
        return nextSequence + lost;
    }

    Recovery recovery() {
        return new Recovery(records, truncatedBytes, quarantined);
    }
}
