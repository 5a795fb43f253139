/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.shell.command;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;

/** A payload from a file of the broker's machine. */
final class PayloadFile {
    /** What the Remaining Length of a packet can say at most (MQTT 5.0, section 1.5.5). */
    private static final int MOST_BYTES = 268_435_455;

    private PayloadFile() {}

    /** Its content; a file that has no end, such as a device, is refused. */
    static byte[] read(String name) {
        try {
            Path file = Path.of(name);
            if (!Files.isRegularFile(file)) {
                throw new CommandFailure("There is no file " + file.toAbsolutePath() + ".");
            }
            if (Files.size(file) > MOST_BYTES) {
                throw new CommandFailure(
                        "A message has at most " + MOST_BYTES + " bytes, the file has " + Files.size(file) + ".");
            }
            try (InputStream in = Files.newInputStream(file)) {
                return in.readNBytes(MOST_BYTES);
            }
        } catch (IOException | InvalidPathException e) {
            throw new CommandFailure("The file " + name + " cannot be read: " + e.getMessage() + ".");
        }
    }
}
