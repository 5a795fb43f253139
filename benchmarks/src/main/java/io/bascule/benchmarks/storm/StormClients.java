/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.benchmarks.storm;

import io.bascule.benchmarks.support.MqttSocket;
import io.bascule.benchmarks.support.Packets;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;

/**
 * Clients with a lasting session, one subscription and a will each, that drop and return all at once, and one more that takes their wills.
 * Used by one thread.
 */
final class StormClients implements AutoCloseable {
    /** Connections from one loopback address, well below the number of ports that Linux gives out by itself. */
    private static final int PER_ADDRESS = 20_000;

    private static final int CONNECTING_BETWEEN_READS = 32;
    private static final long RETURN_SECONDS = 60;

    private final InetSocketAddress broker;
    private final Client[] clients;
    private final Selector selector = Selector.open();
    private final MqttSocket observer;
    private final SelectionKey observerKey;
    private int arrival = -1;
    private int dropped = -1;
    private int back;
    private int resumed;
    private int failed;
    private int[] wills = {};
    private int willsOnce;
    private int willsAgain;

    /**
     * What came of one arrival.
     *
     * @param seconds from the first connection to the last SUBACK
     * @param resumed sessions that were there
     * @param failed connections that broke before SUBACK and were tried again
     */
    record Arrival(double seconds, int resumed, int failed) {}

    private final class Client {
        final int number;
        MqttSocket socket;
        SelectionKey key;

        Client(int number) {
            this.number = number;
        }

        void connect() throws IOException {
            SocketChannel channel = SocketChannel.open();
            channel.configureBlocking(false);
            channel.setOption(StandardSocketOptions.SO_LINGER, 0); // close() sends RST
            channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
            if (clients.length > PER_ADDRESS) {
                byte[] source = {127, 0, 0, (byte) (2 + number / PER_ADDRESS)};
                channel.bind(new InetSocketAddress(InetAddress.getByAddress(source), 0));
            }
            socket = new MqttSocket(channel, 128);
            boolean connected = channel.connect(broker);
            key = channel.register(selector, connected ? SelectionKey.OP_READ : SelectionKey.OP_CONNECT, this);
            if (connected) {
                hello();
            }
        }

        void ready() throws IOException {
            try {
                if (key.isConnectable()) {
                    socket.channel().finishConnect();
                    key.interestOps(SelectionKey.OP_READ);
                    hello();
                } else if (!socket.read(this::received)) {
                    again();
                }
            } catch (IOException e) {
                again();
            }
        }

        private void hello() throws IOException {
            socket.write(Packets.connect("storm-" + number, "will/" + number, String.valueOf(arrival)));
        }

        private void received(int firstByte, ByteBuffer body) throws IOException {
            int type = firstByte >> 4;
            if (type == Packets.CONNACK) {
                resumed += body.get() & 1;
                if (body.get() != 0) {
                    throw new IOException("refused");
                }
                socket.write(Packets.subscribe("storm/" + number + "/#", 1));
            } else if (type == Packets.SUBACK) {
                back++;
            }
        }

        private void again() throws IOException {
            failed++;
            socket.close();
            connect();
        }
    }

    /** So many clients, none of them connected yet. */
    StormClients(InetSocketAddress broker, int count) throws IOException {
        this.broker = broker;
        clients = new Client[count];
        for (int i = 0; i < count; i++) {
            clients[i] = new Client(i);
        }
        observer = MqttSocket.open(broker, "storm-observer", "will/+", 1, 0);
        observerKey = observer.channel().register(selector, SelectionKey.OP_READ);
    }

    /** Connects all at once; returns when all are back, or after a minute. */
    Arrival arrive() throws IOException {
        arrival++;
        back = 0;
        resumed = 0;
        failed = 0;
        long begin = System.nanoTime();
        for (int i = 0; i < clients.length; i++) {
            clients[i].connect();
            if (i % CONNECTING_BETWEEN_READS == 0) {
                selector.selectNow(this::ready);
            }
        }
        await(RETURN_SECONDS, () -> back == clients.length);
        return new Arrival((System.nanoTime() - begin) / 1e9, resumed, failed);
    }

    /** Resets all connections at once. Their wills are counted from here on. */
    void drop() throws IOException {
        dropped = arrival;
        wills = new int[clients.length];
        willsOnce = 0;
        willsAgain = 0;
        for (Client client : clients) {
            client.socket.close();
        }
        selector.selectNow(this::ready); // which is when they are really closed
    }

    /** Reads on until there is a will of every client, or half a minute has passed. */
    void awaitWills() throws IOException {
        await(30, () -> willsOnce >= clients.length);
    }

    /** Reads on for so long. */
    void serve(long millis) throws IOException {
        long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(millis);
        await(60, () -> System.nanoTime() - end >= 0);
    }

    private interface Condition {
        boolean holds();
    }

    private void await(long seconds, Condition condition) throws IOException {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(seconds);
        while (!condition.holds() && System.nanoTime() - deadline < 0) {
            selector.select(this::ready, 10);
        }
    }

    private void ready(SelectionKey key) {
        try {
            if (key == observerKey) {
                observer.read(this::observed);
            } else {
                ((Client) key.attachment()).ready();
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void observed(int firstByte, ByteBuffer body) throws IOException {
        if (firstByte >> 4 != Packets.PUBLISH) {
            return;
        }
        int length = body.getShort(body.position()) & 0xFFFF;
        byte[] topic = new byte[length];
        body.get(body.position() + 2, topic);
        int packetId = Packets.skipToPayload(firstByte, body);
        byte[] payload = new byte[body.remaining()];
        body.get(payload);
        int number = Integer.parseInt(new String(topic, StandardCharsets.UTF_8).substring("will/".length()));
        boolean ofThisDrop = String.valueOf(dropped).equals(new String(payload, StandardCharsets.UTF_8));
        if (ofThisDrop && wills[number]++ == 0) {
            willsOnce++;
        } else {
            willsAgain++;
        }
        observer.write(Packets.puback(packetId));
    }

    int connected() {
        return back;
    }

    /** Clients whose will has come. */
    int willsOnce() {
        return willsOnce;
    }

    /** Wills that came a second time, or are of a connection that has not dropped. */
    int willsAgain() {
        return willsAgain;
    }

    @Override
    public void close() throws IOException {
        for (Client client : clients) {
            if (client.socket != null) {
                client.socket.close();
            }
        }
        observer.close();
        selector.close();
    }
}
