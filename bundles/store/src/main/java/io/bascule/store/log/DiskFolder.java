/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.store.log;

import java.io.Closeable;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.stream.Stream;

/**
 * A folder on disk. Where the file system knows owners and permissions, what it creates is for its owner only: the folder
 * 0700, files 0600. A folder that is there keeps its permissions.
 */
public final class DiskFolder implements Folder {
    private final Path path;
    private final boolean posix;

    private DiskFolder(Path path, boolean posix) {
        this.path = path;
        this.posix = posix;
    }

    /** Opens this folder, and creates it and those above it where they are not there. */
    public static DiskFolder open(Path path) throws IOException {
        boolean posix = path.getFileSystem().supportedFileAttributeViews().contains("posix");
        if (!Files.isDirectory(path)) {
            create(path.toAbsolutePath(), posix);
        }
        return new DiskFolder(path.toRealPath(), posix);
    }

    /** Opens this folder, where it is there. */
    public static DiskFolder find(Path path) throws IOException {
        if (!Files.isDirectory(path)) {
            throw new IOException("there is no folder " + path);
        }
        return new DiskFolder(
                path.toRealPath(),
                path.getFileSystem().supportedFileAttributeViews().contains("posix"));
    }

    private static void create(Path path, boolean posix) throws IOException {
        Path existing = path.getParent();
        while (!Files.isDirectory(existing)) {
            existing = existing.getParent();
        }
        Files.createDirectories(path, permissions(posix, "rwx------"));
        Path parent = path;
        do {
            parent = parent.getParent();
            new DiskFolder(parent, posix).force();
        } while (!parent.equals(existing));
    }

    @Override
    public List<String> list() throws IOException {
        try (Stream<Path> files = Files.list(path)) {
            return files.map(file -> file.getFileName().toString()).toList();
        }
    }

    @Override
    public LogFile create(String name) throws IOException {
        Path file = path.resolve(name);
        if (Files.exists(file)) {
            LogFile emptied = new DiskFile(file, true);
            try {
                emptied.truncate(0);
            } catch (IOException e) {
                emptied.close();
                throw e;
            }
            return emptied;
        }
        Files.createFile(file, permissions(posix, "rw-------"));
        return new DiskFile(file, true);
    }

    @Override
    public LogFile open(String name) throws IOException {
        return new DiskFile(path.resolve(name), true);
    }

    @Override
    public LogFile openToRead(String name) throws IOException {
        return new DiskFile(path.resolve(name), false);
    }

    @Override
    public void rename(String from, String to) throws IOException {
        Files.move(path.resolve(from), path.resolve(to), StandardCopyOption.ATOMIC_MOVE);
    }

    @Override
    public void delete(String name) throws IOException {
        Files.deleteIfExists(path.resolve(name));
    }

    @Override
    public void force() throws IOException {
        if (posix) { // elsewhere a folder cannot be opened, and its journal sees to the order
            try (FileChannel folder = FileChannel.open(path, StandardOpenOption.READ)) {
                folder.force(true);
            }
        }
    }

    @Override
    public Closeable lock() throws IOException {
        return FolderLock.take(path, permissions(posix, "rw-------"));
    }

    /**
     * Keeps others from using the folder while it is read, until what it returns is closed, and changes nothing in it. Where it was never
     * used, and so has no file to lock, that holds for this process alone.
     *
     * @throws IOException which names who has it, where somebody has
     */
    public Closeable lockToRead() throws IOException {
        return FolderLock.takeToRead(path);
    }

    private static FileAttribute<?>[] permissions(boolean posix, String permissions) {
        return posix
                ? new FileAttribute<?>[] {
                    PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString(permissions))
                }
                : new FileAttribute<?>[0];
    }
}
