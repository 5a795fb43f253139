/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.itests.client;

import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;

/** A socket that has sent CONNECT and says nothing more by itself: a client that has died without a word. */
public final class BareClient implements AutoCloseable {
    private static final int TIMEOUT_MILLIS = 10_000;
    private static final int CLEAN_START = 0x02;
    private static final int CONNECT = 0x10;
    private static final int CONNACK = 0x20;

    private final Socket socket;
    private final long begun = System.nanoTime();

    private BareClient(Socket socket) {
        this.socket = socket;
    }

    /** Connects, and waits until the server has accepted. */
    public static BareClient connect(ConnectOptions options) throws IOException {
        BareClient client = new BareClient(new Socket(InetAddress.getLoopbackAddress(), options.port()));
        client.socket.setSoTimeout(TIMEOUT_MILLIS);
        client.socket.getOutputStream().write(connect(options.version(), options.clientId(), options.keepAlive()));
        int type = client.socket.getInputStream().read();
        byte[] rest = client.socket
                .getInputStream()
                .readNBytes(client.socket.getInputStream().read());
        if (type != CONNACK || rest[1] != 0) {
            client.close();
            throw new AssertionError(
                    "not accepted: packet type " + type + ", reason " + (rest.length > 1 ? rest[1] : -1));
        }
        return client;
    }

    /** A CONNECT with a clean start, shorter than 128 bytes. */
    private static byte[] connect(Version version, String clientId, int keepAlive) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        DataOutputStream body = new DataOutputStream(bytes);
        body.writeUTF("MQTT");
        body.writeByte(version.level());
        body.writeByte(CLEAN_START);
        body.writeShort(keepAlive);
        if (version == Version.MQTT_5) {
            body.writeByte(0); // no properties
        }
        body.writeUTF(clientId);
        ByteArrayOutputStream packet = new ByteArrayOutputStream();
        packet.write(CONNECT);
        packet.write(bytes.size());
        bytes.writeTo(packet);
        return packet.toByteArray();
    }

    /** Reads until the server closes the connection, and tells how long that is after CONNECT was sent, in milliseconds. */
    public long millisUntilClosed() throws IOException {
        socket.getInputStream().readAllBytes();
        return (System.nanoTime() - begun) / 1_000_000;
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
