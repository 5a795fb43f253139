/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.benchmarks.tls;

import io.bascule.api.ListenerStatus;
import io.bascule.mqtt.Message;
import io.bascule.mqtt.ReasonCode;
import io.bascule.transport.Acknowledgement;
import io.bascule.transport.Connection;
import io.bascule.transport.ConnectionHandler;
import io.bascule.transport.ControlPacket;
import io.bascule.transport.internal.ListenerComponent;
import io.bascule.transport.internal.NettyTransport;
import java.io.IOException;
import java.util.HashMap;
import java.util.Map;

/**
 * A process with one listener over TLS, of the transport alone: a bare framework has no BoringSSL. It says its port, and ends when its input
 * does. Its arguments are the listener's configuration, {@code key=value}.
 */
public final class HandshakeServer {
    private HandshakeServer() {}

    /** See the class. */
    public static void main(String[] arguments) throws IOException {
        Map<String, Object> properties = new HashMap<>(Map.of("service.pid", "io.bascule.listener~tls", "port", 0));
        for (String argument : arguments) {
            String[] pair = argument.split("=", 2);
            properties.put(pair[0], pair[1]);
        }
        NettyTransport transport = new NettyTransport();
        ListenerComponent listener =
                new ListenerComponent(properties, transport, terms -> new Silent(), (name, address) -> () -> {});
        while (listener.status().state() != ListenerStatus.State.OPEN) {
            if (listener.status().state() == ListenerStatus.State.CONFIG_INVALID) {
                throw new IllegalArgumentException(listener.status().reason().orElseThrow());
            }
            Thread.onSpinWait();
        }
        System.out.println(listener.status().port());
        while (System.in.read() >= 0) {
            Thread.onSpinWait(); // nothing is said to it
        }
        listener.close();
        transport.stop();
    }

    /** Serves nobody. */
    private static final class Silent implements ConnectionHandler {
        @Override
        public void opened(Connection connection) {}

        @Override
        public void packet(ControlPacket packet) {}

        @Override
        public void publish(Message message, int packetId, boolean dup, int[] subscriptionIdentifiers) {}

        @Override
        public void acknowledged(Acknowledgement kind, int packetId, ReasonCode reason) {}

        @Override
        public void writabilityChanged() {}

        @Override
        public void failed(ReasonCode reason, String what) {}

        @Override
        public void closed(String why) {}
    }
}
