/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.event;

import io.bascule.mqtt.Topic;
import java.util.regex.Pattern;

/**
 * What the topic of an event may be: levels of {@code A-Z a-z 0-9 _ -} parted by {@code /}, none of them empty. That is all Event Admin
 * allows (section 113.3.1 of the compendium), and Typed Event allows all of that.
 */
final class EventTopics {
    /** The characters of a level. */
    static final String ALPHABET = "A-Za-z0-9_-";

    private static final String LEVEL = "[" + ALPHABET + "]+";
    private static final Pattern FILTER = Pattern.compile("\\*|" + LEVEL + "(/" + LEVEL + ")*(/\\*)?");
    private static final Pattern FOREIGN = Pattern.compile("[^/" + ALPHABET + "]");
    private static final Pattern EMPTY_LEVEL = Pattern.compile("(?<=/|^)(?=/|$)");

    private EventTopics() {}

    /** Whether handlers may register for it: a topic, or the beginning of one and {@code *} as the last level. */
    static boolean isFilter(String text) {
        return FILTER.matcher(text).matches();
    }

    /** Whether all of its characters may stand in the topic of an event. */
    static boolean isPlain(String text) {
        return !FOREIGN.matcher(text).find();
    }

    /** The MQTT topic as the topic of an event: every other character, and every empty level, becomes {@code _}. */
    static String of(Topic topic) {
        String plain = FOREIGN.matcher(topic.name()).replaceAll("_");
        return EMPTY_LEVEL.matcher(plain).replaceAll("_");
    }
}
