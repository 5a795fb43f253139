/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.broker;

import io.bascule.broker.extension.Extensions;
import io.bascule.broker.login.LoginGuard;
import io.bascule.broker.model.SteppedLoop;
import io.bascule.mqtt.Message;
import io.bascule.mqtt.TopicFilter;
import io.bascule.spi.MessageStore;
import io.bascule.subscriptions.internal.RadixSubscriptionTree;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.LongSupplier;

/** A broker whose event loop and clock are the test's. */
public final class SteppedBroker {
    private final BrokerComponent broker;

    public SteppedBroker(SteppedLoop loop, MessageStore store, LongSupplier nanoTime) {
        broker = new BrokerComponent(
                "test",
                Map.of("sys.interval", "0s"),
                loop,
                new Extensions(),
                new LoginGuard(nanoTime),
                new RadixSubscriptionTree<>(),
                store,
                nanoTime);
    }

    public BrokerComponent broker() {
        return broker;
    }

    /** What a subscription to this filter gets, in this order. */
    public List<Message> retained(TopicFilter filter) {
        List<Message> found = new ArrayList<>();
        broker.retained().match(filter, broker.nanoTime(), found::add);
        return found;
    }

    public void stop() {
        broker.stop();
    }
}
