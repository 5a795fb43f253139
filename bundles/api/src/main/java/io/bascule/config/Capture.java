/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.config;

import io.bascule.mqtt.Topic;
import io.bascule.mqtt.TopicFilter;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What stands in braces in a template: some levels of the incoming topic, counted from 1.
 *
 * @param text as written, without the braces
 * @param first the first level, 0 for the one where the filter's {@code #} stands
 * @param last the last level, {@link #END} for as many as there are
 */
record Capture(String text, int first, int last) {
    static final int END = Integer.MAX_VALUE;
    private static final Pattern LEVELS = Pattern.compile("([1-9][0-9]{0,4})(?:-(#|[1-9][0-9]{0,4}))?");

    /**
     * The capture of this text.
     *
     * @throws IllegalArgumentException when it is not one; the message says why
     */
    static Capture parse(String text) {
        if (text.equals("topic")) {
            return new Capture(text, 1, END);
        }
        if (text.equals("#")) {
            return new Capture(text, 0, END);
        }
        Matcher levels = LEVELS.matcher(text);
        if (!levels.matches()) {
            throw new IllegalArgumentException(
                    "{" + text + "} is no capture; there are {1}, {2-4}, {3-#}, {#} and {topic}");
        }
        int first = Integer.parseInt(levels.group(1));
        String end = levels.group(2);
        int last = end == null ? first : end.equals("#") ? END : Integer.parseInt(end);
        if (last < first) {
            throw new IllegalArgumentException("{" + text + "} ends before it begins");
        }
        return new Capture(text, first, last);
    }

    /** Whether it may stand for no level at all, or for several. */
    boolean isVariable() {
        return first != last;
    }

    /** Why topics that this filter matches never have what the capture names. */
    Optional<String> impossibleFor(TopicFilter filter) {
        if (endsInHash(filter)) {
            return Optional.empty();
        }
        if (first == 0) {
            return Optional.of("{#} needs a # in the filter, and " + filter + " has none");
        }
        int needed = last == END ? first : last;
        return needed <= filter.levelCount()
                ? Optional.empty()
                : Optional.of(
                        "{" + text + "} names level " + needed + ", and " + filter + " has " + filter.levelCount());
    }

    /** The index of the first level of a topic that the filter matches, counted from 0. */
    int from(TopicFilter filter) {
        return (first == 0 ? filter.levelCount() : first) - 1;
    }

    /** The index behind the last level, counted from 0; -1 when the topic lacks a level that was named. */
    int to(Topic topic) {
        if (last == END) {
            return topic.levelCount();
        }
        return last <= topic.levelCount() ? last : -1;
    }

    private static boolean endsInHash(TopicFilter filter) {
        return filter.level(filter.levelCount() - 1).equals("#");
    }
}
