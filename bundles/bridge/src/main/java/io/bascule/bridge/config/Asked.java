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

    private final Map<String, Line> lines = new TreeMap<>();

    /** A value, which is compared, with what may be shown of it. */
    private record Line(Secret value, String shown) {}

    private Asked(Map<String, ?> properties) {
        properties.keySet().stream()
                .filter(key -> !ConfigReader.isFrameworkKey(key))
                .limit(MOST_LINES)
                .forEach(key -> {
                    String value = String.valueOf(properties.get(key));
                    Secret whole = new Secret(value);
                    lines.put(key, new Line(whole, isPublic(key) ? shown(key, value) : whole.toString()));
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
                .filter(key -> !value(key).equals(inForce.value(key)))
                .map(key ->
                        new Difference(cut(key), shown(key), inForce.shown(key).map(other -> another(key, other))))
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
                .map(line -> cut(line.getKey()) + " = " + line.getValue().shown())
                .collect(Collectors.joining(", "));
        return all.isEmpty() ? "nothing" : limited(all);
    }

    private Optional<Secret> value(String key) {
        return Optional.ofNullable(lines.get(key)).map(Line::value);
    }

    private Optional<String> shown(String key) {
        return Optional.ofNullable(lines.get(key)).map(Line::shown);
    }

    /** Two that differ may look the same: secrets do, and what is too long to be shown. */
    private String another(String key, String shownInForce) {
        return shown(key).filter(shownInForce::equals).isPresent() ? "another" : shownInForce;
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
