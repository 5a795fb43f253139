/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.sbom;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import org.cyclonedx.Version;
import org.cyclonedx.model.Component;
import org.cyclonedx.parsers.JsonParser;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Each jar of a folder, by its name. */
class DistributionTest {
    private static final Component ITSELF = new Coordinates("com.example", "program", "1").component();

    @TempDir
    Path folder;

    @Test
    void knowsAJarByWhereItLiesInTheRepository() throws IOException {
        jar("system/com/example/some/thing/1.2/thing-1.2-linux-x86_64.jar");

        assertThat(bom().at("/components/0/purl").asText()).isEqualTo("pkg:maven/com.example.some/thing@1.2?type=jar");
    }

    @Test
    void knowsAJarByWhatMavenLeftInIt() throws IOException {
        jar(
                "lib/boot/thing-1.2.jar",
                new Coordinates("org.else", "other", "9"),
                new Coordinates("org.some", "thing", "1.2"));

        assertThat(bom().at("/components/0/purl").asText()).isEqualTo("pkg:maven/org.some/thing@1.2?type=jar");
    }

    @Test
    void tellsWhatAJarEmbeds() throws IOException {
        jar(
                "system/com/example/thing/1.2/thing-1.2.jar",
                new Coordinates("com.example", "thing", "1.2"),
                new Coordinates("org.some", "library", "3"));

        assertThat(bom().at("/components/0/components"))
                .singleElement()
                .satisfies(each ->
                        assertThat(each.get("purl").asText()).isEqualTo("pkg:maven/org.some/library@3?type=jar"));
    }

    @Test
    void refusesAJarThatNothingNames() throws IOException {
        jar("lib/nameless.jar");

        assertThatThrownBy(this::bom).hasMessageContaining("lib/nameless.jar");
    }

    @Test
    void isValidAndTheSameEachTime() throws Exception {
        jar("system/com/example/thing/1.2/thing-1.2.jar", new Coordinates("org.some", "library", "3"));
        jar("system/com/example/other/1.2/other-1.2.jar", new Coordinates("org.some", "library", "3"));

        String bom = new Distribution(folder).bom(ITSELF);

        assertThat(new JsonParser().validate(bom.getBytes(StandardCharsets.UTF_8), Version.VERSION_16))
                .isEmpty();
        assertThat(new Distribution(folder).bom(ITSELF)).isEqualTo(bom);
    }

    private JsonNode bom() throws IOException {
        return new ObjectMapper().readTree(new Distribution(folder).bom(ITSELF));
    }

    private void jar(String path, Coordinates... inside) throws IOException {
        Path file = folder.resolve(path);
        Files.createDirectories(file.getParent());
        try (JarOutputStream out = new JarOutputStream(Files.newOutputStream(file))) {
            for (Coordinates each : List.of(inside)) {
                out.putNextEntry(
                        new JarEntry("META-INF/maven/" + each.group() + "/" + each.artifact() + "/pom.properties"));
                out.write(
                        ("groupId=" + each.group() + "\nartifactId=" + each.artifact() + "\nversion=" + each.version())
                                .getBytes(StandardCharsets.UTF_8));
            }
        }
    }
}
