/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.bridge.config;

import io.bascule.config.ConfigReader;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The lines of a configuration as text for people, without secrets. */
public final class Asked {
    private static final int MOST_LINES = 2000;
    private static final int LONGEST = 2000;

    private final Map<String, String> lines = new TreeMap<>();

    private Asked(Map<String, ?> properties) {
        properties.keySet().stream()
                .filter(key -> !ConfigReader.isFrameworkKey(key))
                .limit(MOST_LINES)
                .forEach(key -> lines.put(
                        cut(key),
                        isPublic(key) ? shown(String.valueOf(properties.get(key))) : new Secret("").toString()));
    }

    /** The lines of these properties. */
    public static Asked of(Map<String, ?> properties) {
        return new Asked(properties);
    }

    /** What differs, such as {@code keepalive = 6 (in force: 60s)}. */
    public String against(Asked inForce) {
        String differences = Stream.concat(lines.keySet().stream(), inForce.lines.keySet().stream())
                .distinct()
                .sorted()
                .filter(key -> !line(key).equals(inForce.line(key)))
                .map(key -> key + " = " + line(key) + " (in force: " + inForce.line(key) + ")")
                .collect(Collectors.joining(", "));
        if (differences.length() > LONGEST) {
            return differences.substring(0, LONGEST) + "…";
        }
        return differences.isEmpty() ? "nothing that shows" : differences;
    }

    private String line(String key) {
        return lines.getOrDefault(key, "nothing");
    }

    // What is not a known public key may be a misspelt password; a server may have one inside.
    private static boolean isPublic(String key) {
        return BridgeReader.PUBLIC_KEYS.contains(key)
                || key.startsWith("forward.")
                || key.startsWith("subscribe.")
                || key.startsWith("both.");
    }

    private static String shown(String value) {
        return value.length() > LONGEST
                ? "(" + value.length() + " characters)"
                : cut(value.replaceAll("//[^/]*@", "//***@"));
    }

    private static String cut(String text) {
        String beginning = text.length() <= 200 ? text : text.substring(0, 200) + "…";
        return beginning.replaceAll("\\p{Cntrl}", "?");
    }
}
