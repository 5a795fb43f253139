/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.mqtt;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Objects;
import java.util.OptionalLong;
import java.util.concurrent.TimeUnit;

/**
 * An Application Message: immutable, shared by everyone it is delivered to.
 *
 * <p>The Message Expiry Interval is kept as the moment at which the message expires on the clock of {@link System#nanoTime()}, so that
 * time in queues counts and a jump of the wall clock does not [MQTT-3.3.2-5, MQTT-3.3.2-6].
 */
public final class Message {
    private static final long NEVER = Long.MAX_VALUE;
    private static final byte[] EMPTY = {};

    private final Topic topic;
    private final byte[] payload;
    private final QoS qos;
    private final boolean retain;
    private final MessageProperties properties;
    private final long expiresAtNanos;

    private Message(
            Topic topic, byte[] payload, QoS qos, boolean retain, MessageProperties properties, long expiresAtNanos) {
        this.topic = Objects.requireNonNull(topic, "topic");
        this.payload = Objects.requireNonNull(payload, "payload");
        this.qos = Objects.requireNonNull(qos, "qos");
        this.retain = retain;
        this.properties = Objects.requireNonNull(properties, "properties");
        this.expiresAtNanos = expiresAtNanos;
    }

    /** A message without properties that does not expire. The payload is taken over, not copied: do not write to it afterwards. */
    public static Message of(Topic topic, byte[] payload, QoS qos, boolean retain) {
        return new Message(topic, payload, qos, retain, MessageProperties.NONE, NEVER);
    }

    /** A message of text, QoS 0, not retained. */
    public static Message of(String topic, String text) {
        return of(Topic.of(topic), text.getBytes(StandardCharsets.UTF_8), QoS.AT_MOST_ONCE, false);
    }

    /** A message without a payload; retained, it deletes what is retained at its topic [MQTT-3.3.1-6]. */
    public static Message empty(Topic topic, QoS qos, boolean retain) {
        return of(topic, EMPTY, qos, retain);
    }

    /** The same message at another topic. */
    public Message withTopic(Topic other) {
        return new Message(other, payload, qos, retain, properties, expiresAtNanos);
    }

    /** The same message with another QoS. */
    public Message withQos(QoS other) {
        return other == qos ? this : new Message(topic, payload, other, retain, properties, expiresAtNanos);
    }

    /** The same message with another RETAIN flag. */
    public Message withRetain(boolean other) {
        return other == retain ? this : new Message(topic, payload, qos, other, properties, expiresAtNanos);
    }

    /** The same message with other properties. */
    public Message withProperties(MessageProperties other) {
        return new Message(topic, payload, qos, retain, other, expiresAtNanos);
    }

    /** The same message, which expires after this time from now; in steps of a second on the wire. */
    public Message expiringIn(Duration messageExpiryInterval) {
        long at = System.nanoTime() + messageExpiryInterval.toNanos();
        return new Message(topic, payload, qos, retain, properties, at == NEVER ? at - 1 : at);
    }

    /** Where it was published. */
    public Topic topic() {
        return topic;
    }

    /** The payload, which may be empty. Shared by all receivers: read it, never write to it. */
    public byte[] payload() {
        return payload;
    }

    /** The payload read as UTF-8. */
    public String text() {
        return new String(payload, StandardCharsets.UTF_8);
    }

    /** The QoS it was published with. */
    public QoS qos() {
        return qos;
    }

    /** The RETAIN flag it was published with. */
    public boolean retain() {
        return retain;
    }

    /** The properties that travel with it. */
    public MessageProperties properties() {
        return properties;
    }

    /** Whether it may expire at all. */
    public boolean expires() {
        return expiresAtNanos != NEVER;
    }

    /** Whether its Message Expiry Interval has passed at this {@link System#nanoTime()}. */
    public boolean isExpired(long nowNanos) {
        return expires() && nowNanos - expiresAtNanos >= 0;
    }

    /** What is left of the Message Expiry Interval at this {@link System#nanoTime()}, in seconds, at least 0; empty when it does not expire. */
    public OptionalLong remainingExpirySeconds(long nowNanos) {
        if (!expires()) {
            return OptionalLong.empty();
        }
        return OptionalLong.of(Math.max(0, TimeUnit.NANOSECONDS.toSeconds(expiresAtNanos - nowNanos + 999_999_999L)));
    }

    /** A bound on the heap that this message holds, in bytes: what queue limits count. */
    public int sizeInBytes() {
        return 96
                + topic.utf8().length
                + payload.length
                + (properties == MessageProperties.NONE ? 0 : properties.sizeInBytes());
    }

    @Override
    public String toString() {
        return "Message[" + topic + ", QoS " + qos.level() + (retain ? ", retain" : "") + ", " + payload.length
                + " bytes]";
    }
}
