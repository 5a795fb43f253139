/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.broker.session;

import io.bascule.api.QueuedMessage;
import io.bascule.mqtt.Message;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executor;
import java.util.function.Consumer;

/** Shows people what waits in a queue, also what is in the store alone; each message may wait so long there. */
record QueueListing(SessionEnvironment environment, Executor eventLoop, Duration age) {

    /** Hands these over, on the event loop, once they have been read back; called there. */
    void list(List<OutgoingQueue.Numbered> some, Consumer<List<QueuedMessage>> then) {
        List<OutgoingQueue.Numbered> missing = some.stream()
                .filter(each -> each.outgoing().message().isEmpty())
                .toList();
        if (missing.isEmpty()) {
            then.accept(asQueued(some, Map.of()));
            return;
        }
        environment
                .store()
                .read(missing.stream().map(each -> each.outgoing().stored()).toList(), messages -> {
                    Map<Long, Message> read = new HashMap<>();
                    for (int i = 0; i < missing.size(); i++) {
                        long number = missing.get(i).number();
                        messages.get(i).ifPresent(message -> read.put(number, message));
                    }
                    eventLoop.execute(() -> then.accept(asQueued(some, read)));
                });
    }

    private List<QueuedMessage> asQueued(List<OutgoingQueue.Numbered> some, Map<Long, Message> read) {
        long now = environment.nanoTime();
        List<QueuedMessage> listed = new ArrayList<>();
        for (OutgoingQueue.Numbered each : some) {
            Message message = each.outgoing().message().orElse(read.get(each.number()));
            if (message != null) { // otherwise it is gone meanwhile, or cannot be read
                listed.add(each.outgoing().asQueued(each.number(), message, now, age));
            }
        }
        return listed;
    }
}
