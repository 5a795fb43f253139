/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.benchmarks.bridge;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.Arrays;
import java.util.Set;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;

/** A way to another port of loopback that can be cut, go silent, or be as long as another continent is far. */
final class Proxy implements AutoCloseable {
    private static final int BACKLOG = 50;
    private static final int CHUNK_BYTES = 16 * 1024;
    private static final int CHUNKS_UNDER_WAY = 1024;

    private final InetSocketAddress target;
    private final long oneWayNanos;
    private final Supplier<Tap> connecting;
    private final ServerSocket server = new ServerSocket(0, BACKLOG, InetAddress.getLoopbackAddress());
    private final Set<Socket> sockets = ConcurrentHashMap.newKeySet();
    private volatile boolean down;
    private boolean silent; // under the lock of this

    /** Hears what one connection carries, on several threads. */
    interface Tap {
        /** Of whom nobody listens to. */
        Tap NONE = new Tap() {};

        /** Bytes from the target. */
        default void fromFar(byte[] bytes, int length) {}

        /** Bytes to the target. */
        default void fromNear(byte[] bytes, int length) {}

        /** It is over. */
        default void ended() {}
    }

    /**
     * Begins to accept.
     *
     * @param oneWay time that every byte is under way
     * @param connecting told before the first byte of each connection is passed on
     */
    Proxy(InetSocketAddress target, Duration oneWay, Runnable connecting) throws IOException {
        this(target, oneWay, () -> {
            connecting.run();
            return Tap.NONE;
        });
    }

    /** The same with somebody who listens to each connection. */
    Proxy(InetSocketAddress target, Duration oneWay, Supplier<Tap> connecting) throws IOException {
        this.target = target;
        this.oneWayNanos = oneWay.toNanos();
        this.connecting = connecting;
        start(this::accept);
    }

    private static void start(Runnable task) {
        Thread thread = new Thread(task, "proxy");
        thread.setDaemon(true);
        thread.start();
    }

    InetSocketAddress address() {
        return (InetSocketAddress) server.getLocalSocketAddress();
    }

    /** Resets every connection; the next one gets through. */
    void cut() {
        for (Socket socket : sockets) {
            reset(socket);
        }
    }

    /** Resets every connection, and every new one until {@link #up()}. */
    void down() {
        down = true;
        cut();
    }

    /** New connections get through again. */
    void up() {
        down = false;
    }

    /** From now on nothing gets through, nor the end of a connection, and new ones are accepted and not answered. */
    synchronized void silence() {
        silent = true;
    }

    /** Everything gets through again, what was held up first. */
    synchronized void speak() {
        silent = false;
        notifyAll();
    }

    private synchronized void awaitSpeaking() throws InterruptedException {
        while (silent) {
            wait();
        }
    }

    private void accept() {
        while (!server.isClosed()) {
            try {
                Socket near = server.accept();
                if (down) {
                    reset(near);
                } else {
                    sockets.add(near);
                    start(() -> serve(near));
                }
            } catch (IOException e) {
                return; // closed
            }
        }
    }

    private void serve(Socket near) {
        try {
            awaitSpeaking();
            if (near.isClosed()) {
                return; // cut meanwhile
            }
            Socket far = new Socket(target.getAddress(), target.getPort());
            sockets.add(far);
            far.setTcpNoDelay(true);
            near.setTcpNoDelay(true);
            Tap tap = connecting.get();
            start(() -> carry(far, near, tap::fromFar));
            carry(near, far, tap::fromNear);
            tap.ended();
        } catch (IOException e) {
            reset(near); // nobody there
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            sockets.remove(near);
        }
    }

    private interface Ear {
        void hear(byte[] bytes, int length);
    }

    private void carry(Socket from, Socket to, Ear ear) {
        byte[] bytes = new byte[CHUNK_BYTES];
        try (from;
                to) {
            InputStream in = from.getInputStream();
            Way way = oneWayNanos > 0 ? new LongWay(to) : (chunk, length) -> pass(chunk, length, to.getOutputStream());
            for (int read = in.read(bytes); read >= 0; read = in.read(bytes)) {
                ear.hear(bytes, read);
                way.carry(bytes, read);
            }
            awaitSpeaking();
        } catch (IOException e) {
            // One of the ends has gone, and takes the other with it.
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            sockets.remove(from);
        }
    }

    private interface Way {
        void carry(byte[] bytes, int length) throws IOException, InterruptedException;
    }

    private void pass(byte[] bytes, int length, OutputStream out) throws IOException, InterruptedException {
        awaitSpeaking();
        out.write(bytes, 0, length);
    }

    /** Holds what was read until it is due at the other end. */
    private final class LongWay implements Way {
        private record Chunk(byte[] bytes, long due) {}

        private final BlockingQueue<Chunk> underWay = new ArrayBlockingQueue<>(CHUNKS_UNDER_WAY);
        private final Socket to;

        LongWay(Socket to) {
            this.to = to;
            start(this::deliver);
        }

        @Override
        public void carry(byte[] bytes, int length) throws InterruptedException {
            underWay.put(new Chunk(Arrays.copyOf(bytes, length), System.nanoTime() + oneWayNanos));
        }

        private void deliver() {
            try {
                while (!to.isClosed()) {
                    Chunk chunk = underWay.take();
                    for (long left = chunk.due - System.nanoTime(); left > 0; left = chunk.due - System.nanoTime()) {
                        LockSupport.parkNanos(left);
                    }
                    pass(chunk.bytes, chunk.bytes.length, to.getOutputStream());
                }
            } catch (IOException e) {
                reset(to);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private static void reset(Socket socket) {
        try {
            socket.setSoLinger(true, 0);
            socket.close();
        } catch (IOException e) {
            // It was closed already.
        }
    }

    /** Ends all of it, without regard for what is under way. */
    @Override
    public void close() {
        speak();
        try {
            server.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        cut();
    }
}
