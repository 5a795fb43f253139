/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.bridge.route;

import io.bascule.api.Bridge.Direction;
import io.bascule.api.BridgeStatus;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;

/**
 * What became of the messages of one route: received = forwarded + dropped, once none is on its way. Written on one event loop, read from
 * anywhere.
 */
public final class RouteBooks {
    private final String name;
    private final Direction direction;
    private final String rule;
    private final LongAdder received = new LongAdder();
    private final LongAdder forwarded = new LongAdder();
    private final Map<String, LongAdder> dropped = new ConcurrentHashMap<>();

    RouteBooks(String name, Direction direction, String rule) {
        this.name = name;
        this.direction = direction;
        this.rule = rule;
    }

    /** The route's name. */
    public String name() {
        return name;
    }

    /** Which way it leads. */
    public Direction direction() {
        return direction;
    }

    /** A message has come. */
    public void received() {
        received.increment();
    }

    /** A message that had come was given back unacknowledged: its sender still has it and will send it again. */
    public void returned() {
        received.decrement();
    }

    /** The other side has taken responsibility for a message. */
    public void forwarded() {
        forwarded.increment();
    }

    /** A message that counts as forwarded was refused after all; whether it is the first for this reason. */
    public boolean refused(String reason) {
        forwarded.decrement();
        return dropped(reason);
    }

    /** A message is given up; whether it is the first for this reason. */
    public boolean dropped(String reason) {
        LongAdder count = dropped.get(reason);
        boolean first = count == null;
        if (first) {
            count = dropped.computeIfAbsent(reason, ignored -> new LongAdder());
        }
        count.increment();
        return first;
    }

    long forwardedSoFar() {
        return forwarded.sum();
    }

    long waiting() {
        long waiting = received.sum() - forwarded.sum();
        for (LongAdder count : dropped.values()) {
            waiting -= count.sum();
        }
        return waiting;
    }

    boolean isUnused() {
        return received.sum() == 0;
    }

    BridgeStatus.Route status() {
        Map<String, Long> drops = new TreeMap<>();
        dropped.forEach((reason, count) -> drops.put(reason, count.sum()));
        return new BridgeStatus.Route(name, direction.toString(), rule, received.sum(), forwarded.sum(), drops);
    }
}
