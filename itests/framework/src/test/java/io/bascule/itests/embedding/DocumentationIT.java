/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.itests.embedding;

import static org.assertj.core.api.Assertions.assertThat;

import io.bascule.itests.support.Bundles;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.Test;

/** What is written about embedding is what was compiled, installed and run. */
public class DocumentationIT {
    private static final Path ROOT = Path.of(System.getProperty("root"));
    private static final Path EMBEDDING = ROOT.resolve("docs/embedding.md");
    private static final Path README = ROOT.resolve("README.md");

    /** Code that the tests run: a bundle in two frameworks, and a program around the launcher. */
    private static final List<String> RUN = List.of(
            "itests/example/src/main/java/io/bascule/itests/example",
            "bundles/launcher/src/test/java/io/bascule/launcher/host");

    /** What a gateway has anyway. */
    private static final Pattern PLATFORM = Pattern.compile("(org\\.apache\\.felix|org\\.osgi)\\..*");

    @Test
    public void everyPieceOfJavaIsRun() throws IOException {
        List<String> sources = sources();
        List<String> pieces = new ArrayList<>(blocks(EMBEDDING, "java"));
        assertThat(pieces).hasSizeGreaterThan(20);
        pieces.addAll(blocks(README, "java"));

        assertThat(pieces)
                .allSatisfy(piece -> assertThat(sources)
                        .as("this is nowhere in the sources that are run:%n%s", piece)
                        .anyMatch(source -> source.contains(piece)));
    }

    /** Control: what is changed a little is found out. */
    @Test
    public void findsAPieceThatIsNotRun() throws IOException {
        String piece = blocks(EMBEDDING, "java").get(0).replace("\"plant\"", "\"plan\"");

        assertThat(sources()).noneMatch(source -> source.contains(piece));
    }

    @Test
    public void everyBundleToInstallIsInstalledAndNoOther() throws IOException {
        Set<String> written = blocks(EMBEDDING, "bundles").stream()
                .flatMap(String::lines)
                .map(DocumentationIT::fileName)
                .collect(Collectors.toSet());

        List<Path> bundles = Bundles.runtime().stream()
                .filter(jar -> Bundles.manifest(jar).getValue("Bundle-SymbolicName") != null)
                .toList();
        Set<String> installed =
                names(bundles).filter(name -> !PLATFORM.matcher(name).matches()).collect(Collectors.toSet());
        assertThat(written).isEqualTo(installed);
    }

    private static String fileName(String coordinates) {
        String[] parts = coordinates.split(":");
        return parts[1] + "-" + parts[2] + (parts.length > 3 ? "-" + parts[3] : "") + ".jar";
    }

    /** Such as {@code org.apache.felix.scr 2.1.16}. */
    @Test
    public void everyVersionOfThePlatformIsTested() throws IOException {
        List<String> written = Pattern.compile("`([a-z][a-z0-9.-]+) ([0-9.]+)`")
                .matcher(Files.readString(EMBEDDING))
                .results()
                .map((MatchResult match) -> match.group(1) + "-" + match.group(2) + ".jar")
                .toList();

        Path equinox = Path.of(System.getProperty("equinox"));
        Set<String> tested = Stream.of(
                        Bundles.runtime(),
                        Bundles.jars(equinox),
                        Bundles.jars(equinox.resolve("bundles")),
                        Stream.of(System.getProperty("java.class.path").split(File.pathSeparator))
                                .map(Path::of)
                                .toList())
                .flatMap(DocumentationIT::names)
                .collect(Collectors.toSet());
        assertThat(written).hasSizeGreaterThan(5);
        assertThat(tested).containsAll(written);
    }

    private static Stream<String> names(List<Path> files) {
        return files.stream().map(file -> file.getFileName().toString());
    }

    /** The blocks of this language, without indentation. */
    private static List<String> blocks(Path page, String language) throws IOException {
        return Pattern.compile("^```" + language + "\\n(.*?)^```$", Pattern.MULTILINE | Pattern.DOTALL)
                .matcher(Files.readString(page))
                .results()
                .map(block -> withoutIndentation(block.group(1)))
                .toList();
    }

    private static List<String> sources() throws IOException {
        List<String> sources = new ArrayList<>();
        for (String folder : RUN) {
            try (Stream<Path> files = Files.list(ROOT.resolve(folder))) {
                for (Path file : files.toList()) {
                    sources.add(withoutIndentation(Files.readString(file)));
                }
            }
        }
        return sources;
    }

    private static String withoutIndentation(String text) {
        return text.lines().map(String::strip).collect(Collectors.joining("\n"));
    }
}
