/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.transport;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.OutputStream;
import java.net.Socket;
import java.util.Random;

/** The other end of a WebSocket, byte for byte, so that it can do what no client does. */
final class WebSocketPeer implements AutoCloseable {
    static final int CONTINUATION = 0;
    static final int TEXT = 1;
    static final int BINARY = 2;
    static final int CLOSE = 8;
    static final int PING = 9;
    static final int PONG = 10;
    static final int FINAL = 0x80;
    static final int MASKED = 0x80;

    /** A request as the example of RFC 6455, section 1.3, with its key. */
    static final String REQUEST = """
            GET /mqtt HTTP/1.1
            Host: 127.0.0.1
            Upgrade: websocket
            Connection: Upgrade
            Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==
            Sec-WebSocket-Protocol: mqtt
            Sec-WebSocket-Version: 13

            """;

    private static final Random MASKS = new Random(6455);

    private final Socket socket;
    private final OutputStream out;
    private final DataInputStream in;

    /** A frame that has come. */
    record Frame(int firstByte, byte[] payload) {
        /** The code in a Close frame. */
        int code() {
            assertThat(firstByte).isEqualTo(FINAL | CLOSE);
            return (payload[0] & 255) << 8 | payload[1] & 255;
        }
    }

    /** What HTTP has answered. */
    record Answer(String head, String body) {
        String status() {
            return head.substring("HTTP/1.1 ".length(), head.indexOf("\r\n"));
        }
    }

    WebSocketPeer(TestServer server) throws IOException {
        this(server.tcp());
    }

    WebSocketPeer(Socket socket) throws IOException {
        this.socket = socket;
        this.out = socket.getOutputStream();
        this.in = new DataInputStream(socket.getInputStream());
    }

    /** A WebSocket that is open. */
    static WebSocketPeer open(TestServer server) throws IOException {
        WebSocketPeer peer = new WebSocketPeer(server);
        assertThat(peer.request(REQUEST).status()).isEqualTo("101 Switching Protocols");
        return peer;
    }

    Answer request(String lines) throws IOException {
        send(http(lines));
        return answer();
    }

    static byte[] http(String lines) {
        return lines.replace("\n", "\r\n").getBytes(ISO_8859_1);
    }

    Answer answer() throws IOException {
        StringBuilder head = new StringBuilder();
        while (head.indexOf("\r\n\r\n") < 0) {
            head.append((char) in.readUnsignedByte());
        }
        String text = head.toString();
        return new Answer(text, text.startsWith("HTTP/1.1 101") ? "" : new String(in.readAllBytes(), ISO_8859_1));
    }

    void send(byte[] bytes) throws IOException {
        out.write(bytes);
    }

    /** Sends a whole binary message. */
    void binary(byte... payload) throws IOException {
        send(frame(FINAL | BINARY, payload));
    }

    /** A frame as a client is to send it. */
    static byte[] frame(int firstByte, byte... payload) {
        ByteArrayOutputStream frame = new ByteArrayOutputStream();
        frame.write(firstByte);
        if (payload.length < 126) {
            frame.write(MASKED | payload.length);
        } else if (payload.length < 65_536) {
            frame.writeBytes(TestServer.bytes(MASKED | 126, payload.length >> 8, payload.length));
        } else {
            frame.writeBytes(TestServer.bytes(
                    MASKED | 127,
                    0,
                    0,
                    0,
                    0,
                    payload.length >> 24,
                    payload.length >> 16,
                    payload.length >> 8,
                    payload.length));
        }
        byte[] mask = new byte[4];
        MASKS.nextBytes(mask);
        frame.writeBytes(mask);
        for (int i = 0; i < payload.length; i++) {
            frame.write(payload[i] ^ mask[i & 3]);
        }
        return frame.toByteArray();
    }

    /** A Close frame with this code. */
    static byte[] close(int code) {
        return frame(FINAL | CLOSE, TestServer.bytes(code >> 8, code));
    }

    /** The next frame, which is not masked. */
    Frame frame() throws IOException {
        int firstByte = in.readUnsignedByte();
        int length = in.readUnsignedByte();
        if (length == 126) {
            length = in.readUnsignedShort();
            assertThat(length).isGreaterThan(125);
        } else if (length == 127) {
            length = Math.toIntExact(in.readLong());
            assertThat(length).isGreaterThan(65_535);
        }
        assertThat(length).as("length of a frame without a mask").isNotNegative();
        byte[] payload = new byte[length];
        in.readFully(payload);
        return new Frame(firstByte, payload);
    }

    /** The next this many bytes of packets, whatever frames they are in. */
    byte[] packets(int length) throws IOException {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        while (all.size() < length) {
            Frame frame = frame();
            assertThat(frame.firstByte()).isEqualTo(FINAL | BINARY);
            all.writeBytes(frame.payload());
        }
        assertThat(all.size()).isEqualTo(length);
        return all.toByteArray();
    }

    /** Whether nothing more comes. */
    boolean isAtEnd() throws IOException {
        try {
            in.readByte();
            return false;
        } catch (EOFException e) {
            return true;
        }
    }

    Socket socket() {
        return socket;
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
