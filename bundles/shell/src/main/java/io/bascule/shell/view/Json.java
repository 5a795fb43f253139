/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.shell.view;

import java.time.Duration;
import java.time.Instant;
import java.util.Iterator;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * Writes JSON (RFC 8259). Times are ISO 8601 in UTC, durations seconds, absent values null. What a terminal would obey
 * is escaped, since this is printed on one.
 */
public final class Json {
    private static final String INDENT = "  ";

    private final StringBuilder out = new StringBuilder();
    private final boolean indented;

    private Json(boolean indented) {
        this.indented = indented;
    }

    /** Over several lines, to be read by people as well. */
    public static String indented(Object value) {
        return new Json(true).value(value, 0).out.toString();
    }

    /** In one line, for a stream of values. */
    public static String line(Object value) {
        return new Json(false).value(value, 0).out.toString();
    }

    private Json value(Object value, int depth) {
        if (value instanceof Optional<?> optional) {
            return value(optional.orElse(null), depth);
        }
        if (value instanceof Table table) {
            return array(table.objects().iterator(), depth);
        }
        if (value instanceof Details details) {
            return object(details.object(), depth);
        }
        if (value instanceof Sentence sentence) {
            return object(sentence.data(), depth);
        }
        if (value instanceof Map<?, ?> map) {
            return object(map, depth);
        }
        if (value instanceof Iterable<?> items) {
            return array(items.iterator(), depth);
        }
        if (value instanceof int[] numbers) {
            return array(IntStream.of(numbers).iterator(), depth);
        }
        return scalar(value);
    }

    private Json scalar(Object value) {
        if (value == null || value instanceof Boolean || value instanceof Integer || value instanceof Long) {
            out.append(value);
        } else if (value instanceof ByteCount count) {
            out.append(count.bytes());
        } else if (value instanceof Expiry expiry) {
            out.append(expiry.seconds());
        } else if (value instanceof Payload payload) {
            string(payload.json());
        } else if (value instanceof Duration duration) {
            out.append(duration.toSeconds());
        } else if (value instanceof CharSequence || value instanceof Enum<?> || value instanceof Instant) {
            string(value instanceof Enum<?> constant ? constant.name() : value.toString());
        } else {
            throw new IllegalArgumentException(
                    "no JSON for a " + value.getClass().getName());
        }
        return this;
    }

    private Json object(Map<?, ?> map, int depth) {
        Iterator<? extends Map.Entry<?, ?>> entries = map.entrySet().iterator();
        if (!entries.hasNext()) {
            out.append("{}");
            return this;
        }
        char separator = '{';
        while (entries.hasNext()) {
            Map.Entry<?, ?> entry = entries.next();
            next(separator, depth + 1);
            string((String) entry.getKey());
            out.append(indented ? ": " : ":");
            value(entry.getValue(), depth + 1);
            separator = ',';
        }
        return end('}', depth);
    }

    private Json array(Iterator<?> items, int depth) {
        if (!items.hasNext()) {
            out.append("[]");
            return this;
        }
        char separator = '[';
        while (items.hasNext()) {
            next(separator, depth + 1);
            value(items.next(), depth + 1);
            separator = ',';
        }
        return end(']', depth);
    }

    private void next(char separator, int depth) {
        out.append(separator);
        newLine(depth);
    }

    private Json end(char bracket, int depth) {
        newLine(depth);
        out.append(bracket);
        return this;
    }

    private void newLine(int depth) {
        if (indented) {
            out.append('\n').append(INDENT.repeat(depth));
        }
    }

    private void string(String text) {
        out.append('"');
        for (int c : text.codePoints().toArray()) {
            switch (c) {
                case '"' -> out.append("\\\"");
                case '\\' -> out.append("\\\\");
                case '\n' -> out.append("\\n");
                case '\r' -> out.append("\\r");
                case '\t' -> out.append("\\t");
                default -> {
                    if (Text.isUnsafe(c)) {
                        out.append(String.format("\\u%04x", c));
                    } else {
                        out.appendCodePoint(c);
                    }
                }
            }
        }
        out.append('"');
    }
}
