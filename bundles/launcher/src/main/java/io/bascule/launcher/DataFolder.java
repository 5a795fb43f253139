/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.launcher;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;

/**
 * The data folder, held by one broker at a time. The framework's own lock does not do: it is deleted with the storage
 * that is cleaned at every start.
 */
final class DataFolder implements AutoCloseable {
    private static final String LOCK = "lock";

    private final FileChannel lock;

    private DataFolder(FileChannel lock) {
        this.lock = lock;
    }

    /**
     * Takes the folder, and makes it where it is missing: then for its owner alone, since the framework keeps configurations in it, which
     * may have secrets.
     */
    static DataFolder take(Path path) throws StartException {
        FileChannel channel;
        try {
            Files.createDirectories(path, ownerAlone(path));
            channel = FileChannel.open(path.resolve(LOCK), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        } catch (IOException e) {
            throw new StartException("the data folder " + path + " cannot be written: " + Errors.reason(e), e);
        }
        try {
            // Kept by the channel, and by the operating system should this process die.
            FileLock held = channel.tryLock();
            if (held != null) {
                return new DataFolder(channel);
            }
        } catch (OverlappingFileLockException e) {
            // Another broker in this JVM.
        } catch (IOException e) {
            close(channel);
            throw new StartException("the data folder " + path + " cannot be locked: " + Errors.reason(e), e);
        }
        close(channel);
        throw new StartException("another broker runs on the data folder " + path);
    }

    private static FileAttribute<?>[] ownerAlone(Path path) {
        return path.getFileSystem().supportedFileAttributeViews().contains("posix")
                ? new FileAttribute<?>[] {
                    PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------"))
                }
                : new FileAttribute<?>[0];
    }

    @Override
    public void close() {
        close(lock);
    }

    private static void close(FileChannel channel) {
        try {
            channel.close();
        } catch (IOException e) {
            // Nothing was written, and the lock goes with the descriptor.
        }
    }
}
