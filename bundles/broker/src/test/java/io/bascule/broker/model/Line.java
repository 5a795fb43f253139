/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.broker.model;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.NavigableMap;
import java.util.Set;
import java.util.TreeMap;

/** What may have happened: the world as it is now, and as it was after each change that is not safe for sure. */
final class Line {
    final World world;
    private final NavigableMap<Long, World> past;
    /** Numbers of QoS 2 messages that a client has seen. */
    private final Set<Long> certain;

    private Line(World world, NavigableMap<Long, World> past, Set<Long> certain) {
        this.world = world;
        this.past = past;
        this.certain = certain;
        world.before(changing -> past.put(changing.changes, changing.copy()));
    }

    /** One that begins with this. */
    static Line from(World world) {
        return new Line(world, new TreeMap<>(), new HashSet<>());
    }

    Line copy() {
        return new Line(world.copy(), new TreeMap<>(past), new HashSet<>(certain));
    }

    /** Somebody was told something that holds with this change. */
    void promised(long change) {
        past.headMap(change).clear();
    }

    void certain(Out out) {
        certain.add(out.number);
    }

    boolean isCertain(Out out) {
        return certain.contains(out.number);
    }

    /** What a process may find that begins now. */
    List<World> left() {
        List<World> left = new ArrayList<>(past.values());
        left.add(world);
        return left;
    }
}
