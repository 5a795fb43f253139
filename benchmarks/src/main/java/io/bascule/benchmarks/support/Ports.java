/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.benchmarks.support;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.concurrent.TimeUnit;

/** Ports of loopback, for brokers to listen on. */
public final class Ports {
    private static final long TO_LISTEN_SECONDS = 60;

    private Ports() {}

    /** A port that nobody listened on a moment ago. */
    public static InetSocketAddress free() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return new InetSocketAddress(socket.getInetAddress(), socket.getLocalPort());
        }
    }

    /**
     * Waits until the process listens there.
     *
     * @throws IOException when it has ended, or does not listen after a minute
     */
    public static void await(InetSocketAddress address, Process process) throws IOException {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(TO_LISTEN_SECONDS);
        while (true) {
            try {
                new Socket(address.getAddress(), address.getPort()).close();
                return;
            } catch (IOException e) {
                if (System.nanoTime() - deadline > 0 || !process.isAlive()) {
                    throw e;
                }
            }
        }
    }
}
