/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.itests.conformance;

import java.util.List;
import java.util.Map;
import java.util.SortedSet;

/** The text of docs/cves.md. */
final class CvePage {
    private static final String HEAD = """
            # What went wrong in other brokers

            Vulnerabilities of other brokers, and of what brokers are made of, with the tests that would have caught them, had they been ours. This page
            is made from a list (`itests/conformance`) and from the annotations of the tests (`@Cve`), and the build fails where it is not what they say,
            or where one has neither a test nor a reason for having none; do not edit it, run

                %s

            | What | Where | What went wrong | Tests, or why it cannot happen here |
            |---|---|---|---|
            """;

    private CvePage() {}

    /**
     * The page, with the command that makes it.
     *
     * @param tests that would catch each, by its identifier
     * @param sources where the source of each class with such tests is, by {@code module/Class}
     */
    static String of(
            List<Vulnerability> vulnerabilities,
            Map<String, SortedSet<String>> tests,
            Map<String, String> sources,
            String command) {
        StringBuilder page = new StringBuilder(HEAD.formatted(command));
        for (Vulnerability each : vulnerabilities) {
            String answer = each.cannotApply().isEmpty()
                    ? String.join(
                            "<br>",
                            tests.get(each.id()).stream()
                                    .map(test -> "`" + test + "`")
                                    .toList())
                    : each.cannotApply();
            page.append("| %s | %s | %s | %s |\n".formatted(each.id(), each.where(), each.what(), answer));
        }
        page.append("\n## The tests\n\n");
        sources.forEach((name, source) -> page.append("- [%s](../%s)\n".formatted(name, source)));
        return page.toString();
    }
}
