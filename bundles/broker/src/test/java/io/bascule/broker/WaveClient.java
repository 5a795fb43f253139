/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.broker;

import java.io.DataInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/** One of many clients with a session that lasts, a subscription and a will: without a thread of its own, and gone with a reset. */
final class WaveClient {
    private final String clientId;
    private Socket socket;

    WaveClient(String clientId) {
        this.clientId = clientId;
    }

    /** Connects and sends CONNECT and SUBSCRIBE, and does not wait for what comes of it. */
    void arrive(int port, String will) {
        byte[] id = utf8(clientId);
        byte[] topic = utf8("will/" + clientId);
        byte[] payload = utf8(will);
        byte[] filter = utf8("own/" + clientId);
        int connect = 10 + 2 + id.length + 2 + topic.length + 2 + payload.length;
        int subscribe = 2 + 2 + filter.length + 1;
        ByteBuffer packets = ByteBuffer.allocate(2 + connect + 2 + subscribe);
        packets.put((byte) 0x10).put((byte) connect);
        string(packets, utf8("MQTT")).put((byte) 4).put((byte) 0x0C).putShort((short)
                0); // a will at QoS 1, no clean start
        string(packets, id);
        string(packets, topic);
        string(packets, payload);
        packets.put((byte) 0x82).put((byte) subscribe).putShort((short) 1);
        string(packets, filter).put((byte) 1);
        try {
            socket = new Socket(InetAddress.getLoopbackAddress(), port);
            socket.setSoTimeout(20_000);
            socket.setSoLinger(true, 0);
            socket.getOutputStream().write(packets.array());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Waits for CONNACK and SUBACK; whether the session was there. */
    boolean isSessionPresent() {
        try {
            byte[] answers = new byte[4 + 5];
            new DataInputStream(socket.getInputStream()).readFully(answers);
            if (answers[0] != 0x20 || answers[3] != 0 || answers[4] != (byte) 0x90 || answers[8] != 1) {
                throw new IOException(clientId + " was refused");
            }
            return answers[2] == 1;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Resets the connection. */
    void drop() {
        try {
            socket.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static ByteBuffer string(ByteBuffer packets, byte[] text) {
        return packets.putShort((short) text.length).put(text);
    }
}
