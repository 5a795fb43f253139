/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.transport.internal;

import io.bascule.mqtt.MqttVersion;
import io.bascule.mqtt.ReasonCode;
import io.bascule.transport.ControlPacket;
import java.util.OptionalLong;

/** What the two ends of one connection have told each other in CONNECT and CONNACK, and hold each other to from then on. */
final class Terms {
    /** The largest packet that MQTT can express, with its header, in bytes. */
    private static final long LARGEST_PACKET = 268_435_460;

    private final Role role;
    private MqttVersion version;
    private boolean accepted; // by the server that we are the client of
    private int maximumIncoming;
    private long maximumOutgoing = LARGEST_PACKET;
    private int incomingAliases;
    private int outgoingAliases;
    private boolean accepting; // the client, who has had our CONNACK
    private boolean problemInformation = true;

    Terms(Role role) {
        this.role = role;
        this.maximumIncoming = role.firstPacketSize();
    }

    /** The CONNECT that is being read is of this version. */
    void connectBegins(MqttVersion spoken) {
        version = spoken;
    }

    void received(ControlPacket.Connect connect) {
        maximumOutgoing = largest(connect.maximumPacketSize());
        outgoingAliases = Math.min(OutgoingAliases.MOST, connect.topicAliasMaximum());
        problemInformation = connect.requestProblemInformation();
    }

    void received(ControlPacket.ConnAck connAck) {
        maximumOutgoing = largest(connAck.properties().maximumPacketSize());
        outgoingAliases = Math.min(OutgoingAliases.MOST, connAck.properties().topicAliasMaximum());
        maximumIncoming = role.packetSize();
        accepted = true;
    }

    /** What the packet says holds from now on. */
    void sent(ControlPacket packet) {
        if (packet instanceof ControlPacket.Connect connect) {
            version = connect.version();
            incomingAliases = connect.topicAliasMaximum();
        } else if (packet instanceof ControlPacket.ConnAck connAck && connAck.reason() == ReasonCode.SUCCESS) {
            maximumIncoming = role.packetSize();
            incomingAliases = connAck.properties().topicAliasMaximum();
            accepting = true;
        }
    }

    private static long largest(OptionalLong maximumPacketSize) {
        return Math.min(LARGEST_PACKET, maximumPacketSize.orElse(LARGEST_PACKET));
    }

    Role role() {
        return role;
    }

    /** Whether the packets that come in are a client's. */
    boolean fromClient() {
        return role.fromClient();
    }

    /** Whether the first packet of the other end has come: CONNECT, or CONNACK. */
    boolean isEstablished() {
        return role.fromClient() ? version != null : accepted;
    }

    /** The version that is spoken, null as long as nobody has said one. */
    MqttVersion version() {
        return version;
    }

    /** Whether DISCONNECT may be sent: by a client always, by a server to a client that it has accepted, and not before 5.0. */
    boolean mayDisconnect() {
        return !role.fromClient() || accepting && version == MqttVersion.MQTT_5; // [MQTT-3.14.0-1]
    }

    /** Whether the other end wants words with every reason, and not with those of CONNACK and DISCONNECT alone. */
    boolean problemInformation() {
        return problemInformation;
    }

    /** The largest packet that is taken from the other end, in bytes. */
    int maximumIncoming() {
        return maximumIncoming;
    }

    /** Where {@link #maximumIncoming} comes from. */
    Limit incomingLimit() {
        return accepting || accepted ? Limit.MAX_PACKET_SIZE : Limit.MAX_CONNECT_SIZE;
    }

    /** The largest packet that the other end takes, in bytes. */
    long maximumOutgoing() {
        return maximumOutgoing;
    }

    /** The largest Topic Alias that the other end may use, 0 for none. */
    int incomingAliases() {
        return incomingAliases;
    }

    /** The largest Topic Alias that we may use, 0 for none [MQTT-3.1.2-26, MQTT-3.1.2-27, MQTT-3.2.2-17]. */
    int outgoingAliases() {
        return outgoingAliases;
    }
}
