/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.store.log;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** The segments of a log in their order, and which of them is written: the last, or none until the next is begun. */
final class Segments {
    private final Folder folder;
    private final long segmentBytes;
    private volatile List<Segment> segments;
    private long nextNumber;
    private boolean writable;

    Segments(Folder folder, long segmentBytes, List<Segment> segments, long nextNumber) {
        this.folder = folder;
        this.segmentBytes = segmentBytes;
        this.segments = List.copyOf(segments);
        this.nextNumber = nextNumber;
    }

    /** How many bytes go into the segment that is written, or into a new one where none is. Committer only. */
    long room() {
        return segmentBytes - (writable ? last().end() : SegmentHeader.SIZE);
    }

    /** The segment that is to take as many bytes from this sequence on: the last, or a new one. Committer only. */
    Segment forWriting(long firstSequence, long bytes) throws IOException {
        if (!writable || bytes > room() && !last().isEmpty()) {
            begin(firstSequence);
        }
        return last();
    }

    /**
     * Begins a new segment. The one before it is cut at its last good record first, and safely so: when it comes to be
     * read, its records end where the next segment's begin; but that one may be deleted before it.
     */
    private void begin(long firstSequence) throws IOException {
        writable = false;
        Segment last = segments.isEmpty() ? null : last();
        if (last != null && !last.isQuarantined()) {
            last.settle();
        }
        Segment fresh = Segment.create(folder, nextNumber, firstSequence);
        synchronized (this) {
            List<Segment> more = new ArrayList<>(segments);
            more.add(fresh);
            segments = List.copyOf(more);
        }
        nextNumber++;
        writable = true;
        if (last != null && last.isEmpty() && !last.isQuarantined()) {
            try {
                remove(last);
            } catch (IOException e) {
                return; // it stays, and does no harm
            }
        }
    }

    /** Writes no more to the last segment, after an error. Committer only. */
    void poison() {
        if (writable) {
            writable = false;
            try {
                last().truncate(); // so that no other process that opens the log finds what the disk refused
            } catch (IOException e) {
                return; // comes again before the next one begins
            }
        }
    }

    private Segment last() {
        List<Segment> all = segments;
        return all.get(all.size() - 1);
    }

    StoredRecord read(long sequence) throws IOException {
        List<Segment> all = segments;
        for (int i = all.size() - 1; i >= 0; i--) {
            Segment segment = all.get(i);
            if (segment.firstSequence() <= sequence) {
                if (sequence < segment.nextSequence()) {
                    return segment.read(sequence);
                }
                break;
            }
        }
        throw new IOException("the log has no record " + sequence);
    }

    List<SegmentInfo> infos() {
        return segments.stream().map(Segment::info).toList();
    }

    /** Deletes a segment, not the last. */
    void delete(long number) throws IOException {
        List<Segment> all = segments;
        Segment segment = all.stream()
                .filter(one -> one.number() == number)
                .findAny()
                .orElseThrow(() -> new IllegalArgumentException("the log has no segment " + number));
        if (segment == all.get(all.size() - 1)) {
            throw new IllegalArgumentException("segment " + number + " is the last one");
        }
        remove(segment);
    }

    /** Safe when it returns, so that no power cut brings it back without one that was deleted after it. */
    private void remove(Segment segment) throws IOException {
        synchronized (folder) {
            segment.close();
            if (!segment.isQuarantined()) {
                folder.delete(segment.name());
            } else if (folder.list().contains(segment.name())) { // not so when the force failed last time
                folder.rename(segment.name(), SegmentName.damaged(segment.number()));
            }
            folder.force();
        }
        synchronized (this) {
            segments = segments.stream().filter(one -> one != segment).toList();
        }
    }

    void close() {
        segments.forEach(Segment::close);
    }
}
