/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.benchmarks.endtoend;

import io.bascule.benchmarks.support.Packets;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardProtocolFamily;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.SocketChannel;

/** One connection of the loop: packets are looked at where they were read, and what is to be sent is gathered and written once a turn. */
abstract class Client {
    private static final byte[] NOTHING = {};
    private static final int FIRST_OUTPUT_BYTES = 256;
    private static final int ACKNOWLEDGEMENT = 4;

    private final Loop loop;
    private final Identity identity;
    private final byte[] connect;
    private SocketChannel channel;
    private SelectionKey key;
    private byte[] rest = NOTHING;
    private int restLength;
    private ByteBuffer output = ByteBuffer.allocate(FIRST_OUTPUT_BYTES);
    private int written;
    private boolean isTouched;
    private boolean isOpen;
    private long connectedNanos;

    Client(Loop loop, Identity identity) {
        this.loop = loop;
        this.identity = identity;
        this.connect = Encoding.connect(identity);
    }

    Loop loop() {
        return loop;
    }

    int version() {
        return identity.version();
    }

    boolean isTouched() {
        return isTouched;
    }

    void setTouched(boolean touched) {
        isTouched = touched;
    }

    /** When the connection was begun. */
    long connectedNanos() {
        return connectedNanos;
    }

    void connect() throws IOException {
        connectFrom(null);
    }

    /** @param source the address to come from; any when null */
    void connectFrom(InetAddress source) throws IOException {
        channel = SocketChannel.open(StandardProtocolFamily.INET);
        channel.configureBlocking(false);
        channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
        if (source != null) {
            channel.bind(new InetSocketAddress(source, 0));
        }
        output.clear();
        written = 0;
        restLength = 0;
        isOpen = false;
        connectedNanos = System.nanoTime();
        boolean connected = channel.connect(loop.broker());
        key = loop.register(channel, connected ? SelectionKey.OP_READ : SelectionKey.OP_CONNECT, this);
        room(connect.length).put(connect);
        if (connected) {
            write();
        }
    }

    /** Takes what the selector says of its channel. */
    final void ready() {
        try {
            if (key.isConnectable()) {
                channel.finishConnect();
                key.interestOps(SelectionKey.OP_READ);
                write();
                return;
            }
            if (key.isWritable()) {
                key.interestOps(SelectionKey.OP_READ);
                loop.touch(this);
            }
            if (key.isReadable()) {
                read();
            }
        } catch (IOException e) {
            lose(e.toString());
        }
    }

    private void read() throws IOException {
        ByteBuffer input = loop.input();
        input.clear().put(rest, 0, restLength);
        if (channel.read(input) < 0) {
            lose("the broker closes the connection");
            return;
        }
        loop.tick();
        byte[] bytes = input.array();
        int end = input.position();
        int at = 0;
        while (end - at >= 2) {
            int body = bodyOf(bytes, at, end);
            if (body < 0 || end - body < lengthBefore(bytes, at, body)) {
                break;
            }
            int next = body + lengthBefore(bytes, at, body);
            received(bytes[at] & 255, input, body, next);
            if (!channel.isOpen()) {
                return;
            }
            at = next;
        }
        restLength = end - at;
        if (restLength > rest.length) {
            rest = new byte[restLength * 2];
        }
        System.arraycopy(bytes, at, rest, 0, restLength);
        if (!isTouched) {
            write();
        }
    }

    /** Where the fixed header of a packet ends; -1 when it is not all there. */
    private static int bodyOf(byte[] bytes, int packet, int end) {
        for (int at = packet + 1; at < end; at++) {
            if (bytes[at] >= 0) {
                return at + 1;
            }
        }
        return -1;
    }

    private static int lengthBefore(byte[] bytes, int packet, int body) {
        int length = 0;
        for (int at = body - 1; at > packet; at--) {
            length = length << 7 | bytes[at] & 127;
        }
        return length;
    }

    /** A packet, whose bytes after the fixed header are from one index to another of the buffer's array. */
    private void received(int first, ByteBuffer in, int at, int end) throws IOException {
        int type = first >> 4;
        if (type == Packets.PUBLISH) {
            published(first >> 1 & 3, in, at);
        } else if (type == Packets.CONNACK) {
            if (in.get(at + 1) != 0) {
                lose("CONNACK " + (in.get(at + 1) & 255));
            } else {
                connected();
            }
        } else if (type == Packets.SUBACK) {
            for (int i = version() == Encoding.VERSION_5 ? pastProperties(in, at + 2) : at + 2; i < end; i++) {
                if (in.get(i) < 0) {
                    lose("SUBACK " + (in.get(i) & 255));
                    return;
                }
            }
            subscribed();
        } else {
            int reason = end - at > 2 ? in.get(at + 2) : 0;
            answered(type, in.getShort(at) & 0xFFFF, reason < 0);
        }
    }

    /** The broker has accepted it. */
    void connected() throws IOException {
        open();
    }

    /** The broker has accepted what was subscribed last. */
    void subscribed() {}

    /** PUBLISH, whose topic begins at this index. */
    void published(int qos, ByteBuffer in, int at) {}

    /** PUBACK, PUBREC, PUBREL or PUBCOMP. */
    void answered(int type, int packetId, boolean refused) {}

    /** Where the properties end that begin at this index with their length, of one byte or two. */
    static int pastProperties(ByteBuffer in, int at) {
        int length = in.get(at);
        return length >= 0 ? at + 1 + length : at + 2 + (length & 127 | in.get(at + 1) << 7);
    }

    final void open() {
        isOpen = true;
        loop.opened();
    }

    final boolean isOpen() {
        return isOpen;
    }

    final void acknowledge(int type, int packetId) {
        int flags = type == Packets.PUBREL ? 2 : 0; // [MQTT-3.6.1-1]
        room(ACKNOWLEDGEMENT).putInt((type << 4 | flags) << 24 | 2 << 16 | packetId);
    }

    /** What is to be sent goes in here; there is room for this many bytes. */
    final ByteBuffer room(int bytes) {
        if (output.remaining() < bytes) {
            int end = output.position();
            ByteBuffer larger = ByteBuffer.allocate(Math.max(output.capacity(), (end - written + bytes) * 2));
            larger.put(output.array(), written, end - written);
            output = larger;
            written = 0;
        }
        return output;
    }

    /** Bytes that wait to be written. */
    final int waiting() {
        return output.position() - written;
    }

    /** Adds what else it has to send, as far as it may; returns whether there is more than goes into one turn. */
    boolean fill() {
        return false;
    }

    /** Writes all that it has to send. */
    final void write() {
        if (!channel.isOpen() || !channel.isConnected()) {
            return;
        }
        try {
            boolean hasMore = isOpen && fill();
            int end = output.position();
            if (end > written) {
                output.limit(end).position(written);
                channel.write(output);
                written = output.position();
                output.limit(output.capacity()).position(end);
                if (written == end) {
                    output.clear();
                    written = 0;
                    if (hasMore) {
                        loop.touch(this);
                    }
                } else {
                    key.interestOps(SelectionKey.OP_READ | SelectionKey.OP_WRITE);
                }
            }
        } catch (IOException e) {
            lose(e.toString());
        }
    }

    /** DISCONNECT, and the end of the connection. */
    final void disconnect() throws IOException {
        if (channel.isOpen() && channel.isConnected()) {
            channel.write(Encoding.DISCONNECT.duplicate());
        }
        channel.close();
    }

    private void lose(String why) {
        loop.lost(identity.clientId() + ": " + why);
        try {
            channel.close();
        } catch (IOException e) {
            loop.lost(identity.clientId() + ": " + e);
        }
    }
}
