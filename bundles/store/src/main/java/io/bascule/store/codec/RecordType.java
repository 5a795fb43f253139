/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.store.codec;

import java.nio.ByteBuffer;

/**
 * What a record of the store says. Its code in the log counts from 1 in this order: new ones come at the end, and none is ever
 * taken out. Every payload begins with the version of its layout.
 *
 * <p>{@link #SESSION}, {@link #SUBSCRIBED}, {@link #MESSAGE} and {@link #ACCEPTED} may be copies, with the number of what they copy
 * and its state as of now. A session's and a message's number is the sequence of its first record.
 */
public enum RecordType {
    /** Wall clock and log time. */
    TICK,
    /** A session and its terms. */
    SESSION,
    /** Session, Session Expiry Interval. */
    EXPIRY,
    /** Session, log time. */
    DISCONNECTED,
    /** Session. */
    WILL_DONE,
    /** Session. */
    ENDED,
    /** A subscription. */
    SUBSCRIBED,
    /** Session, topic filter. */
    UNSUBSCRIBED,
    /** A message and whom it is for. */
    MESSAGE,
    /** Session, message, copy, Packet Identifier. */
    SENT,
    /** Session, Packet Identifier. */
    RECEIVED,
    /** Session, Packet Identifier. */
    COMPLETED,
    /** Session, message, copy. */
    DROPPED,
    /** Session, Packet Identifier. */
    ACCEPTED,
    /** Session, Packet Identifier. */
    RELEASED,
    /** Topic. */
    UNRETAINED;

    private static final RecordType[] ALL = values();
    private static final int VERSION = 1;
    private static final int SMALL = 32;

    /** As it stands in the log. */
    public byte code() {
        return (byte) (ordinal() + 1);
    }

    /** The type of this code. */
    public static RecordType of(byte code) {
        if (code < 1 || code > ALL.length) {
            throw new FormatException("it is of type " + code + ", which a newer release of Bascule must have written");
        }
        return ALL[code - 1];
    }

    /** For a payload of about this size. */
    public Encoder encoder(int expectedBytes) {
        return new Encoder(expectedBytes).octet(VERSION);
    }

    /** A payload of nothing but these numbers. */
    public Encoder encode(long... numbers) {
        Encoder encoder = encoder(SMALL);
        for (long each : numbers) {
            encoder.number(each);
        }
        return encoder;
    }

    /** For a payload of this type. */
    public Decoder decoder(ByteBuffer payload) {
        Decoder decoder = new Decoder(payload);
        int version = decoder.octet();
        if (version != VERSION) {
            throw new FormatException("it is " + this + " in version " + version
                    + ", which a newer release of Bascule must have written");
        }
        return decoder;
    }
}
