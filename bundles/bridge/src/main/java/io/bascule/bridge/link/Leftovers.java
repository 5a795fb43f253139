/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.bridge.link;

import io.bascule.mqtt.ReasonCode;
import io.bascule.transport.Acknowledgement;
import io.bascule.transport.Connection;
import java.util.BitSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * Releases what a remote session may hold from the time before the bridge went to another remote broker: it would take a new message under the
 * same identifier for the old one. For as long as one connection lives. PUBREL of an identifier that it does not know is no error (MQTT 5.0,
 * section 4.13.1, reason code 0x92).
 */
final class Leftovers {
    /** How many are on their way at a time. */
    private static final int WINDOW = 256;

    private final Connection connection;
    private final RemoteSession remote;
    private final Pulse pulse;
    private final BitSet waiting = new BitSet();
    private final BitSet asked = new BitSet();
    private final CompletableFuture<Void> released = new CompletableFuture<>();

    Leftovers(Connection connection, RemoteSession remote, Pulse pulse) {
        this.connection = connection;
        this.remote = remote;
        this.pulse = pulse;
    }

    /** Completes when all of these are released. */
    CompletionStage<Void> release(BitSet stale) {
        waiting.or(stale);
        ask();
        return released;
    }

    private void ask() {
        int count = asked.cardinality();
        for (int next = waiting.nextSetBit(0); next >= 0 && count < WINDOW; next = waiting.nextSetBit(next + 1)) {
            waiting.clear(next);
            asked.set(next);
            count++;
            connection.acknowledge(Acknowledgement.PUBREL, next, ReasonCode.SUCCESS);
            pulse.sent();
        }
        if (count == 0) {
            remote.releasedAll();
            released.complete(null);
        }
    }

    /** PUBCOMP; false when it is not for one of these. */
    boolean pubcomp(int packetId) {
        if (!asked.get(packetId)) {
            return false;
        }
        asked.clear(packetId);
        remote.holdsNot(packetId);
        // For the next connection, should this one be lost.
        remote.releasedBelow(Math.min(lowest(waiting), lowest(asked)));
        ask();
        return true;
    }

    private static int lowest(BitSet identifiers) {
        return identifiers.isEmpty() ? RemoteSession.ALL + 1 : identifiers.nextSetBit(0);
    }

    /** Whether any is on its way. */
    boolean isAsking() {
        return !asked.isEmpty();
    }
}
