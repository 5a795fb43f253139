/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.security.file;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.Objects;

/** By what one sees that a file is another one than before, without reading it. */
final class Stamp {
    /** Whoever writes a file piece by piece seldom pauses for longer. */
    static final Duration CALM = Duration.ofSeconds(1);

    private final long size;
    private final FileTime modified;
    /** The inode; null where the file system has none. */
    private final Object key;

    private Stamp(BasicFileAttributes attributes) {
        this.size = attributes.size();
        this.modified = attributes.lastModifiedTime();
        this.key = attributes.fileKey();
    }

    /** @throws IOException also where it is something else than a file */
    static Stamp of(Path file) throws IOException {
        BasicFileAttributes attributes = Files.readAttributes(file, BasicFileAttributes.class);
        if (!attributes.isRegularFile()) {
            throw new IOException("it is not a file");
        }
        return new Stamp(attributes);
    }

    /** Not {@code equals}: the JDK keeps the class of a record that is compared so. */
    boolean same(Stamp other) {
        return other != null && size == other.size && modified.equals(other.modified) && Objects.equals(key, other.key);
    }

    /** Whether somebody may be writing it still. */
    boolean fresh() {
        return modified.toInstant().isAfter(Instant.now().minus(CALM));
    }
}
