/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.mqtt;

import java.util.List;
import java.util.Optional;

/**
 * A Topic Filter: which topics a subscription wants. {@code +} stands for one whole level, {@code #} for the rest and comes last
 * [MQTT-4.7.1-1, MQTT-4.7.1-2]. {@code $share/name/filter} is a Shared Subscription [MQTT-4.8.2-1, MQTT-4.8.2-2].
 */
public final class TopicFilter {
    private static final String SHARE = "$share/";

    private final String text;
    private final String shareName;
    private final String[] levels;

    private TopicFilter(String text, String shareName, String[] levels) {
        this.text = text;
        this.shareName = shareName;
        this.levels = levels;
    }

    /**
     * The filter of this text, with or without {@code $share/name/} in front.
     *
     * @throws IllegalArgumentException when it is not a Topic Filter; the message says why
     */
    public static TopicFilter of(String text) {
        Utf8.encode("topic filter", text);
        String shareName = null;
        String filter = text;
        if (text.startsWith(SHARE) || text.equals("$share")) {
            int end = text.indexOf('/', SHARE.length());
            if (end <= SHARE.length()) {
                throw new IllegalArgumentException(
                        "a shared subscription is $share/<name>/<filter>, \"" + text + "\" lacks a name or a filter");
            }
            shareName = text.substring(SHARE.length(), end);
            if (shareName.indexOf('+') >= 0 || shareName.indexOf('#') >= 0) {
                throw new IllegalArgumentException("a share name has no wildcard, \"" + text + "\" has one");
            }
            filter = text.substring(end + 1);
        }
        if (filter.isEmpty()) {
            throw new IllegalArgumentException("a topic filter has at least one character, \"" + text + "\" has none");
        }
        return new TopicFilter(text, shareName, checkedLevels(text, Topic.split(filter)));
    }

    private static String[] checkedLevels(String text, String[] levels) {
        for (int i = 0; i < levels.length; i++) {
            String level = levels[i];
            boolean wildcard = level.indexOf('#') >= 0 || level.indexOf('+') >= 0;
            if (wildcard && level.length() > 1) {
                throw new IllegalArgumentException(
                        "a wildcard takes a whole level, in \"" + text + "\" it shares one: \"" + level + "\"");
            }
            if (level.equals("#") && i < levels.length - 1) {
                throw new IllegalArgumentException(
                        "# is the last level of a topic filter, in \"" + text + "\" more follow");
            }
        }
        return levels;
    }

    /** The whole text, with {@code $share/name/} where it is shared. */
    public String text() {
        return text;
    }

    /** The ShareName of a Shared Subscription. */
    public Optional<String> shareName() {
        return Optional.ofNullable(shareName);
    }

    /** Whether this is a Shared Subscription. */
    public boolean isShared() {
        return shareName != null;
    }

    /** The levels in order, without {@code $share} and the name. */
    public List<String> levels() {
        return List.of(levels);
    }

    /** The number of levels without {@code $share} and the name, at least 1. */
    public int levelCount() {
        return levels.length;
    }

    /** A level, counted from 0. */
    public String level(int index) {
        return levels[index];
    }

    /** Whether a {@code +} or {@code #} stands in it. */
    public boolean hasWildcard() {
        for (String level : levels) {
            if (level.equals("+") || level.equals("#")) {
                return true;
            }
        }
        return false;
    }

    /** Whether a message on this topic is wanted; a shared filter answers for the filter behind the name. */
    public boolean matches(Topic topic) {
        boolean leadingWildcard = levels[0].equals("#") || levels[0].equals("+");
        if (leadingWildcard && topic.isReserved()) {
            return false; // [MQTT-4.7.2-1]
        }
        for (int i = 0; i < levels.length; i++) {
            if (levels[i].equals("#")) {
                return true; // a/# matches a as well: the parent level is included (section 4.7.1.2)
            }
            if (i >= topic.levelCount() || !levels[i].equals("+") && !levels[i].equals(topic.level(i))) {
                return false;
            }
            if (i == topic.levelCount() - 1 && i + 1 < levels.length) {
                return i + 2 == levels.length && levels[i + 1].equals("#");
            }
        }
        return levels.length == topic.levelCount();
    }

    /**
     * Whether there is a topic that both match; a shared filter answers for the filter behind the name. The empty topic, which no message has
     * [MQTT-4.7.3-1], counts as one.
     */
    public boolean overlaps(TopicFilter other) {
        if (isReservedAgainstWildcard(levels[0], other.levels[0])
                || isReservedAgainstWildcard(other.levels[0], levels[0])) {
            return false; // [MQTT-4.7.2-1]
        }
        int common = Math.min(levels.length, other.levels.length);
        for (int i = 0; i < common; i++) {
            String one = levels[i];
            String its = other.levels[i];
            if (one.equals("#") || its.equals("#")) {
                return true;
            }
            if (!one.equals("+") && !its.equals("+") && !one.equals(its)) {
                return false;
            }
        }
        String[] longer = levels.length > common ? levels : other.levels;
        return longer.length == common || longer.length == common + 1 && longer[common].equals("#");
    }

    private static boolean isReservedAgainstWildcard(String level, String wildcard) {
        return level.startsWith("$") && (wildcard.equals("#") || wildcard.equals("+"));
    }

    @Override
    public boolean equals(Object other) {
        return this == other || other instanceof TopicFilter filter && text.equals(filter.text);
    }

    @Override
    public int hashCode() {
        return text.hashCode();
    }

    @Override
    public String toString() {
        return text;
    }
}
