/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.itests.conformance;

import java.util.List;
import java.util.SortedSet;

/** The text of docs/conformance.md. */
final class ConformancePage {
    private static final String HEAD = """
            # Conformance

            Which test shows which normative statement of MQTT, by the identifiers of the specifications. This page is made from the annotations
            of the tests (`@Statement`), and the build fails where it is not what they say; do not edit it, run

                %s

            A test shows a statement when it fails on a server that does not keep to it. MQTT 3.1 numbers no statements; tests that run in every
            version run in it as well, and `Mqtt31Test` has what is its own.
            """;

    private final AnnotatedTests tests;
    private final StringBuilder page = new StringBuilder();

    private ConformancePage(AnnotatedTests tests) {
        this.tests = tests;
    }

    /** The page of these tests, with the command that makes it. */
    static String of(AnnotatedTests tests, String command) {
        ConformancePage made = new ConformancePage(tests);
        made.page.append(HEAD.formatted(command));
        made.counts();
        for (Specification specification : Specification.values()) {
            made.covered(specification);
            made.uncovered(specification);
            made.clientOnly(specification);
        }
        made.sources();
        return made.page.toString();
    }

    private static List<String> statements(Specification specification, boolean bindingServer) {
        return specification.bindsServer().keySet().stream()
                .filter(id -> specification.bindsServer().get(id) == bindingServer)
                .toList();
    }

    private boolean isShown(Specification specification, String statement) {
        return !tests.showing(specification, statement).isEmpty();
    }

    private void counts() {
        page.append(
                "\n| | Bind a server | Shown by a test | Not shown | Bind a client only |\n|---|---|---|---|---|\n");
        for (Specification specification : Specification.values()) {
            List<String> server = statements(specification, true);
            long shown =
                    server.stream().filter(id -> isShown(specification, id)).count();
            page.append("| %s | %d | %d | %d | %d |\n"
                    .formatted(
                            specification.title,
                            server.size(),
                            shown,
                            server.size() - shown,
                            statements(specification, false).size()));
        }
    }

    private void covered(Specification specification) {
        page.append("\n## ")
                .append(specification.title)
                .append(": what binds a server and is shown\n\n| Statement | Tests |\n|---|---|\n");
        for (String id : statements(specification, true)) {
            if (isShown(specification, id)) {
                row(id, tests.showing(specification, id));
            }
        }
    }

    private void uncovered(Specification specification) {
        page.append("\n## ").append(specification.title).append(": what binds a server and no test shows\n\n");
        List<String> open = statements(specification, true).stream()
                .filter(id -> !isShown(specification, id))
                .toList();
        if (open.isEmpty()) {
            page.append("Nothing.\n");
        }
        open.forEach(id -> page.append("- ").append(id).append('\n'));
    }

    private void clientOnly(Specification specification) {
        page.append("\n## ")
                .append(specification.title)
                .append(": what binds a client only\n\nBridges are clients.\n\n| Statement | Tests |\n|---|---|\n");
        for (String id : statements(specification, false)) {
            row(id, tests.showing(specification, id));
        }
    }

    private void row(String id, SortedSet<String> showing) {
        page.append("| ").append(id).append(" | ");
        page.append(String.join(
                "<br>", showing.stream().map(test -> "`" + test + "`").toList()));
        page.append(showing.isEmpty() ? "|\n" : " |\n");
    }

    private void sources() {
        page.append("\n## The tests\n\n");
        tests.sources().forEach((name, source) -> page.append("- [%s](../%s)\n".formatted(name, source)));
    }
}
