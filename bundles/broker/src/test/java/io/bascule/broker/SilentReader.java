/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.broker;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;

/** A client that subscribes with QoS 0 and then never reads again. */
final class SilentReader implements AutoCloseable {
    private final Socket socket = new Socket();

    SilentReader(int port) {
        try {
            socket.setReceiveBufferSize(4096);
            socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
            socket.getOutputStream()
                    .write(new byte[] {0x10, 16, 0, 4, 'M', 'Q', 'T', 'T', 4, 2, 0, 0, 0, 4, 's', 'l', 'o', 'w'});
            socket.getInputStream().readNBytes(4);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Subscribes and reads the answer, and nothing after that. */
    void subscribe(String topic) {
        byte[] name = topic.getBytes(StandardCharsets.UTF_8);
        try {
            socket.getOutputStream()
                    .write(new byte[] {(byte) 0x82, (byte) (5 + name.length), 0, 1, 0, (byte) name.length});
            socket.getOutputStream().write(name);
            socket.getOutputStream().write(0);
            socket.getInputStream().readNBytes(5);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
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
