/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.bridge.config;

import io.bascule.config.ConfigReader;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The lines of a configuration as text for people, without secrets. */
public final class Asked {
    private final Map<String, String> lines = new TreeMap<>();

    private Asked(Map<String, ?> properties) {
        properties.forEach((key, value) -> {
            if (!ConfigReader.isFrameworkKey(key)) {
                lines.put(key, isPublic(key) ? cut(String.valueOf(value)) : new Secret("").toString());
            }
        });
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

    private static String cut(String value) {
        String printable = value.replaceAll("\\p{Cntrl}", "?").replaceAll("//[^/]*@", "//***@");
        return printable.length() <= 200 ? printable : printable.substring(0, 200) + "…";
    }
}
