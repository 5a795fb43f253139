/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.transport.internal.tls;

import io.bascule.config.Sizes;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;

/** Files that somebody has named in a configuration, and that may be something else altogether. */
final class BoundedFile {
    private BoundedFile() {}

    /** Reads all of a file that is not longer than this. */
    static byte[] read(Path file, int mostBytes) throws UnusableFileException {
        try {
            if (!Files.isRegularFile(file)) { // what is a pipe would never end
                throw new UnusableFileException(file, Files.exists(file) ? "is not a file" : "does not exist");
            }
            byte[] bytes;
            try (InputStream in = Files.newInputStream(file)) {
                bytes = in.readNBytes(mostBytes + 1);
            }
            if (bytes.length > mostBytes) {
                throw new UnusableFileException(file, "is longer than " + Sizes.format(mostBytes));
            }
            return bytes;
        } catch (NoSuchFileException e) {
            throw new UnusableFileException(file, "does not exist", e);
        } catch (AccessDeniedException e) {
            throw new UnusableFileException(file, "may not be read by this process", e);
        } catch (IOException e) {
            throw new UnusableFileException(file, "cannot be read: " + e.getMessage(), e);
        }
    }

    /** What changes when the file does: also when it is replaced, or a link on its way is turned to another one. */
    static String stamp(Path file) {
        try {
            BasicFileAttributes attributes = Files.readAttributes(file, BasicFileAttributes.class);
            return attributes.size() + " " + attributes.lastModifiedTime() + " " + attributes.fileKey();
        } catch (IOException e) {
            return e.getClass().getName();
        }
    }
}
