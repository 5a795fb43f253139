/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.itests.differential;

import io.bascule.itests.differential.Connection.Event;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;

/** One of the two brokers in one sequence: the connections that its two clients have had. */
final class Side implements AutoCloseable {
    private static final int CLIENTS = 2;

    private final int port;
    private final String prefix;
    private final UnaryOperator<List<Event>> harm;
    private final List<Connection> connections = new ArrayList<>();
    private final Connection[] current = new Connection[CLIENTS];

    Side(int port, String prefix, UnaryOperator<List<Event>> harm) {
        this.port = port;
        this.prefix = prefix;
        this.harm = harm;
    }

    boolean isOpen(int client) {
        return current[client] != null && current[client].isOpen();
    }

    void perform(Step step) throws IOException {
        if (step.kind() == Step.Kind.CONNECT) {
            current[step.client()] = new Connection(port, step.version(), step.holds(), prefix);
            connections.add(current[step.client()]);
        }
        if (!isOpen(step.client())) {
            return;
        }
        Connection connection = current[step.client()];
        switch (step.kind()) {
            case CONNECT, SEND -> connection.send(step.bytes(prefix));
            case RELEASE -> connection.release();
            case CUT -> connection.cut();
        }
        connection.ping(); // The first of the round: what it sent is dealt with before anybody else is asked.
    }

    void ping() {
        connections.forEach(Connection::ping);
    }

    /** Whether anything but the answers came. */
    boolean awaitPongs() {
        boolean more = false;
        for (Connection connection : connections) {
            more |= connection.awaitPong();
        }
        return more;
    }

    /** Of each connection, in the order in which they were made. */
    List<List<Event>> events() {
        return connections.stream().map(Connection::events).map(harm).toList();
    }

    @Override
    public void close() {
        connections.forEach(Connection::close);
    }
}
