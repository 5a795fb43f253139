/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.transport;

import static org.assertj.core.api.Assertions.assertThat;

import io.bascule.api.ListenerStatus;
import io.bascule.api.ListenerStatus.State;
import io.bascule.mqtt.Message;
import io.bascule.mqtt.QoS;
import io.bascule.mqtt.Topic;
import io.bascule.transport.Recorder.Closed;
import io.bascule.transport.internal.ListenerComponent;
import io.bascule.transport.internal.Transports;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Listeners on Unix domain sockets. */
@Timeout(30)
class UnixSocketTest {
    private static final byte[] CONNECT =
            TestServer.bytes(0x10, 14, 0, 4, 'M', 'Q', 'T', 'T', 5, 2, 0, 0, 0, 0, 1, 'c');
    private static final int[] NONE = {};

    @TempDir
    Path folder;

    private Path path() {
        return folder.resolve("mqtt.sock");
    }

    private Map<String, Object> on(Path path, Object... more) {
        Map<String, Object> properties = new HashMap<>(Map.of("socket", path.toString()));
        for (int i = 0; i < more.length; i += 2) {
            properties.put((String) more[i], more[i + 1]);
        }
        return properties;
    }

    private TestServer serving(Object... more) {
        TestServer server = new TestServer(on(path(), more));
        awaitOpen(server.listener);
        return server;
    }

    private static void awaitOpen(ListenerComponent listener) {
        TestServer.eventually("open", () -> listener.status().state() == State.OPEN);
    }

    private SocketChannel connect() throws IOException {
        return SocketChannel.open(UnixDomainSocketAddress.of(path()));
    }

    /** Binds a socket as another process would, whose file stays when it is closed. */
    private ServerSocketChannel occupy() throws IOException {
        return ServerSocketChannel.open(StandardProtocolFamily.UNIX).bind(UnixDomainSocketAddress.of(path()));
    }

    @ParameterizedTest
    @EnumSource
    void servesClients(Transports sockets) throws IOException, InterruptedException {
        try (TestServer server = new TestServer(sockets.start(), on(path()))) {
            awaitOpen(server.listener);
            UnixDomainSocketAddress address = UnixDomainSocketAddress.of(path());
            ListenerStatus status = server.listener.status();
            assertThat(status.host()).isEqualTo(path().toString());
            assertThat(status.port()).isZero();
            String line = "test " + address + " bascule-announcer";
            TestServer.eventually("announced", () -> server.announced.contains(line));

            try (SocketChannel client = connect()) {
                DataInputStream in = new DataInputStream(Channels.newInputStream(client));
                client.write(ByteBuffer.wrap(CONNECT));
                Recorder recorder = server.recorder();
                recorder.next(ControlPacket.Connect.class);
                assertThat(in.readNBytes(8)).startsWith(0x20);
                assertThat(recorder.connection.remoteAddress()).isEqualTo(address);
                Message large = Message.of(Topic.of("t"), new byte[1_000_000], QoS.AT_MOST_ONCE, false);
                recorder.connection
                        .eventLoop()
                        .execute(() -> recorder.connection.publish(large, QoS.AT_MOST_ONCE, false, false, 0, NONE));
                assertThat(in.readNBytes(1_000_008)).startsWith(0x30);
                recorder.connection.close();
                assertThat(in.read()).isEqualTo(-1);
                recorder.next(Closed.class);
            }
            server.listener.close();
            assertThat(path()).doesNotExist();
            assertThat(server.announced).isEmpty();
        }
    }

    @Test
    void letsThoseConnectWhomItsModeNames() throws IOException {
        for (String[] each : new String[][] {
            {"0600", "rw-------"}, {"0660", "rw-rw----"}, {"777", "rwxrwxrwx"}, {"0642", "rw-r---w-"}
        }) {
            TestServer server = serving("socket.mode", each[0]);
            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(path())))
                    .isEqualTo(each[1]);
            server.close();
        }
        try (TestServer server = serving()) {
            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(path())))
                    .isEqualTo("rw-rw----");
            assertThat(server.listener.status().state()).isEqualTo(State.OPEN);
        }
    }

    @Test
    void takesThePlaceOfAProcessThatIsGone() throws IOException {
        occupy().close();
        assertThat(path()).exists();

        try (TestServer server = serving();
                SocketChannel client = connect()) {
            assertThat(client.isConnected()).isTrue();
            assertThat(server.listener.status().reason()).isEmpty();
        }
    }

    @Test
    void leavesASocketToWhoListensOnIt() throws IOException {
        ServerSocketChannel other = occupy();
        try (TestServer server = new TestServer(on(path()))) {
            awaitReason(server.listener, "somebody listens there");
            try (SocketChannel client = connect()) {
                assertThat(client.isConnected()).isTrue();
            }
            other.close();
            awaitOpen(server.listener); // its file is stale now
        }
    }

    private static void awaitReason(ListenerComponent listener, String reason) {
        TestServer.eventually("retrying", () -> listener.status().reason().isPresent());
        assertThat(listener.status().state()).isEqualTo(State.RETRYING);
        assertThat(listener.status().reason().orElseThrow())
                .startsWith("cannot listen on " + listener.status().host())
                .contains(reason);
    }

    @Test
    void leavesAloneWhatIsNoSocket() throws IOException {
        Files.writeString(path(), "precious");
        try (TestServer server = new TestServer(on(path()))) {
            awaitReason(server.listener, "not a socket");
            assertThat(path()).hasContent("precious");
            Files.delete(path());
            awaitOpen(server.listener);
        }
        Path file = Files.writeString(folder.resolve("file"), "precious");
        Files.createSymbolicLink(path(), file);
        try (TestServer server = new TestServer(on(path()))) {
            awaitReason(server.listener, "not a socket");
        }
        assertThat(Files.exists(path(), LinkOption.NOFOLLOW_LINKS)).isTrue();
        Files.delete(path());
        Files.createDirectory(path());
        try (TestServer server = new TestServer(on(path()))) {
            awaitReason(server.listener, "not a socket");
        }
        assertThat(path()).isDirectory();
    }

    @Test
    void waitsForItsFolder() throws IOException {
        Path missing = folder.resolve("later");
        try (TestServer server = new TestServer(on(missing.resolve("mqtt.sock")))) {
            awaitReason(server.listener, "");
            Files.createDirectory(missing);
            awaitOpen(server.listener);
        }
    }

    @Test
    void opensAnewOnTheSameSocket() throws IOException, InterruptedException {
        try (TestServer server = new TestServer(Map.of())) {
            for (int i = 0; i < 20; i++) {
                ListenerComponent listener = server.listen(on(path()));
                awaitOpen(listener);
                try (SocketChannel client = connect()) {
                    server.recorder();
                    listener.close();
                    assertThat(Channels.newInputStream(client).read()).isEqualTo(-1);
                }
                assertThat(path()).doesNotExist();
            }
        }
    }

    @Test
    void limitsItsConnectionsInAllOnly() throws IOException, InterruptedException {
        try (TestServer server = serving("connections.maximum", 2, "connections.per.address", 1);
                SocketChannel first = connect();
                SocketChannel second = connect()) {
            server.recorder();
            server.recorder();
            try (SocketChannel third = connect()) {
                third.write(ByteBuffer.wrap(CONNECT));
                InputStream in = Channels.newInputStream(third);
                assertThat(in.readAllBytes()).isEqualTo(TestServer.bytes(0x20, 3, 0, 0x97, 0));
            }
            assertThat(first.isConnected() && second.isConnected()).isTrue();
            assertThat(server.listener.status().connections()).isEqualTo(2);
        }
    }

    @Test
    void speaksWebSocketToo() throws IOException, InterruptedException {
        try (TestServer server = serving("protocol", "ws");
                SocketChannel client = connect()) {
            client.write(ByteBuffer.wrap(WebSocketPeer.http(WebSocketPeer.REQUEST)));
            server.recorder();
            assertThat(Channels.newInputStream(client).readNBytes(12))
                    .asString()
                    .isEqualTo("HTTP/1.1 101");
        }
    }

    @Test
    void staysShutWhenItsConfigurationWillNotDo() {
        try (TestServer server = serving()) {
            staysShut(server, "host", on(folder.resolve("a"), "host", "127.0.0.1"));
            staysShut(server, "port", on(folder.resolve("a"), "port", "1883"));
            staysShut(server, "socket", on(Path.of("relative.sock")));
            staysShut(server, "socket", on(folder.resolve("x".repeat(100))));
            staysShut(server, "socket", on(Path.of("")));
            staysShut(server, "socket.mode", on(folder.resolve("a"), "socket.mode", "rw"));
            staysShut(server, "socket.mode", on(folder.resolve("a"), "socket.mode", "0888"));
            staysShut(server, "socket.mode", Map.of("socket.mode", "0600"));
        }
    }

    private static void staysShut(TestServer server, String key, Map<String, Object> properties) {
        ListenerComponent listener = server.listen(properties);
        assertThat(listener.status().state()).isEqualTo(State.CONFIG_INVALID);
        assertThat(listener.status().reason().orElseThrow()).startsWith(key + ": ");
        listener.close();
    }
}
