/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.broker;

import io.bascule.broker.session.BrokerLoop;
import io.bascule.broker.session.Routed;
import io.bascule.broker.session.Withheld;
import io.bascule.mqtt.Message;
import io.bascule.mqtt.QoS;
import io.bascule.mqtt.ReasonCode;
import io.bascule.spi.MessageStore;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicInteger;

/** Publishes for the host, which has no session: each of its messages is acknowledged for itself. Safe for use by several threads. */
final class HostPublisher {
    /** No client could have more unacknowledged than it has said; of the host it is known here. */
    private static final int MOST_WITHHELD = 1024;

    private final BrokerLoop loop;
    private final MessageStore store;
    private final AtomicInteger withheld = new AtomicInteger();

    /** All messages go through one loop, which keeps them in order. */
    HostPublisher(BrokerLoop loop, MessageStore store) {
        this.loop = loop;
        this.store = store;
    }

    CompletionStage<ReasonCode> publish(Message message) {
        CompletableFuture<ReasonCode> published = new CompletableFuture<>();
        loop.eventLoop().execute(() -> {
            try {
                publish(message, published);
            } catch (RuntimeException e) {
                published.completeExceptionally(e);
            }
        });
        return published;
    }

    private void publish(Message message, CompletableFuture<ReasonCode> published) {
        boolean patient = message.qos() != QoS.AT_MOST_ONCE;
        if (patient && (store.isCongested() || isTooMuchWithheld(message))) {
            published.complete(ReasonCode.QUOTA_EXCEEDED);
            return;
        }
        loop.counters().received();
        Routed routed = loop.publisher().publish(message, null, 0, patient);
        if (routed.isWithheld()) {
            withheld.incrementAndGet();
            Withheld acknowledgement =
                    new Withheld(() -> loop.eventLoop().execute(() -> released(published, routed.reason())));
            routed.withhold(acknowledgement);
            loop.promises().when(routed.position(), acknowledgement::release);
        } else {
            loop.promises().when(routed.position(), () -> published.complete(routed.reason()));
        }
    }

    private boolean isTooMuchWithheld(Message message) {
        return withheld.get() >= MOST_WITHHELD && loop.publisher().isBlocked(message.topic());
    }

    private void released(CompletableFuture<ReasonCode> published, ReasonCode reason) {
        withheld.decrementAndGet();
        published.complete(reason);
    }
}
