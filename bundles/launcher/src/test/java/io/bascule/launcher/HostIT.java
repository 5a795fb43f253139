/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.launcher;

import static io.bascule.launcher.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import io.bascule.launcher.host.Host;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.jar.Attributes;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A program with the launcher's library on its class path and nothing of ours but the api, in a JVM of its own. */
class HostIT {
    private static final Pattern PORT = Pattern.compile("listening on (\\d+)");

    /** What a JDK from 24 on says of Felix when it starts: only the host's own command line could keep it from that. */
    private static final Pattern UNSAFE = Pattern.compile("""
            WARNING: A terminally deprecated method in sun\\.misc\\.Unsafe has been called
            WARNING: sun\\.misc\\.Unsafe::staticFieldOffset has been called by org\\.apache\\.felix\\.framework\\.util\\.SecureAction .*
            WARNING: Please consider reporting this to the maintainers of class org\\.apache\\.felix\\.framework\\.util\\.SecureAction
            WARNING: sun\\.misc\\.Unsafe::staticFieldOffset will be removed in a future release
            """);

    @TempDir
    Path folder;

    private Process process;

    @BeforeEach
    void configure() throws IOException {
        Files.createDirectory(folder.resolve("etc"));
        Files.writeString(folder.resolve("etc").resolve("io.bascule.listener-main.cfg"), "port = 0\n");
    }

    @AfterEach
    void kill() {
        if (process != null) {
            process.destroyForcibly();
        }
    }

    @Test
    void sharesTheApiWithTheBroker() throws Throwable {
        launch(jarOf("io.bascule.api-"));

        servesAndEnds();
    }

    /** As a jar of many has it, which keeps one manifest at most. */
    @Test
    void sharesAnApiThatHasLostItsManifest() throws Throwable {
        launch(copyOfTheApi(null));

        servesAndEnds();
    }

    private void servesAndEnds() throws Throwable {
        eventually(() -> assertThat(output()).containsPattern(PORT));
        Matcher port = PORT.matcher(output());
        assertThat(port.find()).isTrue();
        try (RawClient stranger = RawClient.connect(Integer.parseInt(port.group(1)), "stranger", null)) {
            assertThat(stranger.returnCode()).isEqualTo(5);
        }
        try (RawClient operator = RawClient.connect(Integer.parseInt(port.group(1)), "client", "operator")) {
            assertThat(operator.returnCode()).isZero();
            operator.publish("plant/line2/state", "stopped");
        }
        eventually(() ->
                assertThat(output()).contains("plant/line1/state: running").contains("plant/line2/state: stopped"));

        process.getOutputStream().close();

        assertThat(process.waitFor(30, TimeUnit.SECONDS))
                .as("no thread is left")
                .isTrue();
        assertThat(process.exitValue()).isZero();
        assertThat(UNSAFE.matcher(output()).replaceFirst(""))
                .endsWith("stopped\n")
                .doesNotContain("WARN")
                .doesNotContain("ERROR");
    }

    @Test
    void refusesTheApiOfAnotherLauncher() throws Exception {
        launch(copyOfTheApi("io.bascule.api;version=\"0.9.0\""));

        assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
        assertThat(output())
                .contains("StartException: io.bascule.api on the class path is not the one of this launcher: it has"
                        + " io.bascule.api;version=\"0.9.0\", not io.bascule.api;version=");
    }

    private void launch(String... api) throws IOException {
        List<String> path = new ArrayList<>(List.of(api));
        path.add(System.getProperty("library.jar"));
        for (String needed :
                List.of("org.apache.felix.framework-", "org.osgi.service.cm-", "slf4j-api-", "slf4j-simple-")) {
            path.add(jarOf(needed));
        }
        path.add(classPath()
                .filter(each -> each.endsWith("test-classes"))
                .findFirst()
                .orElseThrow());
        process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "--enable-native-access=ALL-UNNAMED",
                        "-Dorg.slf4j.simpleLogger.defaultLogLevel=warn",
                        "-cp",
                        String.join(File.pathSeparator, path),
                        Host.class.getName(),
                        folder.toString())
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("output").toFile())
                .start();
    }

    private static String jarOf(String artifact) {
        return classPath()
                .filter(each -> each.endsWith(".jar")
                        && Path.of(each).getFileName().toString().startsWith(artifact))
                .findFirst()
                .orElseThrow(() -> new AssertionError(artifact + " is not on the class path"));
    }

    private static Stream<String> classPath() {
        return Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator));
    }

    /** The same classes with another manifest, or none. */
    private String copyOfTheApi(String exports) throws IOException {
        Path copy = folder.resolve("copy.jar");
        Manifest manifest = new Manifest();
        Attributes main = manifest.getMainAttributes();
        main.put(Attributes.Name.MANIFEST_VERSION, "1.0");
        if (exports != null) {
            main.putValue("Bundle-SymbolicName", "io.bascule.api");
            main.putValue("Export-Package", exports);
        }
        try (JarFile api = new JarFile(jarOf("io.bascule.api-"));
                JarOutputStream out = new JarOutputStream(Files.newOutputStream(copy), manifest)) {
            for (JarEntry entry : api.stream()
                    .filter(each -> each.getName().endsWith(".class"))
                    .toList()) {
                out.putNextEntry(entry);
                api.getInputStream(entry).transferTo(out);
                out.closeEntry();
            }
        }
        return copy.toString();
    }

    private String output() throws IOException {
        return Files.readString(folder.resolve("output"), StandardCharsets.UTF_8)
                .replace(System.lineSeparator(), "\n");
    }
}
