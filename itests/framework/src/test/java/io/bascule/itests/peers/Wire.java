/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.itests.peers;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.concurrent.locks.LockSupport;

/** A way to another port of loopback that can be blocked without a word to either end, or made slow. */
public final class Wire implements AutoCloseable {
    private static final int BACKLOG = 50;
    private static final int CHUNK = 8192;

    private final int target;
    private final ServerSocket server;
    private boolean blocked;
    private volatile long nanosPerByte;

    /** From a free port to this one. */
    public Wire(int target) throws IOException {
        this.target = target;
        this.server = new ServerSocket(0, BACKLOG, Ports.loopback());
        start(this::accept);
    }

    private static void start(Runnable task) {
        Thread thread = new Thread(task, "wire");
        thread.setDaemon(true);
        thread.start();
    }

    /** Where it begins. */
    public int port() {
        return server.getLocalPort();
    }

    /** From now on one byte at a time, with this pause after each. */
    public void pause(long newNanosPerByte) {
        nanosPerByte = newNanosPerByte;
    }

    /** From now on nothing gets through, the end of a connection neither. */
    public synchronized void block() {
        blocked = true;
    }

    /** Everything gets through again, what was held up first. */
    public synchronized void unblock() {
        blocked = false;
        notifyAll();
    }

    private synchronized void awaitUnblocked() {
        try {
            while (blocked) {
                wait();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void accept() {
        while (!server.isClosed()) {
            try {
                Socket near = server.accept();
                Socket far = new Socket(Ports.loopback(), target);
                far.setTcpNoDelay(true);
                near.setTcpNoDelay(true);
                start(() -> carry(near, far));
                start(() -> carry(far, near));
            } catch (IOException e) {
                return; // closed
            }
        }
    }

    private void carry(Socket from, Socket to) {
        byte[] bytes = new byte[CHUNK];
        try (from;
                to) {
            InputStream in = from.getInputStream();
            OutputStream out = to.getOutputStream();
            for (int read = in.read(bytes); read >= 0; read = in.read(bytes)) {
                awaitUnblocked();
                write(bytes, read, out);
            }
            awaitUnblocked();
        } catch (IOException e) {
            // One of the ends has gone, and takes the other with it.
        }
    }

    private void write(byte[] bytes, int length, OutputStream out) throws IOException {
        long pause = nanosPerByte;
        if (pause == 0) {
            out.write(bytes, 0, length);
            return;
        }
        for (int i = 0; i < length; i++) {
            out.write(bytes[i]);
            LockSupport.parkNanos(pause);
        }
    }

    /** No new connection gets through; those that are open end with their ends. */
    @Override
    public void close() {
        unblock();
        try {
            server.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
