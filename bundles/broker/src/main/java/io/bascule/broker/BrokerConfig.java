/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.broker;

import io.bascule.api.QueueLimits;
import io.bascule.api.QueueLimits.Overflow;
import io.bascule.api.SessionOptions;
import io.bascule.broker.client.ServerLimits;
import io.bascule.broker.login.LoginPolicy;
import io.bascule.broker.session.SessionLimits;
import io.bascule.config.ConfigReader;
import io.bascule.config.Durations;
import io.bascule.config.Sizes;
import io.bascule.mqtt.QoS;
import java.time.Duration;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;

/**
 * The broker's configuration, read. A value that will not do is replaced by its default and named in {@code errors}: a slip in this file
 * must not take every client off the broker.
 *
 * @param server what clients are held to, but for the packet size, which is the listener's
 * @param login what becomes of those who fail to log in
 * @param sysInterval how often {@code $SYS} is published, zero for never
 */
record BrokerConfig(
        SessionLimits session,
        ServerLimits server,
        LoginPolicy login,
        int sessions,
        long queuesMemory,
        int retainedMessages,
        long retainedBytes,
        Duration sysInterval,
        List<String> errors) {
    private static final long MIB = 1024L * 1024;
    private static final Duration LONGEST_HOLD = Duration.ofSeconds(30);

    /** None that makes publishers wait: a client that subscribes to what it publishes would wait for itself. */
    private static final Map<String, Overflow> POLICIES =
            Map.of("drop-newest", Overflow.DROP_NEWEST, "drop-oldest", Overflow.DROP_OLDEST);

    static BrokerConfig read(Map<String, ?> properties) {
        ConfigReader reader = ConfigReader.of(properties);
        int topicLevels = reader.integer(Limit.TOPIC_LEVELS.key(), 128, 1, 65_535);
        int topicLength = reader.integer(Limit.TOPIC_LENGTH.key(), 65_535, 1, 65_535);
        QoS maximumQos = QoS.ofLevel(reader.integer(Limit.MAXIMUM_QOS.key(), 2, 0, 2));
        SessionLimits session = new SessionLimits(
                new QueueLimits(
                        reader.integer(Limit.QUEUE_MESSAGES.key(), 100_000, 0, Integer.MAX_VALUE),
                        reader.size(Limit.QUEUE_BYTES.key(), 256 * MIB, 0, Long.MAX_VALUE),
                        QueueLimits.ANY_AGE,
                        reader.choice("queue.policy", POLICIES, Overflow.DROP_NEWEST)),
                reader.integer(Limit.INFLIGHT_MAXIMUM.key(), 1024, 1, 65_535),
                topicLevels,
                topicLength,
                reader.integer(Limit.SUBSCRIPTIONS_MAXIMUM.key(), 100_000, 0, Integer.MAX_VALUE),
                maximumQos);
        ServerLimits server = new ServerLimits(
                reader.duration(
                        Limit.CONNECT_TIMEOUT.key(),
                        Duration.ofSeconds(10),
                        Duration.ofMillis(100),
                        Duration.ofHours(1)),
                reader.number(Limit.SESSION_EXPIRY_MAXIMUM.key(), SessionOptions.NEVER, 0, SessionOptions.NEVER),
                reader.integer(Limit.KEEPALIVE_MAXIMUM.key(), 65_535, 1, 65_535),
                reader.integer(Limit.CLIENT_ID_LENGTH.key(), 65_535, 23, 65_535), // [MQTT-3.1.3-5]
                topicLevels,
                topicLength,
                reader.integer(Limit.TOPIC_ALIAS_MAXIMUM.key(), 32, 0, 65_535),
                reader.integer(Limit.RECEIVE_MAXIMUM.key(), 65_535, 1, 65_535),
                maximumQos,
                reader.flag(Limit.RETAIN_AVAILABLE.key(), true),
                reader.flag("payload.format.check", false),
                reader.text("response.information"),
                0);
        return new BrokerConfig(
                session,
                server,
                login(reader, server.connectTimeout()),
                reader.integer(Limit.SESSIONS_MAXIMUM.key(), 1_000_000, 1, Integer.MAX_VALUE),
                reader.size(Limit.QUEUES_MEMORY.key(), Runtime.getRuntime().maxMemory() / 2, MIB, Long.MAX_VALUE),
                reader.integer(Limit.RETAINED_MESSAGES.key(), 1_000_000, 0, Integer.MAX_VALUE),
                reader.size(Limit.RETAINED_BYTES.key(), 256 * MIB, 0, Long.MAX_VALUE),
                reader.duration("sys.interval", Duration.ofSeconds(10), Duration.ZERO, Duration.ofDays(1)),
                reader.errors());
    }

    private static LoginPolicy login(ConfigReader reader, Duration connectTimeout) {
        LoginPolicy unsaid = LoginPolicy.DEFAULT;
        Duration inTime = connectTimeout.multipliedBy(4).dividedBy(5); // whoever waits that long is still there
        return new LoginPolicy(
                reader.integer(Limit.LOGIN_FAILURES.key(), unsaid.failures(), 1, LoginPolicy.MOST_FAILURES),
                reader.integer(
                        Limit.LOGIN_FAILURES_ADDRESS.key(), unsaid.failuresOfAddress(), 1, LoginPolicy.MOST_FAILURES),
                reader.duration("login.ban", unsaid.ban(), Duration.ZERO, Duration.ofDays(1)),
                inTime.compareTo(LONGEST_HOLD) < 0 ? inTime : LONGEST_HOLD);
    }

    /** The limits as they would stand in the file. */
    Map<Limit, String> limits() {
        Map<Limit, String> values = new EnumMap<>(Limit.class);
        for (Limit limit : Limit.values()) {
            values.put(limit, String.valueOf(value(limit)));
        }
        return values;
    }

    private Object value(Limit limit) {
        return switch (limit) {
            case CLIENT_ID_LENGTH -> server.clientIdLength();
            case CONNECT_TIMEOUT -> Durations.format(server.connectTimeout());
            case INFLIGHT_MAXIMUM -> session.inFlight();
            case KEEPALIVE_MAXIMUM -> server.longestKeepAlive();
            case LOGIN_FAILURES -> login.failures();
            case LOGIN_FAILURES_ADDRESS -> login.failuresOfAddress();
            case MAXIMUM_QOS -> server.maximumQos().level();
            case QUEUE_BYTES -> Sizes.format(session.queue().bytes());
            case QUEUE_MESSAGES -> session.queue().messages();
            case QUEUES_MEMORY -> Sizes.format(queuesMemory);
            case RECEIVE_MAXIMUM -> server.receiveMaximum();
            case RETAIN_AVAILABLE -> server.retainAvailable();
            case RETAINED_BYTES -> Sizes.format(retainedBytes);
            case RETAINED_MESSAGES -> retainedMessages;
            case SESSION_EXPIRY_MAXIMUM -> server.longestExpiry();
            case SESSIONS_MAXIMUM -> sessions;
            case SUBSCRIPTIONS_MAXIMUM -> session.subscriptions();
            case TOPIC_ALIAS_MAXIMUM -> server.topicAliasMaximum();
            case TOPIC_LENGTH -> server.topicLength();
            case TOPIC_LEVELS -> server.topicLevels();
        };
    }

    /** What any OSGi console draws a form from. */
    @ObjectClassDefinition(name = "Bascule broker", description = "Limits of sessions, clients and retained messages.")
    @interface Form {
        @AttributeDefinition(description = "Messages that may wait in one session, 0 or more.", min = "0")
        int queue_messages() default 100_000;

        @AttributeDefinition(description = "Memory that the waiting messages of one session may take, 0B or more.")
        String queue_bytes() default "256MiB";

        @AttributeDefinition(description = "What gives way when a session's queue is full: drop-newest or drop-oldest.")
        String queue_policy() default "drop-newest";

        @AttributeDefinition(
                description =
                        "Memory that the waiting messages of all sessions may take, 1MiB or more; half of the heap if not said.",
                required = false)
        String queues_memory();

        @AttributeDefinition(
                description = "QoS 1 and 2 messages sent to one client and not yet acknowledged, 1 to 65535.",
                min = "1",
                max = "65535")
        int inflight_maximum() default 1024;

        @AttributeDefinition(
                description = "QoS 1 and 2 messages of one client not yet acknowledged to it, 1 to 65535.",
                min = "1",
                max = "65535")
        int receive_maximum() default 65_535;

        @AttributeDefinition(description = "Subscriptions of one session, 0 or more.", min = "0")
        int subscriptions_maximum() default 100_000;

        @AttributeDefinition(description = "Sessions in all, 1 or more.", min = "1")
        int sessions_maximum() default 1_000_000;

        @AttributeDefinition(description = "Bytes of a client id, 23 to 65535.", min = "23", max = "65535")
        int client_id_length() default 65_535;

        @AttributeDefinition(description = "Levels of a topic or filter, 1 to 65535.", min = "1", max = "65535")
        int topic_levels() default 128;

        @AttributeDefinition(description = "Bytes of a topic or filter, 1 to 65535.", min = "1", max = "65535")
        int topic_length() default 65_535;

        @AttributeDefinition(
                description = "The longest Keep Alive in seconds, 1 to 65535; 65535 leaves it to the client.",
                min = "1",
                max = "65535")
        int keepalive_maximum() default 65_535;

        @AttributeDefinition(description = "The longest Session Expiry Interval in seconds; 4294967295 is for ever.")
        long session_expiry_maximum() default SessionOptions.NEVER;

        @AttributeDefinition(
                description = "From the TCP connection to its CONNECT, and again for its authentication, 100ms to 1h.")
        String connect_timeout() default "10s";

        @AttributeDefinition(
                description =
                        "Failed logins within 10 minutes after which a user, or a client without a user name, is banned at its address, 1 to 1000.",
                min = "1",
                max = "1000")
        int login_failures() default 10;

        @AttributeDefinition(
                description =
                        "Failed logins within 10 minutes after which an address, or an IPv6 network, is banned as a whole, 1 to 1000.",
                min = "1",
                max = "1000")
        int login_failures_address() default 100;

        @AttributeDefinition(description = "How long a ban lasts, 0s (nobody is banned) to 1d.")
        String login_ban() default "5m";

        @AttributeDefinition(description = "Topic aliases a client may use, 0 to 65535.", min = "0", max = "65535")
        int topic_alias_maximum() default 32;

        @AttributeDefinition(
                description = "The highest QoS that clients may publish with, 0 to 2.",
                min = "0",
                max = "2")
        int maximum_qos() default 2;

        @AttributeDefinition(description = "Whether clients may publish retained messages.")
        boolean retain_available() default true;

        @AttributeDefinition(description = "Whether a payload that is said to be UTF-8 text is checked for it.")
        boolean payload_format_check() default false;

        @AttributeDefinition(
                description = "What a client is told that asks for Response Information, a topic prefix by custom.",
                required = false)
        String response_information();

        @AttributeDefinition(description = "Retained messages in all, 0 or more.", min = "0")
        int retained_messages() default 1_000_000;

        @AttributeDefinition(description = "Memory that retained messages may take in all, 0B or more.")
        String retained_bytes() default "256MiB";

        @AttributeDefinition(description = "How often $SYS/broker/# is published, 0s (never) to 1d.")
        String sys_interval() default "10s";
    }
}
