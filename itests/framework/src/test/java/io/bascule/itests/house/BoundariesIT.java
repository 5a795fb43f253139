/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.itests.house;

import static org.assertj.core.api.Assertions.assertThat;

import io.bascule.itests.statements.Cve;
import io.bascule.itests.support.Bundles;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.jar.Attributes;
import java.util.jar.JarFile;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.Before;
import org.junit.Test;

/** The bundles as they were built keep to their rooms; and whoever does not is found out. */
public class BoundariesIT {
    private final Boundaries boundaries = new Boundaries();

    @Before
    public void readTheHouse() throws IOException {
        List<Path> ours = Stream.of(Bundles.runtime(), Bundles.adapters())
                .flatMap(List::stream)
                .filter(jar -> jar.getFileName().toString().startsWith("io.bascule."))
                .toList();
        assertThat(ours).hasSizeGreaterThanOrEqualTo(8);
        for (Path jar : ours) {
            Attributes manifest = Bundles.manifest(jar);
            assertThat(manifest.getValue("Require-Bundle")).isNull();
            assertThat(manifest.getValue("DynamicImport-Package")).isNull();
            boundaries.add(
                    manifest.getValue("Bundle-SymbolicName"),
                    manifest.getValue("Import-Package"),
                    manifest.getValue("Export-Package"),
                    packages(jar));
        }
    }

    private static Set<String> packages(Path jar) throws IOException {
        try (JarFile file = new JarFile(jar.toFile())) {
            return file.stream()
                    .map(entry -> entry.getName())
                    .filter(name -> name.startsWith("io/bascule/") && name.endsWith(".class"))
                    .map(name -> name.substring(0, name.lastIndexOf('/')).replace('/', '.'))
                    .collect(Collectors.toSet());
        }
    }

    @Test
    public void everyBundleKeepsToItsRoom() {
        assertThat(boundaries.violations()).isEmpty();
    }

    /** Nothing that is not spoken is there to be attacked. */
    @Test
    @Cve({"CVE-2026-47244", "CVE-2026-50560"})
    public void shipsNoHttp2() {
        assertThat(Bundles.runtime())
                .extracting(jar -> jar.getFileName().toString())
                .anyMatch(name -> name.startsWith("netty-codec-http-"))
                .noneMatch(name -> name.contains("http2") || name.contains("http3"));
    }

    /** Karaf installs a bundle that refers to a service only where another one says that it provides it. */
    @Test
    public void saysWhichServicesItProvides() {
        String provided = Bundles.runtime().stream()
                .map(jar -> String.valueOf(Bundles.manifest(jar).getValue("Provide-Capability")))
                .collect(Collectors.joining(","));
        assertThat(List.of("Broker", "Listener", "OpenListener", "Bridge"))
                .allSatisfy(service -> assertThat(provided)
                        .containsPattern("osgi\\.service;[^;]*\"[^\"]*io\\.bascule\\.api\\." + service + "[,\"]"));
    }

    @Test
    public void findsABundleThatReachesIntoAnothersInternals() {
        add("io.bascule.bridge", "io.bascule.api,io.bascule.transport.internal;version=\"[1.0,2)\"", null);
        assertThat(boundaries.violations())
                .containsExactly("io.bascule.bridge imports io.bascule.transport.internal, which nobody exports");
    }

    @Test
    public void findsABundleThatExportsItsInternals() {
        add("io.bascule.broker", "io.bascule.api", "io.bascule.broker.internal;version=\"1.0.0\"");
        assertThat(boundaries.violations())
                .containsExactly("io.bascule.broker exports its internal package io.bascule.broker.internal");
    }

    @Test
    public void findsAnArrowThatIsNotInTheHouse() {
        add("io.bascule.shell", "io.bascule.api;version=\"[1.0,2)\",io.bascule.transport;version=\"[1.0,2)\"", null);
        assertThat(boundaries.violations())
                .containsExactly("io.bascule.shell imports io.bascule.transport of io.bascule.transport");
    }

    @Test
    public void findsAnAdapterThatReachesBeyondTheApi() {
        add("io.bascule.eventadmin", "io.bascule.api,io.bascule.transport", null);
        assertThat(boundaries.violations())
                .containsExactly("io.bascule.eventadmin imports io.bascule.transport of io.bascule.transport");
    }

    @Test
    public void findsABundleThatCopiesAnothersPackage() {
        boundaries.add("io.bascule.bridge", "io.bascule.api", null, Set.of("io.bascule.transport.internal"));
        assertThat(boundaries.violations()).anyMatch(violation -> violation.contains("is in both"));
    }

    private void add(String symbolicName, String importPackage, String exportPackage) {
        boundaries.add(symbolicName, importPackage, exportPackage, Set.of());
    }
}
