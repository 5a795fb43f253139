/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.store.log;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.CancellationException;
import java.util.function.BooleanSupplier;

/**
 * Reads all that a log has without changing a byte of it: replays what opening it would replay, and tells what that would find damaged. The
 * log may be open, as long as nobody deletes its segments meanwhile; then the scan ends with what was safe when it began.
 */
public final class Scan {
    private static final int MOST_DAMAGES = 1_000;

    private final Folder folder;
    private final long last;
    private final Replay replay;
    private final BooleanSupplier wanted;
    private final List<Damage> damages = new ArrayList<>();
    private long damaged;
    private long nextSequence = 1;
    private int segments;
    private long records;
    private long bytes;
    private long unfinishedBytes;

    /**
     * A place that cannot be read.
     *
     * @param file its name in the folder
     * @param offset where in that, in bytes
     */
    public record Damage(String file, long offset, String reason) {}

    /**
     * What was found.
     *
     * @param bytes what was read of the segments
     * @param unfinishedBytes what is at the end of the last segment and no whole record: it was being written when the process ended
     * @param damaged how many places cannot be read
     * @param damages the first 1,000 of them
     */
    public record Result(
            int segments, long records, long bytes, long unfinishedBytes, long damaged, List<Damage> damages) {}

    private Scan(Folder folder, long last, Replay replay, BooleanSupplier wanted) {
        this.folder = folder;
        this.last = last;
        this.replay = replay;
        this.wanted = wanted;
    }

    /**
     * Scans a folder.
     *
     * @param last the sequence of the last record that is looked at, which is there; {@link Long#MAX_VALUE} for all
     * @param replay throws {@link UncheckedIOException} for a record that it does not understand, which is damage
     * @param wanted asked again and again
     * @throws CancellationException when that says no
     * @throws IOException when a file is of a newer format, the files are not of one log, or the disk refuses
     */
    static Result of(Folder folder, long last, Replay replay, BooleanSupplier wanted) throws IOException {
        Scan scan = new Scan(folder, last, replay, wanted);
        List<SegmentFile> files = scan.find();
        SegmentFile.checkOrder(files);
        for (int i = 0; i < files.size() && scan.nextSequence <= last; i++) {
            scan.read(files.get(i), i + 1 < files.size() ? files.get(i + 1) : null);
        }
        return new Result(
                scan.segments, scan.records, scan.bytes, scan.unfinishedBytes, scan.damaged, List.copyOf(scan.damages));
    }

    /** All that a folder has which no log has open. */
    public static Result of(Folder folder, Replay replay, BooleanSupplier wanted) throws IOException {
        return of(folder, Long.MAX_VALUE, replay, wanted);
    }

    private List<SegmentFile> find() throws IOException {
        List<SegmentFile> files = new ArrayList<>();
        long lastSize = 0;
        for (String name : folder.list().stream().sorted().toList()) {
            OptionalLong number = SegmentName.parse(name);
            if (number.isEmpty()) {
                continue;
            }
            try (LogFile file = folder.openToRead(name)) {
                files.add(SegmentFile.read(file, number.getAsLong(), name));
                lastSize = file.size();
            } catch (FileNotFoundException e) {
                if (folder.list().contains(name)) {
                    throw e;
                } // otherwise it was empty, and the committer has begun another instead
            }
        }
        if (!files.isEmpty() && files.get(files.size() - 1).wasBeingCreated(lastSize)) {
            files.remove(files.size() - 1);
            unfinishedBytes = lastSize;
        }
        return files;
    }

    private void read(SegmentFile segment, SegmentFile next) throws IOException {
        long first = segment.firstSequence().orElse(nextSequence);
        long limit = next == null ? Long.MAX_VALUE : next.firstSequence().orElse(Long.MAX_VALUE);
        nextSequence = first;
        if (first > last || limit == first && !segment.isQuarantined()) {
            return; // it has nothing that counts, and may be gone by now
        }
        segments++;
        try (LogFile file = folder.openToRead(segment.name())) {
            long end = 0;
            if (segment.header().isPresent()) {
                end = replay(segment, file, limit);
            }
            bytes += end;
            if (nextSequence <= last) {
                judge(segment, next, end, file.size() - end);
            }
        }
    }

    /** Where the last record ends that could be read. */
    private long replay(SegmentFile segment, LogFile file, long limit) throws IOException {
        RecordReader reader = new RecordReader(file, nextSequence);
        long start = reader.position();
        while (nextSequence < limit && nextSequence <= last && reader.advance()) {
            if (!wanted.getAsBoolean()) {
                throw new CancellationException("nobody wants to know it any more");
            }
            try {
                replay.record(nextSequence, reader.type(), reader.payload());
            } catch (UncheckedIOException e) {
                damaged(segment, start, e.getCause().getMessage());
            }
            start = reader.position();
            nextSequence = reader.nextSequence();
            records++;
        }
        return start;
    }

    private void judge(SegmentFile segment, SegmentFile next, long end, long left) {
        boolean lacksTheLast = next == null && last != Long.MAX_VALUE;
        if (segment.isDamaged(next, nextSequence, left) || lacksTheLast) {
            damaged(
                    segment,
                    end,
                    segment.header().isEmpty()
                            ? "it has no header: nothing of it can be read"
                            : "there is no whole record " + nextSequence + ": " + left + " bytes cannot be read");
        } else if (next == null) {
            unfinishedBytes += left;
        }
    }

    private void damaged(SegmentFile segment, long offset, String reason) {
        damaged++;
        if (damages.size() < MOST_DAMAGES) {
            damages.add(new Damage(segment.name(), offset, reason));
        }
    }
}
