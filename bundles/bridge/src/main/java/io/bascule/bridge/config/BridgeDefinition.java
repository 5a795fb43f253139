/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.bridge.config;

import io.bascule.api.Bridge.Direction;
import io.bascule.api.BridgeStatus;
import io.bascule.api.QueueLimits;
import io.bascule.bridge.route.Route;
import io.bascule.bridge.status.Presence;
import io.bascule.mqtt.MqttVersion;
import io.bascule.mqtt.QoS;
import io.bascule.mqtt.Topic;
import io.bascule.mqtt.TopicFilter;
import io.bascule.transport.Proxy;
import io.bascule.transport.TcpOptions;
import io.bascule.transport.TlsOptions;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * A valid bridge configuration.
 *
 * @param name from the configuration's file name
 * @param enabled whether it connects at all
 * @param servers the remote brokers
 * @param tls how it is spoken with over TLS; there for a server that is, and for no other
 * @param proxy through which it is reached
 * @param tcp what is asked of the socket
 * @param connections how many connections it makes to the remote broker at most
 * @param clientId by which the remote broker knows this bridge
 * @param user for the remote broker
 * @param password for the remote broker
 * @param credentials the name of who provides user and password, in place of these
 * @param protocols the protocol versions that may be spoken, the one that is wanted most first
 * @param keepAlive in whole seconds
 * @param cleanStart whether nothing is kept at either end while the bridge is not connected
 * @param sessionExpiryInterval how long the remote broker is to keep its session while the bridge is not connected, in seconds; 5.0 alone can say so
 * @param deleteGrace how long both sessions outlive a configuration that is deleted, in whole seconds
 * @param connectTimeout for name resolution and TCP, and once more from there until messages flow
 * @param reconnectMin the shortest time between two attempts
 * @param reconnectMax the longest time between two attempts
 * @param givenReceiveMaximum how many QoS 1 and 2 messages may be unacknowledged in each direction; empty for what suits the protocol version
 * @param maximumQos the highest QoS that the remote broker takes, as far as is known before it says so
 * @param receiveRate how many QoS 0 messages a second are read from the remote broker, 1 to 1,000,000; one above 1 KiB counts once for each
 *     KiB begun
 * @param topicAliasMaximum how many Topic Aliases the remote broker may use; 5.0 alone has them
 * @param sendRates how much is sent to the remote broker
 * @param backlogRates how much of what has waited for a connection
 * @param budget how much may be sent to the remote broker in a day and a month
 * @param maximumFilters how many filters a SUBSCRIBE bears at most
 * @param topicLimits what topics the remote broker takes, as far as it is known to close the connection over others
 * @param maximumPacketSize the largest packet accepted from the remote broker, in bytes
 * @param presence where the remote broker is told that this bridge is there, and by its will that it is not
 * @param deadLetterTopic where in the local broker messages go that are too large to cross
 * @param queue what may wait to be forwarded, where that is not what may wait in any session of the broker
 * @param authorizers those who say what it may do in this broker, by their names, in the order in which they are asked; empty for all that there are
 * @param maximumHops how many bridges a message crosses at most, this one included
 * @param routes forward routes first, each kind by name
 * @param startType when it connects, where it is enabled
 */
public record BridgeDefinition(
        String name,
        boolean enabled,
        Servers servers,
        Optional<TlsOptions> tls,
        Optional<Proxy> proxy,
        TcpOptions tcp,
        int connections,
        String clientId,
        Optional<String> user,
        Optional<Secret> password,
        Optional<String> credentials,
        List<MqttVersion> protocols,
        Duration keepAlive,
        boolean cleanStart,
        long sessionExpiryInterval,
        Duration deleteGrace,
        Duration connectTimeout,
        Duration reconnectMin,
        Duration reconnectMax,
        OptionalInt givenReceiveMaximum,
        QoS maximumQos,
        int receiveRate,
        int topicAliasMaximum,
        Rates sendRates,
        Rates backlogRates,
        BudgetLimits budget,
        int maximumFilters,
        TopicLimits topicLimits,
        int maximumPacketSize,
        Optional<Presence> presence,
        Optional<Topic> deadLetterTopic,
        Optional<QueueLimits> queue,
        Optional<List<String>> authorizers,
        int maximumHops,
        List<Route> routes,
        StartType startType) {

    /** What the client ids of the bridges' local sessions begin with. */
    public static final String LOCAL_PREFIX = BridgeStatus.LOCAL_PREFIX;

    public BridgeDefinition {
        protocols = List.copyOf(protocols);
        routes = List.copyOf(routes);
    }

    /**
     * The client id of the bridge's local session. It comes from the name, so that the session and what waits in it outlive every edit of the
     * file, and so that two bridges with one identity at two remote brokers keep two sessions here.
     */
    public String localClientId() {
        return LOCAL_PREFIX + name;
    }

    /** The client id of its connection of this number, from 1 on; no name of a bridge has a colon, so that no other one's is the same by default. */
    public String clientId(int connection) {
        return connection == 1 ? clientId : clientId + ":" + connection;
    }

    /** Whether nothing else may be spoken. */
    public boolean isMqtt5() {
        return protocols.equals(List.of(MqttVersion.MQTT_5));
    }

    /**
     * How many QoS 1 and 2 messages may be unacknowledged in each direction. A 5.0 broker narrows it in CONNACK. A 3.1.1 broker is not told, and
     * cannot say how much it bears: Mosquitto 2.0 loses QoS 2 messages beyond its max_inflight_messages, 20, when the connection is cut
     * meanwhile; measured, 10 to 50 % of a backlog.
     */
    public int receiveMaximum(MqttVersion version) {
        return givenReceiveMaximum.orElse(version == MqttVersion.MQTT_5 ? 1024 : 20);
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

    /** Its sessions at the remote brokers, in their order. */
    public List<RemoteIdentity> remoteIdentities() {
        return servers.all().stream()
                .map(server -> new RemoteIdentity(server, clientId))
                .toList();
    }

    /** Whether it has this session. */
    public boolean has(RemoteIdentity session) {
        return remoteIdentities().stream().anyMatch(session::isSame);
    }
}
