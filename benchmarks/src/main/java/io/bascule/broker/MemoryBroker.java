/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.broker;

import io.bascule.broker.extension.Extensions;
import io.bascule.broker.login.LoginGuard;
import io.bascule.spi.MessageStore;
import io.bascule.subscriptions.internal.RadixSubscriptionTree;
import io.bascule.transport.Connection;
import io.bascule.transport.ConnectionHandler;
import io.bascule.transport.ListenerTerms;
import io.bascule.transport.Transport;
import java.util.Map;
import java.util.Optional;

/**
 * A broker over any transport, whose clients come through no listener. In this package because otherwise only a framework makes one.
 */
public final class MemoryBroker {
    private static final int LARGEST = 1024 * 1024;

    private final BrokerComponent broker;

    public MemoryBroker(Transport transport, Extensions extensions, MessageStore store) {
        broker = new BrokerComponent(
                "benchmark",
                Map.of("sys.interval", "0s"),
                transport,
                extensions,
                new LoginGuard(),
                new RadixSubscriptionTree<>(),
                store,
                System::nanoTime);
    }

    /** A client has connected from this machine, and has not said anything yet. */
    public ConnectionHandler accept(Connection connection) {
        ConnectionHandler client =
                broker.accept(new ListenerTerms("memory", LARGEST, true, Optional.empty(), Optional.empty()));
        client.opened(connection);
        return client;
    }
}
