/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.security.jaas;

import io.bascule.config.ConfigReader;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * The configuration of a realm's provider, read.
 *
 * @param pid {@code io.bascule.jaas~NAME}
 * @param realm the name of the realm
 * @param role the group that a user has to be in; empty where all users of the realm may connect
 * @param groupPrincipals the classes of the principals that are groups; empty for those that are called so
 * @param timeout of a login, with the time that it waits for its turn
 * @param ranking of its service: the highest is asked first
 * @param errors one sentence each; where there is one, the provider does not serve
 */
record JaasConfig(
        String pid,
        String realm,
        Optional<String> role,
        Set<String> groupPrincipals,
        Duration timeout,
        int ranking,
        List<String> errors) {
    /** Below the broker's {@code connect.timeout}, so that the client is told. */
    private static final Duration TIMEOUT = Duration.ofSeconds(5);

    private static final Duration SHORTEST_TIMEOUT = Duration.ofMillis(100);
    private static final Duration LONGEST_TIMEOUT = Duration.ofMinutes(1);

    static JaasConfig read(Map<String, ?> properties) {
        ConfigReader reader = ConfigReader.of(properties);
        return new JaasConfig(
                String.valueOf(properties.get("service.pid")),
                reader.text("realm", "karaf"),
                reader.text("role"),
                reader.value("groups.principals", Set.of(), "names of classes, separated by commas", JaasConfig::names),
                reader.duration("timeout", TIMEOUT, SHORTEST_TIMEOUT, LONGEST_TIMEOUT),
                reader.integer("ranking", 0, Integer.MIN_VALUE, Integer.MAX_VALUE),
                reader.errors());
    }

    private static Set<String> names(String text) {
        Set<String> names = new TreeSet<>();
        for (String name : text.split(",", -1)) {
            if (name.isBlank()) {
                throw new IllegalArgumentException("there is nothing before or behind a comma");
            }
            names.add(name.strip());
        }
        return names;
    }
}
