/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.store.log;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.time.Instant;
import java.util.Set;

/**
 * The file {@code lock} of a folder: locked by the process that uses it, and holding that process's id and start.
 *
 * <p>Within one process a system property says so before the file is opened at all. POSIX drops every lock that a process
 * has on a file when the process closes any descriptor of it, so that a second attempt would unlock the folder by failing.
 * A property, since a static field does not reach over an update of the bundle.
 */
final class FolderLock implements Closeable {
    /** Far behind what the file holds: other processes on Windows cannot read what is locked. */
    private static final long LOCKED_BYTE = Long.MAX_VALUE - 1;

    private static final int MOST_OF_A_HOLDER = 200;

    private final String claim;
    private final FileChannel channel;

    private FolderLock(String claim, FileChannel channel) {
        this.claim = claim;
        this.channel = channel;
    }

    static FolderLock take(Path folder, FileAttribute<?>... permissions) throws IOException {
        String claim = "io.bascule.store.lock " + folder;
        String me = describe(ProcessHandle.current());
        if (System.getProperties().putIfAbsent(claim, me) != null) {
            throw heldBy(folder, me + ", this process");
        }
        FileChannel channel = null;
        try {
            channel = FileChannel.open(
                    folder.resolve("lock"),
                    Set.of(StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE),
                    permissions);
            FileLock lock = channel.tryLock(LOCKED_BYTE, 1, false);
            if (lock == null) {
                throw heldBy(folder, holder(channel));
            }
            write(channel, me);
            return new FolderLock(claim, channel);
        } catch (IOException | RuntimeException e) {
            if (channel != null) {
                Quietly.close(channel);
            }
            System.getProperties().remove(claim);
            throw e;
        }
    }

    private static void write(FileChannel channel, String holder) throws IOException {
        try {
            channel.write(StandardCharsets.UTF_8.encode(holder), 0);
            channel.truncate(holder.length());
        } catch (IOException e) {
            if (!channel.isOpen()) {
                throw e; // an interrupt closed it, and the lock is gone
            }
            // Otherwise the disk is full: the lock holds, only without a name.
        }
    }

    private static String describe(ProcessHandle process) {
        String start = process.info().startInstant().map(Instant::toString).orElse("an unknown time");
        return "process " + process.pid() + " started at " + start;
    }

    private static String holder(FileChannel channel) throws IOException {
        ByteBuffer bytes = ByteBuffer.allocate(MOST_OF_A_HOLDER);
        channel.read(bytes, 0);
        return StandardCharsets.UTF_8.decode(bytes.flip()).toString();
    }

    private static IOException heldBy(Path folder, String holder) {
        return new IOException("the store's folder " + folder + " is in use by " + holder);
    }

    @Override
    public void close() throws IOException {
        try {
            channel.close();
        } finally {
            System.getProperties().remove(claim);
        }
    }
}
