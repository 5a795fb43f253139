/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.broker.model;

import io.bascule.transport.Acknowledgement;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** A client that keeps its side of the session as it should. */
final class Client {
    final String clientId;
    Wire wire;
    /** Whether CONNACK has come, and then whether it has to send something again. */
    boolean accepted;

    boolean resends;
    boolean v5;
    boolean mayChangeExpiry;

    /** What it has published and what is not acknowledged to the end, by Packet Identifier. */
    final Map<Integer, Published> unacknowledged = new LinkedHashMap<>();

    /** What it has yet to answer. */
    final Deque<Answer> answers = new ArrayDeque<>();

    private int subscribeId = 1_000;

    static final class Published {
        final Text text;
        boolean received;
        boolean released;

        Published(Text text) {
            this.text = text;
        }
    }

    record Answer(Acknowledgement kind, int packetId) {}

    Client(String clientId) {
        this.clientId = clientId;
    }

    boolean isConnected() {
        return wire != null && accepted;
    }

    void disconnected() {
        wire = null;
        accepted = false;
        resends = false;
        answers.clear();
    }

    /** The server does not know it. */
    void forget() {
        unacknowledged.clear();
    }

    int freePacketId() {
        int packetId = 1;
        while (unacknowledged.containsKey(packetId)) {
            packetId++;
        }
        return packetId;
    }

    int subscribeId() {
        return subscribeId++;
    }

    /** What it may release now. */
    List<Integer> releasable() {
        List<Integer> packetIds = new ArrayList<>();
        unacknowledged.forEach((packetId, published) -> {
            if (published.received && !published.released) {
                packetIds.add(packetId);
            }
        });
        return packetIds;
    }

    @Override
    public String toString() {
        return clientId;
    }
}
