/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.broker;

import io.bascule.api.SessionOptions;
import io.bascule.broker.session.SessionLimits;
import io.bascule.config.ConfigReader;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;

/**
 * The broker's configuration, read. A value that will not do is replaced by its default and named in {@code errors}: a slip in this file
 * must not take every client off the broker.
 */
record BrokerConfig(
        SessionLimits session,
        Duration connectTimeout,
        int topicAliasMaximum,
        int retainedMessages,
        long retainedBytes,
        List<String> errors) {
    private static final long MIB = 1024L * 1024;

    static BrokerConfig read(Map<String, ?> properties) {
        ConfigReader reader = ConfigReader.of(properties);
        SessionLimits session = new SessionLimits(
                reader.integer("queue.messages", 100_000, 0, Integer.MAX_VALUE),
                reader.size("queue.bytes", 256 * MIB, 0, Long.MAX_VALUE),
                reader.choice("queue.policy", SessionLimits.Overflow.class, SessionLimits.Overflow.DROP_NEWEST),
                reader.integer("inflight.maximum", 1024, 1, 65_535),
                reader.integer("topic.levels", 128, 1, 65_535),
                reader.number("session.expiry.maximum", SessionOptions.NEVER, 0, SessionOptions.NEVER));
        return new BrokerConfig(
                session,
                reader.duration("connect.timeout", Duration.ofSeconds(10), Duration.ofMillis(100), Duration.ofHours(1)),
                reader.integer("topic.alias.maximum", 32, 0, 65_535),
                reader.integer("retained.messages", 1_000_000, 0, Integer.MAX_VALUE),
                reader.size("retained.bytes", 256 * MIB, 0, Long.MAX_VALUE),
                reader.errors());
    }

    /** What any OSGi console draws a form from. */
    @ObjectClassDefinition(name = "Bascule broker", description = "Limits of sessions and retained messages.")
    @interface Form {
        @AttributeDefinition(description = "Messages that may wait in one session, 0 or more.", min = "0")
        int queue_messages() default 100_000;

        @AttributeDefinition(description = "Memory that the waiting messages of one session may take, 0B or more.")
        String queue_bytes() default "256MiB";

        @AttributeDefinition(description = "What gives way when a session's queue is full: drop-newest or drop-oldest.")
        String queue_policy() default "drop-newest";

        @AttributeDefinition(
                description = "QoS 1 and 2 messages sent to one client and not yet acknowledged, 1 to 65535.",
                min = "1",
                max = "65535")
        int inflight_maximum() default 1024;

        @AttributeDefinition(description = "Levels of a topic or filter, 1 to 65535.", min = "1", max = "65535")
        int topic_levels() default 128;

        @AttributeDefinition(description = "The longest Session Expiry Interval in seconds; 4294967295 is for ever.")
        long session_expiry_maximum() default SessionOptions.NEVER;

        @AttributeDefinition(description = "From the TCP connection to its CONNECT, 100ms to 1h.")
        String connect_timeout() default "10s";

        @AttributeDefinition(description = "Topic aliases a client may use, 0 to 65535.", min = "0", max = "65535")
        int topic_alias_maximum() default 32;

        @AttributeDefinition(description = "Retained messages in all, 0 or more.", min = "0")
        int retained_messages() default 1_000_000;

        @AttributeDefinition(description = "Memory that retained messages may take in all, 0B or more.")
        String retained_bytes() default "256MiB";
    }
}
