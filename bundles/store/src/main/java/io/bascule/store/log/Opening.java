/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.store.log;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
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

    private record Found(SegmentFile segment, LogFile file) {}

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
                read(found.get(i), i + 1 < found.size() ? found.get(i + 1).segment() : null);
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
            nextNumber = last.segment().number() + 1;
            if (last.segment().wasBeingCreated(last.file().size())) {
                nextNumber = last.segment().number();
                truncatedBytes = last.file().size();
                found.remove(found.size() - 1);
                last.file().close();
            }
        }
        SegmentFile.checkOrder(found.stream().map(Found::segment).toList());
    }

    private Found open(long number, String name) throws IOException {
        LogFile file = folder.open(name);
        try {
            return new Found(SegmentFile.read(file, number, name), file);
        } catch (Throwable e) {
            Quietly.close(file);
            throw e;
        }
    }

    private void read(Found found, SegmentFile next) throws IOException {
        SegmentFile file = found.segment();
        Segment segment =
                new Segment(file.number(), file.firstSequence().orElse(nextSequence), file.name(), found.file());
        segments.add(segment);
        if (file.header().isPresent()) {
            replay(segment, next == null ? Long.MAX_VALUE : next.firstSequence().orElse(Long.MAX_VALUE));
        }
        nextSequence = segment.nextSequence();
        lost = 0;
        long left = found.file().size() - (file.header().isPresent() ? segment.end() : 0);
        if (file.isDamaged(next, nextSequence, left)) {
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
