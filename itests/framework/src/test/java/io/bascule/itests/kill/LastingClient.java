/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.itests.kill;

import io.bascule.itests.support.Eventually;
import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * A client whose session outlives its connections, and which loses nothing itself: when its broker is gone it comes back as soon as that is
 * there, and goes on where it was. Packets are taken one at a time, under the lock of this, on a thread of its own.
 */
abstract class LastingClient implements AutoCloseable {
    /** So few that what is sent is interleaved with what is acknowledged. */
    private static final int RECEIVE_MAXIMUM = 100;

    private static final long BETWEEN_ATTEMPTS_NANOS = TimeUnit.MILLISECONDS.toNanos(50);
    private static final Duration TO_CONNECT = Duration.ofSeconds(60);

    private final int port;
    private final String clientId;
    private final Thread thread;
    private String trouble = "nothing yet";
    private Socket socket;
    private OutputStream out;
    private boolean wanted;
    private boolean connected;
    private boolean known;
    private boolean closed;
    private int sessionsLost;

    LastingClient(int port, String clientId) {
        this.port = port;
        this.clientId = clientId;
        this.thread = new Thread(this::run, clientId);
        thread.setDaemon(true);
        thread.start();
    }

    /** Sends what is due at the beginning of a connection. */
    abstract void connected(boolean sessionPresent) throws IOException;

    /** Takes a packet other than CONNACK. */
    abstract void received(Packet packet) throws IOException;

    /** From now on it is connected whenever its broker is there. */
    final synchronized void open() {
        wanted = true;
        notifyAll();
    }

    /** From now on it is not connected; its session waits for it. */
    final synchronized void leave() {
        wanted = false;
        disconnect();
    }

    /** Waits until it is connected. */
    final void awaitConnected() {
        Eventually.eventually(TO_CONNECT, () -> {
            if (!isConnected()) {
                throw new AssertionError(this + " is not connected: " + trouble());
            }
        });
    }

    final synchronized boolean isConnected() {
        return connected;
    }

    private synchronized String trouble() {
        return trouble;
    }

    /** How often its broker did not know its session any more. */
    final synchronized int sessionsLost() {
        return sessionsLost;
    }

    /** Writes a packet, which leaves with {@link #flush}; under the lock of this, while it is connected. */
    final void write(Packet packet) throws IOException {
        packet.writeTo(out);
    }

    final void flush() throws IOException {
        out.flush();
    }

    private void run() {
        while (awaitWanted()) {
            try (Socket fresh = new Socket(InetAddress.getLoopbackAddress(), port)) {
                serve(fresh);
            } catch (IOException e) {
                hasEnded(e);
                LockSupport.parkNanos(BETWEEN_ATTEMPTS_NANOS);
            }
        }
    }

    private synchronized boolean awaitWanted() {
        try {
            while (!wanted && !closed) {
                wait();
            }
        } catch (InterruptedException e) {
            closed = true;
        }
        return !closed;
    }

    private void serve(Socket fresh) throws IOException {
        fresh.setTcpNoDelay(true);
        DataInputStream in = new DataInputStream(new BufferedInputStream(fresh.getInputStream()));
        OutputStream freshOut = new BufferedOutputStream(fresh.getOutputStream());
        Packet.connect(clientId, RECEIVE_MAXIMUM).writeTo(freshOut);
        freshOut.flush();
        Packet connack = Packet.read(in);
        if (connack.type() != Packet.CONNACK || connack.reason() != 0) {
            throw new IOException("not accepted: packet type " + connack.type() + ", reason " + connack.reason());
        }
        begin(fresh, freshOut, connack.sessionPresent());
        while (true) {
            Packet packet = Packet.read(in);
            synchronized (this) {
                received(packet);
                if (in.available() == 0) {
                    flush();
                }
            }
        }
    }

    private synchronized void begin(Socket fresh, OutputStream freshOut, boolean sessionPresent) throws IOException {
        if (!wanted) {
            throw new IOException("not wanted any more");
        }
        socket = fresh;
        out = freshOut;
        sessionsLost += known && !sessionPresent ? 1 : 0;
        known = true;
        connected(sessionPresent);
        flush();
        connected = true;
        notifyAll();
    }

    private synchronized void hasEnded(IOException reason) {
        connected = false;
        socket = null;
        trouble = String.valueOf(reason);
        notifyAll();
    }

    private synchronized void disconnect() {
        connected = false;
        if (socket != null) {
            try {
                socket.close();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    @Override
    public synchronized void close() {
        closed = true;
        leave();
        notifyAll();
    }

    @Override
    public String toString() {
        return clientId;
    }
}
