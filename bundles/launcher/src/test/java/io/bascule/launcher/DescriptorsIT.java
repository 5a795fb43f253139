/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.launcher;

import static io.bascule.launcher.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import io.bascule.itests.statements.Cve;
import java.io.IOException;
import java.net.ConnectException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** The jar as a program that may open few files, and has opened them all. */
@EnabledOnOs(OS.LINUX)
class DescriptorsIT {
    /** Twice what it has open when nobody is connected. */
    private static final int LIMIT = 128;

    /** Which the JVM may have come to need meanwhile. */
    private static final int OTHERS = 8;

    private static final int NOT_AUTHORIZED = 5;
    private static final int BAD_USER_NAME_OR_PASSWORD = 4;
    private static final Duration WATCHED = Duration.ofSeconds(3);
    private static final long PUBLISH_NANOS = Duration.ofMillis(20).toNanos();
    /** In which a file is looked at once at least. */
    private static final long LOOK_NANOS = Duration.ofSeconds(1).toNanos();
    /** {@code secret}, in few iterations. */
    private static final String HASH = "$7$101$AQIDBAUGBwgJCgsM"
            + "$ElKF/yT2lAwrOIqDbqwyDkdEWWjEv9xNCPp7zaw7NgKePlIs4CqOpY89+U/jSu9Z0ymojy1xkdWS2VfMzvRKZw==";

    @TempDir
    Path folder;

    private final List<RawClient> clients = new ArrayList<>();
    private Path users;
    private int port;
    private Process process;

    @BeforeEach
    void launch() throws IOException {
        Path etc = Files.createDirectory(folder.resolve("etc"));
        users = etc.resolve("users");
        port = Sockets.freePort();
        Files.writeString(users, "alice:" + HASH + "\n");
        Files.setPosixFilePermissions(users, PosixFilePermissions.fromString("rw-------"));
        Files.writeString(etc.resolve("io.bascule.passwords-house.cfg"), "file = users\n");
        Files.writeString(etc.resolve("io.bascule.listener-main.cfg"), "port = " + port + "\nauthenticators = house\n");
        List<String> command = new ArrayList<>(List.of("sh", "-c", "ulimit -n " + LIMIT + " && exec \"$0\" \"$@\""));
        command.addAll(Program.command());
        command.add("--no-console");
        process = new ProcessBuilder(command)
                .directory(folder.toFile())
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("output").toFile())
                .start();
    }

    @AfterEach
    void end() throws IOException {
        closeClients();
        process.destroyForcibly();
    }

    private void closeClients() throws IOException {
        for (RawClient client : clients) {
            client.close();
        }
        clients.clear();
    }

    private RawClient begin(String clientId, String userName, String password) throws IOException {
        RawClient client = RawClient.begin(port, clientId, userName, password);
        clients.add(client);
        return client;
    }

    private String output() throws IOException {
        return Files.readString(folder.resolve("output"));
    }

    private int open() throws IOException {
        try (Stream<Path> descriptors = Files.list(Path.of("/proc", Long.toString(process.pid()), "fd"))) {
            return (int) descriptors.count();
        }
    }

    private Duration processorTime() {
        return process.info().totalCpuDuration().orElseThrow();
    }

    private void connected(String clientId, String userName) throws IOException {
        try {
            assertThat(begin(clientId, userName, "secret").awaitAnswer()).isZero();
        } catch (ConnectException e) {
            throw new AssertionError(e);
        }
    }

    /** Whoever has no room waits; nobody comes in because the file of the users cannot be read. */
    @Test
    @Cve("CVE-2017-7652")
    void keepThoseWaitingForWhomThereIsNone() throws Throwable {
        eventually(() -> connected("early", "alice"));
        int before = open();
        RawClient early = clients.get(0);
        // More than there is room for: where one is free again by chance, it is taken again.
        for (int i = 0; i < LIMIT; i++) {
            begin("filler" + i, "alice", "secret");
        }
        List<RawClient> fillers = List.copyOf(clients.subList(1, clients.size()));
        RawClient nobody = begin("nobody", null, null);
        RawClient wrong = begin("wrong", "alice", "wrong");
        eventually(() -> assertThat(output())
                .contains("listener main cannot accept who comes")
                .contains("Too many open files"));
        eventually(() -> {
            Files.writeString(users, "alice:" + HASH + "\n# " + System.nanoTime() + "\n");
            LockSupport.parkNanos(LOOK_NANOS);
            assertThat(output()).contains("users cannot be read").contains("what was in force stays so");
        });

        Duration spent = processorTime();
        long end = System.nanoTime() + WATCHED.toNanos();
        while (System.nanoTime() - end < 0) {
            early.publish("still", "served");
            LockSupport.parkNanos(PUBLISH_NANOS);
        }
        assertThat(processorTime().minus(spent)).isLessThan(WATCHED.dividedBy(2));
        assertThat(nobody.hasAnswer()).isFalse();
        assertThat(output().lines().filter(line -> line.contains("cannot accept who comes")))
                .hasSize(1);
        assertThat(output()).doesNotContain("ERROR").doesNotContain("NativeIoException");

        // Alice stays in it, or the fillers that are looked at now would have her banned.
        Files.writeString(users, "alice:" + HASH + "\nbob:" + HASH + "\n");
        for (RawClient filler : fillers) {
            filler.close();
        }
        assertThat(nobody.awaitAnswer()).isEqualTo(NOT_AUTHORIZED);
        assertThat(wrong.awaitAnswer()).isEqualTo(BAD_USER_NAME_OR_PASSWORD);
        closeClients();
        eventually(() -> assertThat(open()).isLessThan(before + OTHERS));
        eventually(() -> assertThat(output()).contains("is in force: 2 users"));
        connected("late", "bob");
    }
}
