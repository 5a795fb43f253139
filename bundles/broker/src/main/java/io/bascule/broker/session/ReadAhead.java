/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.broker.session;

import io.bascule.mqtt.Message;
import io.bascule.spi.MessageStore;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Has messages read back from the store shortly before it is their turn, some at a time, so that neither an event loop waits for a disk nor
 * a long queue is in memory. Touched on the session's event loop alone.
 */
final class ReadAhead {
    private static final int MOST_MESSAGES = 256;
    private static final int MOST_BYTES = 1024 * 1024;

    private final MessageStore store;
    private final Consumer<Runnable> onEventLoop;
    private final Runnable goOn;
    private boolean reading;

    /** What is read back comes on the event loop, and then it goes on. */
    ReadAhead(MessageStore store, Consumer<Runnable> onEventLoop, Runnable goOn) {
        this.store = store;
        this.onEventLoop = onEventLoop;
        this.goOn = goOn;
    }

    /** Whether the next message has to be waited for; it and those behind it are on their way then. */
    boolean isAwaited(Outgoing next, Iterable<Outgoing> andBehind) {
        if (next.isUnreadable() || next.message().isPresent()) {
            return false;
        }
        if (!reading) {
            reading = true;
            List<Outgoing> some = missing(andBehind);
            store.read(
                    some.stream().map(Outgoing::stored).toList(),
                    messages -> onEventLoop.accept(() -> arrived(some, messages)));
        }
        return true;
    }

    private static List<Outgoing> missing(Iterable<Outgoing> waiting) {
        List<Outgoing> some = new ArrayList<>();
        int looked = 0;
        int bytes = 0;
        for (Outgoing each : waiting) {
            if (looked++ == MOST_MESSAGES || bytes > MOST_BYTES) {
                break;
            }
            if (each.message().isEmpty() && !each.isReceived()) {
                some.add(each);
            }
            bytes += each.sizeInBytes();
        }
        return some;
    }

    private void arrived(List<Outgoing> some, List<Optional<Message>> messages) {
        reading = false;
        for (int i = 0; i < some.size(); i++) {
            some.get(i).read(messages.get(i));
        }
        goOn.run();
    }
}
