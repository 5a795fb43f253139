/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.benchmarks.support;

import java.io.EOFException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.util.concurrent.locks.LockSupport;

/** One MQTT connection, as light as can be: packets in, bytes out. Read by one thread and written by one. */
public final class MqttSocket {
    private static final long RETRY_NANOS = 200_000;

    private final SocketChannel channel;
    private ByteBuffer in;

    /** Takes one packet; the buffer is bounded to what follows its fixed header, and may not be kept. */
    public interface Receiver {
        void received(int firstByte, ByteBuffer body) throws IOException;
    }

    /** A connection over this channel, blocking or not, open or not. */
    public MqttSocket(SocketChannel channel, int bufferBytes) {
        this.channel = channel;
        this.in = ByteBuffer.allocate(bufferBytes);
    }

    /** Connects, and subscribes unless the filter is empty; returns when both are acknowledged, with a channel that does not block. */
    public static MqttSocket open(InetSocketAddress broker, String clientId, String filter, int qos, int receiveBuffer)
            throws IOException {
        SocketChannel channel = SocketChannel.open();
        if (receiveBuffer > 0) {
            channel.setOption(StandardSocketOptions.SO_RCVBUF, receiveBuffer);
        }
        channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
        channel.connect(broker);
        MqttSocket socket = new MqttSocket(channel, 16 * 1024);
        socket.write(Packets.connect(clientId));
        socket.await(Packets.CONNACK);
        if (!filter.isEmpty()) {
            socket.write(Packets.subscribe(filter, qos));
            socket.await(Packets.SUBACK);
        }
        channel.configureBlocking(false);
        return socket;
    }

    private void await(int type) throws IOException {
        boolean[] seen = {false};
        while (!seen[0]) {
            if (!read((firstByte, body) -> seen[0] = firstByte >> 4 == type)) {
                throw new EOFException("the broker closes the connection before a packet of type " + type);
            }
        }
    }

    public SocketChannel channel() {
        return channel;
    }

    /** Reads what is there, once; false at the end of the stream. */
    public boolean read(Receiver receiver) throws IOException {
        return read(receiver, Integer.MAX_VALUE);
    }

    /** Reads this many bytes at most; false at the end of the stream. */
    public boolean read(Receiver receiver, int atMost) throws IOException {
        in.limit((int) Math.min(in.capacity(), (long) in.position() + atMost));
        int count = channel.read(in);
        in.flip();
        int end = in.limit();
        while (isPacketComplete()) {
            int firstByte = in.get() & 255;
            int length = remainingLength();
            int next = in.position() + length;
            in.limit(next);
            receiver.received(firstByte, in);
            in.limit(end).position(next);
        }
        in.compact();
        if (!in.hasRemaining()) {
            in = ByteBuffer.allocate(in.capacity() * 2).put(in.flip());
        }
        return count >= 0;
    }

    private boolean isPacketComplete() {
        in.mark();
        try {
            if (in.remaining() < 2) {
                return false;
            }
            in.get();
            int length = remainingLength();
            return length >= 0 && in.remaining() >= length;
        } finally {
            in.reset();
        }
    }

    /** -1 when it is not all there. */
    private int remainingLength() {
        int length = 0;
        for (int shift = 0; in.hasRemaining(); shift += 7) {
            int next = in.get();
            length |= (next & 127) << shift;
            if (next >= 0) {
                return length;
            }
        }
        return -1;
    }

    /** Writes all of it, however long that takes. */
    public void write(ByteBuffer out) throws IOException {
        while (out.hasRemaining()) {
            if (channel.write(out) == 0) {
                LockSupport.parkNanos(RETRY_NANOS);
            }
        }
    }

    public void close() {
        try {
            channel.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
