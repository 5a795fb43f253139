/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.launcher;

import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;

/** A client of MQTT 3.1.1 that can connect, publish with QoS 1 and disconnect; what it sends is shorter than 128 bytes a packet. */
final class RawClient implements AutoCloseable {
    private static final int CONNECT = 0x10;
    private static final int CONNACK = 0x20;
    private static final int PUBLISH_QOS_1 = 0x32;
    private static final int PUBACK = 0x40;
    private static final int TIMEOUT_MILLIS = 30_000;
    private static final int CLEAN_SESSION = 0x02;
    private static final int USER_NAME = 0x80;
    private static final int PASSWORD = 0x40;

    private final Socket socket;
    private int returnCode;

    private RawClient(Socket socket) {
        this.socket = socket;
    }

    /** Connects, and waits for the answer. */
    static RawClient connect(int port, String clientId, String userName) throws IOException {
        return connect(port, clientId, userName, null);
    }

    /** Connects as a user with a password, and waits for the answer. */
    static RawClient connect(int port, String clientId, String userName, String password) throws IOException {
        RawClient client = begin(port, clientId, userName, password);
        client.awaitAnswer();
        return client;
    }

    /** The same, and waits for nothing. */
    static RawClient begin(int port, String clientId, String userName, String password) throws IOException {
        RawClient client = new RawClient(new Socket(InetAddress.getLoopbackAddress(), port));
        client.socket.setSoTimeout(TIMEOUT_MILLIS);
        client.send(CONNECT, body -> {
            body.writeUTF("MQTT");
            body.writeByte(4);
            body.writeByte(CLEAN_SESSION | (userName == null ? 0 : USER_NAME) | (password == null ? 0 : PASSWORD));
            body.writeShort(0);
            body.writeUTF(clientId);
            if (userName != null) {
                body.writeUTF(userName);
            }
            if (password != null) {
                body.writeUTF(password);
            }
        });
        return client;
    }

    /** Waits for CONNACK, and tells its return code. */
    int awaitAnswer() throws IOException {
        returnCode = read(CONNACK)[1];
        return returnCode;
    }

    /** The return code of CONNACK: 0 for accepted. */
    int returnCode() {
        return returnCode;
    }

    /** Whether anything has come that is not read. */
    boolean hasAnswer() throws IOException {
        return socket.getInputStream().available() > 0;
    }

    /** Publishes, and waits for the acknowledgement. */
    void publish(String topic, String text) throws IOException {
        send(PUBLISH_QOS_1, body -> {
            body.writeUTF(topic);
            body.writeShort(1);
            body.writeBytes(text);
        });
        read(PUBACK);
    }

    private interface Body {
        void write(DataOutputStream body) throws IOException;
    }

    private void send(int type, Body content) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        content.write(new DataOutputStream(bytes));
        ByteArrayOutputStream packet = new ByteArrayOutputStream();
        packet.write(type);
        packet.write(bytes.size());
        bytes.writeTo(packet);
        socket.getOutputStream().write(packet.toByteArray());
    }

    private byte[] read(int type) throws IOException {
        int read = socket.getInputStream().read();
        if (read != type) {
            throw new AssertionError("packet " + read + " where " + type + " was expected");
        }
        return socket.getInputStream().readNBytes(socket.getInputStream().read());
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
