/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.sbom;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Properties;
import java.util.jar.JarFile;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.zip.ZipEntry;
import org.cyclonedx.model.Component;

/** What Maven calls a jar. */
record Coordinates(String group, String artifact, String version) implements Comparable<Coordinates> {
    private static final Comparator<Coordinates> ORDER = Comparator.comparing(Coordinates::group)
            .thenComparing(Coordinates::artifact)
            .thenComparing(Coordinates::version);
    /** {@code system/} of Karaf is a Maven repository. */
    private static final Pattern IN_REPOSITORY =
            Pattern.compile("system/(?<group>.+)/(?<artifact>[^/]+)/(?<version>[^/]+)/\\k<artifact>-[^/]+\\.jar");

    private static final Pattern POM_PROPERTIES = Pattern.compile("META-INF/maven/[^/]+/[^/]+/pom\\.properties");

    /** By where it lies below a distribution. */
    static Optional<Coordinates> ofRepositoryPath(String path) {
        Matcher matcher = IN_REPOSITORY.matcher(path);
        return matcher.matches()
                ? Optional.of(new Coordinates(
                        matcher.group("group").replace('/', '.'), matcher.group("artifact"), matcher.group("version")))
                : Optional.empty();
    }

    /** The one of those inside by which the file is named. */
    static Optional<Coordinates> ofFile(Path jar, List<Coordinates> inside) {
        String file = jar.getFileName().toString();
        return inside.stream()
                .filter(each -> file.equals(each.artifact + "-" + each.version + ".jar"))
                .findFirst();
    }

    /** Its own and of what it embeds, as far as Maven has left them in it. */
    static List<Coordinates> inside(Path jar) {
        try (JarFile file = new JarFile(jar.toFile())) {
            return file.stream()
                    .filter(entry -> POM_PROPERTIES.matcher(entry.getName()).matches())
                    .map(entry -> read(file, entry))
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(jar.toString(), e);
        }
    }

    private static Coordinates read(JarFile file, ZipEntry entry) {
        Properties properties = new Properties();
        try (InputStream in = file.getInputStream(entry)) {
            properties.load(in);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return new Coordinates(
                properties.getProperty("groupId"),
                properties.getProperty("artifactId"),
                properties.getProperty("version"));
    }

    boolean isSameArtifact(Coordinates other) {
        return group.equals(other.group) && artifact.equals(other.artifact);
    }

    Component component() {
        Component component = new Component();
        component.setType(Component.Type.LIBRARY);
        component.setGroup(group);
        component.setName(artifact);
        component.setVersion(version);
        component.setPurl("pkg:maven/" + group + "/" + artifact + "@" + version + "?type=jar");
        return component;
    }

    @Override
    public int compareTo(Coordinates other) {
        return ORDER.compare(this, other);
    }
}
