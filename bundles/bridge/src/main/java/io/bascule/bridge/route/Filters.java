/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.bridge.route;

import io.bascule.mqtt.TopicFilter;

/** Questions about two filters. */
public final class Filters {
    private Filters() {}

    /** Whether there is a topic that both match, leaving aside that a leading wildcard matches no reserved topic. */
    public static boolean overlap(TopicFilter one, TopicFilter other) {
        int common = Math.min(one.levelCount(), other.levelCount());
        for (int i = 0; i < common; i++) {
            String a = one.level(i);
            String b = other.level(i);
            if (a.equals("#") || b.equals("#")) {
                return true;
            }
            if (!a.equals("+") && !b.equals("+") && !a.equals(b)) {
                return false;
            }
        }
        if (one.levelCount() == other.levelCount()) {
            return true;
        }
        TopicFilter longer = one.levelCount() > common ? one : other;
        return longer.levelCount() == common + 1 && longer.level(common).equals("#");
    }
}
