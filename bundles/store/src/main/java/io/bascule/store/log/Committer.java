/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.store.log;

import java.io.Closeable;
import java.io.IOException;
import java.util.List;

/**
 * Makes safe what is pending, in groups: whatever was appended while the disk was busy is the next group. It is the only
 * one that writes to segments.
 *
 * <p>When the disk refuses, the group stays pending, the segment is written no more, and it tries again with a new one
 * until that works or the log is closed.
 */
final class Committer implements Runnable {
    /** Bounds how long the first record of a group waits for the last. */
    private static final long GROUP_BYTES = 4 << 20;

    /** Instead of a pause: the log is closed. */
    static final long ENDED = -1;

    private static final long FIRST_PAUSE_MILLIS = 10;
    private static final long LONGEST_PAUSE_MILLIS = 1_000;

    private final Pending pending;
    private final Segments segments;
    private final Acknowledgements acknowledgements;
    private final boolean forcing;
    private final LogListener listener;
    private final Closeable lock;
    private final CommitTimes times = new CommitTimes();
    private volatile IOException failure;
    /** Whether the log was closed when the attempt began. One that was under way then is not the last. */
    private boolean lastAttempt;

    private long pauseMillis = FIRST_PAUSE_MILLIS;

    Committer(
            Pending pending,
            Segments segments,
            Acknowledgements acknowledgements,
            boolean forcing,
            LogListener listener,
            Closeable lock) {
        this.pending = pending;
        this.segments = segments;
        this.acknowledgements = acknowledgements;
        this.forcing = forcing;
        this.listener = listener;
        this.lock = lock;
    }

    CommitTimes times() {
        return times;
    }

    /** Why nothing becomes safe, or null. */
    IOException failure() {
        return failure;
    }

    @Override
    public void run() {
        try {
            for (long pause = attempt(); pause != ENDED; pause = attempt()) {
                pending.pause(pause);
            }
        } finally {
            pending.close(); // whatever ended this thread: nobody is to append for nothing
            end();
        }
    }

    /**
     * Waits for a group and makes it safe. Whatever happens to it: without this thread all would wait for ever.
     *
     * @return how many milliseconds to wait until the next attempt, or {@link #ENDED}
     */
    long attempt() {
        try {
            return commit() ? 0 : ENDED;
        } catch (InterruptedException e) {
            return 0; // an action's mischief
        } catch (Throwable e) {
            return refused(e instanceof IOException io ? io : new IOException(e));
        }
    }

    void end() {
        segments.close();
        Quietly.close(lock);
    }

    /** Whether there may be more. */
    private boolean commit() throws IOException, InterruptedException {
        List<Chunk> group = pending.take(Math.min(GROUP_BYTES, segments.room()));
        if (group.isEmpty()) {
            return false;
        }
        lastAttempt = pending.isClosed();
        Thread.interrupted(); // an action may have interrupted this thread, and writing would close the file
        long start = System.nanoTime();
        save(group);
        times.add(System.nanoTime() - start);
        pending.remove(group);
        acknowledgements.advance(group.get(group.size() - 1).nextSequence() - 1, this::guarded);
        if (failure != null) {
            failure = null;
            pauseMillis = FIRST_PAUSE_MILLIS;
            guarded(listener::recovered);
        }
        pending.relieved().forEach(this::guarded);
        return true;
    }

    private void save(List<Chunk> group) throws IOException {
        long bytes = group.stream().mapToLong(Chunk::size).sum();
        Segment segment = segments.forWriting(group.get(0).firstSequence(), bytes);
        segment.write(group);
        if (forcing) {
            segment.force();
        }
        segment.add(group);
    }

    private long refused(IOException reason) {
        boolean first = failure == null;
        failure = reason;
        if (first) {
            guarded(() -> listener.failed(reason));
        }
        segments.poison();
        if (lastAttempt) {
            return ENDED;
        }
        long pause = pauseMillis;
        pauseMillis = Math.min(LONGEST_PAUSE_MILLIS, 2 * pauseMillis);
        return pause;
    }

    private void guarded(Runnable action) {
        try {
            action.run();
        } catch (Throwable e) { // its author's, who is not to stop all others
            Thread thread = Thread.currentThread();
            thread.getUncaughtExceptionHandler().uncaughtException(thread, e);
        }
    }
}
