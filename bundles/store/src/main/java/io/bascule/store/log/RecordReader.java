/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.store.log;

import java.io.IOException;
import java.nio.ByteBuffer;

/**
 * Goes through the records of a segment from its start to the first that is not whole. It holds no more in memory than
 * 256 KiB or, where a record is longer, than the file has.
 */
final class RecordReader {
    private static final int BUFFER = 256 * 1024;

    private final LogFile file;
    private final long size;
    private ByteBuffer buffer;
    private long bufferPosition = SegmentHeader.SIZE;
    private int current;
    private long position = SegmentHeader.SIZE;
    private long nextSequence;

    RecordReader(LogFile file, long firstSequence) throws IOException {
        this.file = file;
        this.size = file.size();
        this.buffer = ByteBuffer.allocate((int) Math.min(BUFFER, size)).limit(0);
        this.nextSequence = firstSequence;
    }

    /** Goes to the next record, if that is whole. Ends what {@link #payload} gave. */
    boolean advance() throws IOException {
        if (!buffered(RecordFormat.OVERHEAD)) {
            return false;
        }
        int length = RecordFormat.size(buffer, start());
        if (length < 0 || !buffered(length) || !RecordFormat.isRecord(buffer, start(), nextSequence)) {
            return false;
        }
        current = start();
        position += length;
        nextSequence++;
        return true;
    }

    private boolean buffered(int length) throws IOException {
        if (length > size - position) {
            return false;
        }
        if (start() + length > buffer.limit()) {
            if (length > buffer.capacity()) {
                buffer = ByteBuffer.allocate(length);
            }
            bufferPosition = position;
            buffer.limit(file.read(buffer.array(), 0, buffer.capacity(), position));
        }
        return start() + length <= buffer.limit();
    }

    private int start() {
        return (int) (position - bufferPosition);
    }

    byte type() {
        return RecordFormat.type(buffer, current);
    }

    ByteBuffer payload() {
        return RecordFormat.payload(buffer, current);
    }

    /** Where the next record begins in the file, if there is one. */
    long position() {
        return position;
    }

    long nextSequence() {
        return nextSequence;
    }
}
