/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.broker;

import java.io.DataInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;

/** A client that reads nothing by itself once it has subscribed: what it does not ask for stays on the way to it. */
final class SilentReader implements AutoCloseable {
    static final String CLIENT_ID = "slow";

    private final Socket socket = new Socket();
    private final DataInputStream in;

    SilentReader(int port) {
        try {
            socket.setReceiveBufferSize(4096);
            socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
            socket.setSoTimeout(8000);
            in = new DataInputStream(socket.getInputStream());
            write(new byte[] {0x10, 16, 0, 4, 'M', 'Q', 'T', 'T', 4, 2, 0, 0, 0, 4, 's', 'l', 'o', 'w'});
            in.readFully(new byte[4]);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Subscribes and reads the answer, and nothing after that. */
    void subscribe(String topic, int qos) {
        byte[] name = topic.getBytes(StandardCharsets.UTF_8);
        try {
            write(new byte[] {(byte) 0x82, (byte) (5 + name.length), 0, 1, 0, (byte) name.length});
            write(name);
            write(new byte[] {(byte) qos});
            in.readFully(new byte[5]);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Reads the next packet, which has to be a PUBLISH, acknowledges it and returns its payload. */
    String message() {
        try {
            int firstByte = in.readUnsignedByte();
            if (firstByte >> 4 != 3) {
                throw new IOException("a packet of type " + (firstByte >> 4));
            }
            byte[] body = new byte[remainingLength()];
            in.readFully(body);
            int at = 2 + (body[0] & 255) * 256 + (body[1] & 255);
            if ((firstByte & 6) != 0) {
                write(new byte[] {0x40, 2, body[at], body[at + 1]});
                at += 2;
            }
            return new String(body, at, body.length - at, StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private int remainingLength() throws IOException {
        int length = 0;
        int shift = 0;
        int next;
        do {
            next = in.readUnsignedByte();
            length |= (next & 127) << shift;
            shift += 7;
        } while (next > 127);
        return length;
    }

    private void write(byte[] bytes) throws IOException {
        socket.getOutputStream().write(bytes);
    }

    @Override
    public void close() {
        try {
            socket.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
