/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.security.acl;

/** How topic filters relate, level by level. */
final class Filters {
    private Filters() {}

    private static boolean isWildcard(String level) {
        return level.equals("#") || level.equals("+");
    }

    /** Whether one begins with a wildcard, which no topic does that the other is about, since those begin with {@code $} [MQTT-4.7.2-1]. */
    private static boolean apart(String[] one, String[] other) {
        return isWildcard(one[0]) && other[0].startsWith("$") || isWildcard(other[0]) && one[0].startsWith("$");
    }

    /** Whether there is a topic that both match. */
    static boolean overlap(String[] one, String[] other) {
        if (apart(one, other)) {
            return false;
        }
        int shorter = Math.min(one.length, other.length);
        for (int i = 0; i < shorter; i++) {
            if (one[i].equals("#") || other[i].equals("#")) {
                return true;
            }
            if (!one[i].equals(other[i]) && !one[i].equals("+") && !other[i].equals("+")) {
                return false;
            }
        }
        String[] longer = one.length > other.length ? one : other;
        return one.length == other.length
                || longer.length == shorter + 1 && longer[shorter].equals("#"); // a/# matches a (section 4.7.1.2)
    }

    /** Whether every topic that the other matches is matched by this one. */
    static boolean covers(String[] one, String[] other) {
        if (apart(one, other)) {
            return false;
        }
        for (int i = 0; i < one.length; i++) {
            if (one[i].equals("#")) {
                return true;
            }
            if (i >= other.length || other[i].equals("#") || !one[i].equals("+") && !one[i].equals(other[i])) {
                return false;
            }
            if (i == other.length - 1 && i + 2 == one.length && one[i + 1].equals("#")) {
                return true;
            }
        }
        return one.length == other.length;
    }
}
