/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.store;

import io.bascule.api.StoreFigures.Compaction;
import io.bascule.store.log.SegmentInfo;
import io.bascule.store.log.SegmentedLog;
import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps what the log takes on disk below three times what is live, and two segments. What the oldest segments have that is live is
 * appended anew, as it is at present, until the oldest has nothing; and that is deleted. Strictly in this order: records say that things in
 * older ones are over, so that none may be deleted before those.
 */
class Compactor implements Runnable {
    private static final Logger LOG = LoggerFactory.getLogger(Compactor.class);

    private static final int BATCH = 64;
    private static final long BATCH_BYTES = 256 << 10;

    /** The bound is kept from a bit below: it is looked at only now and then. */
    private static final double SPARE_SEGMENTS = 1.25;

    private static final int FEW_SEGMENTS = 8;
    private static final long PAUSE_MILLIS = 1_000;

    private final State state;
    private final SegmentedLog log;
    private final long segmentBytes;
    /** How many want all segments to stay; guarded by {@link #deletions}. */
    private int held;
    /** Nothing of these is live any more; they are to be deleted when the log is safe up to {@link #emptyAsOf}. */
    private List<SegmentInfo> empty = List.of();

    private long emptyAsOf;
    private final AtomicLong copiedBytes = new AtomicLong();
    private final AtomicLong deletedSegments = new AtomicLong();
    private volatile boolean running;
    private final Object deletions = new Object();
    private boolean nudged;
    private boolean closed;
    private boolean failed;

    private record Found(Live live, long sequence) {}

    Compactor(State state, SegmentedLog log, long segmentBytes) {
        this.state = state;
        this.log = log;
        this.segmentBytes = segmentBytes;
    }

    /** There may be something to do. */
    synchronized void nudge() {
        nudged = true;
        notifyAll();
    }

    synchronized void close() {
        closed = true;
        notifyAll();
    }

    /** What it does, and has done. From any thread. */
    Compaction info() {
        return new Compaction(running, copiedBytes.get(), deletedSegments.get());
    }

    @Override
    public void run() {
        while (await(0)) {
            try {
                boolean more = true;
                while (more && !isClosed()) {
                    more = step();
                }
                failed = false;
            } catch (IOException | RuntimeException e) {
                if (!failed && !isClosed()) {
                    LOG.error("The store cannot be compacted, and tries again: {}", e.getMessage());
                }
                failed = true;
                await(PAUSE_MILLIS);
                nudge();
            }
        }
    }

    private synchronized boolean isClosed() {
        return closed;
    }

    /** Waits until it is nudged, or for so long where that is not 0; false when it is closed. */
    private synchronized boolean await(long millis) {
        long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(millis);
        try {
            while (!closed && (millis == 0 ? !nudged : System.nanoTime() - end < 0)) {
                wait(millis);
            }
        } catch (InterruptedException e) {
            return false;
        }
        nudged = false;
        return !closed;
    }

    /** Does a bounded part of what is to do. Whether there is more that can be done now; otherwise it is nudged when there is. */
    boolean step() throws IOException {
        boolean more = empty.isEmpty() ? find() : delete();
        running = more;
        return more;
    }

    /** Finds something to do, and does a part of it. */
    private boolean find() throws IOException {
        List<SegmentInfo> segments = log.segments();
        if (segments.isEmpty()) {
            nudgeWhenWritten();
            return false;
        }
        long live;
        synchronized (state) {
            Live first = state.live().first();
            long needed = first == null ? Long.MAX_VALUE : first.sequence();
            empty = segments.subList(0, segments.size() - 1).stream()
                    .takeWhile(each -> each.nextSequence() <= needed)
                    .toList();
            emptyAsOf = state.lastSequence();
            live = state.live().bytes();
        }
        return !empty.isEmpty() || isDue(segments, live) && move(segments);
    }

    private boolean delete() throws IOException {
        if (!isSafe(emptyAsOf)) {
            nudgeWhenWritten();
            return false;
        }
        synchronized (deletions) {
            if (held > 0) {
                return false;
            }
            log.delete(empty.get(0).number());
        }
        empty = empty.subList(1, empty.size());
        deletedSegments.incrementAndGet();
        return true;
    }

    /** Deletes no segment until what it returns is closed. Waits for the disk where it deletes one just now. */
    Closeable hold() {
        synchronized (deletions) {
            held++;
        }
        return () -> {
            synchronized (deletions) {
                held--;
            }
            nudge();
        };
    }

    /** Whether nothing up to this record can be lost: neither the copies, nor what says that the rest is over. */
    boolean isSafe(long sequence) {
        return log.isWritten(sequence);
    }

    private boolean isDue(List<SegmentInfo> segments, long live) {
        return log.bytes() > 3 * live + SPARE_SEGMENTS * segmentBytes
                || segments.size() > FEW_SEGMENTS + 3 * live / segmentBytes;
    }

    private boolean move(List<SegmentInfo> segments) throws IOException {
        if (log.isCongested()) {
            log.whenRelieved(this::nudge);
            return false;
        }
        if (log.failure().isPresent()) {
            nudgeWhenWritten();
            return false;
        }
        if (segments.size() > 1) {
            copy(segments.get(0).nextSequence());
            return true;
        }
        if (segments.get(0).bytes() >= segmentBytes) {
            synchronized (state) {
                state.appendTick(); // the last segment is full of what is over, and is not the last with this
            }
        }
        nudgeWhenWritten();
        return false;
    }

    private void nudgeWhenWritten() {
        long last;
        synchronized (state) {
            last = state.lastSequence();
        }
        log.whenWritten(last, this::nudge);
    }

    /** Appends anew some of what is live before this sequence. */
    private void copy(long end) throws IOException {
        List<Found> batch = new ArrayList<>();
        synchronized (state) {
            long bytes = 0;
            Live each = state.live().first();
            while (each != null && each.sequence() < end && batch.size() < BATCH && bytes < BATCH_BYTES) {
                batch.add(new Found(each, each.sequence()));
                bytes += each.bytes();
                each = each.next;
            }
        }
        List<ByteBuffer> records = new ArrayList<>();
        for (Found each : batch) {
            records.add(each.live().isOnDiskAlone() ? ByteBuffer.wrap(read(each.sequence())) : null);
        }
        synchronized (state) {
            for (int i = 0; i < records.size(); i++) {
                Found found = batch.get(i);
                if (isUnchanged(found.live(), found.sequence())) {
                    state.append(found.live(), found.live().copy(records.get(i)));
                    copiedBytes.addAndGet(found.live().bytes());
                }
            }
        }
    }

    /** Without the lock: what is there may change meanwhile. */
    byte[] read(long sequence) throws IOException {
        return log.read(sequence).payload();
    }

    /** Whether this is still live, by the record that was read. */
    boolean isUnchanged(Live live, long sequence) {
        return live.isLive() && live.sequence() == sequence;
    }
}
