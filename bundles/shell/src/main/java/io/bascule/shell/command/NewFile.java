/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.shell.command;

import java.io.BufferedWriter;
import java.io.IOException;
import java.io.OutputStreamWriter;
import java.io.Writer;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;

/**
 * A file of the broker's machine that is to be there whole or not at all, and for its owner alone where the file system knows owners: what
 * is written may be confidential.
 */
final class NewFile {
    private final Path path;

    private NewFile(Path path) {
        this.path = path;
    }

    /** What writes the content. */
    interface Content {
        void writeTo(Writer out) throws IOException;
    }

    /** @throws CommandFailure when there is a file already, or no folder for it */
    static NewFile at(String name) {
        try {
            Path path = Path.of(name).toAbsolutePath();
            if (Files.exists(path)) {
                throw new CommandFailure("There is a file " + path + " already.");
            }
            if (!Files.isDirectory(path.getParent())) {
                throw new CommandFailure("There is no folder " + path.getParent() + ".");
            }
            return new NewFile(path);
        } catch (InvalidPathException e) {
            throw new CommandFailure("The file " + name + " cannot be written: " + e.getMessage() + ".");
        }
    }

    /** Writes it as UTF-8, and leaves nothing behind where that fails. */
    void write(Content content) {
        try {
            Path temporary = Files.createTempFile(path.getParent(), ".", ".tmp"); // its owner's alone
            try {
                write(temporary, content);
                Files.move(temporary, path, StandardCopyOption.ATOMIC_MOVE);
            } finally {
                Files.deleteIfExists(temporary);
            }
        } catch (IOException e) {
            throw new CommandFailure("The file " + path + " cannot be written: " + e.getMessage() + ".");
        }
    }

    private static void write(Path file, Content content) throws IOException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE);
                Writer out = new BufferedWriter(
                        new OutputStreamWriter(Channels.newOutputStream(channel), StandardCharsets.UTF_8))) {
            content.writeTo(out);
            out.flush();
            channel.force(true);
        }
    }

    @Override
    public String toString() {
        return path.toString();
    }
}
