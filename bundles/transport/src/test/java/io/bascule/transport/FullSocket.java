/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.transport;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.util.ArrayList;
import java.util.List;

/** A server socket whose backlog takes no more: whoever connects to it gets no answer. */
final class FullSocket implements AutoCloseable {
    private static final int MOST = 20;
    private static final int PATIENCE_MILLIS = 100;

    private final ServerSocket server;
    private final List<Socket> fillers = new ArrayList<>();

    /** Port 0 for one that is free. */
    FullSocket(InetAddress address, int port) throws IOException {
        server = new ServerSocket(port, 1, address);
        try {
            while (fillers.size() < MOST) {
                Socket filler = new Socket();
                fillers.add(filler);
                filler.connect(new InetSocketAddress(address, port()), PATIENCE_MILLIS);
            }
        } catch (SocketTimeoutException e) {
            return;
        }
        throw new IllegalStateException("the backlog has no end");
    }

    int port() {
        return server.getLocalPort();
    }

    @Override
    public void close() throws IOException {
        server.close();
        for (Socket filler : fillers) {
            filler.close();
        }
    }
}
