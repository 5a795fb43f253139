/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.bridge.config;

import io.bascule.api.BridgeConfigurations.Difference;
import io.bascule.config.ConfigReader;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The lines of a configuration as text for people, without secrets. */
public final class Asked {
    private static final int MOST_LINES = 2000;
    private static final int LONGEST = 2000;

    /** Texts and {@link Secret}s. */
    private final Map<String, Object> lines = new TreeMap<>();

    private Asked(Map<String, ?> properties) {
        properties.keySet().stream()
                .filter(key -> !ConfigReader.isFrameworkKey(key))
                .limit(MOST_LINES)
                .forEach(key -> {
                    String value = String.valueOf(properties.get(key));
                    lines.put(cut(key), isPublic(key) ? shown(key, value) : new Secret(value));
                });
    }

    /** The lines of these properties. */
    public static Asked of(Map<String, ?> properties) {
        return new Asked(properties);
    }

    /** What differs, by key. */
    public List<Difference> differences(Asked inForce) {
        return Stream.concat(lines.keySet().stream(), inForce.lines.keySet().stream())
                .distinct()
                .sorted()
                .filter(key -> !line(key).equals(inForce.line(key)))
                .map(key -> new Difference(
                        key, line(key).map(Object::toString), inForce.line(key).map(value -> another(key, value))))
                .toList();
    }

    /** What differs, such as {@code keepalive = 6 (in force: 60s)}. */
    public String against(Asked inForce) {
        String differences = differences(inForce).stream()
                .map(difference -> difference.key() + " = " + difference.asked().orElse("nothing") + " (in force: "
                        + difference.inForce().orElse("nothing") + ")")
                .collect(Collectors.joining(", "));
        return differences.isEmpty() ? "nothing that shows" : limited(differences);
    }

    /** Everything, such as {@code keepalive = 6}. */
    @Override
    public String toString() {
        String all = lines.entrySet().stream()
                .map(line -> line.getKey() + " = " + line.getValue())
                .collect(Collectors.joining(", "));
        return all.isEmpty() ? "nothing" : limited(all);
    }

    private Optional<Object> line(String key) {
        return Optional.ofNullable(lines.get(key));
    }

    /** Two secrets that differ look the same. */
    private String another(String key, Object value) {
        return value instanceof Secret && lines.get(key) instanceof Secret ? "another" : value.toString();
    }

    // What is not a known public key may be a misspelt password; a server may have one inside.
    private static boolean isPublic(String key) {
        return BridgeReader.PUBLIC_KEYS.contains(key)
                || key.startsWith("forward.")
                || key.startsWith("subscribe.")
                || key.startsWith("both.");
    }

    private static String shown(String key, String value) {
        // A server first loses all that might be a password, however many there are and whatever stands in it.
        String withoutQuery =
                key.equals("server") ? value.replaceAll("//.*@", "//***@").replaceAll("[?][^,]*", "?***") : value;
        return value.length() > LONGEST
                ? "(" + value.length() + " characters)"
                : cut(withoutQuery.replaceAll("//[^/]*@", "//***@"));
    }

    private static String limited(String text) {
        return text.length() > LONGEST ? text.substring(0, LONGEST) + "…" : text;
    }

    private static String cut(String text) {
        String beginning = text.length() <= 200 ? text : text.substring(0, 200) + "…";
        return beginning.replaceAll("\\p{Cntrl}", "?");
    }
}
