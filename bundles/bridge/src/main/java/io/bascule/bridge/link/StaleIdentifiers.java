/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.bridge.link;

import io.bascule.mqtt.ReasonCode;
import io.bascule.transport.Acknowledgement;
import io.bascule.transport.Connection;
import java.util.BitSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;

/**
 * Releases the Packet Identifiers under which the remote session may still hold a QoS 2 message of a local session that is lost: it would
 * take a new message under one of them for the old one, and nobody would get it. For as long as one connection lives.
 *
 * <p>The local session gives out identifiers in turn, from 1 on, and skips those in use. So each is released before its first use, some way
 * ahead; all of them at once would keep the first message waiting, and is more than some brokers take. PUBREL of an identifier that the
 * remote session does not know is no error (MQTT 5.0, section 4.13.1, reason code 0x92).
 *
 * <p>Nor is one used before it is written down as released: after a crash those that are not are released, and under none of them may a message be on
 * its way.
 */
final class StaleIdentifiers {
    /** How many are on their way at a time. */
    private static final int WINDOW = 256;

    private final Connection connection;
    private final RemoteSession remote;
    private final boolean needed;
    private final Supplier<CompletionStage<Void>> keep;
    private final Pulse pulse;
    private final Runnable changed;
    private final BitSet asked = new BitSet();
    private final CompletableFuture<Void> begun = new CompletableFuture<>();
    private int ahead;
    private int lastAsked;
    private int target;
    private int lastUsed;
    /** Up to which it is written down that they are released. */
    private int kept;

    private boolean keeping;
    private boolean held;
    private boolean closed;

    /**
     * {@code needed} where messages go out with QoS 2; {@code keep} writes down what the remote session is known to have released;
     * {@code changed} is called when {@link #isHeld} has changed.
     */
    StaleIdentifiers(
            Connection connection,
            RemoteSession remote,
            boolean needed,
            Supplier<CompletionStage<Void>> keep,
            Pulse pulse,
            Runnable changed) {
        this.connection = connection;
        this.remote = remote;
        this.needed = needed;
        this.keep = keep;
        this.pulse = pulse;
        this.changed = changed;
    }

    /** Completes when the local session may send, so many at a time at most. */
    CompletionStage<Void> begin(int deliveries) {
        ahead = deliveries + 1; // the next identifier may skip as many as are in use
        lastAsked = remote.released();
        lastUsed = lastAsked; // by an earlier connection, at most
        if (needed) {
            kept = remote.isKept() ? lastAsked : 0;
            aim(lastAsked + ahead + Math.min(ahead, WINDOW)); // the rest follows while messages flow
            keepInTime();
        }
        completeWhenReleased();
        return begun;
    }

    /** The local session has sent a message under this identifier. */
    void used(int packetId) {
        if (needed && kept < RemoteSession.ALL) {
            lastUsed = packetId;
            aim(packetId + 2 * ahead);
            keepInTime();
            hold();
        }
    }

    /** PUBCOMP; false when it is not for one of these. */
    boolean pubcomp(int packetId) {
        if (!asked.get(packetId)) {
            return false;
        }
        asked.clear(packetId);
        remote.released(asked.isEmpty() ? lastAsked : asked.nextSetBit(0) - 1);
        ask();
        keepInTime();
        hold();
        completeWhenReleased();
        return true;
    }

    /** Whether any is on its way. */
    boolean isAsking() {
        return !asked.isEmpty();
    }

    /** Whether the local session is to wait, since the next identifier may be stale. */
    boolean isHeld() {
        return held;
    }

    /** The connection is gone. */
    void close() {
        closed = true;
    }

    private void aim(int upTo) {
        target = Math.max(target, Math.min(upTo, RemoteSession.ALL));
        ask();
    }

    private void ask() {
        while (lastAsked < target && asked.cardinality() < WINDOW) {
            lastAsked++;
            asked.set(lastAsked);
            connection.acknowledge(Acknowledgement.PUBREL, lastAsked, ReasonCode.SUCCESS);
            pulse.sent();
        }
    }

    /** Before the session has to wait for the disk, and not at each of them. */
    private void keepInTime() {
        int released = remote.released();
        boolean isOfUse = released > kept && released >= next();
        boolean isTime = kept < Math.min(next() + ahead / 2, RemoteSession.ALL);
        if (isOfUse && isTime && !keeping) {
            keeping = true;
            keep.get().thenRun(() -> {
                if (connection.eventLoop().inEventLoop()) {
                    kept(released);
                } else {
                    connection.eventLoop().execute(() -> kept(released));
                }
            });
        }
    }

    private void kept(int released) {
        if (closed) {
            return;
        }
        keeping = false;
        kept = released;
        keepInTime();
        hold();
        completeWhenReleased();
    }

    /** The highest that may be used next. */
    private int next() {
        return Math.min(lastUsed + ahead, RemoteSession.ALL);
    }

    private void completeWhenReleased() {
        if (!needed || asked.isEmpty() && lastAsked >= target && kept >= next()) {
            begun.complete(null);
        }
    }

    private void hold() {
        boolean tooNear = kept < next();
        if (tooNear != held) {
            held = tooNear;
            changed.run();
        }
    }
}
