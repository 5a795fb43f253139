/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.bridge.config;

import io.bascule.api.Bridge.Direction;
import io.bascule.api.BridgeStatus;
import io.bascule.api.QueueLimits;
import io.bascule.bridge.route.Route;
import io.bascule.bridge.status.Presence;
import io.bascule.mqtt.MqttVersion;
import io.bascule.mqtt.TopicFilter;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * A valid bridge configuration.
 *
 * @param name from the configuration's file name
 * @param enabled whether it connects at all
 * @param server the remote broker
 * @param clientId by which the remote broker knows this bridge
 * @param user for the remote broker
 * @param password for the remote broker
 * @param protocol the protocol version of the remote session
 * @param keepAlive in whole seconds
 * @param cleanStart whether nothing is kept at either end while the bridge is not connected
 * @param deleteGrace how long both sessions outlive a configuration that is deleted, in whole seconds
 * @param connectTimeout for name resolution and TCP, and once more from there until messages flow
 * @param reconnectMin the shortest time between two attempts
 * @param reconnectMax the longest time between two attempts
 * @param receiveMaximum how many QoS 1 and 2 messages may be unacknowledged in each direction; a 3.1.1 broker is not told
 * @param receiveRate how many QoS 0 messages a second are read from the remote broker, 1 to 1,000,000; one above 1 KiB counts once for each
 *     KiB begun
 * @param maximumPacketSize the largest packet accepted from the remote broker, in bytes
 * @param presence where the remote broker is told that this bridge is there, and by its will that it is not
 * @param queue what may wait to be forwarded, where that is not what may wait in any session of the broker
 * @param authorizers those who say what it may do in this broker, by their names, in the order in which they are asked; empty for all that there are
 * @param maximumHops how many bridges a message crosses at most, this one included
 * @param routes forward routes first, each kind by name
 */
public record BridgeDefinition(
        String name,
        boolean enabled,
        Server server,
        String clientId,
        Optional<String> user,
        Optional<Secret> password,
        MqttVersion protocol,
        Duration keepAlive,
        boolean cleanStart,
        Duration deleteGrace,
        Duration connectTimeout,
        Duration reconnectMin,
        Duration reconnectMax,
        int receiveMaximum,
        int receiveRate,
        int maximumPacketSize,
        Optional<Presence> presence,
        Optional<QueueLimits> queue,
        Optional<List<String>> authorizers,
        int maximumHops,
        List<Route> routes) {

    /** What the client ids of the bridges' local sessions begin with. */
    public static final String LOCAL_PREFIX = BridgeStatus.LOCAL_PREFIX;

    public BridgeDefinition {
        routes = List.copyOf(routes);
    }

    /**
     * The client id of the bridge's local session. It comes from the name, so that the session and what waits in it outlive every edit of the
     * file, and so that two bridges with one identity at two remote brokers keep two sessions here.
     */
    public String localClientId() {
        return LOCAL_PREFIX + name;
    }

    /** Its routes of this direction. */
    public List<Route> routes(Direction direction) {
        return routes.stream().filter(route -> route.direction() == direction).toList();
    }

    /** What its routes of this direction take. */
    public List<TopicFilter> filters(Direction direction) {
        return routes(direction).stream()
                .flatMap(route -> route.filters().stream())
                .toList();
    }

    /** Whether this one has the same session at the same remote broker. */
    public boolean hasSameRemoteSession(BridgeDefinition other) {
        return server.equals(other.server) && clientId.equals(other.clientId);
    }
}
