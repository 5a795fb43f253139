/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.broker.routing;

import io.bascule.broker.retained.RetainedMessages;
import io.bascule.broker.session.BrokerLoop;
import io.bascule.mqtt.Message;
import io.bascule.mqtt.QoS;
import io.bascule.mqtt.Topic;
import io.bascule.spi.MessageStore;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * Topics at which a message was retained while too much waited for the disk, of publishers that cannot be made to wait. When there is room again the
 * store is told of each what is retained there then: what was replaced meanwhile need not be written. Used on one event loop.
 */
final class RetainedLater {
    /** What the names of these topics may take, in bytes. */
    private static final long MOST = 4L << 20;

    /** About what one takes beside its name, in bytes. */
    private static final int EACH = 100;

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
        tell(false);
        if (!topics.isEmpty()) {
            await(loop);
        }
    }

    private void tell(boolean all) {
        for (Iterator<Topic> each = topics.iterator(); each.hasNext() && (all || !store.isCongested()); ) {
            Topic topic = each.next();
            each.remove();
            bytes -= size(topic);
            Message now = retained.get(topic, System.nanoTime())
                    .orElseGet(() -> Message.of(topic, new byte[0], QoS.AT_MOST_ONCE, true)); // has it deleted
            store.append(now, true, List.of(), Optional.empty());
        }
        any = !topics.isEmpty();
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
        return CompletableFuture.runAsync(() -> tell(true), loop.eventLoop()::execute);
    }
}
