/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.itests.support;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/** Folders that live as long as a test. */
public final class Folders {
    private Folders() {}

    /** A new, empty folder below the build's. */
    public static Path create(String name) {
        try {
            Path work =
                    Files.createDirectories(Path.of(System.getProperty("work")).toAbsolutePath());
            return Files.createTempDirectory(work, name + "-");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Removes a folder with all that is in it, which who is about to end may still write to. */
    public static void delete(Path folder) {
        Eventually.eventually("there is no " + folder, () -> {
            try (Stream<Path> files = Files.walk(folder)) {
                List<Path> deepestFirst =
                        files.sorted(Comparator.reverseOrder()).toList();
                for (Path file : deepestFirst) {
                    Files.deleteIfExists(file);
                }
            } catch (NoSuchFileException | DirectoryNotEmptyException | UncheckedIOException e) {
                // A file has come or gone meanwhile.
            }
            return Files.notExists(folder);
        });
    }
}
