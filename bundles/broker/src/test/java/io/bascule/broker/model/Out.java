/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.broker.model;

import java.util.List;

/** A message for a session. */
final class Out {
    final long number;
    final Text text;
    final int qos;
    final boolean retain;
    final List<Integer> identifiers;
    boolean logged;
    State state = State.QUEUED;
    /** After which change it was sent. */
    long sentAfter;
    /** 0 as long as nobody has seen it. */
    int packetId;
    /** Whether the process has given it to a client. */
    boolean seen;
    /** Whether it was in flight when the process began. */
    boolean restored;
    /** Whether it is on its way over this connection, or its PUBREL. */
    boolean sentNow;
    /** Whether the client has it over this connection. */
    boolean seenNow;

    enum State {
        QUEUED,
        SENT,
        RECEIVED
    }

    Out(long number, Text text, int qos, boolean retain, List<Integer> identifiers, boolean logged) {
        this.number = number;
        this.text = text;
        this.qos = qos;
        this.retain = retain;
        this.identifiers = identifiers;
        this.logged = logged;
    }

    Out copy() {
        Out copy = new Out(number, text, qos, retain, identifiers, logged);
        copy.state = state;
        copy.sentAfter = sentAfter;
        copy.packetId = packetId;
        copy.seen = seen;
        copy.restored = restored;
        copy.sentNow = sentNow;
        copy.seenNow = seenNow;
        return copy;
    }

    boolean isInFlight() {
        return state != State.QUEUED;
    }

    @Override
    public String toString() {
        return text.payload() + " q" + qos + (retain ? " retain" : "") + (logged ? "" : " unlogged")
                + (isInFlight() ? " " + state + " #" + packetId : "");
    }
}
