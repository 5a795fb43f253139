/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.itests.conformance;

import io.bascule.itests.statements.Statement;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.objectweb.asm.AnnotationVisitor;
import org.objectweb.asm.ClassReader;
import org.objectweb.asm.ClassVisitor;
import org.objectweb.asm.MethodVisitor;
import org.objectweb.asm.Opcodes;
import org.objectweb.asm.Type;

/** What the annotations in the class files of tests say. */
final class AnnotatedTests {
    private static final String STATEMENT = Type.getDescriptor(Statement.class);
    private static final Set<String> TESTS = Set.of(
            "Lorg/junit/jupiter/api/Test;",
            "Lorg/junit/jupiter/api/RepeatedTest;",
            "Lorg/junit/jupiter/params/ParameterizedTest;",
            "Lorg/junit/Test;",
            "Lnet/jqwik/api/Property;",
            "Lnet/jqwik/api/Example;");

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
        for (String module : modules) {
            Path classes = root.resolve(module).resolve("target/test-classes");
            try (Stream<Path> files = Files.walk(classes)) {
                for (Path file : files.filter(each -> each.toString().endsWith(".class"))
                        .sorted()
                        .toList()) {
                    ClassReader reader = new ClassReader(Files.readAllBytes(file));
                    reader.accept(
                            all.new ClassScan(module, reader.getClassName()),
                            ClassReader.SKIP_CODE | ClassReader.SKIP_FRAMES);
                }
            } catch (IOException e) {
                throw new UncheckedIOException("the tests of " + module + " are not compiled", e);
            }
        }
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

    private final class ClassScan extends ClassVisitor {
        private final String module;
        private final String className;
        private final String topLevel;
        private final String name;

        ClassScan(String module, String className) {
            super(Opcodes.ASM9);
            this.module = module;
            this.className = className;
            String simpleName = className.substring(className.lastIndexOf('/') + 1);
            this.name = module.substring(module.lastIndexOf('/') + 1) + "/" + simpleName.replace('$', '.');
            this.topLevel = name.replaceAll("\\..*", "");
        }

        @Override
        public MethodVisitor visitMethod(
                int access, String method, String type, String signature, String[] exceptions) {
            return new MethodScan(name + "." + method, this::hasTests);
        }

        private void hasTests() {
            String source = module + "/src/test/java/" + className.replaceAll("\\$.*", "") + ".java";
            String other = sources.put(topLevel, source);
            if (other != null && !other.equals(source)) {
                mistakes.add("two classes of one name: " + other + " and " + source);
            }
        }
    }

    private final class MethodScan extends MethodVisitor {
        private final String test;
        private final Runnable whenAnnotated;
        private final Map<Specification, List<String>> statements = new EnumMap<>(Specification.class);
        private boolean isTest;

        MethodScan(String test, Runnable whenAnnotated) {
            super(Opcodes.ASM9);
            this.test = test;
            this.whenAnnotated = whenAnnotated;
        }

        @Override
        public AnnotationVisitor visitAnnotation(String type, boolean visible) {
            isTest |= TESTS.contains(type);
            return type.equals(STATEMENT) ? new StatementScan(statements) : null;
        }

        @Override
        public void visitEnd() {
            if (statements.isEmpty()) {
                return;
            }
            if (!isTest) {
                mistakes.add(test + " is annotated, and is not a test");
                return;
            }
            whenAnnotated.run();
            statements.forEach((specification, ids) -> ids.forEach(id -> add(specification, id, test)));
        }
    }

    private static final class StatementScan extends AnnotationVisitor {
        private final Map<Specification, List<String>> found;

        StatementScan(Map<Specification, List<String>> found) {
            super(Opcodes.ASM9);
            this.found = found;
        }

        @Override
        public AnnotationVisitor visitArray(String element) {
            for (Specification specification : Specification.values()) {
                if (specification.element.equals(element)) {
                    List<String> ids = found.computeIfAbsent(specification, key -> new ArrayList<>());
                    return new AnnotationVisitor(Opcodes.ASM9) {
                        @Override
                        public void visit(String name, Object value) {
                            ids.add((String) value);
                        }
                    };
                }
            }
            throw new IllegalStateException("no specification for element " + element + " of " + STATEMENT);
        }
    }
}
