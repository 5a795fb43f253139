/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.broker.retained;

import io.bascule.broker.Limit;
import io.bascule.broker.LimitHits;
import io.bascule.mqtt.Message;
import io.bascule.mqtt.Topic;
import io.bascule.mqtt.TopicFilter;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Collections;
import java.util.Deque;
import java.util.Iterator;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;

/**
 * The retained message of each topic, in a tree of topic levels, bounded in number and in bytes.
 *
 * <p>Reading takes no lock and may happen on any number of threads while messages come and go; it meets each message that was there when
 * it started and stays. Changes are made one at a time; this class sees to that itself. Nodes that hold nothing any more are gone when the
 * change returns.
 *
 * <p>Messages that have expired are not handed out [MQTT-3.3.2-5]; they go when they are met, here or by a {@link
 * RetainedSweep}.
 */
public final class RetainedMessages {
    /** What a node takes with its text and its place in a map, in bytes: topics of nothing but slashes are not to slip through the bound. */
    static final int LEVEL_BYTES = 128;

    /** More than there are event loops, so that they seldom meet at different topics. */
    private static final int TURNS = 128;

    private final int maximumMessages;
    private final long maximumBytes;
    private final LimitHits hits;
    private final Consumer<Topic> expired;
    private final ReentrantLock[] turns = new ReentrantLock[TURNS];
    private final Object writeLock = new Object();
    private final RetainedNode root = new RetainedNode("", null);

    // Written under the lock.
    private volatile int size;
    private volatile long bytes;
    private volatile int nodes;
    // Of those, what the broker says of itself under $: it is little, and takes no room from others.
    private volatile int reservedSize;
    private volatile long reservedBytes;

    /**
     * None yet.
     *
     * @param maximumMessages how many there may be, 0 or more
     * @param maximumBytes what {@link #bytes} may come to, 0 or more
     * @param hits where it is counted that there was no room
     * @param expired told the topic of what is deleted since it has expired, in its {@linkplain #turn turn}: on any thread
     */
    public RetainedMessages(int maximumMessages, long maximumBytes, LimitHits hits, Consumer<Topic> expired) {
        this.maximumMessages = maximumMessages;
        this.maximumBytes = maximumBytes;
        this.hits = hits;
        this.expired = expired;
        Arrays.setAll(turns, i -> new ReentrantLock());
    }

    /**
     * Whose turn it is to change what is retained at a topic and to tell the store of it: with both done under this lock the store is told in the
     * same order, on however many event loops that is. Several topics share one, so nobody is to wait for a second one, or to call anybody
     * else who may, while he has it.
     */
    public ReentrantLock turn(Topic topic) {
        int hash = topic.hashCode();
        return turns[(hash ^ hash >>> 16) & TURNS - 1];
    }

    /**
     * Keeps the message in the place of the one that its topic had [MQTT-3.3.1-5]; one without payload deletes that and is not kept
     * [MQTT-3.3.1-6, MQTT-3.3.1-7].
     *
     * @return false when a bound does not allow it; then nothing has changed, and what the topic had it still has
     */
    public boolean put(Message message) {
        if (message.payload().length == 0) {
            remove(message.topic());
            return true;
        }
        synchronized (writeLock) {
            Levels levels = new Levels(message.topic());
            RetainedNode node = deepest(levels);
            Message before = levels.hasNext() ? null : node.message();
            int growth = before == null ? 1 : 0;
            long growthInBytes = sizeOf(message) - sizeOf(before) + LEVEL_BYTES * levels.left();
            boolean reserved = message.topic().isReserved();
            boolean tooMany = size - reservedSize + growth > maximumMessages;
            if (!reserved && (tooMany || growthInBytes > maximumBytes - (bytes - reservedBytes))) {
                hits.hit(tooMany ? Limit.RETAINED_MESSAGES : Limit.RETAINED_BYTES);
                return false;
            }
            while (levels.hasNext()) {
                RetainedNode child = new RetainedNode(levels.next(), node);
                node.add(child);
                nodes++;
                node = child;
            }
            node.setMessage(message);
            size += growth;
            bytes += growthInBytes;
            if (reserved) {
                reservedSize += growth;
                reservedBytes += growthInBytes;
            }
            return true;
        }
    }

    /** Deletes what is retained at a topic and returns it, expired or not. */
    public Optional<Message> remove(Topic topic) {
        synchronized (writeLock) {
            RetainedNode node = find(topic);
            Message removed = node == null ? null : node.message();
            if (removed != null) {
                delete(node);
            }
            return Optional.ofNullable(removed);
        }
    }

    /** What is retained at a topic and has not expired at this {@link System#nanoTime()}. */
    public Optional<Message> get(Topic topic, long nowNanos) {
        RetainedNode node = find(topic);
        return node == null ? Optional.empty() : Optional.ofNullable(unexpired(node, nowNanos));
    }

    /**
     * Hands every message that is retained at a matching topic to the visitor, on this thread and in no particular order; of a shared
     * filter, what stands behind the share name counts. Topics that start with {@code $} match no filter that starts with a wildcard
     * [MQTT-4.7.2-1]. The visitor may change what is retained.
     *
     * @param nowNanos the {@link System#nanoTime()} at which a message must not have expired
     */
    public void match(TopicFilter filter, long nowNanos, Consumer<? super Message> visitor) {
        walk(filter, !isWildcard(filter.level(0)), nowNanos, visitor);
    }

    /** The first levels of all topics, for {@link RetainedSweep}. */
    Iterator<RetainedNode> firstLevels() {
        return root.children();
    }

    private void walk(TopicFilter filter, boolean reserved, long nowNanos, Consumer<? super Message> visitor) {
        int levels = filter.levelCount();
        boolean hash = filter.level(levels - 1).equals("#");
        int fixed = hash ? levels - 1 : levels;
        // One iterator a level, so that the stack is as deep as the topics and no deeper, however many match.
        Deque<Iterator<RetainedNode>> open = new ArrayDeque<>();
        open.push(Collections.singleton(root).iterator());
        while (!open.isEmpty()) {
            if (!open.peek().hasNext()) {
                open.pop();
                continue;
            }
            RetainedNode node = open.peek().next();
            int depth = open.size() - 1;
            if (depth == 1 && !reserved && node.level.startsWith("$")) {
                continue;
            }
            // At fixed the filter is at its end, or at #, which includes the parent level (section 4.7.1.2).
            if (depth == fixed || depth > fixed && hash) {
                Message message = unexpired(node, nowNanos);
                if (message != null) {
                    visitor.accept(message);
                }
            }
            if (depth < fixed && !filter.level(depth).equals("+")) {
                RetainedNode child = node.child(filter.level(depth));
                if (child != null) {
                    open.push(Collections.singleton(child).iterator());
                }
            } else if (depth < fixed || hash) {
                open.push(node.children());
            }
        }
    }

    /** How many messages there are, expired ones that nobody has met included. */
    public int size() {
        return size;
    }

    /** About what they take on the heap, with the tree around them, in bytes. */
    public long bytes() {
        return bytes;
    }

    /** How many of them are the broker's own, under {@code $}. */
    public int reservedSize() {
        return reservedSize;
    }

    /** What the broker's own take of these bytes. */
    public long reservedBytes() {
        return reservedBytes;
    }

    /** How many levels of topics there are in the tree: 0 when there is no message. */
    public int nodes() {
        return nodes;
    }

    /** The message of a node, null when there is none; one that has expired is deleted. */
    Message unexpired(RetainedNode node, long nowNanos) {
        Message message = node.message();
        if (message == null || !message.isExpired(nowNanos)) {
            return message;
        }
        Topic topic = message.topic();
        ReentrantLock turn = turn(topic);
        turn.lock();
        try {
            if (deleteIfStillThere(node, message)) {
                expired.accept(topic);
            }
        } finally {
            turn.unlock();
        }
        return null;
    }

    private boolean deleteIfStillThere(RetainedNode node, Message message) {
        synchronized (writeLock) {
            boolean there = node.message() == message;
            if (there) {
                delete(node);
            }
            return there;
        }
    }

    private void delete(RetainedNode node) {
        boolean reserved = node.message().topic().isReserved();
        long freed = sizeOf(node.message());
        node.setMessage(null);
        size--;
        for (RetainedNode empty = node; empty != root && empty.isEmpty(); empty = empty.parent) {
            empty.parent.remove(empty);
            nodes--;
            freed += LEVEL_BYTES;
        }
        bytes -= freed;
        if (reserved) {
            reservedSize--;
            reservedBytes -= freed;
        }
    }

    /** The node of a topic, null when there is none. */
    private RetainedNode find(Topic topic) {
        Levels levels = new Levels(topic);
        RetainedNode node = deepest(levels);
        return levels.hasNext() ? null : node;
    }

    /** The last node on the way along these levels; those without a node are left. */
    private RetainedNode deepest(Levels levels) {
        RetainedNode node = root;
        while (levels.hasNext()) {
            RetainedNode child = node.child(levels.peek());
            if (child == null) {
                return node;
            }
            levels.next();
            node = child;
        }
        return node;
    }

    private static int sizeOf(Message message) {
        return message == null ? 0 : message.sizeInBytes();
    }

    private static boolean isWildcard(String level) {
        return level.equals("#") || level.equals("+");
    }

    /** Goes through a topic without {@link Topic#level}: a topic remembers how it was split, for as long as it is retained. */
    private static final class Levels {
        private final String name;
        private int from;
        private String peeked;

        Levels(Topic topic) {
            name = topic.name();
        }

        boolean hasNext() {
            return from <= name.length();
        }

        String peek() {
            if (peeked == null) {
                int slash = name.indexOf('/', from);
                peeked = name.substring(from, slash < 0 ? name.length() : slash);
            }
            return peeked;
        }

        String next() {
            String level = peek();
            from += level.length() + 1;
            peeked = null;
            return level;
        }

        /** How many are yet to come. */
        long left() {
            if (!hasNext()) {
                return 0;
            }
            return 1
                    + name.chars()
                            .skip(from)
                            .filter(character -> character == '/')
                            .count();
        }
    }
}
