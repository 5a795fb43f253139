/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.itests.secrets;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the tests of the other modules have printed and left: the reports have all that they wrote, Karaf's folder its logs and caches. */
class OutputOfTheTestsTest {
    private static final Path ROOT = Path.of(System.getProperty("root"));
    private static final Set<String> OUTPUT = Set.of("surefire-reports", "failsafe-reports", "exam");

    @TempDir
    Path folder;

    @Test
    void hasNoSecret() throws IOException {
        List<Path> outputs = outputs(ROOT);

        assertThat(outputs).as("the tests of this build have run").hasSizeGreaterThan(1);
        assertThat(outputs)
                .flatMap(output -> Canary.foundBelow(output, Canary.WORD))
                .as("files with the secret of a test in them")
                .isEmpty();
    }

    /** The search itself. */
    @Test
    void wouldBeSeenToHaveOne() throws IOException {
        Path reports = Files.createDirectories(folder.resolve("module/target/failsafe-reports"));
        Path log = Files.writeString(
                reports.resolve("some.log"), "größe: password = " + Canary.secret("seeded") + ", and more\n");
        Files.writeString(reports.resolve("other.log"), "password = ***\n");

        assertThat(outputs(folder)).containsExactly(reports);
        assertThat(Canary.foundBelow(reports, Canary.WORD)).containsExactly(log);
    }

    private static List<Path> outputs(Path root) throws IOException {
        try (Stream<Path> folders = Files.walk(root, 5)) {
            return folders.filter(Files::isDirectory)
                    .filter(folder -> OUTPUT.contains(folder.getFileName().toString()))
                    .toList();
        }
    }
}
