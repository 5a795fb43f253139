/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.bridge.link;

import io.bascule.transport.Connection;
import java.util.HashSet;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/**
 * One of several connections that messages leave over: how many of QoS 1 and 2 may be on their way over it, and what waits for that, in order. On
 * the event loop alone.
 */
final class Lane {
    private final Connection connection;
    private final int receiveMaximum;
    private final Pulse pulse;
    private final Set<Integer> onTheWay = new HashSet<>();
    /** What sends each message that the local session has delivered and that the remote broker does not take yet. */
    private final Map<Integer, Runnable> waiting = new LinkedHashMap<>();

    /** Over which the remote broker takes so many at a time. */
    Lane(Connection connection, int receiveMaximum, Pulse pulse) {
        this.connection = connection;
        this.receiveMaximum = receiveMaximum;
        this.pulse = pulse;
    }

    Connection connection() {
        return connection;
    }

    int receiveMaximum() {
        return receiveMaximum;
    }

    /** Whether what comes next has to wait. */
    boolean isFull() {
        return onTheWay.size() >= receiveMaximum || !waiting.isEmpty();
    }

    /** Whether something waits. */
    boolean isAwaited() {
        return !waiting.isEmpty();
    }

    /** Calls this when all that is before it has been sent and there is room. */
    void await(int packetId, Runnable send) {
        waiting.put(packetId, send);
    }

    /** Something under this identifier is to be acknowledged. */
    void sent(int packetId) {
        onTheWay.add(packetId);
        pulse.sent();
    }

    /** Whether something under this identifier is to be acknowledged. */
    boolean carries(int packetId) {
        return onTheWay.contains(packetId);
    }

    /** The remote broker has it already, from an earlier connection, so that it is not to be sent. */
    void received(int packetId) {
        waiting.remove(packetId);
    }

    /**
     * All is done with what was sent under this identifier, so that there may be room for another.
     *
     * @param others whether acknowledgements are to come that have nothing to do with messages
     */
    void acknowledged(int packetId, boolean others) {
        onTheWay.remove(packetId);
        answered(others);
        while (onTheWay.size() < receiveMaximum && !waiting.isEmpty()) {
            Iterator<Runnable> next = waiting.values().iterator();
            Runnable send = next.next();
            next.remove();
            send.run(); // where it is given up the local session delivers another at once, which waits here
        }
    }

    /** The remote broker has answered, and will once more. */
    void answered(boolean others) {
        pulse.acknowledged(!onTheWay.isEmpty() || others);
    }
}
