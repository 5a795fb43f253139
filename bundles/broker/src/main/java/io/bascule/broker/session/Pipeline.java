/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.broker.session;

import io.bascule.mqtt.Message;
import java.util.ArrayDeque;
import java.util.function.BiConsumer;
import java.util.function.LongPredicate;

/**
 * What is in the window and not yet with the peer: a QoS 2 message leaves when it is durable that it does so under this Packet Identifier,
 * since otherwise the receiver could get it a second time under another one; and what comes after it stays behind it.
 */
final class Pipeline {
    private final ArrayDeque<Step> steps = new ArrayDeque<>(1);

    private record Step(Outgoing outgoing, Message message, long position) {}

    boolean isEmpty() {
        return steps.isEmpty();
    }

    void add(Outgoing outgoing, Message message, long position) {
        steps.add(new Step(outgoing, message, position));
    }

    /** Takes one back that could not leave after all, before all others. */
    void putBack(Outgoing outgoing, Message message) {
        steps.addFirst(new Step(outgoing, message, 0)); // what it had to wait for is durable
    }

    /** Lets those out that need not wait for the store any more. */
    void flush(LongPredicate isDurable, BiConsumer<Outgoing, Message> out) {
        while (!steps.isEmpty() && isDurable.test(steps.peek().position())) {
            Step next = steps.poll();
            out.accept(next.outgoing(), next.message());
        }
    }

    void clear() {
        steps.clear();
    }
}
