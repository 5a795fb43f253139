/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.itests.karaf;

import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;

/** An MQTT 3.1.1 client made of bytes: no library, so that it runs inside Karaf as well as outside. */
final class RawClient implements AutoCloseable {
    /** Who fails to log in is told so up to 8 s late. */
    private static final int TIMEOUT_MILLIS = 30_000;

    private static final int CONNECT = 0x10;
    private static final int PUBLISH_QOS_0 = 0x30;
    private static final int SUBSCRIBE = 0x82;
    private static final int LEVEL_311 = 4;
    private static final int CLEAN_SESSION = 0x02;
    private static final int PASSWORD = 0x40;
    private static final int USER_NAME = 0x80;
    private static final int PACKET_ID = 7;
    private static final byte[] CONNACK = {0x20, 2, 0, 0};
    private static final byte[] SUBACK = {(byte) 0x90, 3, 0, PACKET_ID, 0};

    private final Socket socket;
    private final DataInputStream in;

    private RawClient(Socket socket) throws IOException {
        this.socket = socket;
        this.in = new DataInputStream(socket.getInputStream());
    }

    /** The body of a packet. */
    @FunctionalInterface
    private interface Body {
        void write(DataOutputStream out) throws IOException;
    }

    /** Connects, and waits until the broker has accepted. */
    static RawClient connect(int port, String clientId) throws IOException {
        RawClient client = new RawClient(new Socket(InetAddress.getLoopbackAddress(), port));
        try {
            client.socket.setSoTimeout(TIMEOUT_MILLIS);
            client.send(CONNECT, body -> {
                body.writeUTF("MQTT");
                body.writeByte(LEVEL_311);
                body.writeByte(CLEAN_SESSION);
                body.writeShort(0); // no keep alive
                body.writeUTF(clientId);
            });
            client.expect(CONNACK);
            return client;
        } catch (IOException | AssertionError e) {
            client.close();
            throw e;
        }
    }

    /** Connects, and tells the return code that comes; -1 where none does, as while the listener is shut. User name and password may be null. */
    static int connAck(int port, String userName, String password) throws IOException {
        try (RawClient client = new RawClient(new Socket(InetAddress.getLoopbackAddress(), port))) {
            client.socket.setSoTimeout(TIMEOUT_MILLIS);
            client.send(CONNECT, body -> {
                body.writeUTF("MQTT");
                body.writeByte(LEVEL_311);
                body.writeByte(CLEAN_SESSION | (userName == null ? 0 : USER_NAME) | (password == null ? 0 : PASSWORD));
                body.writeShort(0); // no keep alive
                body.writeUTF("asked");
                if (userName != null) {
                    body.writeUTF(userName);
                }
                if (password != null) {
                    body.writeUTF(password);
                }
            });
            byte[] connAck = client.in.readNBytes(CONNACK.length);
            return connAck.length < CONNACK.length ? -1 : connAck[CONNACK.length - 1];
        } catch (SocketException e) {
            return -1;
        }
    }

    /** Subscribes with QoS 0, and waits until that is in force. */
    void subscribe(String filter) throws IOException {
        send(SUBSCRIBE, body -> {
            body.writeShort(PACKET_ID);
            body.writeUTF(filter);
            body.writeByte(0);
        });
        expect(SUBACK);
    }

    /** The next message, as {@code topic payload}. */
    String receive() throws IOException {
        int type = in.readUnsignedByte();
        if (type != PUBLISH_QOS_0) {
            throw new AssertionError("not a PUBLISH with QoS 0: " + Integer.toHexString(type));
        }
        int left = in.readUnsignedByte(); // tests send less than 128 bytes
        String topic = in.readUTF();
        byte[] payload = in.readNBytes(left - 2 - topic.getBytes(StandardCharsets.UTF_8).length);
        return topic + " " + new String(payload, StandardCharsets.UTF_8);
    }

    private void send(int type, Body content) throws IOException {
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        content.write(new DataOutputStream(body));
        ByteArrayOutputStream packet = new ByteArrayOutputStream();
        packet.write(type);
        packet.write(body.size());
        body.writeTo(packet);
        socket.getOutputStream().write(packet.toByteArray());
    }

    private void expect(byte[] packet) throws IOException {
        byte[] got = in.readNBytes(packet.length);
        if (!Arrays.equals(got, packet)) {
            HexFormat hex = HexFormat.of();
            throw new AssertionError("expected " + hex.formatHex(packet) + ", got " + hex.formatHex(got));
        }
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
