/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.bridge.retained;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ValuesFileTest {
    @TempDir
    Path folder;

    /** What was in the folder when it was to reach the disk. */
    private final List<String> forced = new ArrayList<>();

    private ValuesFile file;

    @BeforeEach
    void open() {
        file = new ValuesFile(folder.resolve("b"), this::force);
    }

    private void force(Path each) {
        assertThat(each).isEqualTo(folder);
        try (var all = Files.list(each)) {
            forced.add(all.map(path -> path.getFileName().toString()).sorted().toList() + " of "
                    + (Files.exists(folder.resolve("b"))
                            ? file.read().sections().size()
                            : 0));
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private static ValuesFile.Written image(int sections) {
        ValuesFile.Image image = new ValuesFile.Image();
        for (int i = 0; i < sections; i++) {
            image.section(List.of("owner" + i), "");
        }
        return image.finish(false);
    }

    /** Else a power cut could bring the one before back, which nobody has made to doubt what is doubted in this one. */
    @Test
    void isInItsPlaceOnTheDiskBeforeAnythingIsChangedInIt() throws IOException {
        file.write(image(1));
        file.write(image(2));

        assertThat(forced).containsExactly("[b] of 1", "[b] of 2");
    }

    @Test
    void isGoneFromTheDisk() throws IOException {
        file.write(image(1));
        forced.clear();
        file.delete();
        file.delete();

        assertThat(forced).as("once: it was not there any more").containsExactly("[] of 0");
    }
}
