/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.transport;

import static org.assertj.core.api.Assertions.assertThat;

import io.bascule.api.LimitInfo;
import io.bascule.itests.statements.Cve;
import io.bascule.mqtt.MqttVersion;
import io.bascule.mqtt.ReasonCode;
import io.bascule.mqtt.UserProperty;
import io.bascule.transport.Recorder.Failed;
import io.bascule.transport.Recorder.Published;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.Socket;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** How many properties a packet may have and what they may take (the class of CVE-2021-41039). */
@Timeout(30)
class PropertyLimitTest {
    private static final byte[] CONNECT =
            TestServer.bytes(0x10, 14, 0, 4, 'M', 'Q', 'T', 'T', 5, 2, 0, 0, 0, 0, 1, 'c');

    private static byte[] variableByteInteger(int value) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        int rest = value;
        do {
            out.write(rest > 127 ? rest & 127 | 128 : rest);
            rest >>>= 7;
        } while (rest > 0);
        return out.toByteArray();
    }

    private static byte[] join(byte[]... parts) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        for (byte[] part : parts) {
            out.writeBytes(part);
        }
        return out.toByteArray();
    }

    /** A packet of these parts. */
    private static byte[] packet(int firstByte, byte[]... parts) {
        byte[] body = join(parts);
        return join(TestServer.bytes(firstByte), variableByteInteger(body.length), body);
    }

    /** With their length in front. */
    private static byte[] properties(byte[]... properties) {
        byte[] all = join(properties);
        return join(variableByteInteger(all.length), all);
    }

    /** Of 7 bytes each. */
    private static byte[] userProperties(int count) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        for (int i = 0; i < count; i++) {
            out.writeBytes(TestServer.bytes(0x26, 0, 1, 'n', 0, 1, 'v'));
        }
        return out.toByteArray();
    }

    /** A content type, or a reason string, that takes so many bytes as a property. */
    private static byte[] text(int id, int bytes) {
        int length = bytes - 3;
        return join(
                TestServer.bytes(id, length >> 8, length), "x".repeat(length).getBytes());
    }

    private static byte[] publish(byte[]... properties) {
        return packet(0x30, TestServer.bytes(0, 1, 't'), properties(properties));
    }

    private static byte[] connect(byte[] properties, byte[] willProperties) {
        return packet(
                0x10,
                TestServer.bytes(0, 4, 'M', 'Q', 'T', 'T', 5, 0x06, 0, 0),
                properties(properties),
                TestServer.bytes(0, 1, 'c'),
                properties(willProperties),
                TestServer.bytes(0, 1, 'w', 0, 0));
    }

    /** What the server hears of these packets first that is not the CONNECT before them. */
    private static Object heard(TestServer server, byte[]... packets) throws IOException, InterruptedException {
        try (Socket socket = server.tcp()) {
            socket.getOutputStream().write(join(packets));
            socket.shutdownOutput();
            Recorder recorder = server.recorder();
            if (packets.length > 1) {
                recorder.next(ControlPacket.Connect.class);
            }
            Object first = recorder.next();
            if (first instanceof Failed) {
                assertThat(recorder.connection.version()).contains(MqttVersion.MQTT_5);
            }
            return first;
        }
    }

    private static void refuses(TestServer server, String limit, byte[]... packets)
            throws IOException, InterruptedException {
        long before = hits(server, limit);
        Object heard = heard(server, packets);
        assertThat(heard).isInstanceOf(Failed.class);
        assertThat(((Failed) heard).reason()).isEqualTo(ReasonCode.QUOTA_EXCEEDED);
        assertThat(hits(server, limit)).isEqualTo(before + 1);
    }

    private static long hits(TestServer server, String limit) {
        return server.listener.limits().stream()
                .filter(each -> each.name().equals(limit))
                .mapToLong(LimitInfo::hits)
                .findFirst()
                .orElseThrow();
    }

    @Test
    @Cve("CVE-2021-41039")
    void holdsPacketsToTheirNumberOfUserProperties() throws IOException, InterruptedException {
        String limit = "properties.maximum";
        try (TestServer server = new TestServer(Map.of(limit, 5))) {
            for (int count = 4; count <= 5; count++) {
                Object heard = heard(server, CONNECT, publish(userProperties(count)));
                assertThat(((Published) heard).message().properties().userProperties())
                        .hasSize(count);
                assertThat(heard(server, connect(userProperties(count), new byte[0])))
                        .isInstanceOf(ControlPacket.Connect.class);
            }
            refuses(server, limit, CONNECT, publish(userProperties(6)));
            refuses(server, limit, connect(userProperties(6), new byte[0]));
            assertThat(heard(server, connect(userProperties(2), userProperties(3))))
                    .isInstanceOf(ControlPacket.Connect.class);
            refuses(server, limit, connect(userProperties(3), userProperties(3)));
            byte[] filter = TestServer.bytes(0, 1, 'f', 0);
            refuses(
                    server,
                    limit,
                    CONNECT,
                    packet(0x82, TestServer.bytes(0, 1), properties(userProperties(6)), filter));
            refuses(server, limit, CONNECT, packet(0x40, TestServer.bytes(0, 1, 0), properties(userProperties(6))));
            assertThat(hits(server, "properties.bytes")).isZero();
        }
    }

    @Test
    @Cve("CVE-2021-41039")
    void holdsPacketsToTheBytesOfTheirProperties() throws IOException, InterruptedException {
        String limit = "properties.bytes";
        try (TestServer server = new TestServer(Map.of(limit, "1KiB"))) {
            for (int bytes = 1023; bytes <= 1024; bytes++) {
                Published heard = (Published) heard(server, CONNECT, publish(text(0x03, bytes)));
                assertThat(heard.message().properties().contentType().orElseThrow())
                        .hasSize(bytes - 3);
            }
            refuses(server, limit, CONNECT, publish(text(0x03, 1025)));
            assertThat(heard(server, connect(text(0x15, 512), text(0x03, 512))))
                    .isInstanceOf(ControlPacket.Connect.class);
            refuses(server, limit, connect(text(0x15, 513), text(0x03, 512)));
            refuses(
                    server,
                    limit,
                    CONNECT,
                    packet(0xE0, TestServer.bytes(0), properties(text(0x1F, 1025)))); // DISCONNECT
            refuses( // what is only announced costs nothing
                    server, limit, CONNECT, TestServer.bytes(0x30, 10, 0, 1, 't', 0x81, 0x08, 0, 0, 0, 0, 0));
        }
    }

    @Test
    void hasDefaults() throws IOException, InterruptedException {
        try (TestServer server = new TestServer(Map.of())) {
            assertThat(((Published) heard(server, CONNECT, publish(userProperties(64))))
                            .message()
                            .properties()
                            .userProperties())
                    .containsOnly(new UserProperty("n", "v"))
                    .hasSize(64);
            refuses(server, "properties.maximum", CONNECT, publish(userProperties(65)));
            refuses(server, "properties.maximum", CONNECT, publish(userProperties(9_000)));
            refuses(server, "properties.bytes", CONNECT, publish(userProperties(65_535)));
            byte[] half = text(0x26, 32_768 - 2);
            byte[] value = TestServer.bytes(0, 0);
            assertThat(heard(server, CONNECT, publish(half, value, half, value)))
                    .isInstanceOf(Published.class);
            refuses(server, "properties.bytes", CONNECT, publish(half, value, half, value, TestServer.bytes(1, 0)));
        }
    }

    @Test
    void readsManyWhereManyAreAllowed() throws IOException, InterruptedException {
        try (TestServer server = new TestServer(Map.of("properties.maximum", 65_535, "properties.bytes", "1MiB"));
                Socket socket = server.tcp()) {
            socket.setTcpNoDelay(true);
            socket.getOutputStream().write(CONNECT);
            Recorder recorder = server.recorder();
            recorder.next(ControlPacket.Connect.class);
            byte[] packet = publish(userProperties(65_535));
            for (int at = 0; at < packet.length; at += 7) { // in many small pieces, each read on its own
                socket.getOutputStream().write(packet, at, Math.min(7, packet.length - at));
            }
            assertThat(recorder.next(Published.class).message().properties().userProperties())
                    .hasSize(65_535);
        }
    }
}
