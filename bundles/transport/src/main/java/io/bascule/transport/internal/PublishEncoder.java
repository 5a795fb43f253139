/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.transport.internal;

import io.bascule.mqtt.Message;
import io.bascule.mqtt.MessageProperties;
import io.bascule.mqtt.QoS;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;

/**
 * Encodes a PUBLISH once for all that receive it alike, one message at a time: the next subscriber of the same message, version and flags
 * costs a copy and two bytes of Packet Identifier. Payloads over {@link #SHARED_FROM} are not copied at all but shared by reference.
 *
 * <p>One for each event loop, used on it alone.
 */
final class PublishEncoder {
    /** From this payload size on a reference-counted buffer is cheaper than a copy for each receiver, in bytes. */
    static final int SHARED_FROM = 4096;

    private static final int SMALLEST_FRAME = 1024;
    private static final int LARGEST_KEPT = 64 * 1024;
    private static final int[] NONE = {};

    private final ByteBufAllocator allocator;
    private byte[] frame = new byte[SMALLEST_FRAME];
    private int length;
    private int packetIdAt;
    private ByteBuf sharedPayload;

    private Message message;
    private boolean version5;
    private QoS qos;
    private boolean retain;
    private boolean dup;
    private int[] subscriptionIdentifiers = NONE;

    PublishEncoder(ByteBufAllocator allocator) {
        this.allocator = allocator;
    }

    /** Makes this the message to copy from. */
    void prepare(Message next, boolean toVersion5, QoS atQos, boolean withRetain, boolean withDup, int[] identifiers) {
        boolean same = next == message
                && toVersion5 == version5
                && atQos == qos
                && withRetain == retain
                && withDup == dup
                && (identifiers == subscriptionIdentifiers
                        || identifiers.length == 0 && subscriptionIdentifiers.length == 0);
        if (same && !next.expires()) { // what is left of an expiry interval differs from moment to moment
            return;
        }
        if (next != message) {
            releasePayload();
        }
        message = next;
        version5 = toVersion5;
        qos = atQos;
        retain = withRetain;
        dup = withDup;
        subscriptionIdentifiers = identifiers;
        encode();
    }

    /** The whole packet's size in bytes. */
    int packetSize() {
        return length + (isPayloadShared() ? message.payload().length : 0);
    }

    /** Whether {@link #frame} ends before the payload, which is {@link #sharedPayload} then. */
    boolean isPayloadShared() {
        return message.payload().length >= SHARED_FROM;
    }

    byte[] frame() {
        return frame;
    }

    /** How much of {@link #frame} is used, in bytes. */
    int frameLength() {
        return length;
    }

    /** Where in {@link #frame} the Packet Identifier belongs. */
    int packetIdAt() {
        return packetIdAt;
    }

    /** The payload in a buffer of its own; the caller owns the reference that it gets. */
    ByteBuf sharedPayload() {
        if (sharedPayload == null) {
            byte[] payload = message.payload();
            sharedPayload =
                    allocator.directBuffer(payload.length, payload.length).writeBytes(payload);
        }
        return sharedPayload.retainedDuplicate();
    }

    /** Lets go of what was kept for further receivers. */
    void endOfTurn() {
        releasePayload();
        message = null;
        if (frame.length > LARGEST_KEPT) {
            frame = new byte[SMALLEST_FRAME]; // a header of megabytes was an exception
        }
    }

    private void releasePayload() {
        if (sharedPayload != null) {
            sharedPayload.release();
            sharedPayload = null;
        }
    }

    private void encode() {
        byte[] topic = message.topic().utf8();
        byte[] payload = message.payload();
        byte[] properties = version5 ? encodeProperties() : null;
        int remaining = 2 + topic.length + (qos == QoS.AT_MOST_ONCE ? 0 : 2) + payload.length;
        if (properties != null) {
            remaining += properties.length;
        }
        boolean inline = payload.length < SHARED_FROM;
        ensure(6 + remaining - (inline ? 0 : payload.length));
        byte[] to = frame;
        to[0] = (byte) (0x30 | (dup ? 8 : 0) | qos.level() << 1 | (retain ? 1 : 0));
        int at = 1;
        int rest = remaining;
        do {
            int low = rest & 127;
            rest >>>= 7;
            to[at++] = (byte) (rest == 0 ? low : low | 128);
        } while (rest != 0);
        to[at++] = (byte) (topic.length >>> 8);
        to[at++] = (byte) topic.length;
        System.arraycopy(topic, 0, to, at, topic.length);
        at += topic.length;
        packetIdAt = at;
        if (qos != QoS.AT_MOST_ONCE) {
            at += 2;
        }
        if (properties != null) {
            System.arraycopy(properties, 0, to, at, properties.length);
            at += properties.length;
        }
        if (inline) {
            System.arraycopy(payload, 0, to, at, payload.length);
            at += payload.length;
        }
        length = at;
    }

    private void ensure(int size) {
        if (frame.length < size) {
            frame = new byte[Math.max(size, frame.length * 2)];
        }
    }

    private static final byte[] NO_PROPERTIES = {0};

    private byte[] encodeProperties() {
        MessageProperties properties = message.properties();
        if (properties == MessageProperties.NONE && !message.expires() && subscriptionIdentifiers.length == 0) {
            return NO_PROPERTIES;
        }
        PropertyWriter out = new PropertyWriter();
        out.ofMessage(properties);
        out.fourBytes(PropertyId.MESSAGE_EXPIRY_INTERVAL, message.remainingExpirySeconds(System.nanoTime()));
        for (int identifier : subscriptionIdentifiers) {
            out.variableByteInteger(PropertyId.SUBSCRIPTION_IDENTIFIER, identifier);
        }
        FieldWriter all = new FieldWriter();
        out.writeTo(all);
        return all.toByteArray();
    }
}
