/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.bridge.config;

import io.bascule.api.Bridge.Direction;
import io.bascule.api.QueueLimits;
import io.bascule.bridge.route.Queueing;
import io.bascule.bridge.route.Route;
import io.bascule.config.ConfigReader;
import io.bascule.config.Durations;
import io.bascule.mqtt.QoS;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** Reads when a bridge connects: {@code start.type} and what goes with it. */
final class StartReader {
    private static final String KEY = "start.type";
    private static final String AUTOMATIC = "automatic";
    private static final String MANUAL = "manual";
    private static final String LAZY = "lazy";
    private static final Map<String, String> WORDS = Map.of(AUTOMATIC, AUTOMATIC, MANUAL, MANUAL, LAZY, LAZY);

    private StartReader() {}

    /** Reads it, when everything else has been read: what does not go together is looked at where nothing else is wrong. */
    static StartType read(ConfigReader config, boolean cleanStart, Optional<QueueLimits> queue, List<Route> routes) {
        String word = config.has(KEY) ? config.choice(KEY, WORDS, "") : AUTOMATIC;
        StartType.Lazy lazy = new StartType.Lazy(
                config.integer("threshold", 10, 1, 1_000_000),
                config.duration("threshold.age", Duration.ofMinutes(5), Duration.ofSeconds(1), Duration.ofDays(3650)),
                config.duration("idle.timeout", Duration.ofSeconds(60), Duration.ofSeconds(1), Duration.ofDays(1)));
        if (word.equals(LAZY)) {
            if (config.errors().isEmpty()) {
                check(config, lazy, cleanStart, queue, routes);
            }
            return lazy;
        }
        if (!word.isEmpty()) {
            Stream.of("threshold", "threshold.age", "idle.timeout")
                    .filter(config::has)
                    .forEach(key -> config.error(
                            key,
                            "says something of a lazy bridge, and this one is " + word + "; allowed is it with " + KEY
                                    + " = " + LAZY + " alone"));
        }
        return word.equals(MANUAL) ? new StartType.Manual() : new StartType.Automatic();
    }

    /** A lazy bridge waits for its queue, so that there has to be one that can become as full, or as old, as it waits for. */
    private static void check(
            ConfigReader config,
            StartType.Lazy lazy,
            boolean cleanStart,
            Optional<QueueLimits> queue,
            List<Route> routes) {
        if (cleanStart) {
            config.error(
                    KEY,
                    "is lazy, and with clean.start = true nothing waits while it is not connected; allowed is one of them");
        }
        if (routes.stream()
                .noneMatch(route -> route.direction() == Direction.FORWARD
                        && (route.maximumQos() != QoS.AT_MOST_ONCE
                                || route.queueing().offline() != Queueing.Offline.DROP))) {
            config.error(
                    KEY,
                    "is lazy, and there is no forward route whose messages wait; allowed is one that has a route of QoS 1 or 2, or with offline=latest or offline=queue");
        }
        queue.ifPresent(limits -> {
            if (limits.messages() < lazy.threshold()) {
                config.error(
                        "threshold",
                        lazy.threshold() + " is more than may wait by queue.messages, " + limits.messages()
                                + "; allowed is as much or less");
            }
            if (!limits.age().equals(QueueLimits.ANY_AGE) && limits.age().compareTo(lazy.age()) <= 0) {
                config.error(
                        "threshold.age",
                        Durations.format(lazy.age()) + " is no shorter than queue.age, "
                                + Durations.format(limits.age())
                                + ", after which a message is dropped; allowed is a shorter one");
            }
        });
    }
}
