/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.store.log;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;

/**
 * One file of the log: its header and its records up to {@link #end}. What the file has beyond that does not count. The
 * committer writes, any thread reads.
 */
final class Segment {
    /** Enough to come to any record from the entry of the index before it, and for the whole of a short one. */
    private static final int WINDOW = 2 * SparseIndex.STEP;

    private final long number;
    private final long firstSequence;
    private final SparseIndex index = new SparseIndex();
    private String name;
    private LogFile file;
    private boolean quarantined;
    private long nextSequence;
    private long end = SegmentHeader.SIZE;

    Segment(long number, long firstSequence, String name, LogFile file) {
        this.number = number;
        this.firstSequence = firstSequence;
        this.nextSequence = firstSequence;
        this.name = name;
        this.file = file;
    }

    /** A new one, empty, and safe on disk. */
    static Segment create(Folder folder, long number, long firstSequence) throws IOException {
        String name = SegmentName.of(number);
        LogFile file = folder.create(name);
        try {
            file.write(new SegmentHeader(number, firstSequence).encode(), 0);
            file.force();
            folder.force();
        } catch (Throwable e) {
            Quietly.close(file);
            throw e;
        }
        return new Segment(number, firstSequence, name, file);
    }

    long number() {
        return number;
    }

    long firstSequence() {
        return firstSequence;
    }

    LogFile file() {
        return file;
    }

    synchronized String name() {
        return name;
    }

    synchronized boolean isQuarantined() {
        return quarantined;
    }

    synchronized long nextSequence() {
        return nextSequence;
    }

    synchronized long end() {
        return end;
    }

    boolean isEmpty() {
        return nextSequence() == firstSequence;
    }

    synchronized SegmentInfo info() {
        return new SegmentInfo(number, firstSequence, nextSequence, end, quarantined);
    }

    /** Counts the next record, which ends here in the file. */
    synchronized void add(long recordEnd) {
        index.add(nextSequence, end);
        end = recordEnd;
        nextSequence++;
    }

    /** Counts the records of all these chunks, which were written, or of none when it throws. */
    synchronized void add(List<Chunk> chunks) {
        long endBefore = end;
        long nextBefore = nextSequence;
        try {
            for (Chunk chunk : chunks) {
                add(chunk.bytes());
            }
        } catch (Throwable e) { // no memory for the index
            end = endBefore;
            nextSequence = nextBefore;
            throw e;
        }
    }

    private void add(ByteBuffer records) {
        for (int start = 0; start < records.limit(); ) {
            int size = RecordFormat.size(records, start);
            add(end + size);
            start += size;
        }
    }

    /** Writes behind the last record, what does not count before {@link #add}. */
    void write(List<Chunk> chunks) throws IOException {
        long position = end();
        for (Chunk chunk : chunks) {
            ByteBuffer bytes = chunk.bytes();
            position += bytes.remaining();
            file.write(bytes, position - bytes.remaining());
        }
    }

    void force() throws IOException {
        file.force();
    }

    /** Cuts off what does not count, and makes the rest safe. */
    void settle() throws IOException {
        truncate();
        file.force();
    }

    /** Cuts off what does not count, though a power cut may bring it back. */
    void truncate() throws IOException {
        if (file.size() > end()) {
            file.truncate(end());
        }
    }

    /** Says by the file's name that it is damaged. Keeps its name where the disk refuses: the damage is found again. */
    void quarantine(Folder folder) throws IOException {
        String quarantine = SegmentName.quarantined(number);
        boolean renamed = name.equals(quarantine);
        if (!renamed) {
            file.close();
            try {
                folder.rename(name, quarantine);
                renamed = true;
            } catch (IOException e) {
                renamed = false;
            }
            file = folder.open(renamed ? quarantine : name);
        }
        synchronized (this) {
            quarantined = true;
            name = renamed ? quarantine : name;
        }
    }

    /** The record of this sequence, which is one of this segment's. */
    StoredRecord read(long sequence) throws IOException {
        long position;
        long found;
        long limit;
        synchronized (this) {
            int entry = index.find(sequence);
            found = index.sequence(entry);
            position = index.position(entry);
            limit = end;
        }
        ByteBuffer window = read(position, (int) Math.min(WINDOW, limit - position), sequence);
        int start = 0;
        for (; found < sequence; found++) {
            start += size(window, start, found, sequence);
        }
        int size = size(window, start, sequence, sequence);
        if (size > limit - position - start) {
            throw damaged(sequence);
        }
        if (size > window.limit() - start) {
            window = read(position + start, size, sequence);
            start = 0;
        }
        if (size != RecordFormat.size(window, start) || !RecordFormat.isRecord(window, start, sequence)) {
            throw damaged(sequence);
        }
        return RecordFormat.read(window, start);
    }

    private ByteBuffer read(long position, int length, long sequence) throws IOException {
        ByteBuffer bytes = ByteBuffer.allocate(length);
        if (file.read(bytes.array(), 0, length, position) < length) {
            throw damaged(sequence);
        }
        return bytes;
    }

    private int size(ByteBuffer window, int start, long expected, long wanted) throws IOException {
        if (start > window.limit() - RecordFormat.OVERHEAD || RecordFormat.sequence(window, start) != expected) {
            throw damaged(wanted);
        }
        int size = RecordFormat.size(window, start);
        if (size < 0) {
            throw damaged(wanted);
        }
        return size;
    }

    private IOException damaged(long sequence) {
        return new IOException("record " + sequence + " of " + name() + " is damaged on disk");
    }

    void close() {
        Quietly.close(file);
    }
}
