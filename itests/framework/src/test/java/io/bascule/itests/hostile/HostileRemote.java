/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.itests.hostile;

import io.bascule.itests.client.Version;
import io.bascule.itests.peers.Peer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.util.concurrent.atomic.AtomicInteger;

/** A server that plays a script to each connection, one after the other, on a thread of its own. */
final class HostileRemote implements Peer {
    private static final int BACKLOG = 50;
    /** Who is to come again does within this time. */
    private static final int PATIENCE_MILLIS = 60_000;

    private final Version version;
    private final ServerSocket server;
    private final AtomicInteger connections = new AtomicInteger();
    private final Thread thread;
    private volatile Script script;
    private volatile Conversation open;
    private volatile Throwable failure;

    /** What is said over one connection, which ends with it. */
    @FunctionalInterface
    interface Script {
        void play(Conversation with) throws IOException;
    }

    /** Listens on a free port. */
    HostileRemote(Version version, Script script) throws IOException {
        this(version, script, PATIENCE_MILLIS);
    }

    /** That is as patient as this. */
    HostileRemote(Version version, Script script, int patienceMillis) throws IOException {
        this.version = version;
        this.script = script;
        this.server = new ServerSocket(0, BACKLOG, InetAddress.getLoopbackAddress());
        server.setSoTimeout(patienceMillis);
        this.thread = new Thread(this::serve, "hostile remote");
        thread.setDaemon(true);
        thread.start();
    }

    private void serve() {
        while (!server.isClosed()) {
            try (Socket socket = accept();
                    Conversation with = new Conversation(socket, version)) {
                connections.incrementAndGet();
                open = with;
                if (!server.isClosed()) { // or else nobody would end this one
                    script.play(with);
                }
            } catch (IOException e) {
                // The other end has gone, or so have we.
            } catch (RuntimeException | AssertionError e) {
                failure = e;
            }
        }
    }

    private Socket accept() throws IOException {
        try {
            return server.accept();
        } catch (SocketTimeoutException e) {
            failure = e;
            throw e;
        }
    }

    Version version() {
        return version;
    }

    /** From the next connection on; the present one ends. */
    void play(Script next) {
        script = next;
        if (open != null) {
            open.close();
        }
    }

    /** From the next connection on it says what a server should. */
    void tame() {
        play(Conversation::behave);
    }

    @Override
    public int port() {
        return server.getLocalPort();
    }

    /** How many there have been. */
    int connections() {
        return connections.get();
    }

    /** Throws what a script has failed with, or that nobody has come. */
    void check() {
        if (failure != null) {
            throw new AssertionError("the script has failed, or nobody has come to it", failure);
        }
    }

    @Override
    public void close() {
        try {
            server.close();
            if (open != null) {
                open.close();
            }
            thread.join();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
