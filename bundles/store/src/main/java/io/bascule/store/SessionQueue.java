/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.store;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/**
 * The messages that a session is not done with, by which they are found when it ends: what it leaves behind is to be deleted from the
 * disk then, and not when somebody happens to come across it.
 *
 * <p>They come in order and are done with nearly in order. So this is a queue of references, 4 to 8 bytes a message, in which what is done
 * with is left until it comes to the front, or more than half of the queue is like that. Guarded by the lock of the {@link State}.
 */
final class SessionQueue {
    private static final int FEW = 16;

    private final State state;
    private final KeptSession session;
    private ArrayDeque<LogMessage> messages = new ArrayDeque<>(0);
    private int open;
    private long lastNumber;
    private boolean inOrder = true;

    SessionQueue(State state, KeptSession session) {
        this.state = state;
        this.session = session;
    }

    void add(LogMessage message) {
        messages.add(message);
        inOrder &= message.number() > lastNumber;
        lastNumber = message.number();
        open++;
        state.countQueued(1);
    }

    /** The session is done with one of them, all its copies. */
    void settled() {
        open--;
        state.countQueued(-1);
        if (open == 0) {
            messages = new ArrayDeque<>(0); // a long queue would hold its array for ever
            return;
        }
        while (!messages.peek().isFor(session)) {
            messages.remove();
        }
        if (messages.size() > 2 * open + FEW) {
            messages.removeIf(message -> !message.isFor(session));
        }
    }

    /** Those that the session is not done with. */
    List<LogMessage> open() {
        return messages.stream().filter(message -> message.isFor(session)).toList();
    }

    /** All in the order of their numbers from now on, those among them that it is done with too: when the log is replayed, copies come late. */
    Stream<LogMessage> inOrder() {
        if (!inOrder) {
            List<LogMessage> sorted = new ArrayList<>(messages);
            sorted.sort(Comparator.comparingLong(LogMessage::number));
            messages = new ArrayDeque<>(sorted);
            inOrder = true;
        }
        return messages.stream();
    }

    void clear() {
        messages = new ArrayDeque<>(0);
        state.countQueued(-open);
        open = 0;
    }
}
