/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.transport;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import io.bascule.api.ListenerStatus.State;
import io.bascule.transport.Recorder.Closed;
import io.bascule.transport.internal.ListenerComponent;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketAddress;
import java.net.SocketException;
import java.net.UnixDomainSocketAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Listeners behind a proxy that says whose connection it is (the PROXY protocol, versions 1 and 2). */
@Timeout(60)
class ProxyProtocolTest {
    private static final byte[] CONNECT =
            TestServer.bytes(0x10, 14, 0, 4, 'M', 'Q', 'T', 'T', 5, 2, 0, 0, 0, 0, 1, 'c');
    private static final byte[] SIGNATURE =
            TestServer.bytes(0x0D, 0x0A, 0x0D, 0x0A, 0x00, 0x0D, 0x0A, 0x51, 0x55, 0x49, 0x54, 0x0A);
    private static final byte[] IPV4 = TestServer.bytes(203, 0, 113, 7, 127, 0, 0, 1, 0x30, 0x39, 7, 91);
    private static final int LOCAL = 0x20;
    private static final int PROXY = 0x21;
    private static final int TCP4 = 0x11;
    private static final int TCP6 = 0x21;
    private static final int UNIX = 0x31;

    private static TestServer server;

    @TempDir
    Path folder;

    @BeforeAll
    static void start() {
        server = new TestServer(behindProxy());
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    private static Map<String, Object> behindProxy(Object... more) {
        Map<String, Object> properties = new HashMap<>(Map.of("proxy.protocol", "true", "allow.anonymous", "true"));
        for (int i = 0; i < more.length; i += 2) {
            properties.put((String) more[i], more[i + 1]);
        }
        return properties;
    }

    private static byte[] v1(String line) {
        return (line + "\r\n").getBytes(US_ASCII);
    }

    private static byte[] v2(int command, int family, byte[] addresses, int extras) {
        ByteArrayOutputStream header = new ByteArrayOutputStream();
        header.writeBytes(SIGNATURE);
        int length = addresses.length + extras;
        header.writeBytes(TestServer.bytes(command, family, length >> 8, length));
        header.writeBytes(addresses);
        if (extras > 0) {
            header.writeBytes(TestServer.bytes(4, (extras - 3) >> 8, extras - 3)); // PP2_TYPE_NOOP
            header.writeBytes(new byte[extras - 3]);
        }
        return header.toByteArray();
    }

    private static SocketAddress address(String host, int port) throws UnknownHostException {
        return new InetSocketAddress(InetAddress.getByName(host), port);
    }

    /** From whom the connection is that begins with this; null for the proxy itself. */
    private static void isFrom(SocketAddress expected, byte[] header) throws IOException, InterruptedException {
        try (Socket socket = server.tcp()) {
            socket.getOutputStream().write(header);
            socket.getOutputStream().write(CONNECT);
            Recorder recorder = server.recorder();
            recorder.next(ControlPacket.Connect.class);
            assertThat(recorder.connection.remoteAddress())
                    .isEqualTo(expected != null ? expected : socket.getLocalSocketAddress());
            assertThat(socket.getInputStream().readNBytes(8)).startsWith(0x20);
            socket.shutdownOutput();
            recorder.next(Closed.class);
        }
    }

    private static void closed(TestServer listening, byte[]... bytes) throws IOException {
        try (Socket socket = listening.tcp()) {
            try {
                for (byte[] each : bytes) {
                    socket.getOutputStream().write(each);
                }
            } catch (SocketException e) {
                assertThat(bytes.length).as("it may be closed before the last").isGreaterThan(1);
            }
            assertThat(readToTheEnd(socket)).isEmpty();
        }
        assertThat(listening.accepted).isEmpty(); // nobody has heard of it
    }

    private static byte[] readToTheEnd(Socket socket) throws IOException {
        try {
            return socket.getInputStream().readAllBytes();
        } catch (SocketException e) {
            return new byte[0]; // reset, with unread bytes in it
        }
    }

    @Test
    void takesTheAddressFromAHeaderOfVersion1() throws IOException, InterruptedException {
        isFrom(address("203.0.113.7", 12345), v1("PROXY TCP4 203.0.113.7 127.0.0.1 12345 1883"));
        isFrom(address("2001:db8::7", 12345), v1("PROXY TCP6 2001:db8::7 ::1 12345 1883"));
        isFrom(null, v1("PROXY UNKNOWN"));
        isFrom(null, v1("PROXY UNKNOWN ffff:f...f:ffff ffff:f...f:ffff 65535 65535"));
    }

    /** Anybody can be closed as often as he likes, and is to fill no log by that. */
    @Test
    void saysOnceInAWhileWhomItCloses() throws IOException {
        try (TestServer strict = new TestServer(behindProxy("proxy.addresses", "192.0.2.1"));
                Logged log = new Logged()) {
            for (int i = 0; i < 5; i++) {
                closed(strict);
            }
            assertThat(log.lines("is closed: it is none of proxy.addresses")).hasSize(1);
        }
        try (TestServer patient = new TestServer(behindProxy());
                Logged log = new Logged()) {
            for (int i = 0; i < 5; i++) {
                closed(patient, v1("PROXY TCP4 x x 1 2"));
            }
            assertThat(log.lines("is closed: no PROXY header that can be read")).hasSize(1);
        }
    }

    @Test
    void takesTheAddressFromAHeaderOfVersion2() throws IOException, InterruptedException {
        isFrom(address("203.0.113.7", 12345), v2(PROXY, TCP4, IPV4, 0));
        isFrom(address("203.0.113.7", 12345), v2(PROXY, TCP4, IPV4, 84));
        isFrom(address("203.0.113.7", 12345), v2(PROXY, TCP4, IPV4, 1500));
        byte[] ipv6 = new byte[36];
        ipv6[0] = 0x20;
        ipv6[1] = 1;
        ipv6[15] = 9;
        ipv6[33] = 80;
        isFrom(address("2001::9", 80), v2(PROXY, TCP6, ipv6, 0));
    }

    @Test
    void takesTheProxyForWhomItSpeaksWhenItNamesNobody() throws IOException, InterruptedException {
        isFrom(null, v2(LOCAL, 0, new byte[0], 0)); // a look whether we are well
        isFrom(null, v2(LOCAL, TCP4, IPV4, 0));
        isFrom(null, v2(PROXY, 0, new byte[0], 0));
        isFrom(null, v2(PROXY, UNIX, new byte[216], 0));
    }

    @Test
    void takesAHeaderByteByByte() throws IOException, InterruptedException {
        for (byte[] header : new byte[][] {v1("PROXY TCP4 203.0.113.7 127.0.0.1 1 2"), v2(PROXY, TCP4, IPV4, 20)}) {
            try (Socket socket = server.tcp()) {
                socket.setTcpNoDelay(true);
                for (byte next : header) {
                    socket.getOutputStream().write(next);
                }
                Recorder recorder = server.recorder(); // without a byte of MQTT
                assertThat(recorder.connection.remoteAddress().toString()).contains("203.0.113.7");
            }
        }
    }

    @Test
    void closesWhatBeginsOtherwise() throws IOException {
        closed(server, "GET / HTTP/1.1\r\nHost: a\r\n\r\n".getBytes(US_ASCII));
        closed(server, v1("PROXY TCP4 203.0.113.7"));
        closed(server, v1("PROXY TCP4 203.0.113.7 127.0.0.1 12345 66000"));
        closed(server, v1("PROXY TCP4 203.0.113.777 127.0.0.1 12345 1883"));
        closed(server, v1("PROXY TCP4 localhost 127.0.0.1 12345 1883"));
        closed(server, v1("PROXY TCP6 203.0.113.7 127.0.0.1 12345 1883"));
        closed(server, v2(0x11, TCP4, IPV4, 0)); // no such version
        closed(server, v2(0x2F, TCP4, IPV4, 0)); // no such command
        closed(server, v2(PROXY, TCP4, Arrays.copyOf(IPV4, 8), 0));
    }

    @Test
    void closesWhoseHeaderIsTooLong() throws IOException {
        closed(server, ("PROXY UNKNOWN " + "x".repeat(94)).getBytes(US_ASCII), CONNECT);
        closed(server, v2(PROXY, TCP4, IPV4, 4000));
        closed(server, v2(PROXY, TCP4, IPV4, 65_000));
    }

    @Test
    void closesWhoSendsNoHeader() throws IOException {
        try (Socket silent = server.tcp();
                Socket slow = server.tcp();
                Socket brief = server.tcp();
                Socket client = server.tcp()) {
            slow.getOutputStream().write(v1("PROXY TCP4 203.0.113.7 127.0.0.1 1 2"), 0, 9);
            brief.getOutputStream().write(v1("PROXY"));
            client.getOutputStream().write(CONNECT);
            assertThat(readToTheEnd(silent)).isEmpty();
            assertThat(readToTheEnd(slow)).isEmpty();
            assertThat(readToTheEnd(brief)).isEmpty();
            assertThat(readToTheEnd(client)).isEmpty();
        }
        assertThat(server.accepted).isEmpty();
        server.tcp().close(); // nor does it mind who comes and goes
    }

    @Test
    void closesWhoIsNoProxy() throws IOException, InterruptedException {
        byte[] header = v1("PROXY TCP4 203.0.113.7 127.0.0.1 12345 1883");
        try (TestServer far = new TestServer(behindProxy("proxy.addresses", "10.0.0.0/8, 2001:db8::/32, 127.0.0.2"))) {
            closed(far, header, CONNECT);
            InetAddress other = InetAddress.getByName("127.0.0.2");
            try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), far.port(), other, 0)) {
                socket.getOutputStream().write(header);
                assertThat(far.recorder().connection.remoteAddress()).isEqualTo(address("203.0.113.7", 12345));
            }
        }
    }

    @Test
    void limitsTheConnectionsOfTheAddressesInHeaders() throws IOException, InterruptedException {
        try (TestServer strict = new TestServer(behindProxy("connections.per.address", 1));
                Socket first = strict.tcp();
                Socket second = strict.tcp();
                Socket third = strict.tcp()) {
            first.getOutputStream().write(v1("PROXY TCP4 203.0.113.7 127.0.0.1 1 1883"));
            strict.recorder();
            second.getOutputStream().write(v1("PROXY TCP4 203.0.113.8 127.0.0.1 1 1883"));
            strict.recorder();
            third.getOutputStream().write(v1("PROXY TCP4 203.0.113.7 127.0.0.1 2 1883"));
            third.getOutputStream().write(CONNECT);
            assertThat(third.getInputStream().readAllBytes()).isEqualTo(TestServer.bytes(0x20, 3, 0, 0x97, 0));
        }
    }

    @Test
    void goesBeforeWebSocketAndOverUnixDomainSockets() throws IOException, InterruptedException {
        try (TestServer ws = new TestServer(behindProxy("protocol", "ws"));
                WebSocketPeer peer = new WebSocketPeer(ws)) {
            peer.send(v1("PROXY TCP4 203.0.113.7 127.0.0.1 12345 1883"));
            assertThat(peer.request(WebSocketPeer.REQUEST).status()).startsWith("101");
            assertThat(ws.recorder().connection.remoteAddress()).isEqualTo(address("203.0.113.7", 12345));
        }
        Path path = folder.resolve("s");
        try (TestServer unix = new TestServer(behindProxy("socket", path.toString()))) {
            TestServer.eventually("open", () -> unix.listener.status().state() == State.OPEN);
            try (SocketChannel client = SocketChannel.open(UnixDomainSocketAddress.of(path))) {
                client.write(ByteBuffer.wrap(v1("PROXY TCP4 203.0.113.7 127.0.0.1 12345 1883")));
                assertThat(unix.recorder().connection.remoteAddress()).isEqualTo(address("203.0.113.7", 12345));
            }
        }
    }

    @Test
    void goesBeforeTheTlsHandshake() throws Exception {
        Pki pki = new Pki(folder);
        Map<String, Object> properties = pki.mqtts(pki.issue("localhost"));
        properties.putAll(behindProxy());
        try (TestServer secure = new TestServer(properties);
                Socket proxied = secure.tcp()) {
            proxied.getOutputStream().write(v2(PROXY, TCP4, IPV4, 30));
            try (Socket tls = pki.client(null).getSocketFactory().createSocket(proxied, "localhost", 0, true)) {
                tls.getOutputStream().write(CONNECT);
                Recorder recorder = secure.recorder();
                recorder.next(ControlPacket.Connect.class);
                assertThat(recorder.connection.remoteAddress()).isEqualTo(address("203.0.113.7", 12345));
                assertThat(tls.getInputStream().readNBytes(8)).startsWith(0x20);
            }
        }
    }

    @Test
    void closesThoseThatWaitWithItsListener() throws IOException {
        try (TestServer closing = new TestServer(behindProxy());
                Socket waiting = closing.tcp()) {
            TestServer.eventually("there", () -> closing.transport.info().connections() == 1);
            long start = System.nanoTime();
            closing.listener.close();
            assertThat(System.nanoTime() - start).isLessThan(2_000_000_000L);
            assertThat(waiting.getInputStream().read()).isEqualTo(-1);
        }
    }

    /** Whatever stands in a header, the connection is served or closed, and every buffer given back. */
    @Test
    void survivesHeadersThatAreDamaged() throws IOException {
        long seed = System.nanoTime();
        System.out.println("seed " + seed);
        Random random = new Random(seed);
        byte[][] good = {
            v1("PROXY TCP4 203.0.113.7 127.0.0.1 12345 1883"),
            v1("PROXY TCP6 2001:db8::7 ::1 12345 1883"),
            v1("PROXY UNKNOWN"),
            v2(PROXY, TCP4, IPV4, 0),
            v2(PROXY, TCP4, IPV4, 40),
            v2(PROXY, UNIX, new byte[216], 0),
            v2(LOCAL, 0, new byte[0], 0)
        };
        try (TestServer fuzzed = new TestServer(behindProxy())) {
            for (int i = 0; i < 1500; i++) {
                byte[] header = good[random.nextInt(good.length)].clone();
                for (int damage = random.nextInt(4); damage >= 0; damage--) {
                    header[random.nextInt(header.length)] = (byte) random.nextInt(256);
                }
                try (Socket socket = fuzzed.tcp()) {
                    socket.getOutputStream().write(header, 0, random.nextInt(header.length) + 1);
                    socket.shutdownOutput();
                    assertThat(readToTheEnd(socket)).isEmpty();
                }
            }
        }
    }

    /** What comes through a proxy comes from anywhere, and nothing authenticates it. */
    @Test
    void staysShutUnlessAnonymousClientsAreAllowed() {
        staysShut("host", Map.of("proxy.protocol", "true"));
    }

    @Test
    void staysShutWhenItsConfigurationWillNotDo() {
        staysShut("proxy.protocol", Map.of("proxy.protocol", "v2"));
        staysShut("proxy.addresses", Map.of("proxy.addresses", "10.0.0.1"));
        for (String bad :
                new String[] {"localhost", "10.0.0.0/33", "10.0.0.0/x", "::1/129", "10.0.0.1,", "10.0.0.0/-1"}) {
            staysShut("proxy.addresses", behindProxy("proxy.addresses", bad));
        }
    }

    private static void staysShut(String key, Map<String, Object> properties) {
        ListenerComponent listener = server.listen(properties);
        assertThat(listener.status().state()).isEqualTo(State.CONFIG_INVALID);
        assertThat(listener.status().reason().orElseThrow()).startsWith(key + ": ");
        listener.close();
    }
}
