/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.store.log;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
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
    private static final String FILE = "lock";

    private final String claim;
    /** Null where nobody else can lock the folder. */
    private final FileChannel channel;

    private FolderLock(String claim, FileChannel channel) {
        this.claim = claim;
        this.channel = channel;
    }

    static FolderLock take(Path folder, FileAttribute<?>... permissions) throws IOException {
        String me = describe(ProcessHandle.current());
        String claim = claim(folder, me);
        FileChannel channel = null;
        try {
            channel = FileChannel.open(
                    folder.resolve(FILE),
                    Set.of(StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE),
                    permissions);
            lock(folder, channel, false);
            write(channel, me);
            return new FolderLock(claim, channel);
        } catch (IOException | RuntimeException e) {
            release(claim, channel);
            throw e;
        }
    }

    /** One that changes nothing in the folder, and keeps those from it who would. */
    static FolderLock takeToRead(Path folder) throws IOException {
        String claim = claim(folder, describe(ProcessHandle.current()));
        FileChannel channel = null;
        try {
            if (Files.exists(folder.resolve(FILE))) {
                channel = FileChannel.open(folder.resolve(FILE), StandardOpenOption.READ);
                lock(folder, channel, true);
            }
            return new FolderLock(claim, channel);
        } catch (IOException | RuntimeException e) {
            release(claim, channel);
            throw e;
        }
    }

    private static String claim(Path folder, String me) throws IOException {
        String claim = "io.bascule.store.lock " + folder;
        if (System.getProperties().putIfAbsent(claim, me) != null) {
            throw heldBy(folder, me + ", this process");
        }
        return claim;
    }

    private static void lock(Path folder, FileChannel channel, boolean shared) throws IOException {
        if (channel.tryLock(LOCKED_BYTE, 1, shared) == null) {
            throw heldBy(folder, holder(channel));
        }
    }

    private static void release(String claim, FileChannel channel) {
        if (channel != null) {
            Quietly.close(channel);
        }
        System.getProperties().remove(claim);
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
    public void close() {
        release(claim, channel);
    }
}
