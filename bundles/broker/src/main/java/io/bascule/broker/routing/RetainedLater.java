/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.broker.routing;

import io.bascule.broker.retained.RetainedMessages;
import io.bascule.broker.session.BrokerLoop;
import io.bascule.mqtt.Message;
import io.bascule.mqtt.Topic;
import io.bascule.spi.MessageStore;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.BooleanSupplier;

/**
 * Topics at which a message was retained while too much waited for the disk, of publishers that cannot be made to wait. When there is room again the
 * store is told of each what is retained there then: what was replaced meanwhile need not be written. Used on one event loop.
 */
final class RetainedLater {
    /** What the names of these topics may take, in bytes. */
    private static final long MOST = 4L << 20;

    /** About what one takes beside its name, in bytes. */
    private static final int EACH = 100;

    /** Of how many the store is told before others have their turn on the event loop. */
    private static final int A_TURN = 64;

    private final RetainedMessages retained;
    private final MessageStore store;
    private final Set<Topic> topics = new LinkedHashSet<>();
    private long bytes;
    private boolean waiting;
    private volatile boolean any;
    private volatile boolean stopped;

    RetainedLater(RetainedMessages retained, MessageStore store) {
        this.retained = retained;
        this.store = store;
    }

    /** Retains it; false where there is no room, and what the topic had it still has. */
    boolean put(Message message, BrokerLoop loop) {
        Topic topic = message.topic();
        boolean known = topics.contains(topic);
        if (!known && bytes + size(topic) > MOST || !retained.put(message)) {
            return false;
        }
        if (!known) {
            topics.add(topic);
            bytes += size(topic);
            any = true;
        }
        await(loop);
        return true;
    }

    private static long size(Topic topic) {
        return EACH + 2L * topic.name().length();
    }

    private void await(BrokerLoop loop) {
        if (!waiting) {
            waiting = true;
            store.whenRelieved(() -> loop.eventLoop().execute(() -> relieved(loop)));
        }
    }

    private void relieved(BrokerLoop loop) {
        waiting = false;
        if (stopped) {
            return; // there may be another broker by now, which knows better
        }
        tell(A_TURN, () -> !store.isCongested());
        if (!topics.isEmpty()) {
            await(loop);
        }
    }

    /**
     * Tells the store of so many at most. One that another loop has changed meanwhile stays: that loop may have told the store before, of what is newer.
     * Since everybody retains first and tells the store then, the store has the last word when nothing has changed while it was told.
     */
    private void tell(int atMost, BooleanSupplier goOn) {
        int left = atMost;
        for (Iterator<Topic> each = topics.iterator(); each.hasNext() && left > 0 && goOn.getAsBoolean(); left--) {
            Topic topic = each.next();
            Optional<Message> told = now(topic);
            told.ifPresentOrElse(
                    message -> store.append(message, true, List.of(), Optional.empty()), () -> store.unretain(topic));
            if (now(topic).orElse(null) == told.orElse(null)) {
                each.remove();
                bytes -= size(topic);
            }
        }
        any = !topics.isEmpty();
    }

    private Optional<Message> now(Topic topic) {
        return retained.get(topic, System.nanoTime());
    }

    /** Whether nothing more is to be put off; from any thread. */
    boolean isStopped() {
        return stopped;
    }

    /** Tells the store of all that is left, however much waits. Completes when it has been told; from any thread. */
    CompletionStage<Void> stop(BrokerLoop loop) {
        stopped = true;
        if (!any) {
            return CompletableFuture.completedFuture(null);
        }
        return CompletableFuture.runAsync(this::tellAll, loop.eventLoop()::execute);
    }

    private void tellAll() {
        while (!topics.isEmpty()) {
            tell(topics.size(), () -> true);
        }
    }
}
