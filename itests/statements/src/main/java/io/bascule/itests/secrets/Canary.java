/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.itests.secrets;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/**
 * The secrets that tests give to the broker: passwords, keys, tokens. Each carries one word, so that one search finds whichever came out
 * where it must not be: in a log, on a console, in a file that was written back.
 */
public final class Canary {
    /** What every secret begins with. */
    public static final String WORD = "tell-tale-canary";

    private Canary() {}

    /** A secret of more than 32 characters, long enough for an HMAC of SHA-256; another for each name. */
    public static String secret(String name) {
        return WORD + "-that-must-never-be-seen-" + name;
    }

    /** The files below a folder that have a text in them, a secret or the word, in an encoding that extends ASCII. */
    public static List<Path> foundBelow(Path folder, String text) {
        try (Stream<Path> files = Files.walk(folder)) {
            return files.filter(Files::isRegularFile)
                    .filter(file -> isIn(file, text))
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static boolean isIn(Path file, String text) {
        try {
            return Files.readString(file, StandardCharsets.ISO_8859_1).contains(text);
        } catch (NoSuchFileException e) {
            return false; // deleted since by whoever uses the folder
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
