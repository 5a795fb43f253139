/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.subscriptions.internal;

import java.util.Arrays;

/**
 * Reads labels: one or more whole levels of a topic filter, as UTF-8, with {@code /} between them. An empty label is one empty level.
 *
 * <p>A position in a text is the index at which a level starts. Behind the last level stands the position {@code text.length + 1}, which
 * tells {@code a} (nothing follows) from {@code a/} (an empty level follows) [MQTT-4.7.3-4]. Texts are compared byte by byte and are never
 * split. That is sound because no byte of a longer UTF-8 sequence equals {@code /}, {@code +} or {@code #}, and because wildcards take
 * whole levels [MQTT-4.7.1-1, MQTT-4.7.1-2].
 */
final class Labels {
    static final int NO_MATCH = -1;

    /** The position from which on everything overlaps. */
    static final int ANYTHING = Integer.MAX_VALUE;

    private Labels() {}

    static boolean startsWithPlus(byte[] text, int from) {
        return from < text.length && text[from] == '+';
    }

    static boolean startsWithHash(byte[] text, int from) {
        return from < text.length && text[from] == '#';
    }

    /** Whether nothing follows at this position, not even an empty level. */
    static boolean isBehindLast(byte[] text, int position) {
        return position > text.length;
    }

    /**
     * Matches the levels of a topic against those of a label, which may hold wildcards.
     *
     * @param from the position of a level of the topic
     * @return the position behind the levels that the label stands for, {@link #NO_MATCH} when the topic reads otherwise
     */
    static int match(byte[] label, byte[] topic, int from) {
        int at = from;
        for (int i = 0; i < label.length; i++) {
            byte wanted = label[i];
            if (wanted == '+') {
                at = endOfLevel(topic, at);
            } else if (wanted == '#') {
                return topic.length + 1;
            } else if (at < topic.length && topic[at] == wanted) {
                at++;
            } else {
                return at == topic.length && isParentOf(label, i) ? topic.length + 1 : NO_MATCH;
            }
        }
        return isEndOfLevel(topic, at) ? at + 1 : NO_MATCH;
    }

    /**
     * Compares the levels of a label with those of a range; both may hold wildcards.
     *
     * @param from the position of a level of the range
     * @return the position behind the levels that the label stands for, {@link #ANYTHING} where no more levels need be looked at,
     *     {@link #NO_MATCH} when no topic can have the levels of both
     */
    static int overlap(byte[] label, byte[] range, int from) {
        int at = from;
        int i = 0;
        while (at != ANYTHING && !startsWithHash(label, i) && !startsWithHash(range, at)) {
            if (isBehindLast(range, at)) {
                return NO_MATCH;
            }
            boolean wildcard = startsWithPlus(label, i) || startsWithPlus(range, at);
            int labelEnd = endOfLevel(label, i);
            int rangeEnd = endOfLevel(range, at);
            if (!wildcard && !Arrays.equals(label, i, labelEnd, range, at, rangeEnd)) {
                return NO_MATCH;
            }
            at = rangeEnd + 1;
            i = labelEnd + 1;
            if (isBehindLast(label, i)) {
                return at;
            }
        }
        return ANYTHING;
    }

    /** Whether all that is left of the label is {@code /#}: a/# matches a as well (section 4.7.1.2). */
    private static boolean isParentOf(byte[] label, int from) {
        return from + 2 == label.length && label[from] == '/' && label[from + 1] == '#';
    }

    /** Whether the first level of the label is the level at this position of the text, wildcards taken literally. */
    static boolean sameFirstLevel(byte[] label, byte[] text, int from) {
        for (int i = 0; ; i++) {
            boolean end = isEndOfLevel(label, i);
            if (end || isEndOfLevel(text, from + i)) {
                return end && isEndOfLevel(text, from + i);
            }
            if (label[i] != text[from + i]) {
                return false;
            }
        }
    }

    /**
     * How much of a label a text repeats, in bytes, up to the end of the last level that both share; wildcards are taken literally. The
     * first level must be the same.
     */
    static int commonLevels(byte[] label, byte[] text, int from) {
        int common = 0;
        for (int i = 0; ; i++) {
            if (isEndOfLevel(label, i) && isEndOfLevel(text, from + i)) {
                common = i;
            }
            if (i == label.length || from + i == text.length || label[i] != text[from + i]) {
                return common;
            }
        }
    }

    /** The first levels of a label, up to an index that {@link #commonLevels} gave. */
    static byte[] head(byte[] label, int end) {
        return Arrays.copyOf(label, end);
    }

    /** The levels of a label or text from a position on. */
    static byte[] tail(byte[] label, int from) {
        return Arrays.copyOfRange(label, from, label.length);
    }

    static byte[] join(byte[] head, byte[] tail) {
        byte[] joined = Arrays.copyOf(head, head.length + 1 + tail.length);
        joined[head.length] = '/';
        System.arraycopy(tail, 0, joined, head.length + 1, tail.length);
        return joined;
    }

    private static boolean isEndOfLevel(byte[] text, int index) {
        return index == text.length || text[index] == '/';
    }

    private static int endOfLevel(byte[] text, int from) {
        int end = from;
        while (!isEndOfLevel(text, end)) {
            end++;
        }
        return end;
    }
}
