/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.launcher;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** What is said of folders that cannot be used. */
class FoldersTest {
    @TempDir
    Path folder;

    @Test
    void needsNoConfiguration() {
        Settings settings = new Settings(folder.resolve("none"), folder, false);

        assertThatCode(settings::check).doesNotThrowAnyException();
    }

    @Test
    void refusesAFileForAFolder() throws IOException {
        Path file = Files.createFile(folder.resolve("etc"));

        assertThatThrownBy(() -> new Settings(file, folder, false).check())
                .isInstanceOf(StartException.class)
                .hasMessage("the configuration " + file + " is a file, not a folder");
        assertThatThrownBy(() -> DataFolder.take(file))
                .isInstanceOf(StartException.class)
                .hasMessage("the data folder " + file + " cannot be written: a file of that name is in the way");
    }

    @Test
    void makesTheDataFolder() throws StartException {
        Path data = folder.resolve("var").resolve("data");

        DataFolder.take(data).close();

        assertThat(data).isDirectory();
    }

    @Test
    @EnabledOnOs({OS.LINUX, OS.MAC})
    void makesItForItsOwnerAlone() throws Exception {
        Path data = folder.resolve("var").resolve("data");

        DataFolder.take(data).close();

        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(data)))
                .isEqualTo("rwx------");
    }

    @Test
    void letsOneBrokerUseADataFolder() throws StartException {
        try (DataFolder first = DataFolder.take(folder)) {
            assertThat(first).isNotNull();
            assertThatThrownBy(() -> DataFolder.take(folder))
                    .isInstanceOf(StartException.class)
                    .hasMessage("another broker runs on the data folder " + folder);
        }
        assertThatCode(() -> DataFolder.take(folder).close()).doesNotThrowAnyException();
    }
}
