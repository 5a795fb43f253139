/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.broker;

import io.bascule.api.ListenerStatus;
import io.bascule.broker.extension.Extensions;
import io.bascule.broker.login.LoginGuard;
import io.bascule.broker.store.MemoryMessageStore;
import io.bascule.spi.MessageStore;
import io.bascule.subscriptions.internal.RadixSubscriptionTree;
import io.bascule.transport.internal.ListenerComponent;
import io.bascule.transport.internal.NettyTransport;
import java.util.HashMap;
import java.util.Map;

/** The broker with one listener on a free loopback port, put together as Declarative Services would. */
final class TestBroker implements AutoCloseable {
    private final NettyTransport transport = new NettyTransport();
    private final Extensions extensions = new Extensions();
    private final LoginGuard logins = new LoginGuard();
    private final BrokerComponent broker;
    private final ListenerComponent listener;

    TestBroker(Map<String, Object> brokerProperties, Map<String, Object> listenerProperties) {
        this(brokerProperties, listenerProperties, new MemoryMessageStore());
    }

    TestBroker(Map<String, Object> brokerProperties, Map<String, Object> listenerProperties, MessageStore store) {
        broker = new BrokerComponent(
                "test",
                brokerProperties,
                transport,
                extensions,
                logins,
                new RadixSubscriptionTree<>(),
                store,
                System::nanoTime);
        Map<String, Object> properties = new HashMap<>(listenerProperties);
        properties.put("service.pid", "io.bascule.listener~test");
        properties.putIfAbsent("port", 0);
        listener = new ListenerComponent(properties, transport, broker, (name, address) -> () -> {});
    }

    static TestBroker start() {
        return new TestBroker(Map.of(), Map.of());
    }

    BrokerComponent broker() {
        return broker;
    }

    Extensions extensions() {
        return extensions;
    }

    LoginGuard logins() {
        return logins;
    }

    NettyTransport transport() {
        return transport;
    }

    /** The port it listens on; waits until it does. */
    int port() {
        long deadline = System.nanoTime() + 10_000_000_000L;
        while (listener.status().state() != ListenerStatus.State.OPEN) {
            if (System.nanoTime() - deadline > 0) {
                throw new IllegalStateException("not open: " + listener.status());
            }
            Thread.onSpinWait();
        }
        return listener.status().port();
    }

    @Override
    public void close() {
        listener.close();
        broker.stop();
        transport.stop();
    }

    /** Serves on the given port until it is killed: for trying something by hand. */
    public static void main(String[] args) throws InterruptedException {
        new TestBroker(Map.of(), Map.of("port", args[0]));
        Thread.currentThread().join();
    }
}
