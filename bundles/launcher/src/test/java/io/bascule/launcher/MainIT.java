/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.launcher;

import static io.bascule.launcher.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** The jar as a program, in a JVM of its own. */
class MainIT {
    /** CONNECT of MQTT 3.1.1: clean session, no keep alive, client id {@code it}. */
    private static final byte[] CONNECT = {0x10, 14, 0, 4, 'M', 'Q', 'T', 'T', 4, 2, 0, 0, 0, 2, 'i', 't'};

    private static final byte[] CONNACK = {0x20, 2, 0, 0};

    @TempDir
    Path folder;

    private int port;
    private Process process;

    @BeforeEach
    void configure() throws IOException {
        port = Sockets.freePort();
        Files.createDirectory(folder.resolve("etc"));
        Files.writeString(
                folder.resolve("etc").resolve("io.bascule.listener-main.cfg"),
                "host = 127.0.0.1\nport = " + port + "\n");
    }

    @AfterEach
    void kill() {
        if (process != null) {
            process.destroyForcibly();
        }
    }

    @Test
    @EnabledOnOs(OS.LINUX)
    void servesInTheForegroundUntilItIsTerminated() throws Throwable {
        launch();

        eventually(() -> assertThat(connect()).isEqualTo(CONNACK));
        assertThat(Sockets.listening(process.pid())).containsExactly(port);

        process.destroy();
        assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
        assertThat(process.exitValue()).isEqualTo(128 + 15);
        assertThat(output())
                .contains("listener main closed")
                .contains("transport stopped")
                .as("of the JDK either")
                .doesNotContain("WARN");
    }

    @Test
    void servesOnTheSocketsThatThePropertyNames() throws Throwable {
        start(Program.command("-Dbascule.transport=nio"));

        eventually(() -> assertThat(connect()).isEqualTo(CONNACK));
        assertThat(output()).contains("transport started: nio").doesNotContain("WARN");
    }

    @Test
    void saysInOneLineThatTheSocketsWhichThePropertyNamesAreNotThere() throws Throwable {
        start(Program.command("-Dbascule.transport=epoll", "-Dio.netty.transport.noNative=true"));

        eventually(() -> assertThat(connect()).isEqualTo(CONNACK));
        assertThat(output()).contains("transport started: nio");
        assertThat(output().lines().filter(line -> line.contains("WARN")))
                .singleElement()
                .asString()
                .contains("bascule.transport: \"epoll\" does not load here, nio is used");
    }

    @Test
    void tellsWhichLibrariesAreInTheJar() throws IOException {
        try (JarFile jar = new JarFile(System.getProperty("launcher.jar"))) {
            String bom = new String(
                    jar.getInputStream(jar.getEntry("META-INF/sbom/bom.json")).readAllBytes(), StandardCharsets.UTF_8);

            assertThat(jar.stream()
                            .map(JarEntry::getName)
                            .filter(name -> name.startsWith("bundles/") && name.endsWith(".jar"))
                            .map(name -> name.substring(name.lastIndexOf('/') + 1)))
                    .hasSizeGreaterThan(25)
                    .allSatisfy(name -> assertThat(bom).contains(purl(name)));
            assertThat(bom)
                    .as("what is in no jar of its own")
                    .contains("/org.apache.felix.framework@", "/slf4j-api@", "/bcprov-jdk18on@");
        }
    }

    private static String purl(String file) {
        Matcher matcher = Pattern.compile("(?<artifact>.+?)-(?<version>\\d.*?)(-linux-.+)?\\.jar")
                .matcher(file);
        assertThat(matcher.matches()).as(file).isTrue();
        return "/" + matcher.group("artifact") + "@" + matcher.group("version") + "?";
    }

    @Test
    void hasAConsoleThatEndsTheBrokerWhenItEnds() throws Exception {
        launch("--console");

        type("status --json\nlisteners\n");

        assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
        assertThat(process.exitValue()).isZero();
        assertThat(output())
                .contains("\"sessionsConnected\": 0")
                .contains("Connections")
                .contains("transport stopped")
                .doesNotContain("WARN");
    }

    @Test
    void hasTheCommandsOfTheManualWithTheirCompletion() throws Exception {
        launch("--console");

        type("""
                publish --retain --qos 1 --user-property unit=C plant/temperature 21.5
                retained-get --json plant/temperature
                retained-get plant/temprature
                publish --count 2000 --qos 1 load x
                match plant/temperature
                subscribe #
                publish $nothing x
                limits
                top --count 1 --json
                __retained
                retained-delete 'plant/#'
                """);

        assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
        assertThat(output())
                .contains("\"payload\": \"21.5\"", "\"name\": \"unit\"")
                .contains("did you mean plant/temperature?")
                .contains("sent 2000, acknowledged 2000 in ")
                .contains("Nobody would get it.")
                .contains("Quote what begins with # or holds a $, as in mqtt:subscribe '#'.")
                .contains("quote a topic or filter that holds a $.")
                .contains("256MiB")
                .contains("{\"time\":\"")
                .contains("bascule> plant/temperature\n")
                .contains("Deleted 1 retained message at plant/#.")
                .doesNotContain("Exception");
    }

    @Test
    void endsOnExit() throws Exception {
        launch("--console");

        process.getOutputStream().write("exit\n".getBytes(StandardCharsets.UTF_8));
        process.getOutputStream().flush();

        assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
        assertThat(process.exitValue()).isZero();
    }

    @Test
    void saysInOneLineWhyItDoesNotStart() throws Exception {
        Path data = folder.resolve("data");
        try (DataFolder held = DataFolder.take(data)) {
            assertThat(held).isNotNull();
            launch();

            assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
        }
        assertThat(process.exitValue()).isEqualTo(1);
        assertThat(output()).isEqualTo("bascule: another broker runs on the data folder " + data + "\n");
    }

    @Test
    void saysInOneLineWhatItDoesNotUnderstand() throws Exception {
        launch("--prot");

        assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
        assertThat(process.exitValue()).isEqualTo(2);
        assertThat(output()).isEqualTo("bascule: there is no option --prot; --help lists them\n");
    }

    private void launch(String... arguments) throws IOException {
        List<String> command = Program.command();
        command.addAll(List.of(arguments));
        start(command);
    }

    private void start(List<String> command) throws IOException {
        process = new ProcessBuilder(command)
                .directory(folder.toFile())
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("output").toFile())
                .start();
    }

    private void type(String lines) throws IOException {
        try (OutputStream in = process.getOutputStream()) {
            in.write(lines.getBytes(StandardCharsets.UTF_8));
        }
    }

    private byte[] connect() {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            socket.setSoTimeout(30_000);
            socket.getOutputStream().write(CONNECT);
            InputStream in = socket.getInputStream();
            return in.readNBytes(CONNACK.length);
        } catch (IOException e) {
            throw new AssertionError("the broker does not serve yet", e);
        }
    }

    private String output() throws IOException {
        return Files.readString(folder.resolve("output")).replace(System.lineSeparator(), "\n");
    }
}
