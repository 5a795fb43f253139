/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.itests.conformance;

import io.bascule.itests.statements.Statement;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/** Which statements tests show, by their annotations. */
final class AnnotatedTests {
    private final Map<Specification, Map<String, SortedSet<String>>> byStatement = new EnumMap<>(Specification.class);
    private final Map<String, String> sources = new TreeMap<>();
    private final List<String> mistakes = new ArrayList<>();

    private AnnotatedTests() {
        for (Specification specification : Specification.values()) {
            byStatement.put(specification, new TreeMap<>());
        }
    }

    /** Those of these modules, by their folders from the root. */
    static AnnotatedTests of(Path root, List<String> modules) {
        AnnotatedTests all = new AnnotatedTests();
        TestMethod.annotated(Statement.class, root, modules).forEach(all::add);
        return all;
    }

    /** The tests that show a statement, each as {@code module/Class.method}. */
    SortedSet<String> showing(Specification specification, String statement) {
        return byStatement.get(specification).getOrDefault(statement, new TreeSet<>());
    }

    /** Where the source of each class with such tests is, from the root, by {@code module/Class}. */
    Map<String, String> sources() {
        return sources;
    }

    /** Statements that do not exist, and annotations on what is not a test. */
    List<String> mistakes() {
        return mistakes;
    }

    private void add(TestMethod test) {
        if (!test.isTest()) {
            mistakes.add(test.name() + " is annotated, and is not a test");
            return;
        }
        String other = sources.put(test.topLevel(), test.source());
        if (other != null && !other.equals(test.source())) {
            mistakes.add("two classes of one name: " + other + " and " + test.source());
        }
        test.values()
                .forEach((element, ids) -> ids.forEach(id -> add(Specification.ofElement(element), id, test.name())));
    }

    private void add(Specification specification, String statement, String test) {
        if (specification.bindsServer().containsKey(statement)) {
            byStatement
                    .get(specification)
                    .computeIfAbsent(statement, id -> new TreeSet<>())
                    .add(test);
        } else {
            mistakes.add(test + " says it shows " + statement + ", which " + specification.title + " does not have");
        }
    }
}
