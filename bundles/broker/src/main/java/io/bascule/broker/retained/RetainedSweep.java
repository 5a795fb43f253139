/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.broker.retained;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Iterator;

/**
 * Goes round through the retained messages, a piece at a time, and deletes what has expired: for what nobody asks for. A piece is small, since
 * it is done on an event loop, and a round takes as many pieces as there are messages. For use by one thread.
 */
public final class RetainedSweep {
    private final RetainedMessages retained;
    // Where the round is. Nodes that go meanwhile are met empty, those that come perhaps in the next round.
    private final Deque<Iterator<RetainedNode>> open = new ArrayDeque<>();

    /** A sweep at the beginning of its first round. */
    public RetainedSweep(RetainedMessages retained) {
        this.retained = retained;
    }

    /**
     * Does the next piece; it ends early at the end of a round.
     *
     * @param levels how many levels of topics to visit at most
     * @param nowNanos the {@link System#nanoTime()} at which a message has expired or not
     */
    public void sweep(int levels, long nowNanos) {
        if (open.isEmpty()) {
            open.push(retained.firstLevels());
        }
        int left = levels;
        while (left > 0 && !open.isEmpty()) {
            if (open.peek().hasNext()) {
                RetainedNode node = open.peek().next();
                open.push(node.children()); // before its message goes, and perhaps the node with it
                retained.unexpired(node, nowNanos);
                left--;
            } else {
                open.pop();
            }
        }
    }
}
