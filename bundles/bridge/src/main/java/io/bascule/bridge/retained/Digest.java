/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.bridge.retained;

import io.bascule.mqtt.Message;
import io.bascule.mqtt.MessageProperties;
import io.bascule.mqtt.UserProperty;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Optional;
import java.util.Set;

/**
 * By what the content of a message is known again: 128 bits of SHA-256 over its payload, its QoS and its properties, and whether it expires. Not its
 * topic, by which it is found, nor how much of its Message Expiry Interval is left.
 */
public final class Digest {
    static final int BYTES = 16;

    private final long high;
    private final long low;

    Digest(long high, long low) {
        this.high = high;
        this.low = low;
    }

    /** That of this message; User Properties of these names do not count. */
    public static Digest of(Message message, Set<String> ignored) {
        MessageDigest digest = sha256();
        digest.update((byte) message.qos().level());
        digest.update((byte) (message.expires() ? 1 : 0));
        add(digest, message.payload());
        MessageProperties properties = message.properties();
        if (properties != MessageProperties.NONE) {
            add(digest, properties.payloadFormatIndicator().map(String::valueOf));
            add(digest, properties.contentType());
            add(digest, properties.responseTopic());
            add(digest, properties.correlationData().orElse(new byte[0]));
            for (UserProperty each : properties.userProperties()) {
                if (!ignored.contains(each.name())) {
                    add(digest, Optional.of(each.name()));
                    add(digest, Optional.of(each.value()));
                }
            }
        } else {
            for (int i = 0; i < 4; i++) {
                add(digest, new byte[0]); // as one whose properties are all ignored
            }
        }
        ByteBuffer bytes = ByteBuffer.wrap(digest.digest());
        return new Digest(bytes.getLong(), bytes.getLong());
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e); // every Java platform has it
        }
    }

    private static void add(MessageDigest digest, Optional<String> text) {
        add(digest, text.orElse("").getBytes(StandardCharsets.UTF_8));
    }

    /** With its length before it, so that nothing moves from one field to the next. */
    private static void add(MessageDigest digest, byte[] bytes) {
        digest.update(ByteBuffer.allocate(Integer.BYTES).putInt(0, bytes.length));
        digest.update(bytes);
    }

    long high() {
        return high;
    }

    long low() {
        return low;
    }

    /** Whether the other is of the same content. */
    public boolean isSame(Digest other) {
        return high == other.high && low == other.low;
    }
}
