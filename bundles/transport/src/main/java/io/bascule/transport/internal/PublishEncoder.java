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
    private static final byte[] NO_PROPERTIES = {};

    private final ByteBufAllocator allocator;
    private byte[] frame = new byte[SMALLEST_FRAME];
    private int length;
    private int topicAt;
    private int packetIdAt;
    private int propertiesAt;
    private int propertiesLength;
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

    /** The whole packet's size with a Topic Alias, with the topic or without it, in bytes. */
    int aliasedSize(boolean withTopic) {
        int remaining = aliasedRemaining(withTopic);
        return 1 + sizeOf(remaining) + remaining;
    }

    /** How much of that {@link #writeAliased} writes, in bytes. */
    int aliasedLength(boolean withTopic) {
        return aliasedSize(withTopic) - (isPayloadShared() ? message.payload().length : 0);
    }

    /** Copies the frame with a Topic Alias among its properties: the alias is one connection's, and the frame everyone's. */
    void writeAliased(ByteBuf out, int alias, boolean withTopic, int packetId) {
        out.writeByte(frame[0]);
        writeVariableByteInteger(out, aliasedRemaining(withTopic));
        if (withTopic) {
            out.writeBytes(frame, topicAt, packetIdAt - topicAt);
        } else {
            out.writeShort(0); // [MQTT-3.3.2-1], section 3.3.2.3.4
        }
        if (packetId != 0) {
            out.writeShort(packetId);
        }
        writeVariableByteInteger(out, propertiesLength + OutgoingAliases.SIZE);
        out.writeByte(PropertyId.TOPIC_ALIAS).writeShort(alias);
        out.writeBytes(frame, propertiesAt, length - propertiesAt);
    }

    private int aliasedRemaining(boolean withTopic) {
        int properties = propertiesLength + OutgoingAliases.SIZE;
        return (withTopic ? packetIdAt - topicAt : 2)
                + (qos == QoS.AT_MOST_ONCE ? 0 : 2)
                + sizeOf(properties)
                + properties
                + message.payload().length;
    }

    private static int sizeOf(int variableByteInteger) {
        return variableByteInteger < 128
                ? 1
                : variableByteInteger < 16_384 ? 2 : variableByteInteger < 2_097_152 ? 3 : 4;
    }

    static void writeVariableByteInteger(ByteBuf out, int value) {
        int rest = value;
        while (rest > 127) {
            out.writeByte(rest & 127 | 128);
            rest >>>= 7;
        }
        out.writeByte(rest);
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
        byte[] properties = version5 ? encodeProperties() : NO_PROPERTIES;
        propertiesLength = properties.length;
        int remaining = 2 + topic.length + (qos == QoS.AT_MOST_ONCE ? 0 : 2) + payload.length;
        if (version5) {
            remaining += sizeOf(propertiesLength) + propertiesLength;
        }
        boolean inline = payload.length < SHARED_FROM;
        ensure(6 + remaining - (inline ? 0 : payload.length));
        byte[] to = frame;
        to[0] = (byte) (0x30 | (dup ? 8 : 0) | qos.level() << 1 | (retain ? 1 : 0));
        int at = writeVariableByteInteger(to, 1, remaining);
        topicAt = at;
        to[at++] = (byte) (topic.length >>> 8);
        to[at++] = (byte) topic.length;
        System.arraycopy(topic, 0, to, at, topic.length);
        at += topic.length;
        packetIdAt = at;
        if (qos != QoS.AT_MOST_ONCE) {
            at += 2;
        }
        if (version5) {
            at = writeVariableByteInteger(to, at, propertiesLength);
            System.arraycopy(properties, 0, to, at, propertiesLength);
        }
        propertiesAt = at;
        at += propertiesLength;
        if (inline) {
            System.arraycopy(payload, 0, to, at, payload.length);
            at += payload.length;
        }
        length = at;
    }

    private static int writeVariableByteInteger(byte[] to, int offset, int value) {
        int at = offset;
        int rest = value;
        while (rest > 127) {
            to[at++] = (byte) (rest & 127 | 128);
            rest >>>= 7;
        }
        to[at++] = (byte) rest;
        return at;
    }

    private void ensure(int size) {
        if (frame.length < size) {
            frame = new byte[Math.max(size, frame.length * 2)];
        }
    }

    private byte[] encodeProperties() {
        MessageProperties properties = message.properties();
        if (properties == MessageProperties.NONE && !message.expires() && subscriptionIdentifiers.length == 0) {
            return NO_PROPERTIES;
        }
        return PublishProperties.encode(
                allocator, properties, message.remainingExpirySeconds(System.nanoTime()), subscriptionIdentifiers);
    }
}
