/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.itests.peers;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.concurrent.ThreadLocalRandom;

/** TCP ports of the loopback address. */
public final class Ports {
    /** Below the range from which the kernel takes ports for outgoing connections, which might grab one meanwhile. */
    private static final int FIRST = 20_000;

    private static final int LAST = 29_999;
    private static final int ATTEMPTS = 1000;
    private static final int CONNECT_TIMEOUT_MILLIS = 1000;

    private Ports() {}

    /** A port on which nobody listens. */
    public static int free() {
        for (int i = 0; i < ATTEMPTS; i++) {
            int port = ThreadLocalRandom.current().nextInt(FIRST, LAST + 1);
            try (ServerSocket socket = occupy(port)) {
                return socket.getLocalPort();
            } catch (IOException e) {
                // Taken: try another.
            }
        }
        throw new IllegalStateException("no free port between " + FIRST + " and " + LAST);
    }

    /** The loopback address. */
    static InetAddress loopback() {
        return InetAddress.getLoopbackAddress();
    }

    /** Listens on the port, so that nobody else can. */
    public static ServerSocket occupy(int port) throws IOException {
        return new ServerSocket(port, 1, loopback());
    }

    /** Whether somebody accepts connections there. */
    public static boolean answers(int port) {
        try (Socket socket = new Socket()) {
            socket.connect(new InetSocketAddress(loopback(), port), CONNECT_TIMEOUT_MILLIS);
            return true;
        } catch (IOException e) {
            return false;
        }
    }
}
