/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.bridge.retained;

import java.io.IOException;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.BooleanSupplier;
import java.util.function.IntFunction;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What is done to the file of one bridge, one task after the other and away from the event loops. A change of a place in it is left out where the image
 * that has this place could not be written.
 */
final class FileTasks {
    private static final Logger LOG = LoggerFactory.getLogger(Remembered.class);

    /** The number of the image that is there at first. */
    static final int FIRST = 0;

    private final String bridge;
    private final ValuesFile file;
    private final Executor files;
    private final Object owner;
    private final Runnable notKept;

    /** Taken before the lock of the owner. */
    private final Object disk = new Object();

    // Under the lock of the owner:
    /** The number of the image that was begun last, or given up. */
    private int images = FIRST;
    /** That of the one in the file. */
    private int written = FIRST;

    private boolean closed;

    private volatile boolean troubleSaid;

    /** What is done to it. */
    interface Task {
        void run(ValuesFile file) throws IOException;
    }

    /**
     * Does nothing yet.
     *
     * @param owner who calls, with his own lock
     * @param notKept called with that lock when the file is gone, and no image is in it any more
     */
    FileTasks(String bridge, ValuesFile file, Executor files, Object owner, Runnable notKept) {
        this.bridge = bridge;
        this.file = file;
        this.files = files;
        this.owner = owner;
        this.notKept = notKept;
    }

    /** What is in the file; nothing where it is damaged, and then it is gone. */
    ValuesFile.Content read() {
        try {
            return file.read();
        } catch (IOException e) {
            LOG.warn(
                    "bridge {}: what it remembered of retained messages cannot be read, and they cross once more: {}",
                    bridge,
                    e.toString());
            delete(bridge, file);
            return ValuesFile.Content.NOTHING;
        }
    }

    static void delete(String bridge, ValuesFile file) {
        try {
            file.delete();
        } catch (IOException | RuntimeException | LinkageError e) {
            LOG.warn("bridge {}: what it remembered of retained messages is still there: {}", bridge, e.toString());
        }
    }

    /** Whether the image of this number is in the file, or on its way there; called with the owner's lock, or where an earlier answer will do. */
    boolean has(int image) {
        return image != Value.NOWHERE && (image == images || image == written);
    }

    /** Whether the image of this number was begun last; called with the owner's lock. */
    boolean isLast(int image) {
        return image == images;
    }

    /**
     * Writes an image on another thread, since it may be much.
     *
     * @param isDue whether to, asked there
     * @param making makes the one of this number, without a lock
     */
    void write(BooleanSupplier isDue, IntFunction<ValuesFile.Written> making) {
        Task writing = writing(making);
        Task ifItIsDue = it -> {
            if (isDue.getAsBoolean()) {
                writing.run(it);
            }
        };
        try {
            execute(() -> attempt(ifItIsDue), () -> {});
        } catch (RejectedExecutionException e) {
            LOG.debug("bridge {}: the transport is going; what is remembered is kept when it closes", bridge);
        }
    }

    /** The same on this thread, before anything else is done. */
    void writeNow(IntFunction<ValuesFile.Written> making) {
        synchronized (disk) {
            attempt(writing(making));
        }
    }

    private Task writing(IntFunction<ValuesFile.Written> making) {
        return it -> {
            int number;
            synchronized (owner) {
                number = ++images;
            }
            it.write(making.apply(number));
            synchronized (owner) {
                if (number != images) { // it is given up, and the file was deleted before this came there
                    throw new IOException("the transport is going");
                }
                written = number;
            }
            troubleSaid = false;
        };
    }

    /**
     * Changes places of the image that was made last; called with the owner's lock. {@code then} runs behind that, whatever has become of it, on another
     * thread, or on this one where nobody runs tasks any more.
     */
    void change(Task change, Runnable then) {
        int number = images;
        Task ifItIsThere = it -> {
            if (isWritten(number)) {
                change.run(it);
            }
        };
        try {
            execute(() -> attempt(ifItIsThere), then);
        } catch (RejectedExecutionException e) {
            if (!closed) {
                giveUp(e); // without the lock of the disk, for whose holder may wait for the owner's
                then.run();
            }
        }
    }

    private boolean isWritten(int number) {
        synchronized (owner) {
            return written == number;
        }
    }

    private boolean isClosed() {
        synchronized (owner) {
            return closed;
        }
    }

    private void execute(Runnable task, Runnable then) {
        files.execute(() -> {
            synchronized (disk) {
                if (!isClosed()) {
                    try {
                        task.run();
                    } finally {
                        then.run();
                    }
                }
            }
        });
    }

    /** What cannot be done may be of any kind, and somebody waits for it. */
    private void attempt(Task task) {
        try {
            task.run(file);
        } catch (Throwable trouble) {
            giveUp(trouble);
        }
    }

    /** Where something cannot be written nothing is to be there that may be wrong. */
    private void giveUp(Throwable trouble) {
        if (!troubleSaid) {
            troubleSaid = true;
            LOG.warn(
                    "bridge {}: what it remembers of retained messages cannot be kept: {}", bridge, trouble.toString());
        }
        delete(bridge, file); // before what it is certain of counts for nothing
        synchronized (owner) {
            written = ++images;
            notKept.run();
        }
    }

    /** Writes the last image; what was to be done and is not never will be. */
    void close(IntFunction<ValuesFile.Written> last) {
        synchronized (disk) {
            synchronized (owner) {
                closed = true;
            }
            attempt(writing(last));
        }
    }
}
