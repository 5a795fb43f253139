/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.store.log;

import java.nio.ByteBuffer;

/**
 * Records that are not safe yet, as they will be in a segment. What has been added never changes, so that a view of it may
 * be read while more is added.
 */
final class Chunk {
    private static final int SMALL = 4 * 1024;

    private final int most;
    private final long firstSequence;
    private long nextSequence;
    private ByteBuffer buffer;

    /** For so many bytes at most, but for one record of this size in any case. */
    Chunk(long firstSequence, int most, int size) {
        this.most = most;
        this.firstSequence = firstSequence;
        this.nextSequence = firstSequence;
        this.buffer = ByteBuffer.allocate(Math.max(Math.min(SMALL, most), size));
    }

    boolean hasRoom(int size) {
        return size <= most - buffer.position();
    }

    void add(byte type, ByteBuffer payload) {
        int size = buffer.position() + RecordFormat.OVERHEAD + payload.remaining();
        if (size > buffer.capacity()) {
            buffer = ByteBuffer.allocate(Math.max(size, Math.min(most, 2 * buffer.capacity())))
                    .put(buffer.flip());
        }
        RecordFormat.put(buffer, nextSequence, type, payload);
        nextSequence++;
    }

    long firstSequence() {
        return firstSequence;
    }

    long nextSequence() {
        return nextSequence;
    }

    int size() {
        return buffer.position();
    }

    /** A view of what has been added. */
    ByteBuffer bytes() {
        return buffer.duplicate().flip();
    }
}
