/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.launcher;

import static io.bascule.launcher.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import io.bascule.itests.secrets.Canary;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import javax.crypto.SecretKeyFactory;
import javax.crypto.spec.PBEKeySpec;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The jar as a program that is given every kind of secret, while its log says all that it ever says and its console shows all there is. */
class SecretsIT {
    private static final String USER = Canary.secret("user");
    private static final String REMOTE = Canary.secret("remote");
    private static final String PLAIN = Canary.secret("plain");
    private static final String TOKENS = Canary.secret("tokens");
    private static final String CALLOUT = Canary.secret("callout");
    private static final String KEYSTORE = Canary.secret("keystore");
    private static final byte BAD_PASSWORD = 4;

    @TempDir
    Path folder;

    /** What only the test writes, and reads secrets from. */
    @TempDir
    Path outside;

    private final List<AutoCloseable> servers = new ArrayList<>();
    private final AtomicInteger asked = new AtomicInteger();
    private final AtomicInteger remoteLogins = new AtomicInteger();
    private Path etc;
    private Process process;
    private int port;
    private int tls;

    @BeforeEach
    void configure() throws Exception {
        etc = Files.createDirectory(folder.resolve("etc"));
        Path secrets = Files.createDirectory(etc.resolve("secrets"));
        Files.writeString(secrets.resolve("tokens"), TOKENS);
        Files.writeString(secrets.resolve("callout"), CALLOUT);
        Files.writeString(secrets.resolve("keystore"), KEYSTORE);
        port = Sockets.freePort();
        tls = Sockets.freePort();
        keystore();
        Files.writeString(outside.resolve("users"), "alice:" + hash(USER) + "\n");

        write("io.bascule.broker.cfg", "login.ban = 0s");
        write("io.bascule.listener-main.cfg", "port = " + port, "authenticators = people, tokens, callout");
        write(
                "io.bascule.listener-tls.cfg",
                "protocol = mqtts",
                "port = " + tls,
                "tls.keystore = " + outside.resolve("server.p12"),
                "tls.keystore.password = $[secret:keystore]");
        write("io.bascule.passwords-people.cfg", "file = " + outside.resolve("users"));
        write("io.bascule.jwt-tokens.cfg", "secret = $[secret:tokens]", "algorithms = HS256");
        write(
                "io.bascule.http-callout.cfg",
                "url = http://127.0.0.1:" + callout() + "/",
                "authorization = Bearer $[secret:callout]");
        write(
                "io.bascule.bridge-far.cfg",
                "server = mqtt://127.0.0.1:" + remote(),
                "user = gateway",
                "password = $[env:REMOTE]",
                "reconnect.min = 50ms",
                "forward.all = a/#");
    }

    @AfterEach
    void close() throws Exception {
        if (process != null) {
            process.destroyForcibly();
        }
        for (AutoCloseable server : servers) {
            server.close();
        }
    }

    /** But in the files that the operator has written them into. */
    @Test
    void comeOutNowhere() throws Throwable {
        launch();
        eventually(() -> assertThat(connect("alice", USER)).isZero());
        assertThat(connect("alice", USER + "x")).isEqualTo(BAD_PASSWORD);
        assertThat(connect("eve", USER)).isEqualTo(BAD_PASSWORD);
        assertThat(connect("eve", "eyJhbGciOiJIUzI1NiJ9.e30." + Canary.secret("signature")))
                .isEqualTo(BAD_PASSWORD);
        eventually(() -> assertThat(asked).as("with the secret").hasPositiveValue());
        eventually(() -> assertThat(remoteLogins).as("with the secret").hasPositiveValue());
        eventually(() -> assertThat(isOpen(tls)).isTrue());

        // Mistakes beside and in a secret: what is said of them has the key.
        write("io.bascule.bridge-wrong.cfg", "server = mqtt://x", "pasword = " + PLAIN, "forward.all = a/#");
        write(
                "io.bascule.bridge-plain.cfg",
                "server = mqtt://x",
                "password = " + PLAIN,
                "forward.all = a/#",
                "qos = 3");
        write("io.bascule.bridge-user.cfg", "server = mqtt://alice:" + PLAIN + "@x", "forward.all = a/#");
        write("io.bascule.jwt-short.cfg", "secret = " + PLAIN, "algorithms = HS512");
        write("io.bascule.http-lines.cfg", "url = https://x:" + PLAIN + "@y", "authorization = \\u0001" + PLAIN);
        write(
                "io.bascule.listener-wrong.cfg",
                "protocol = mqtts",
                "port = 0",
                "tls.keystore = " + outside.resolve("server.p12"),
                "tls.keystore.password = " + PLAIN);
        write("io.bascule.passwords-wrong.cfg", "file = " + outside.resolve("broken"));
        eventually(() -> assertThat(output())
                .contains("pasword")
                .contains("bridge plain", "bridge user", "jwt short", "http lines", "listener wrong", "broken"));

        type("""
                status --json
                listeners
                listeners --json
                security
                security --json
                bridges
                bridges --json
                bridge-info far
                bridge-info --json far
                bridge-diff wrong
                bridge-diff --json plain
                bridge-validate etc/io.bascule.bridge-plain.cfg
                bridge-set far keepalive=20s
                bridge-set far password=%1$s
                bridge-set --dry-run far 'password=$[env:REMOTE]'
                sessions --json
                users people
                bans --json
                retained --json '$SYS/#'
                lb
                """.formatted(PLAIN));
        assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();

        assertThat(output()).contains("bridge-set", "\"sessionsConnected\"");
        assertThat(output()).doesNotContain(Canary.WORD);
        List<String> found = filesWith(Canary.WORD);
        assertThat(found)
                .filteredOn(file -> !file.startsWith("data"))
                .containsExactlyInAnyOrder(
                        "etc/io.bascule.bridge-far.cfg",
                        "etc/io.bascule.bridge-plain.cfg",
                        "etc/io.bascule.bridge-user.cfg",
                        "etc/io.bascule.bridge-wrong.cfg",
                        "etc/io.bascule.http-lines.cfg",
                        "etc/io.bascule.jwt-short.cfg",
                        "etc/io.bascule.listener-wrong.cfg",
                        "etc/secrets/callout",
                        "etc/secrets/keystore",
                        "etc/secrets/tokens");
        assertThat(found)
                .filteredOn(file -> file.startsWith("data"))
                .as("Configuration Admin keeps files as they are, placeholders as such")
                .isNotEmpty()
                .containsExactlyInAnyOrderElementsOf(filesWith(PLAIN, "data"))
                .allMatch(file -> file.startsWith("data/framework/") && file.endsWith(".config"));
    }

    private List<String> filesWith(String text, String... below) {
        return Canary.foundBelow(folder.resolve(String.join("/", below)), text).stream()
                .map(file -> folder.relativize(file).toString())
                .toList();
    }

    private int connect(String user, String password) {
        try (RawClient client = RawClient.connect(port, "it", user, password)) {
            return client.returnCode();
        } catch (IOException e) {
            throw new AssertionError("no answer", e);
        }
    }

    private static boolean isOpen(int port) {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            return socket.isConnected();
        } catch (IOException e) {
            return false;
        }
    }

    /** Refuses whoever it is asked about, and counts who shows its secret. */
    private int callout() throws IOException {
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", exchange -> {
            if (("Bearer " + CALLOUT).equals(exchange.getRequestHeaders().getFirst("Authorization"))) {
                asked.incrementAndGet();
            }
            byte[] answer = "{\"result\":\"deny\"}".getBytes(StandardCharsets.US_ASCII);
            exchange.sendResponseHeaders(200, answer.length);
            exchange.getResponseBody().write(answer);
            exchange.close();
        });
        server.start();
        servers.add(() -> server.stop(0));
        return server.getAddress().getPort();
    }

    /** A remote broker that knows nobody, and counts who shows the password. */
    private int remote() throws IOException {
        ServerSocket server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        servers.add(server);
        Thread thread = new Thread(() -> {
            while (!server.isClosed()) {
                try (Socket socket = server.accept()) {
                    String connect = "";
                    while (!connect.contains(REMOTE)) {
                        int next = socket.getInputStream().read();
                        if (next < 0) {
                            throw new IOException("closed without the password");
                        }
                        connect += (char) next;
                    }
                    remoteLogins.incrementAndGet();
                    socket.getOutputStream().write(new byte[] {0x20, 2, 0, BAD_PASSWORD});
                } catch (IOException e) {
                    // The next one.
                }
            }
        });
        thread.setDaemon(true);
        thread.start();
        return server.getLocalPort();
    }

    private void keystore() throws Exception {
        Process keytool = new ProcessBuilder(
                        program("keytool"),
                        "-genkeypair",
                        "-keyalg",
                        "EC",
                        "-alias",
                        "server",
                        "-dname",
                        "CN=localhost",
                        "-storetype",
                        "PKCS12",
                        "-keystore",
                        outside.resolve("server.p12").toString(),
                        "-storepass",
                        KEYSTORE)
                .redirectErrorStream(true)
                .redirectOutput(outside.resolve("keytool").toFile())
                .start();
        assertThat(keytool.waitFor()).isZero();
    }

    /** As {@code mosquitto_passwd} writes it. */
    private static String hash(String password) throws GeneralSecurityException {
        byte[] salt = "0123456789ab".getBytes(StandardCharsets.US_ASCII);
        byte[] hash = SecretKeyFactory.getInstance("PBKDF2WithHmacSHA512")
                .generateSecret(new PBEKeySpec(password.toCharArray(), salt, 101, 512))
                .getEncoded();
        Base64.Encoder base64 = Base64.getEncoder();
        return "$7$101$" + base64.encodeToString(salt) + "$" + base64.encodeToString(hash);
    }

    private void write(String name, String... lines) throws IOException {
        Path whole = Files.write(outside.resolve("written"), List.of(lines));
        Files.move(whole, etc.resolve(name));
    }

    private void launch() throws IOException {
        List<String> command = Program.command("-Dorg.slf4j.simpleLogger.log.io.netty=trace");
        command.addAll(List.of("--console", "--log", "trace"));
        ProcessBuilder builder = new ProcessBuilder(command)
                .directory(folder.toFile())
                .redirectErrorStream(true)
                .redirectOutput(outside.resolve("output").toFile());
        builder.environment().put("REMOTE", REMOTE);
        process = builder.start();
    }

    private static String program(String name) {
        return Path.of(System.getProperty("java.home"), "bin", name).toString();
    }

    private void type(String lines) throws IOException {
        try (OutputStream in = process.getOutputStream()) {
            in.write(lines.getBytes(StandardCharsets.UTF_8));
        }
    }

    private String output() throws IOException {
        return Files.readString(outside.resolve("output"));
    }
}
