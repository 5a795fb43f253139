/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.mqtt;

import java.util.ArrayList;
import java.util.List;

/**
 * A Topic Name: where one message is published. At least one character, at most 65,535 bytes of UTF-8, no wildcard, no U+0000
 * [MQTT-4.7.0-1, MQTT-4.7.3-1, MQTT-4.7.3-2, MQTT-4.7.3-3]. Nothing is normalised: {@code a//b} has an empty level [MQTT-4.7.3-4].
 */
public final class Topic {
    private final String name;
    private final byte[] utf8;
    private final int hash;
    // Split on first use: a message that nobody matches by level never pays for it. Benign race, both threads split
    // alike.
    private String[] levels;

    private Topic(String name, byte[] utf8) {
        this.name = name;
        this.utf8 = utf8;
        this.hash = name.hashCode();
    }

    /**
     * The topic of this name.
     *
     * @throws IllegalArgumentException when it is not a Topic Name; the message says why
     */
    public static Topic of(String name) {
        if (name.isEmpty()) {
            throw new IllegalArgumentException("a topic name has at least one character");
        }
        for (int i = 0; i < name.length(); i++) {
            char c = name.charAt(i);
            if (c == '+' || c == '#') {
                throw new IllegalArgumentException(
                        "a topic name has no wildcard, \"" + name + "\" has " + c + " at index " + i);
            }
        }
        return new Topic(name, Utf8.encode("topic name", name));
    }

    /** The name as text. */
    public String name() {
        return name;
    }

    /** The name as it stands on the wire. Shared with this object: read it, never write to it. */
    public byte[] utf8() {
        return utf8;
    }

    /** The number of levels, at least 1. */
    public int levelCount() {
        return split().length;
    }

    /** A level, counted from 0; it may be empty. */
    public String level(int index) {
        return split()[index];
    }

    /** The levels in order. */
    public List<String> levels() {
        return List.of(split());
    }

    /** Whether the first character is {@code $}: such topics match no filter that starts with a wildcard [MQTT-4.7.2-1]. */
    public boolean isReserved() {
        return name.charAt(0) == '$';
    }

    private String[] split() {
        String[] known = levels;
        if (known == null) {
            known = split(name);
            levels = known;
        }
        return known;
    }

    static String[] split(String text) {
        List<String> parts = new ArrayList<>(8);
        int from = 0;
        for (int slash = text.indexOf('/'); slash >= 0; slash = text.indexOf('/', from)) {
            parts.add(text.substring(from, slash));
            from = slash + 1;
        }
        parts.add(text.substring(from));
        return parts.toArray(String[]::new);
    }

    @Override
    public boolean equals(Object other) {
        return this == other || other instanceof Topic topic && name.equals(topic.name);
    }

    @Override
    public int hashCode() {
        return hash;
    }

    @Override
    public String toString() {
        return name;
    }
}
