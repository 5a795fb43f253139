/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.security.file;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFilePermissions;

/** Puts a new content in the place of a file, so that whoever looks, also after a power cut, finds all of one or of the other. */
final class NewContent {
    private NewContent() {}

    /** Looks for the last time whether the file may be replaced. */
    interface Permit {
        /** @throws IOException where it may not */
        void check() throws IOException;
    }

    /** Replaces the file, or the one that a link of its name leads to; from then on it is its owner's alone. */
    static void write(Path file, String content, Permit permit) throws IOException {
        Path place = Files.exists(file) ? file.toRealPath() : file;
        Path temporary = Files.createTempFile(place.getParent(), place.getFileName() + ".", ".new");
        try {
            if (Files.getFileStore(temporary).supportsFileAttributeView(PosixFileAttributeView.class)) {
                Files.setPosixFilePermissions(temporary, PosixFilePermissions.fromString("rw-------"));
            }
            try (FileChannel channel = FileChannel.open(temporary, StandardOpenOption.WRITE)) {
                ByteBuffer bytes = StandardCharsets.UTF_8.encode(content);
                while (bytes.hasRemaining()) {
                    channel.write(bytes);
                }
                channel.force(true);
            }
            permit.check();
            Files.move(temporary, place, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } finally {
            Files.deleteIfExists(temporary);
        }
        force(place.getParent());
    }

    /** The folder's entries; Windows opens no folder, and writes them by itself. */
    private static void force(Path folder) {
        try (FileChannel channel = FileChannel.open(folder, StandardOpenOption.READ)) {
            channel.force(true);
        } catch (IOException e) {
            // the file is in its place all the same
        }
    }
}
