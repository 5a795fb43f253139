/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.itests.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

class ConformanceTest {
    private static final String COMMAND = "./mvnw test -pl itests/conformance -am -Dtest=ConformanceTest"
            + " -Dsurefire.failIfNoSpecifiedTests=false -Dconformance.write=true";

    private static final List<String> MODULES = List.of(
            "bundles/api",
            "bundles/subscriptions",
            "bundles/transport",
            "bundles/broker",
            "bundles/bridge",
            "itests/framework");

    private final Path root = Path.of(System.getProperty("root"));
    private final AnnotatedTests tests = AnnotatedTests.of(root, MODULES);

    @Test
    void annotationsNameStatementsThatExistOnTests() {
        assertThat(tests.mistakes()).isEmpty();
    }

    @Test
    void thePageSaysWhatTheTestsSay() throws IOException {
        Path page = root.resolve("docs/conformance.md");
        String made = ConformancePage.of(tests, COMMAND);
        if (Boolean.getBoolean("conformance.write")) {
            Files.writeString(page, made);
        }
        // Not isEqualTo: it would print the whole page twice, and the command with it would be lost.
        assertThat(Files.readString(page).equals(made))
                .as("docs/conformance.md is not what the tests say. Run:\n\n    %s\n", COMMAND)
                .isTrue();
    }
}
