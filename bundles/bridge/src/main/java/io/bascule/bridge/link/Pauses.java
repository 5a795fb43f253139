/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.bridge.link;

import io.bascule.api.Bridge.Direction;
import java.util.Collections;
import java.util.EnumSet;
import java.util.Set;

/** Which directions of a link are paused; it outlives a connection. Written on the link's event loop, read from anywhere. */
final class Pauses {
    private volatile Set<Direction> paused = Set.of();

    /** Pauses a direction, or ends its pause. */
    void set(Direction direction, boolean pause) {
        Set<Direction> next = EnumSet.noneOf(Direction.class);
        next.addAll(paused);
        if (pause) {
            next.add(direction);
        } else {
            next.remove(direction);
        }
        paused = Collections.unmodifiableSet(next);
    }

    boolean includes(Direction direction) {
        return paused.contains(direction);
    }

    /** All that are paused, in their order. */
    Set<Direction> all() {
        return paused;
    }
}
