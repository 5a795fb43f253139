/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.bridge.retained;

import java.io.IOException;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What is done to the file of one bridge, one task after the other and away from the event loops. A change of a place in it is left out where the image
 * that has this place could not be written.
 */
final class FileTasks {
    private static final Logger LOG = LoggerFactory.getLogger(Remembered.class);
    private static final int NONE = -1;

    private final String bridge;
    private final ValuesFile file;
    private final Executor files;
    private final Object owner;
    private final Runnable notKept;

    // Under the lock of the owner:
    /** How many were made. */
    private int images;

    private boolean closed;

    /** Taken before that of the owner. */
    private final Object disk = new Object();

    // Under it:
    private int written;

    private volatile boolean troubleSaid;
    /** Whether nobody runs tasks any more, so that the file was deleted: none is to take its place but the last one. */
    private volatile boolean refused;

    /** What is done to it. */
    interface Task {
        void run(ValuesFile file) throws IOException;
    }

    /**
     * Does nothing yet.
     *
     * @param owner who calls, with his own lock
     * @param notKept called with that lock when the file is gone
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

    /** Writes what is made then, with the owner's lock and on another thread: it may be much. */
    void write(Supplier<byte[]> image) {
        try {
            execute(() -> attempt(writing(image)), () -> {});
        } catch (RejectedExecutionException e) {
            LOG.debug("bridge {}: the transport is going; what is remembered is kept when it closes", bridge);
        }
    }

    /** Writes it on this thread, before anything else is done. */
    void writeNow(byte[] image) {
        synchronized (disk) {
            attempt(writing(() -> image));
        }
    }

    private Task writing(Supplier<byte[]> image) {
        return it -> {
            written = NONE; // whatever is there, its places are others
            int number;
            byte[] made;
            synchronized (owner) {
                number = ++images;
                made = image.get();
            }
            it.write(made);
            if (refused) {
                throw new IOException("the transport is going");
            }
            written = number;
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
            if (written == number) {
                change.run(it);
            }
        };
        try {
            execute(() -> attempt(ifItIsThere), then);
        } catch (RejectedExecutionException e) {
            if (!closed) {
                refused = true;
                giveUp(e); // without the lock of the disk, for whose holder may wait for the owner's
                then.run();
            }
        }
    }

    private void execute(Runnable task, Runnable then) {
        files.execute(() -> {
            synchronized (disk) {
                if (!closed) {
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
            written = NONE;
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
        delete(bridge, file);
        synchronized (owner) {
            notKept.run();
        }
    }

    /** Writes the last image, which is made with both locks; what was to be done and is not never will be. */
    void close(Supplier<byte[]> last) {
        synchronized (disk) {
            synchronized (owner) {
                closed = true;
                refused = false;
                attempt(writing(last));
            }
        }
    }
}
