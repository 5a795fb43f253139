/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.itests.conformance;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.objectweb.asm.AnnotationVisitor;
import org.objectweb.asm.ClassReader;
import org.objectweb.asm.ClassVisitor;
import org.objectweb.asm.MethodVisitor;
import org.objectweb.asm.Opcodes;
import org.objectweb.asm.Type;

/**
 * A method that bears an annotation whose elements are lists of texts, as its class file says.
 *
 * @param name {@code module/Class.method}
 * @param topLevel {@code module/Class} of the outermost class
 * @param source where that is, from the root
 * @param isTest whether it is a test as well
 * @param values of the annotation, by element
 */
record TestMethod(String name, String topLevel, String source, boolean isTest, Map<String, List<String>> values) {
    private static final Set<String> TESTS = Set.of(
            "Lorg/junit/jupiter/api/Test;",
            "Lorg/junit/jupiter/api/RepeatedTest;",
            "Lorg/junit/jupiter/params/ParameterizedTest;",
            "Lorg/junit/Test;",
            "Lnet/jqwik/api/Property;",
            "Lnet/jqwik/api/Example;");

    /** Those of these modules, by their folders from the root. */
    static List<TestMethod> annotated(Class<?> annotation, Path root, List<String> modules) {
        List<TestMethod> all = new ArrayList<>();
        for (String module : modules) {
            Path classes = root.resolve(module).resolve("target/test-classes");
            try (Stream<Path> files = Files.walk(classes)) {
                for (Path file : files.filter(each -> each.toString().endsWith(".class"))
                        .sorted()
                        .toList()) {
                    ClassReader reader = new ClassReader(Files.readAllBytes(file));
                    reader.accept(
                            new ClassScan(Type.getDescriptor(annotation), module, reader.getClassName(), all),
                            ClassReader.SKIP_CODE | ClassReader.SKIP_FRAMES);
                }
            } catch (IOException e) {
                throw new UncheckedIOException("the tests of " + module + " are not compiled", e);
            }
        }
        return all;
    }

    private static final class ClassScan extends ClassVisitor {
        private final String annotation;
        private final String name;
        private final String source;
        private final List<TestMethod> found;

        ClassScan(String annotation, String module, String className, List<TestMethod> found) {
            super(Opcodes.ASM9);
            this.annotation = annotation;
            String simpleName = className.substring(className.lastIndexOf('/') + 1);
            this.name = module.substring(module.lastIndexOf('/') + 1) + "/" + simpleName.replace('$', '.');
            this.source = module + "/src/test/java/" + className.replaceAll("\\$.*", "") + ".java";
            this.found = found;
        }

        @Override
        public MethodVisitor visitMethod(
                int access, String method, String type, String signature, String[] exceptions) {
            Map<String, List<String>> values = new TreeMap<>();
            return new MethodVisitor(Opcodes.ASM9) {
                private boolean isTest;

                @Override
                public AnnotationVisitor visitAnnotation(String type, boolean visible) {
                    isTest |= TESTS.contains(type);
                    return type.equals(annotation) ? new Elements(values) : null;
                }

                @Override
                public void visitEnd() {
                    if (!values.isEmpty()) {
                        String topLevel = name.replaceAll("\\..*", "");
                        found.add(new TestMethod(name + "." + method, topLevel, source, isTest, values));
                    }
                }
            };
        }
    }

    private static final class Elements extends AnnotationVisitor {
        private final Map<String, List<String>> values;

        Elements(Map<String, List<String>> values) {
            super(Opcodes.ASM9);
            this.values = values;
        }

        @Override
        public AnnotationVisitor visitArray(String element) {
            List<String> texts = values.computeIfAbsent(element, key -> new ArrayList<>());
            return new AnnotationVisitor(Opcodes.ASM9) {
                @Override
                public void visit(String name, Object value) {
                    texts.add((String) value);
                }
            };
        }
    }
}
