/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.sbom;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.cyclonedx.Version;
import org.cyclonedx.exception.GeneratorException;
import org.cyclonedx.generators.BomGeneratorFactory;
import org.cyclonedx.model.Bom;
import org.cyclonedx.model.Component;
import org.cyclonedx.model.Metadata;
import org.cyclonedx.util.BomUtils;

/** A folder with a program in it, of which every jar counts. */
final class Distribution {
    private final Path folder;

    Distribution(Path folder) {
        this.folder = folder;
    }

    /** As CycloneDX 1.6 in JSON, the same each time. */
    String bom(Component itself) {
        Bom bom = new Bom();
        Metadata metadata = new Metadata();
        // Metadata begins with the present time, by which no two builds would be equal.
        metadata.setTimestamp(null);
        metadata.setComponent(itself);
        bom.setMetadata(metadata);
        jars().forEach(jar -> bom.addComponent(component(jar)));
        try {
            return BomGeneratorFactory.createJson(Version.VERSION_16, bom).toJsonString() + "\n";
        } catch (GeneratorException e) {
            throw new IllegalStateException(e);
        }
    }

    private List<Path> jars() {
        try (Stream<Path> files = Files.walk(folder)) {
            return files.filter(file -> file.toString().endsWith(".jar"))
                    .sorted()
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private Component component(Path jar) {
        String path = folder.relativize(jar).toString().replace('\\', '/');
        List<Coordinates> inside = new ArrayList<>(Coordinates.inside(jar));
        Coordinates own = Stream.of(Coordinates.ofRepositoryPath(path), Coordinates.ofFile(jar, inside))
                .flatMap(Optional::stream)
                .findFirst()
                .orElseThrow(() -> new IllegalStateException("nothing tells what " + path + " is"));
        inside.removeIf(own::isSameArtifact);
        Component component = own.component();
        component.setBomRef(path);
        try {
            component.setHashes(BomUtils.calculateHashes(jar.toFile(), Version.VERSION_16));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        // What it embeds: a scanner that knows the outer jar alone would not find a flaw in it.
        inside.stream().sorted().map(Coordinates::component).forEach(embedded -> {
            embedded.setBomRef(path + "!" + embedded.getPurl());
            component.addComponent(embedded);
        });
        return component;
    }
}
