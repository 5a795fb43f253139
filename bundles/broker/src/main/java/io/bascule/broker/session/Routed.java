/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.broker.session;

import io.bascule.mqtt.ReasonCode;
import java.util.Arrays;

/** What came of a message: the reason code of its acknowledgement, and what that is to wait for: full queues, and the store. */
public final class Routed {
    private static final QueueGate[] NONE = {};
    private static final Routed TAKEN = new Routed(ReasonCode.SUCCESS, NONE, 0);
    private static final Routed NOWHERE = new Routed(ReasonCode.NO_MATCHING_SUBSCRIBERS, NONE, 0);

    /** It cannot be told yet whether it may go anywhere: nothing has come of it. */
    static final Routed UNDECIDED = new Routed(ReasonCode.SERVER_BUSY, NONE, 0);

    private final ReasonCode reason;
    private final QueueGate[] gates;
    private final long position;

    private Routed(ReasonCode reason, QueueGate[] gates, long position) {
        this.reason = reason;
        this.gates = gates;
        this.position = position;
    }

    /** It went to so many sessions. */
    public static Routed to(int receivers) {
        return receivers == 0 ? NOWHERE : TAKEN;
    }

    /** It went nowhere, which its publisher is told. */
    public static Routed refused(ReasonCode reason) {
        return new Routed(reason, NONE, 0);
    }

    boolean isRefused() {
        return reason.isFailure();
    }

    /** The same, and this queue is full. */
    public Routed andFull(QueueGate gate) {
        QueueGate[] more = Arrays.copyOf(gates, gates.length + 1);
        more[gates.length] = gate;
        return new Routed(reason, more, position);
    }

    /** The same, which is at this position in the store. */
    public Routed at(long itsPosition) {
        return itsPosition == 0 ? this : new Routed(reason, gates, itsPosition);
    }

    /** What is to be durable before he is told, 0 for nothing. */
    public long position() {
        return position;
    }

    /** What the publisher is to be told. */
    public ReasonCode reason() {
        return reason;
    }

    /** Whether he is to be told later. */
    public boolean isWithheld() {
        return gates.length > 0;
    }

    /** Has the full queues hold the acknowledgement. */
    public void withhold(Withheld acknowledgement) {
        for (QueueGate gate : gates) {
            gate.withhold(acknowledgement);
        }
    }
}
