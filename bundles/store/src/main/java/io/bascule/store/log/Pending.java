/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.store.log;

import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** What is appended and not safe yet, in log order: any thread adds to it, the committer takes from it. */
final class Pending {
    private static final int LARGE_CHUNK = 256 * 1024;

    private final long congestion;
    private final int chunkBytes;
    private final Deque<Chunk> chunks = new ArrayDeque<>();
    private final List<Runnable> whenRelieved = new ArrayList<>();
    private long nextSequence;
    private long bytes;
    private boolean taken;
    private boolean waiting;
    private boolean closed;

    Pending(long nextSequence, LogSettings settings) {
        this.nextSequence = nextSequence;
        this.congestion = settings.pendingBytes();
        this.chunkBytes =
                (int) Math.min(LARGE_CHUNK, settings.segmentBytes() / 4); // a segment is filled chunk by chunk
    }

    synchronized long append(byte type, ByteBuffer payload) {
        if (closed) {
            throw new IllegalStateException("the log is closed");
        }
        if (payload.remaining() > RecordFormat.MAX_PAYLOAD) {
            throw new IllegalArgumentException("a payload has at most " + RecordFormat.MAX_PAYLOAD + " bytes");
        }
        int size = RecordFormat.OVERHEAD + payload.remaining();
        Chunk last = chunks.peekLast();
        if (last != null && !taken && last.hasRoom(size)) {
            last.add(type, payload);
        } else {
            Chunk next = new Chunk(nextSequence, chunkBytes, size);
            next.add(type, payload);
            chunks.add(next);
            taken = false;
        }
        bytes += size;
        if (waiting) {
            waiting = false;
            notifyAll();
        }
        return nextSequence++;
    }

    /**
     * The oldest of what waits, which goes on waiting until {@link #remove}: as much as these bytes, but at least one
     * chunk. Waits until there is something; empty when there is nothing and nothing more to come.
     */
    synchronized List<Chunk> take(long most) throws InterruptedException {
        while (chunks.isEmpty() && !closed) {
            waiting = true;
            wait();
        }
        List<Chunk> batch = new ArrayList<>();
        long left = most;
        for (Chunk chunk : chunks) {
            left -= chunk.size();
            if (left < 0 && !batch.isEmpty()) {
                return batch;
            }
            batch.add(chunk);
        }
        taken = true;
        return batch;
    }

    /** Forgets what was taken: it is safe, and can be read elsewhere. */
    synchronized void remove(List<Chunk> batch) {
        for (Chunk chunk : batch) {
            chunks.remove();
            bytes -= chunk.size();
        }
    }

    /** The record of this sequence, or null when it is not pending. */
    StoredRecord read(long sequence) {
        ByteBuffer bytes;
        long found;
        synchronized (this) {
            Chunk chunk = find(sequence);
            if (chunk == null) {
                return null;
            }
            bytes = chunk.bytes();
            found = chunk.firstSequence();
        }
        int start = 0;
        for (; found < sequence; found++) {
            start += RecordFormat.size(bytes, start);
        }
        return RecordFormat.read(bytes, start);
    }

    private Chunk find(long sequence) {
        for (Chunk chunk : chunks) {
            if (chunk.firstSequence() <= sequence && sequence < chunk.nextSequence()) {
                return chunk;
            }
        }
        return null;
    }

    synchronized boolean isCongested() {
        return bytes >= congestion;
    }

    /** Whether there was congestion, so that this is kept. */
    synchronized boolean keepWhenRelieved(Runnable action) {
        return isCongested() && whenRelieved.add(action);
    }

    /** What was kept, where half of the bound is free again. */
    synchronized List<Runnable> relieved() {
        if (bytes > congestion / 2 || whenRelieved.isEmpty()) {
            return List.of();
        }
        List<Runnable> relieved = List.copyOf(whenRelieved);
        whenRelieved.clear();
        return relieved;
    }

    /** Waits for this time, less when the log is closed or the thread interrupted meanwhile. */
    synchronized void pause(long millis) {
        long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(millis);
        try {
            for (long left = millis; left > 0 && !closed; ) {
                wait(left);
                left = TimeUnit.NANOSECONDS.toMillis(end - System.nanoTime());
            }
        } catch (InterruptedException e) {
            return; // an action's mischief
        }
    }

    synchronized void close() {
        closed = true;
        notifyAll();
    }

    synchronized boolean isClosed() {
        return closed;
    }

    synchronized long bytes() {
        return bytes;
    }
}
