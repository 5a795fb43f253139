/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.store.codec;

import io.bascule.mqtt.QoS;

/**
 * A message as one session is to receive it.
 *
 * @param session its number
 * @param copy tells those of one session apart
 * @param qos as it is delivered, which may be more than the message was published with
 * @param retain as it is delivered
 * @param packetId under which it is on its way, 0 while it waits
 * @param sentAt the sequence of the record that said so
 * @param received whether PUBREC has come
 */
public record Copy(
        long session,
        int copy,
        QoS qos,
        boolean retain,
        int[] subscriptionIdentifiers,
        int packetId,
        long sentAt,
        boolean received) {
    private static final int[] NONE = {};

    private static final int QOS = 3;
    private static final int RETAIN = 4;
    private static final int IDENTIFIERS = 8;
    private static final int FURTHER = 16;
    private static final int SENT = 32;
    private static final int RECEIVED = 64;

    /** The same as it waits. */
    public Copy waiting() {
        return packetId == 0 ? this : sent(0, 0, false);
    }

    /** The same on its way. */
    public Copy sent(int underPacketId, long at, boolean pubrec) {
        return new Copy(session, copy, qos, retain, subscriptionIdentifiers, underPacketId, at, pubrec);
    }

    void encode(Encoder to) {
        to.number(session);
        to.octet(qos.level()
                | (retain ? RETAIN : 0)
                | (subscriptionIdentifiers.length > 0 ? IDENTIFIERS : 0)
                | (copy > 0 ? FURTHER : 0)
                | (packetId > 0 ? SENT : 0)
                | (received ? RECEIVED : 0));
        if (subscriptionIdentifiers.length > 0) {
            to.number(subscriptionIdentifiers.length);
            for (int each : subscriptionIdentifiers) {
                to.number(each);
            }
        }
        if (copy > 0) {
            to.number(copy);
        }
        if (packetId > 0) {
            to.number(packetId).number(sentAt);
        }
    }

    static Copy decode(Decoder from) {
        long session = from.number();
        int flags = from.octet();
        int[] identifiers = (flags & IDENTIFIERS) != 0 ? new int[from.count()] : NONE;
        for (int i = 0; i < identifiers.length; i++) {
            identifiers[i] = from.integer();
        }
        int copy = (flags & FURTHER) != 0 ? from.integer() : 0;
        boolean sent = (flags & SENT) != 0;
        int packetId = sent ? from.packetId() : 0;
        long sentAt = sent ? from.number() : 0;
        return new Copy(
                session,
                copy,
                QoS.ofLevel(flags & QOS),
                (flags & RETAIN) != 0,
                identifiers,
                packetId,
                sentAt,
                (flags & RECEIVED) != 0);
    }
}
