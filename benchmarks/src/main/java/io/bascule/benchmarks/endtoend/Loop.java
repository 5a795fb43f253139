/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.benchmarks.endtoend;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/**
 * One thread that serves all clients in turns: what has come is read and accounted, and then each client that was touched by it writes what it
 * has, once. Whoever turns it is that thread.
 */
final class Loop implements AutoCloseable {
    private static final int INPUT_BYTES = 512 * 1024;
    private static final int AT_ONCE = 200;
    private static final long TO_OPEN_SECONDS = 60;
    private static final long TURN_MILLIS = 5;

    private final InetSocketAddress broker;
    private final Selector selector = Selector.open();
    private final ByteBuffer input = ByteBuffer.allocate(INPUT_BYTES);
    private Client[] touched = new Client[64];
    private int touchedCount;
    private long now = System.nanoTime();
    private int opened;
    private int lost;
    private String whyLost = "";

    Loop(InetSocketAddress broker) throws IOException {
        this.broker = broker;
    }

    InetSocketAddress broker() {
        return broker;
    }

    /** When the packets that are looked at were read, or the ones that are written began to be. */
    long now() {
        return now;
    }

    long tick() {
        now = System.nanoTime();
        return now;
    }

    /** For one client to read into, until it has understood what it has read. */
    ByteBuffer input() {
        return input;
    }

    SelectionKey register(SocketChannel channel, int operations, Client client) throws IOException {
        return channel.register(selector, operations, client);
    }

    /** Has this client write at the end of the turn. */
    void touch(Client client) {
        if (!client.isTouched()) {
            client.setTouched(true);
            if (touchedCount == touched.length) {
                touched = Arrays.copyOf(touched, touchedCount * 2);
            }
            touched[touchedCount++] = client;
        }
    }

    /** Serves all that is to be served, and waits for that if there is nothing. */
    void turn() throws IOException {
        if (touchedCount > 0) {
            turnAtOnce();
        } else {
            selector.select(this::ready, TURN_MILLIS);
            write();
        }
    }

    /** Serves all that is to be served now. */
    void turnAtOnce() throws IOException {
        selector.selectNow(this::ready);
        write();
    }

    private void ready(SelectionKey key) {
        ((Client) key.attachment()).ready();
    }

    private void write() {
        tick();
        int count = touchedCount;
        touchedCount = 0;
        for (int i = 0; i < count; i++) {
            Client client = touched[i];
            client.setTouched(false);
            client.write(); // may touch it again, for the next turn: in front of those that are still to come
        }
    }

    /** Turns until it is so; returns false when that takes longer. */
    boolean turnUntil(BooleanSupplier condition, long nanos) throws IOException {
        long deadline = System.nanoTime() + nanos;
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() - deadline > 0) {
                return false;
            }
            turn();
        }
        return true;
    }

    void turnFor(long nanos) throws IOException {
        turnUntil(() -> false, nanos);
    }

    /**
     * Connects all, and has those subscribe that want to.
     *
     * @throws IOException when one of them is refused, or not all are ready within a minute
     */
    void open(List<? extends Client> clients) throws IOException {
        int before = opened;
        int lostBefore = lost;
        int begun = 0;
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(TO_OPEN_SECONDS);
        while (opened - before < clients.size()) {
            while (begun < clients.size() && begun - (opened - before) < AT_ONCE) {
                clients.get(begun++).connect();
            }
            turn();
            if (lost > lostBefore) {
                throw new IOException("a client is refused: " + whyLost);
            }
            if (System.nanoTime() - deadline > 0) {
                throw new IOException(
                        (opened - before) + " of " + clients.size() + " clients ready after " + TO_OPEN_SECONDS + " s");
            }
        }
    }

    void opened() {
        opened++;
    }

    /** How many were connected, and have subscribed, in all. */
    int openings() {
        return opened;
    }

    void lost(String why) {
        lost++;
        whyLost = why;
    }

    /** Connections that the broker has ended. */
    int losses() {
        return lost;
    }

    String whyLost() {
        return whyLost;
    }

    @Override
    public void close() throws IOException {
        for (SelectionKey key : selector.keys()) {
            key.channel().close();
        }
        selector.close();
    }
}
