/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.launcher;

import static io.bascule.launcher.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import io.bascule.launcher.Sockets.Opened;
import java.io.IOException;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** What can be reached of the jar as a program: its listeners, each where its file says, and nothing else. */
@EnabledOnOs(OS.LINUX)
class PortsIT {
    @TempDir
    Path folder;

    private Path etc;
    private Process process;

    @BeforeEach
    void lay() throws IOException {
        etc = Files.createDirectory(folder.resolve("etc"));
    }

    @AfterEach
    void kill() {
        if (process != null) {
            process.destroyForcibly();
        }
    }

    @Test
    void areThoseOfTheListenersOnTheirAddresses() throws Throwable {
        int plain = Sockets.freePort();
        int other = Sockets.freePort();
        int six = Sockets.freePort();
        int web = Sockets.freePort();
        int everywhere = Sockets.freePort();
        write("io.bascule.listener-plain.cfg", "port = " + plain);
        write("io.bascule.listener-other.cfg", "host = 127.0.0.2", "port = " + other);
        write("io.bascule.listener-six.cfg", "host = ::1", "port = " + six);
        write("io.bascule.listener-web.cfg", "protocol = ws", "port = " + web);
        write("io.bascule.listener-all.cfg", "host = 0.0.0.0", "port = " + everywhere, "allow.anonymous = true");
        write("io.bascule.listener-local.cfg", "socket = " + folder.resolve("local.sock"));
        // Shut, and so no port: one may not be open to others, one does not validate, one lacks its authenticator.
        write("io.bascule.listener-anonymous.cfg", "host = 0.0.0.0", "port = " + Sockets.freePort());
        write("io.bascule.listener-broken.cfg", "port = " + Sockets.freePort(), "prot = mqtt");
        write("io.bascule.listener-unguarded.cfg", "port = " + Sockets.freePort(), "authenticators = nobody");
        // Goes out, and so opens none.
        write(
                "io.bascule.bridge-out.cfg",
                "server = mqtt://127.0.0.1:" + Sockets.freePort(),
                "reconnect.min = 10ms",
                "forward.all = a/#");

        launch();

        Set<Opened> listed = Set.of(
                tcp("127.0.0.1", plain),
                tcp("127.0.0.2", other),
                tcp("::1", six),
                tcp("127.0.0.1", web),
                tcp("0.0.0.0", everywhere));
        eventually(() -> assertThat(Sockets.opened(process.pid())).containsAll(listed));
        eventually(() -> assertThat(folder.resolve("local.sock")).exists());
        assertThat(Sockets.opened(process.pid())).isEqualTo(listed);
    }

    /** The scan itself: of each protocol and address. */
    @Test
    void wouldBeFoundWhereTheyAreNotListed() throws IOException {
        long self = ProcessHandle.current().pid();
        InetAddress loopback = InetAddress.getByName("127.0.0.3");
        try (ServerSocket tcp = new ServerSocket(0, 1, loopback);
                ServerSocket six = new ServerSocket(0, 1, InetAddress.getByName("::1"));
                DatagramSocket udp = new DatagramSocket(new InetSocketAddress(loopback, 0))) {
            assertThat(Sockets.opened(self))
                    .contains(
                            tcp("127.0.0.3", tcp.getLocalPort()),
                            tcp("::1", six.getLocalPort()),
                            new Opened("udp", loopback, udp.getLocalPort()));
        }
    }

    private static Opened tcp(String address, int port) throws IOException {
        return new Opened("tcp", InetAddress.getByName(address), port);
    }

    private void write(String name, String... lines) throws IOException {
        Files.write(etc.resolve(name), List.of(lines));
    }

    private void launch() throws IOException {
        List<String> command = Program.command();
        command.add("--no-console");
        process = new ProcessBuilder(command)
                .directory(folder.toFile())
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("output").toFile())
                .start();
    }
}
