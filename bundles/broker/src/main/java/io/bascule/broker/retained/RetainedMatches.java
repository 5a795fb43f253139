/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.broker.retained;

import io.bascule.mqtt.Message;
import io.bascule.mqtt.TopicFilter;
import java.util.ArrayDeque;
import java.util.Collections;
import java.util.Deque;
import java.util.Iterator;
import java.util.function.Consumer;

/**
 * Goes through what is retained at the topics that match a filter, as far as it was retained when this began: what is put or replaced meanwhile is
 * passed over, and so is what is deleted. A step is small, for the event loop to do something else in between. For use by one thread.
 */
public final class RetainedMatches {
    private final RetainedMessages retained;
    private final TopicFilter filter;
    private final boolean reserved;
    private final boolean hash;
    private final int fixed;
    private final long asOf;
    /** One iterator a level, so that it is as deep as the topics and no deeper, however many match. */
    private final Deque<Iterator<RetainedNode>> open = new ArrayDeque<>();

    RetainedMatches(RetainedMessages retained, RetainedNode root, TopicFilter filter) {
        this.retained = retained;
        this.filter = filter;
        this.reserved = !isWildcard(filter.level(0)); // [MQTT-4.7.2-1]
        int levels = filter.levelCount();
        this.hash = filter.level(levels - 1).equals("#");
        this.fixed = hash ? levels - 1 : levels;
        this.asOf = retained.version();
        open.push(Collections.singleton(root).iterator());
    }

    /**
     * Visits one more level of a topic; the message that is retained there, if the topic matches, goes to the visitor, who may change what is
     * retained.
     *
     * @param nowNanos the {@link System#nanoTime()} at which a message must not have expired
     * @return false when there is none left
     */
    public boolean visitNext(long nowNanos, Consumer<? super Message> visitor) {
        while (!open.isEmpty() && !open.peek().hasNext()) {
            open.pop();
        }
        if (open.isEmpty()) {
            return false;
        }
        RetainedNode node = open.peek().next();
        int depth = open.size() - 1;
        if (depth == 1 && !reserved && node.level.startsWith("$")) {
            return true;
        }
        if (depth < fixed && !filter.level(depth).equals("+")) {
            RetainedNode child = node.child(filter.level(depth));
            if (child != null) {
                open.push(Collections.singleton(child).iterator());
            }
        } else if (depth < fixed || hash) {
            open.push(node.children());
        }
        // At fixed the filter is at its end, or at #, which includes the parent level (section 4.7.1.2).
        if (depth == fixed || depth > fixed && hash) {
            Message message = retained.unexpired(node, nowNanos);
            if (message != null && node.version() - asOf <= 0) { // read after the message, and written before it
                visitor.accept(message);
            }
        }
        return true;
    }

    private static boolean isWildcard(String level) {
        return level.equals("#") || level.equals("+");
    }
}
