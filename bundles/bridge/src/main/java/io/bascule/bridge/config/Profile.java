/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.bridge.config;

import io.bascule.api.Bridge.Direction;
import io.bascule.config.Nearest;
import io.bascule.mqtt.QoS;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * What a service takes, as far as it documents that: defaults for a bridge to it, each of which the file may override, and bounds beyond which the service
 * refuses or closes the connection.
 *
 * @param maximumQos the highest QoS that it takes
 * @param longestKeepAlive in seconds
 * @param mostFilters how many it takes in a SUBSCRIBE
 * @param mostConnections how many a bridge may make at a time
 * @param isTlsAlone whether a bridge without TLS would send its password to a port that is not open
 * @param isForMqtt5 whether a bridge may speak 5.0 with it
 * @param keys defaults of other keys; those of {@code tls.} where the server is {@code mqtts} on port 443
 * @param options defaults of options of forward routes
 */
record Profile(
        QoS maximumQos,
        int longestKeepAlive,
        int mostFilters,
        int mostConnections,
        boolean isTlsAlone,
        boolean isForMqtt5,
        Map<String, String> keys,
        Map<String, String> options) {
    private static final int ANY_KEEP_ALIVE = 65_535;
    private static final int ANY_FILTERS = 100;
    private static final int ANY_CONNECTIONS = 16;
    private static final int HTTPS = 443;

    /** For a broker of which nothing is known. */
    static final Profile NONE = new Profile(
            QoS.EXACTLY_ONCE, ANY_KEEP_ALIVE, ANY_FILTERS, ANY_CONNECTIONS, false, true, Map.of(), Map.of());

    /** Of two services that close the connection over others. */
    private static final Map<String, String> SHORT_TOPICS =
            Map.of("topic.levels.maximum", "8", "topic.bytes.maximum", "256B");

    private static final Map<String, Profile> BY_NAME = Map.of(
            // https://docs.aws.amazon.com/general/latest/gr/iot-core.html#message-broker-limits: 8 filters, 128 KB of
            // payload, 100 messages
            // unacknowledged, 100 a second in both directions together, beyond which they are discarded; a rate is kept
            // to within a tenth, and what
            // comes counts as well; 7 slashes and 256 bytes in a topic.
            // https://docs.aws.amazon.com/iot/latest/developerguide/mqtt.html: no QoS 2.
            // protocols.html beside it: ALPN.
            "aws-iot",
            new Profile(
                    QoS.AT_LEAST_ONCE,
                    1200,
                    8,
                    ANY_CONNECTIONS,
                    true,
                    true,
                    with(SHORT_TOPICS, "receive.maximum", "100", "send.rate", "80", "tls.alpn", "x-amzn-mqtt-ca"),
                    Map.of("max.payload", "128KiB")),
            // https://learn.microsoft.com/azure/iot/iot-mqtt-connect-to-iot-hub: 3.1.1, QoS 2 closes the connection,
            // 256 KB a message with its
            // properties, which are part of the topic, keep alive 1177 s. RETAIN is taken, and becomes a property. 5.0
            // was a preview. The client id is the device's, and a device has one connection.
            "azure-iothub",
            new Profile(QoS.AT_LEAST_ONCE, 1177, ANY_FILTERS, 1, true, false, Map.of(), Map.of("max.payload", "256KB")),
            // https://learn.microsoft.com/azure/event-grid/mqtt-support: QoS 2 closes the connection, RETAIN too where
            // a namespace does not have it
            // (mqtt-retain beside it), 512 KiB a packet, keep alive 1160 s. With 5.0 it fails a CONNECT that has User
            // Properties, and ends the
            // connection over a PUBACK with a reason: a bridge says both.
            // https://learn.microsoft.com/azure/event-grid/quotas-limits: 10 filters,
            // 8 segments and 256 bytes in a topic, 1000 messages and 1 MB a second.
            "azure-eventgrid",
            new Profile(
                    QoS.AT_LEAST_ONCE,
                    1160,
                    10,
                    ANY_CONNECTIONS,
                    true,
                    false,
                    with(SHORT_TOPICS, "send.rate", "900", "send.byte.rate", "900KB"),
                    Map.of("max.payload", "511KiB", "retain", "strip")),
            // https://docs.emqx.com/en/cloud/latest/create/restriction.html: 1 MB a message
            "emqx-cloud",
            new Profile(
                    QoS.EXACTLY_ONCE,
                    ANY_KEEP_ALIVE,
                    ANY_FILTERS,
                    ANY_CONNECTIONS,
                    false,
                    true,
                    Map.of(),
                    Map.of("max.payload", "1MB")),
            // https://community.hivemq.com/t/frequently-asked-questions-hivemq-cloud/514: all of MQTT, over TLS; its
            // bounds it says in CONNACK
            "hivemq-cloud",
            new Profile(
                    QoS.EXACTLY_ONCE, ANY_KEEP_ALIVE, ANY_FILTERS, ANY_CONNECTIONS, true, true, Map.of(), Map.of()));

    private static Map<String, String> with(Map<String, String> keys, String... more) {
        Map<String, String> all = new HashMap<>(keys);
        for (int i = 0; i < more.length; i += 2) {
            all.put(more[i], more[i + 1]);
        }
        return all;
    }

    static final String ALLOWED = String.join(", ", new TreeSet<>(BY_NAME.keySet()));

    /**
     * The profile of this name.
     *
     * @throws IllegalArgumentException when there is none; the message names the nearest
     */
    static Profile named(String name) {
        Profile profile = BY_NAME.get(name);
        if (profile == null) {
            throw new IllegalArgumentException("there is no profile \"" + name + "\""
                    + Nearest.to(name, BY_NAME.keySet())
                            .map(nearest -> "; did you mean " + nearest + "?")
                            .orElse(""));
        }
        return profile;
    }

    /** The profile that these properties name; {@link #NONE} where they name none that there is. */
    static Profile of(Map<String, ?> properties) {
        Object name = properties.get("profile");
        return name == null ? NONE : BY_NAME.getOrDefault(name.toString().strip(), NONE);
    }

    /** These properties, with the defaults of what is not among them. */
    Map<String, Object> beneath(Map<String, ?> properties) {
        Map<String, Object> all = new HashMap<>();
        keys.forEach((key, value) -> {
            if (!key.startsWith("tls.") || isHttps(properties.get("server"))) {
                all.put(key, value);
            }
        });
        if (!isForMqtt5) {
            all.put("protocol", "3.1.1");
        }
        all.put("filters.maximum", String.valueOf(mostFilters));
        all.putAll(properties);
        return all;
    }

    private static boolean isHttps(Object server) {
        try {
            return Servers.parse(String.valueOf(server).strip()).stream()
                    .allMatch(each -> each.scheme() == Server.Scheme.MQTTS && each.port() == HTTPS);
        } catch (IllegalArgumentException e) {
            return false; // whoever reads the key says so
        }
    }

    /** The options that routes of each direction have where they say nothing else. */
    Map<Direction, Map<String, String>> routes() {
        Map<String, String> qos = Map.of("qos", String.valueOf(maximumQos.level()));
        Map<String, String> forward = new TreeMap<>(options);
        forward.putAll(qos);
        return Map.of(Direction.FORWARD, forward, Direction.SUBSCRIBE, qos);
    }
}
