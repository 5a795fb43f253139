/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.config;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Typed access to a component's properties. It never throws over what stands in them: a value that will not do is noted as an error, and the
 * default takes its place so that reading goes on. A caller reads every key it knows, and then asks for {@link #errors()}.
 *
 * <p>Each error is one sentence that names the key, says what is wrong and what is allowed. Keys that the framework adds are ignored; any
 * other key that was not read is an error that names the nearest one that was. For use by one thread.
 */
public final class ConfigReader {
    private static final List<String> UNRESOLVED = List.of("$[env:", "$[prop:", "$[secret:");
    /** What a decoder puts in the place of bytes that it cannot read. */
    private static final char UNREADABLE = '\uFFFD';

    private static final String NOT_UTF_8 = "has a character that is not UTF-8; save the file as UTF-8";

    private static final String NOBODY = "none";

    private static final int MOST_ERRORS = 20;
    private static final int LONGEST_KEY = 100;
    private static final int LONGEST_SENTENCE = 500;

    private final NavigableMap<String, String> values = new TreeMap<>();
    private final Set<String> known = new TreeSet<>();
    private final Set<String> knownPrefixes = new TreeSet<>();
    private final Set<String> faulty = new HashSet<>();
    private final Set<String> errors = new LinkedHashSet<>(); // a key that is read twice has its error once
    private int further;

    private ConfigReader(Map<String, ?> properties) {
        properties.forEach((key, value) -> {
            if (!isFrameworkKey(key) && value != null) {
                values.put(key, asText(value).trim());
            }
        });
    }

    /** A reader of these properties, which it copies. */
    public static ConfigReader of(Map<String, ?> properties) {
        return new ConfigReader(properties);
    }

    /** Whether a key is put there by the framework, Declarative Services, File Install or a console, and not by whoever wrote the file. */
    public static boolean isFrameworkKey(String key) {
        return key.startsWith(".")
                || key.startsWith(":")
                || key.startsWith("service.")
                || key.startsWith("component.")
                || key.startsWith("osgi.ds.")
                || key.startsWith("felix.fileinstall.")
                || key.startsWith("org.apache.felix.")
                || key.startsWith("org.apache.karaf.")
                || key.startsWith("kura.")
                || key.equals("objectClass");
    }

    /** Whether the key is there, with a value or empty. */
    public boolean has(String key) {
        known.add(key);
        return values.containsKey(key);
    }

    /** The text of a key, empty when it is not there. A value that is empty, or whose placeholder nothing filled, is an error. */
    public Optional<String> text(String key) {
        known.add(key);
        String value = values.get(key);
        if (value == null) {
            return Optional.empty();
        }
        if (value.isEmpty()) {
            error(key, "is empty; give it a value or leave the line out");
            return Optional.empty();
        }
        if (UNRESOLVED.stream().anyMatch(value::contains)) {
            error(key, "has a placeholder that nothing fills; check that the secret or variable it names is there");
            return Optional.empty();
        }
        if (value.indexOf(UNREADABLE) >= 0) {
            error(key, NOT_UTF_8);
            return Optional.empty();
        }
        return Optional.of(value);
    }

    /** The text of a key, or the default. */
    public String text(String key, String otherwise) {
        return text(key).orElse(otherwise);
    }

    /** The text of a key that must be there; {@code allowed} completes "allowed is". Empty text, and an error, when it is not. */
    public String required(String key, String allowed) {
        Optional<String> value = text(key);
        if (value.isEmpty() && !faulty.contains(key)) {
            error(key, "is missing; allowed is " + allowed);
        }
        return value.orElse("");
    }

    /** A whole number between these bounds, both included. */
    public int integer(String key, int otherwise, int lowest, int highest) {
        return (int) number(key, otherwise, lowest, highest);
    }

    /** A whole number between these bounds, both included. */
    public long number(String key, long otherwise, long lowest, long highest) {
        String allowed = lowest + " to " + highest;
        return bounded(key, otherwise, lowest, highest, allowed, text -> {
            try {
                return Long.parseLong(text);
            } catch (NumberFormatException e) {
                throw new IllegalArgumentException("\"" + text + "\" is not a whole number", e);
            }
        });
    }

    /** {@code true} or {@code false}. */
    public boolean flag(String key, boolean otherwise) {
        return choice(key, Map.of("true", true, "false", false), otherwise);
    }

    /** A duration such as {@code 60s} between these bounds, both included. */
    public Duration duration(String key, Duration otherwise, Duration lowest, Duration highest) {
        String allowed = Durations.format(lowest) + " to " + Durations.format(highest) + " (units ms, s, m, h, d)";
        return bounded(key, otherwise, lowest, highest, allowed, Durations::parse);
    }

    /** A size in bytes such as {@code 256MiB} between these bounds, both included. */
    public long size(String key, long otherwise, long lowest, long highest) {
        String allowed = Sizes.format(lowest) + " to " + Sizes.format(highest) + " (units B, KiB, MiB, GiB)";
        return bounded(key, otherwise, lowest, highest, allowed, Sizes::parse);
    }

    /** One of these words, which stand for these values. */
    public <T> T choice(String key, Map<String, ? extends T> words, T otherwise) {
        String allowed = String.join(", ", new TreeSet<>(words.keySet()));
        return value(key, otherwise, allowed, text -> {
            T chosen = words.get(text);
            if (chosen == null) {
                throw new IllegalArgumentException("\"" + text + "\" is none of the words it may be");
            }
            return chosen;
        });
    }

    /** One of the constants of an enum, written in lower case with {@code -} for {@code _}. */
    public <E extends Enum<E>> E choice(String key, Class<E> type, E otherwise) {
        Map<String, E> words = Stream.of(type.getEnumConstants())
                .collect(Collectors.toMap(
                        constant -> constant.name()
                                .toLowerCase(java.util.Locale.ROOT)
                                .replace('_', '-'),
                        Function.identity()));
        return choice(key, words, otherwise);
    }

    /**
     * A value of any type.
     *
     * @param allowed completes "allowed is"
     * @param parser throws {@link IllegalArgumentException} with what is wrong, as a sentence without a full stop
     */
    public <T> T value(String key, T otherwise, String allowed, Function<String, ? extends T> parser) {
        Optional<String> text = text(key);
        if (text.isEmpty()) {
            return otherwise;
        }
        try {
            return parser.apply(text.get());
        } catch (IllegalArgumentException e) {
            error(key, e.getMessage() + "; allowed is " + allowed);
            return otherwise;
        }
    }

    /** Names separated by commas, each once, in their order; none of them where it says {@code none}, and empty where there is no such key. */
    public Optional<List<String>> names(String key) {
        return value(
                key,
                Optional.empty(),
                NOBODY + ", or names separated by commas",
                text -> Optional.of(text.equals(NOBODY) ? List.of() : split(text)));
    }

    private static List<String> split(String text) {
        List<String> names =
                Stream.of(text.split(",", -1)).map(String::strip).distinct().toList();
        if (names.contains("") || names.contains(NOBODY)) {
            throw new IllegalArgumentException(text + " is not that");
        }
        return names;
    }

    /** All keys that start with this prefix, without it, in alphabetical order, each with its text. */
    public NavigableMap<String, String> startingWith(String prefix) {
        knownPrefixes.add(prefix);
        NavigableMap<String, String> found = new TreeMap<>();
        values.tailMap(prefix, true).forEach((key, value) -> {
            if (key.startsWith(prefix) && key.indexOf(UNREADABLE) >= 0) {
                known.add(key);
                error(key, NOT_UTF_8);
            } else if (key.startsWith(prefix)) {
                text(key).ifPresent(text -> found.put(key.substring(prefix.length()), text));
            }
        });
        return found;
    }

    /** Notes an error; the sentence begins with the key and goes on with this. */
    public void error(String key, String sentence) {
        faulty.add(key);
        if (errors.size() < MOST_ERRORS) {
            errors.add(cut(key, LONGEST_KEY) + ": " + cut(sentence, LONGEST_SENTENCE));
        } else {
            further++;
        }
    }

    /**
     * Every error, the unknown keys last. Ask when every known key has been read. After 20 the others are only counted, and what is very long
     * is cut, and no control character goes into the log: a file that is none of ours is not to be found again in the log.
     */
    public List<String> errors() {
        List<String> all = new ArrayList<>(errors);
        int more = further;
        for (String key : values.keySet()) {
            if (known.contains(key)) {
                continue;
            }
            if (all.size() < MOST_ERRORS) {
                all.add(cut(key, LONGEST_KEY) + ": is not a key" + hint(key));
            } else {
                more++;
            }
        }
        if (more > 0) {
            all.add("and " + more + " more");
        }
        return List.copyOf(all);
    }

    private static String cut(String text, int longest) {
        String beginning = text.length() <= longest ? text : text.substring(0, longest) + "…";
        return beginning.replaceAll("\\p{Cntrl}", "?");
    }

    private String hint(String typed) {
        String key = cut(typed, LONGEST_KEY);
        Set<String> candidates = new TreeSet<>(known);
        int dot = key.indexOf('.') + 1;
        if (dot > 0) {
            Nearest.to(key.substring(0, dot), knownPrefixes)
                    .ifPresent(prefix -> candidates.add(prefix + key.substring(dot)));
        }
        return Nearest.to(key, candidates)
                .map(nearest -> "; did you mean " + nearest + "?")
                .orElseGet(() -> "; allowed are " + String.join(", ", allowedKeys()));
    }

    private Set<String> allowedKeys() {
        Set<String> allowed = new TreeSet<>(known);
        for (String prefix : knownPrefixes) {
            allowed.removeIf(key -> key.startsWith(prefix));
            allowed.add(prefix + "<name>");
        }
        return allowed;
    }

    private <T extends Comparable<? super T>> T bounded(
            String key, T otherwise, T lowest, T highest, String allowed, Function<String, T> parser) {
        return value(key, otherwise, allowed, text -> {
            T value = parser.apply(text);
            if (value.compareTo(lowest) < 0 || value.compareTo(highest) > 0) {
                throw new IllegalArgumentException(text + " is out of bounds");
            }
            return value;
        });
    }

    private static String asText(Object value) {
        if (value instanceof Object[] array) {
            return Stream.of(array).map(String::valueOf).collect(Collectors.joining(", "));
        }
        if (value instanceof Collection<?> collection) {
            return collection.stream().map(String::valueOf).collect(Collectors.joining(", "));
        }
        return String.valueOf(value);
    }
}
