/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.bridge.link;

import io.bascule.api.Bridge.Direction;

/** What there is to say to somebody whose bridge may not do what its file says. */
final class Denial {
    private Denial() {}

    /** What a bridge does in the local broker by its routes of this direction, as an ACL file has it. */
    static String action(Direction direction) {
        return direction == Direction.FORWARD ? "receive" : "publish";
    }

    /** What to write to allow it. */
    static String remedy(String bridge, Direction direction, String topic) {
        String name = bridge.chars().anyMatch(Character::isWhitespace) ? '"' + bridge + '"' : bridge;
        return "an ACL file allows it by the line \"allow " + action(direction) + " bridge=" + name + " " + topic
                + "\", and \"authorizers = none\" in the bridge's file lets it do everything";
    }
}
