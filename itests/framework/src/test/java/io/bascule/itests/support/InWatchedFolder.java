/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.itests.support;

import static org.ops4j.pax.exam.CoreOptions.bundle;
import static org.ops4j.pax.exam.CoreOptions.composite;
import static org.ops4j.pax.exam.CoreOptions.frameworkProperty;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.stream.Stream;
import org.junit.After;
import org.ops4j.pax.exam.Configuration;
import org.ops4j.pax.exam.Option;

/** A test class in a framework where File Install watches a folder, ten times a second. */
public abstract class InWatchedFolder extends InFramework {

    /** The watched folder, which has the same name in the framework and outside. */
    protected final Path etc() {
        return Path.of(System.getProperty("work"))
                .toAbsolutePath()
                .resolve("etc-of-" + getClass().getSimpleName());
    }

    @Override
    @Configuration
    public Option[] framework() throws IOException {
        Files.createDirectories(etc());
        Path fileInstall = Bundles.runtime().stream()
                .filter(jar -> jar.getFileName().toString().contains("fileinstall"))
                .findAny()
                .orElseThrow();
        return Stream.of(
                        Stream.of(super.framework()),
                        Stream.of(composite(
                                frameworkProperty("felix.fileinstall.dir").value(etc().toString()),
                                frameworkProperty("felix.fileinstall.filter").value(".*\\.cfg"),
                                frameworkProperty("felix.fileinstall.poll").value("100"),
                                frameworkProperty("felix.fileinstall.noInitialDelay")
                                        .value("true"),
                                frameworkProperty("felix.fileinstall.enableConfigSave")
                                        .value("false"),
                                frameworkProperty("felix.fileinstall.configEncoding")
                                        .value("UTF-8"),
                                frameworkProperty("felix.fileinstall.log.level").value("1"),
                                bundle(fileInstall.toUri().toString()))))
                .flatMap(options -> options)
                .toArray(Option[]::new);
    }

    @After
    public void deleteFiles() throws IOException {
        try (Stream<Path> files = Files.list(etc())) {
            for (Path file : files.toList()) {
                Files.delete(file);
            }
        }
    }

    /** The file of a bridge. */
    protected final Path file(String name) {
        return etc().resolve("io.bascule.bridge-" + name + ".cfg");
    }

    /** Writes the file of a bridge. */
    protected final void write(String name, String content) throws IOException {
        write(name, content.getBytes(StandardCharsets.UTF_8));
    }

    /** As a whole, so that what File Install sees is what the test means it to see. */
    protected final void write(String name, byte[] content) throws IOException {
        Path temporary = etc().resolve(name + ".new");
        Files.write(temporary, content);
        Files.move(temporary, file(name), StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
    }
}
