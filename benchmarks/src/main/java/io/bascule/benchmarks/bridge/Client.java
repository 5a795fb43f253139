/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.benchmarks.bridge;

import io.bascule.benchmarks.support.MqttSocket;
import io.bascule.benchmarks.support.Packets;
import java.io.EOFException;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;

/**
 * One client of 5.0 that loses nothing itself: when its connection is lost it comes back as soon as it can and goes on with its session. It
 * reads on a thread of its own, and answers what it has read in one go.
 */
abstract class Client implements AutoCloseable {
    private static final int BUFFER_BYTES = 64 * 1024;
    private static final long BEFORE_NEXT_ATTEMPT_MILLIS = 20;

    private final InetSocketAddress broker;
    private final String clientId;
    private final int receiveMaximum;
    private final Thread thread;
    // Of the thread that reads. No answer is longer than what it answers, and before CONNACK there is one read more.
    private final ByteBuffer answers = ByteBuffer.allocate(2 * BUFFER_BYTES);
    private volatile boolean closed;
    private MqttSocket socket; // where it reads, also while it connects
    private boolean connected; // with socket, under the lock of this
    private boolean known;
    private int connectionsLost;
    private int sessionsLost;

    /**
     * Connects nothing yet.
     *
     * @param receiveMaximum QoS 1 and 2 messages that it takes unacknowledged
     */
    Client(InetSocketAddress broker, String clientId, int receiveMaximum) {
        this.broker = broker;
        this.clientId = clientId;
        this.receiveMaximum = receiveMaximum;
        this.thread = new Thread(this::serve, clientId);
        thread.setDaemon(true);
    }

    /** Connects, and begins to read. */
    void open() throws IOException, InterruptedException {
        connect();
        thread.start();
    }

    /** Takes one packet other than CONNACK, on the thread that reads. */
    abstract void received(int firstByte, ByteBuffer body) throws IOException;

    /** Sends what is due at the beginning of a connection, under the lock of this. */
    abstract void connected(Connack connack, boolean sessionLost) throws IOException;

    /** Sends a packet when everything that has been read is dealt with. On the thread that reads. */
    final void answer(int type, int packetId) {
        answers.put(Packets.answer(type, packetId));
    }

    /** Sends a packet; under the lock of this. */
    final void write(ByteBuffer packet) throws IOException {
        socket.write(packet);
    }

    /** Under the lock of this. */
    final boolean isConnected() {
        return connected;
    }

    final synchronized int connectionsLost() {
        return connectionsLost;
    }

    /** How often the broker did not know it any more; whatever it had acknowledged is its own loss. */
    final synchronized int sessionsLost() {
        return sessionsLost;
    }

    private void connect() throws IOException {
        SocketChannel channel = SocketChannel.open();
        try {
            channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
            channel.connect(broker);
            MqttSocket fresh = new MqttSocket(channel, BUFFER_BYTES);
            fresh.write(Packets.resume(clientId, receiveMaximum));
            Connack[] answer = new Connack[1];
            answers.clear();
            while (answer[0] == null) {
                readOnce(fresh, (firstByte, body) -> {
                    if (firstByte >> 4 == Packets.CONNACK) {
                        answer[0] = Connack.read(body);
                    } else {
                        received(firstByte, body);
                    }
                });
            }
            if (answer[0].reason() != 0) {
                throw new IOException(clientId + " is refused with reason " + answer[0].reason());
            }
            begin(fresh, answer[0]);
        } catch (IOException e) {
            channel.close();
            throw e;
        }
    }

    private synchronized void begin(MqttSocket fresh, Connack connack) throws IOException {
        socket = fresh;
        boolean sessionLost = known && !connack.sessionPresent();
        sessionsLost += sessionLost ? 1 : 0;
        known = true;
        connected(connack, sessionLost);
        connected = true;
        notifyAll();
    }

    private static void readOnce(MqttSocket from, MqttSocket.Receiver receiver) throws IOException {
        if (!from.read(receiver)) {
            throw new EOFException("the broker has closed the connection");
        }
    }

    private void serve() {
        while (!closed) {
            try {
                flush();
                readOnce(socket, this::received);
            } catch (IOException e) {
                lost();
            }
        }
    }

    private synchronized void flush() throws IOException {
        if (answers.position() > 0) {
            socket.write(answers.flip());
            answers.clear();
        }
    }

    private void lost() {
        synchronized (this) {
            connected = false;
            socket.close();
            connectionsLost += closed ? 0 : 1;
        }
        boolean back = false;
        while (!closed && !back) {
            try {
                Thread.sleep(BEFORE_NEXT_ATTEMPT_MILLIS);
                connect();
                back = true;
            } catch (IOException e) {
                // Its broker is away, which may be what is being measured.
            } catch (InterruptedException e) {
                closed = true;
            }
        }
    }

    @Override
    public void close() {
        closed = true;
        synchronized (this) {
            notifyAll();
            if (socket != null) {
                leave();
            }
        }
    }

    /** Ends the session as well: it would go on being given everything, and weigh on whatever is measured next. */
    private void leave() {
        try {
            if (connected) {
                socket.write(Packets.disconnectForGood());
            }
        } catch (IOException e) {
            // Its broker is away, and the session runs out.
        }
        connected = false;
        socket.close();
    }
}
