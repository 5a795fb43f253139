/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.itests.differential;

import io.bascule.itests.differential.Connection.Event;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Where subscriptions overlap, a server sends a message once or several times, as long as one copy has the highest QoS [MQTT-3.3.4-2]. This
 * makes one of all copies: of the highest QoS, with the Subscription Identifiers of all.
 */
final class Overlaps {
    private static final Pattern MESSAGE = Pattern.compile("PUBLISH (\\d) (.*)");
    private static final Pattern IDENTIFIERS = Pattern.compile("(?:, )?11=\\[([^]]*)]");

    private Overlaps() {}

    static List<Event> collapse(List<Event> events) {
        Map<String, TreeSet<String>> levels = new LinkedHashMap<>();
        Map<String, TreeSet<String>> identifiers = new LinkedHashMap<>();
        List<Event> collapsed = new ArrayList<>();
        for (Event event : events) {
            Matcher message = MESSAGE.matcher(event.kind());
            if (!message.matches()) {
                collapsed.add(event);
                continue;
            }
            Matcher found = IDENTIFIERS.matcher(event.text());
            // A copy for a subscription that wants RETAIN as published has it, another one has not.
            String text =
                    found.replaceAll("").replace("{, ", "{").replace(" {}", "").replace(" retain", "");
            String key = message.group(2) + text;
            levels.computeIfAbsent(key, each -> new TreeSet<>()).add(message.group(1));
            TreeSet<String> itsIdentifiers = identifiers.computeIfAbsent(key, each -> new TreeSet<>());
            found.reset();
            if (found.find()) {
                itsIdentifiers.addAll(List.of(found.group(1).split(", ")));
            }
        }
        new TreeMap<>(levels)
                .forEach((key, value) ->
                        collapsed.add(new Event("PUBLISH " + value.last() + " ", key + " " + identifiers.get(key))));
        return collapsed;
    }
}
