/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.bridge.link;

import io.bascule.transport.Connection;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
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
    /** Those of them that the remote broker has nothing to answer to before they are released. */
    private final Set<Integer> received = new HashSet<>();

    private final Deque<Leaving> waiting = new ArrayDeque<>();
    private boolean hasAnswers;

    /** A message that the local session has delivered and that is not sent yet. */
    interface Leaving {
        /** 0 where nothing is to be acknowledged here. */
        int packetId();

        /** Of topic and payload. */
        int bytes();

        /** Sends it. */
        void send();

        /** It is not sent any more. */
        void lost();
    }

    /** Over which the remote broker takes so many at a time. */
    Lane(Connection connection, int receiveMaximum, Pulse pulse) {
        this.connection = connection;
        this.receiveMaximum = receiveMaximum;
        this.pulse = pulse;
    }

    Connection connection() {
        return connection;
    }

    Pulse pulse() {
        return pulse;
    }

    int receiveMaximum() {
        return receiveMaximum;
    }

    /** Whether the remote broker takes one more of QoS 1 or 2. */
    boolean hasRoom() {
        return onTheWay.size() < receiveMaximum;
    }

    /** Whether something waits, which what comes now must not overtake. */
    boolean isAwaited() {
        return !waiting.isEmpty();
    }

    /** What has waited for longest; there is something. */
    Leaving next() {
        return waiting.remove();
    }

    void await(Leaving message) {
        waiting.add(message);
    }

    /** Takes out, and returns, what waits under this identifier, or null. */
    Leaving forget(int packetId) {
        for (Leaving each : waiting) {
            if (each.packetId() == packetId) {
                waiting.remove(each);
                return each;
            }
        }
        return null;
    }

    /** Something under this identifier is to be acknowledged. */
    void sent(int packetId) {
        onTheWay.add(packetId);
        received.remove(packetId);
        pulse.sent();
    }

    /** The remote broker has received what is on the way under this identifier with QoS 2, and waits for its release. */
    void received(int packetId) {
        if (carries(packetId)) {
            received.add(packetId);
        }
    }

    /** Whether a message is answered over it. */
    boolean hasAnswers() {
        return hasAnswers;
    }

    /** How long the remote broker has not answered what it was to answer. */
    Duration silence() {
        return pulse.silence();
    }

    /** Whether something under this identifier is to be acknowledged. */
    boolean carries(int packetId) {
        return onTheWay.contains(packetId);
    }

    /**
     * All is done with what was sent under this identifier.
     *
     * @param others whether acknowledgements are to come that have nothing to do with messages
     */
    void acknowledged(int packetId, boolean others) {
        onTheWay.remove(packetId);
        received.remove(packetId);
        hasAnswers = true;
        answered(others);
    }

    /** The remote broker has answered. */
    void answered(boolean others) {
        pulse.acknowledged(onTheWay.size() > received.size() || others);
    }
}
