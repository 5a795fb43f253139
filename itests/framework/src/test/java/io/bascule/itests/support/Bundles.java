/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.itests.support;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.jar.Attributes;
import java.util.jar.JarFile;
import java.util.stream.Stream;

/** The jars that the build has laid out for the tests. */
public final class Bundles {
    private Bundles() {}

    /** Our bundles without the adapters, and all that they need to run in Felix. */
    public static List<Path> runtime() {
        return jars(Path.of(System.getProperty("bundles")));
    }

    /** The adapters to event services, and the event services. */
    public static List<Path> adapters() {
        return jars(Path.of(System.getProperty("adapters")));
    }

    /** BoringSSL for Netty. */
    public static List<Path> boringSsl() {
        return jars(Path.of(System.getProperty("boringssl")));
    }

    /** The jars of a folder, by name. */
    public static List<Path> jars(Path folder) {
        try (Stream<Path> files = Files.list(folder)) {
            return files.filter(file -> file.toString().endsWith(".jar"))
                    .sorted()
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The manifest of a jar. */
    public static Attributes manifest(Path jar) {
        try (JarFile file = new JarFile(jar.toFile())) {
            return file.getManifest().getMainAttributes();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Whether the jar is part of another bundle and so cannot be started. */
    public static boolean isFragment(Path jar) {
        return manifest(jar).getValue("Fragment-Host") != null;
    }
}
