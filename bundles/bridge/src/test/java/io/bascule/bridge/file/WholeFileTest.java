/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.bridge.file;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

@DisabledOnOs(OS.WINDOWS)
class WholeFileTest {
    @TempDir
    Path folder;

    @Test
    void aNewOneIsItsOwnersAlone() throws IOException {
        WholeFile.write(folder.resolve("a.cfg"), "x".getBytes(UTF_8));

        assertThat(folder.resolve("a.cfg")).hasContent("x");
        assertThat(permissions("a.cfg")).isEqualTo("rw-------");
        assertThat(files()).containsExactly("a.cfg");
    }

    @Test
    void aReplacedOneKeepsItsPermissions() throws IOException {
        Path file = Files.writeString(folder.resolve("a.cfg"), "x");
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r--r--"));

        WholeFile.write(file, "y".getBytes(UTF_8));

        assertThat(file).hasContent("y");
        assertThat(permissions("a.cfg")).isEqualTo("rw-r--r--");
    }

    @Test
    void aLinkStaysOne() throws IOException {
        Path real =
                Files.writeString(Files.createDirectory(folder.resolve("else")).resolve("real.cfg"), "x");
        Path link = Files.createSymbolicLink(folder.resolve("a.cfg"), real);

        WholeFile.write(link, "y".getBytes(UTF_8));

        assertThat(link).isSymbolicLink().hasContent("y");
    }

    @Test
    void leavesNothingBehindWhenItFails() throws IOException {
        Files.writeString(Files.createDirectory(folder.resolve("a.cfg")).resolve("inside"), "x");

        assertThatThrownBy(() -> WholeFile.write(folder.resolve("a.cfg"), "y".getBytes(UTF_8)))
                .isInstanceOf(IOException.class);

        assertThat(files()).containsExactly("a.cfg");
    }

    @Test
    void deletes() throws IOException {
        WholeFile.delete(Files.writeString(folder.resolve("a.cfg"), "x"));

        assertThat(files()).isEmpty();
    }

    private String permissions(String name) throws IOException {
        return PosixFilePermissions.toString(Files.getPosixFilePermissions(folder.resolve(name)));
    }

    private List<String> files() throws IOException {
        try (Stream<Path> all = Files.list(folder)) {
            return all.map(file -> file.getFileName().toString()).toList();
        }
    }
}
