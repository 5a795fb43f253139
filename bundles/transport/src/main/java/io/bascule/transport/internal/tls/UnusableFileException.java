/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.transport.internal.tls;

import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;

/** A file does not hold what it is to hold. The message is one sentence for people that begins with the file and contains no secret. */
final class UnusableFileException extends Exception {
    private static final long serialVersionUID = 1;

    UnusableFileException(Path file, String sentence) {
        super(file + " " + sentence);
    }

    UnusableFileException(Path file, String sentence, Throwable cause) {
        super(file + " " + sentence, cause);
    }

    /** Of files that are used together. */
    UnusableFileException(List<Path> files, String sentence, Throwable cause) {
        super(files.stream().map(Path::toString).collect(Collectors.joining(", ")) + " " + sentence, cause);
    }
}
