/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.bridge.link;

import io.bascule.bridge.config.BridgeDefinition;
import io.bascule.bridge.config.Overlaps;
import io.bascule.bridge.config.Server;
import io.bascule.bridge.link.Greetings.Greeting;
import io.bascule.bridge.route.Circle;
import io.bascule.mqtt.MqttVersion;
import io.bascule.transport.ControlPacket;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.LongSupplier;
import java.util.stream.Collectors;

/** How a bridge may send messages round, and what keeps it from that; it outlives a connection. */
final class Loops {
    private final BridgeDefinition definition;
    private final BrokerIds ids;
    private final EchoFilter echoes;
    private final List<Circle> circles;
    private final List<String> warnings;

    Loops(BridgeDefinition definition, BrokerIds ids, LongSupplier nanoTime) {
        this.definition = definition;
        this.ids = ids;
        this.echoes = new EchoFilter(nanoTime);
        this.circles = Circle.among(definition.routes());
        this.warnings = Overlaps.within(definition);
    }

    /** Where its routes lead in a circle, one sentence each; from any thread. */
    List<String> warnings() {
        return warnings;
    }

    /**
     * What holds on a connection that has been accepted.
     *
     * @param at where the remote broker is
     * @param here the id of this broker
     * @param server what the remote broker says of itself
     * @param greeting how it was greeted
     */
    LoopGuard guard(Server at, String here, ControlPacket.ServerProperties server, Greeting greeting) {
        Handshake.brokerId(server).ifPresent(id -> ids.learn(at, id));
        boolean mayEcho = greeting.version() != MqttVersion.MQTT_5 && !greeting.bit();
        return new LoopGuard(
                new Hops(here, new RemoteName(here, at, ids), definition.maximumHops()),
                mayEcho ? Optional.of(echoes) : Optional.empty(),
                circles.stream().map(Circle::out).collect(Collectors.toCollection(Loops::identitySet)));
    }

    // Routes are not compared as records, for what Server.equals says.
    private static <T> Set<T> identitySet() {
        return Collections.newSetFromMap(new IdentityHashMap<>());
    }
}
