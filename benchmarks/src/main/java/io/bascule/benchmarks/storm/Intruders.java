/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.benchmarks.storm;

import io.bascule.benchmarks.support.MqttSocket;
import io.bascule.benchmarks.support.Packets;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.function.IntFunction;

/** Clients that log in with wrong passwords on a fixed schedule, each over a connection of its own. Used by one thread. */
final class Intruders implements AutoCloseable {
    private static final int BUFFER_BYTES = 64;
    /** At a time; whoever is beyond that is left out, and counted. */
    private static final int MOST_OPEN = 15_000;

    private final InetSocketAddress broker;
    private final Selector selector = Selector.open();
    private final Map<String, Integer> answers = new TreeMap<>();
    private int number;

    private final class Intruder {
        final SocketChannel channel = SocketChannel.open();
        final MqttSocket socket = new MqttSocket(channel, BUFFER_BYTES);
        final String user;
        SelectionKey key;

        Intruder(String user) throws IOException {
            this.user = user;
            channel.configureBlocking(false);
            channel.setOption(StandardSocketOptions.SO_LINGER, 0); // leaves no port behind in TIME_WAIT
            boolean connected = channel.connect(broker);
            key = channel.register(selector, connected ? SelectionKey.OP_READ : SelectionKey.OP_CONNECT, this);
            if (connected) {
                hello();
            }
        }

        private void hello() throws IOException {
            socket.write(Packets.login("intruder-" + user, user, "guess"));
        }

        void ready() {
            try {
                if (key.isConnectable()) {
                    channel.finishConnect();
                    key.interestOps(SelectionKey.OP_READ);
                    hello();
                } else if (!socket.read(this::received)) {
                    over("closed");
                }
            } catch (IOException e) {
                over("failed");
            }
        }

        private void received(int firstByte, ByteBuffer body) {
            body.get();
            over(String.format("0x%02X", body.get()));
        }

        private void over(String answer) {
            if (channel.isOpen()) {
                answers.merge(answer, 1, Integer::sum);
                socket.close();
            }
        }
    }

    Intruders(InetSocketAddress broker) throws IOException {
        this.broker = broker;
    }

    /** So many logins a second for so long, those that were due earlier at once; the answers so far, by reason code. */
    Map<String, Integer> intrude(int perSecond, long seconds, IntFunction<String> userName) throws IOException {
        answers.clear();
        long periodNanos = TimeUnit.SECONDS.toNanos(1) / Math.max(1, perSecond);
        long begin = System.nanoTime();
        long end = begin + TimeUnit.SECONDS.toNanos(seconds);
        long due = begin;
        while (System.nanoTime() - end < 0) {
            while (perSecond > 0 && due - System.nanoTime() <= 0) {
                due += periodNanos;
                if (selector.keys().size() < MOST_OPEN) {
                    new Intruder(userName.apply(number++));
                } else {
                    answers.merge("left out", 1, Integer::sum);
                }
            }
            selector.select(key -> ((Intruder) key.attachment()).ready(), 1);
        }
        return new TreeMap<>(answers);
    }

    /** Those who have no answer yet. */
    int waiting() {
        return selector.keys().size();
    }

    @Override
    public void close() throws IOException {
        selector.keys().forEach(key -> {
            try {
                key.channel().close();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        });
        selector.close();
    }
}
