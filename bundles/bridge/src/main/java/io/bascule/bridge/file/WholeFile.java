/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.bridge.file;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFileAttributeView;

/** Writes and deletes files so that whoever looks, also after a power cut, finds all of one or nothing of it. */
public final class WholeFile {
    /** Not {@code .cfg}: File Install passes over it. */
    private static final String TEMPORARY = ".new";

    private WholeFile() {}

    /** Puts the content in the place of this file, whose permissions it gets; where there was none, it is its owner's alone. */
    public static void write(Path file, byte[] content) throws IOException {
        Path place = Files.exists(file) ? file.toRealPath() : file.toAbsolutePath();
        Path temporary = Files.createTempFile(place.getParent(), place.getFileName() + ".", TEMPORARY);
        try {
            try (FileChannel channel = FileChannel.open(temporary, StandardOpenOption.WRITE)) {
                ByteBuffer bytes = ByteBuffer.wrap(content);
                while (bytes.hasRemaining()) {
                    channel.write(bytes);
                }
                channel.force(true);
            }
            if (Files.exists(place)
                    && Files.getFileStore(place).supportsFileAttributeView(PosixFileAttributeView.class)) {
                Files.setPosixFilePermissions(temporary, Files.getPosixFilePermissions(place));
            }
            Files.move(temporary, place, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } finally {
            Files.deleteIfExists(temporary);
        }
        force(place.getParent());
    }

    /** Deletes this file. */
    public static void delete(Path file) throws IOException {
        Files.deleteIfExists(file);
        force(file.toAbsolutePath().getParent());
    }

    /** Its entries; Windows opens no folder, and writes them by itself. */
    public static void force(Path folder) {
        try (FileChannel channel = FileChannel.open(folder, StandardOpenOption.READ)) {
            channel.force(true);
        } catch (IOException e) {
            // the file is in its place all the same
        }
    }
}
