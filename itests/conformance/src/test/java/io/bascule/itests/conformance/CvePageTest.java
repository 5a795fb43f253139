/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.itests.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import io.bascule.itests.statements.Cve;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class CvePageTest {
    private static final String COMMAND = "./mvnw test -pl itests/conformance -am -Dtest=CvePageTest"
            + " -Dsurefire.failIfNoSpecifiedTests=false -Dconformance.write=true";

    private static final List<String> MODULES = List.of(
            "bundles/api",
            "bundles/subscriptions",
            "bundles/transport",
            "bundles/broker",
            "bundles/bridge",
            "bundles/security",
            "bundles/store",
            "bundles/launcher",
            "itests/framework");

    private final Path root = Path.of(System.getProperty("root"));
    private final List<Vulnerability> vulnerabilities = Vulnerability.all();
    private final List<TestMethod> tests = TestMethod.annotated(Cve.class, root, MODULES);

    private Map<String, SortedSet<String>> byVulnerability() {
        Map<String, SortedSet<String>> byVulnerability = new TreeMap<>();
        for (TestMethod test : tests) {
            for (String id : test.values().get("value")) {
                byVulnerability.computeIfAbsent(id, key -> new TreeSet<>()).add(test.name());
            }
        }
        return byVulnerability;
    }

    @Test
    void annotationsAreOnTests() {
        assertThat(tests).allMatch(TestMethod::isTest);
    }

    @Test
    void eachIsInTheListOnce() {
        assertThat(vulnerabilities).extracting(Vulnerability::id).doesNotHaveDuplicates();
    }

    @Test
    void eachHasATestOrAReasonForHavingNone() {
        Set<String> testable = vulnerabilities.stream()
                .filter(each -> each.cannotApply().isEmpty())
                .map(Vulnerability::id)
                .collect(Collectors.toSet());

        assertThat(byVulnerability().keySet()).isEqualTo(testable);
    }

    @Test
    void thePageSaysWhatTheTestsSay() throws IOException {
        Path page = root.resolve("docs/cves.md");
        Map<String, String> sources = new TreeMap<>();
        tests.forEach(test -> sources.put(test.topLevel(), test.source()));
        String made = CvePage.of(vulnerabilities, byVulnerability(), sources, COMMAND);
        if (Boolean.getBoolean("conformance.write")) {
            Files.writeString(page, made);
        }
        // Not isEqualTo: it would print the whole page twice, and the command with it would be lost.
        assertThat(Files.readString(page).equals(made))
                .as("docs/cves.md is not what the tests say. Run:\n\n    %s\n", COMMAND)
                .isTrue();
    }
}
