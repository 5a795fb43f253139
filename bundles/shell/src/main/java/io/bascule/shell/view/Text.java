/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.shell.view;

import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * Values as text for a terminal. Client ids, topics and payloads come from anywhere: no character that a terminal obeys
 * gets through.
 */
public final class Text {
    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss", Locale.ROOT).withZone(ZoneId.systemDefault());
    private static final String NOTHING = "-";

    private Text() {}

    /** A value in one line; counts by reason without those that are zero. */
    public static String of(Object value) {
        if (value instanceof Optional<?> optional) {
            return optional.map(Text::of).orElse(NOTHING);
        }
        if (value instanceof Boolean flag) {
            return flag ? "yes" : "no";
        }
        if (value instanceof Instant instant) {
            return TIME.format(instant);
        }
        if (value instanceof Duration duration) {
            return duration(duration);
        }
        if (value instanceof Map<?, ?> map) {
            return list(map.entrySet().stream()
                    .filter(entry -> !Long.valueOf(0).equals(entry.getValue()))
                    .map(entry -> of(entry.getKey()) + " " + of(entry.getValue()))
                    .sorted()
                    .toList());
        }
        if (value instanceof Collection<?> collection) {
            return list(collection.stream().map(Text::of).toList());
        }
        return printable(String.valueOf(value));
    }

    /** So many things, such as {@code 1 message} or {@code 2 messages}. */
    public static String count(long number, String thing) {
        return number + " " + thing + (number == 1 ? "" : "s");
    }

    /** The text with every character escaped that a terminal would act on or that would break the line. */
    public static String printable(String text) {
        if (text.codePoints().noneMatch(Text::isUnsafe)) {
            return text;
        }
        StringBuilder safe = new StringBuilder(text.length() + 16);
        text.codePoints().forEach(c -> {
            switch (c) {
                case '\n' -> safe.append("\\n");
                case '\r' -> safe.append("\\r");
                case '\t' -> safe.append("\\t");
                default -> {
                    if (isUnsafe(c)) {
                        safe.append(String.format("\\u%04x", c));
                    } else {
                        safe.appendCodePoint(c);
                    }
                }
            }
        });
        return safe.toString();
    }

    /** Controls, line separators, the marks that turn the writing direction, and halves of surrogate pairs. */
    static boolean isUnsafe(int c) {
        return Character.isISOControl(c)
                || c >= 0x2028 && c <= 0x202E
                || c >= 0x2066 && c <= 0x2069
                || c >= 0xD800 && c <= 0xDFFF;
    }

    private static String list(List<String> parts) {
        return parts.isEmpty() ? NOTHING : String.join(", ", parts);
    }

    /** The two largest units: more is noise. */
    private static String duration(Duration duration) {
        List<String> parts = new ArrayList<>();
        add(parts, duration.toDaysPart(), "d");
        add(parts, duration.toHoursPart(), "h");
        add(parts, duration.toMinutesPart(), "min");
        add(parts, duration.toSecondsPart(), "s");
        return parts.isEmpty() ? "0 s" : parts.stream().limit(2).collect(Collectors.joining(" "));
    }

    private static void add(List<String> parts, long count, String unit) {
        if (count > 0) {
            parts.add(count + " " + unit);
        }
    }
}
