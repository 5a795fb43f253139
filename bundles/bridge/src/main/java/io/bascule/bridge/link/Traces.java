/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.bridge.link;

import io.bascule.api.BridgePacket;
import io.bascule.api.PacketTrace;
import io.bascule.mqtt.Message;
import io.bascule.mqtt.QoS;
import io.bascule.resource.Lease;
import io.bascule.resource.ResourceKind;
import io.bascule.resource.ResourceScope;
import io.bascule.transport.Acknowledgement;
import io.bascule.transport.ControlPacket;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Those who are shown each packet of a link: shown on its event loop, opened and closed anywhere. While there are none, nothing is made. */
final class Traces {
    private static final Logger LOG = LoggerFactory.getLogger(Link.class);

    private final ResourceScope scope;
    private final List<Trace> open = new CopyOnWriteArrayList<>();

    Traces(ResourceScope scope) {
        this.scope = scope;
    }

    /** @throws IllegalStateException when the scope is closed */
    PacketTrace open(Consumer<BridgePacket> consumer) {
        Trace trace = new Trace(consumer);
        open.add(trace);
        trace.lease = scope.hold(ResourceKind.TRACE, () -> open.remove(trace));
        return trace;
    }

    /** A PUBLISH was sent or received. */
    void publish(boolean sent, Message message, QoS qos, boolean retain, boolean dup, int packetId) {
        if (!open.isEmpty()) {
            BridgePacket.Publish publish =
                    new BridgePacket.Publish(qos, dup, retain, message.topic().name(), message.payload().length);
            show(sent, "PUBLISH", packetId, Optional.of(publish), List.of());
        }
    }

    /** An acknowledgement was sent or received. */
    void acknowledged(boolean sent, Acknowledgement kind, int packetId) {
        if (!open.isEmpty()) {
            show(sent, kind.name(), packetId, Optional.empty(), List.of());
        }
    }

    /** Any other packet was sent or received. */
    void packet(boolean sent, ControlPacket packet) {
        if (!open.isEmpty()) {
            String type = packet.getClass().getSimpleName().toUpperCase(Locale.ROOT);
            show(sent, type, packetId(packet), Optional.empty(), topicFilters(packet));
        }
    }

    private static int packetId(ControlPacket packet) {
        if (packet instanceof ControlPacket.Subscribe subscribe) {
            return subscribe.packetId();
        } else if (packet instanceof ControlPacket.SubAck subAck) {
            return subAck.packetId();
        } else if (packet instanceof ControlPacket.Unsubscribe unsubscribe) {
            return unsubscribe.packetId();
        }
        return packet instanceof ControlPacket.UnsubAck unsubAck ? unsubAck.packetId() : 0;
    }

    private static List<String> topicFilters(ControlPacket packet) {
        if (packet instanceof ControlPacket.Subscribe subscribe) {
            return subscribe.subscriptions().stream()
                    .map(ControlPacket.RequestedSubscription::text)
                    .toList();
        }
        return packet instanceof ControlPacket.Unsubscribe unsubscribe
                ? unsubscribe.filters().stream()
                        .flatMap(Optional::stream)
                        .map(Object::toString)
                        .toList()
                : List.of();
    }

    private void show(
            boolean sent,
            String type,
            int packetId,
            Optional<BridgePacket.Publish> publish,
            List<String> topicFilters) {
        OptionalInt identifier = packetId == 0 ? OptionalInt.empty() : OptionalInt.of(packetId);
        BridgePacket packet = new BridgePacket(Instant.now(), sent, type, identifier, publish, topicFilters);
        open.forEach(trace -> trace.show(packet));
    }

    private final class Trace implements PacketTrace {
        private final Consumer<BridgePacket> consumer;
        private volatile Lease lease;

        Trace(Consumer<BridgePacket> consumer) {
            this.consumer = consumer;
        }

        void show(BridgePacket packet) {
            try {
                consumer.accept(packet);
            } catch (RuntimeException e) {
                LOG.warn("a trace ends, since what it is shown to fails", e);
                open.remove(this);
            }
        }

        @Override
        public boolean isOpen() {
            return open.contains(this);
        }

        @Override
        public void close() {
            lease.close();
        }
    }
}
