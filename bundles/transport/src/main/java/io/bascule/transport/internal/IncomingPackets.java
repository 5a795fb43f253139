/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.transport.internal;

import static io.bascule.transport.internal.MqttFormatException.malformed;
import static io.bascule.transport.internal.MqttFormatException.protocolError;

import io.bascule.mqtt.Message;
import io.bascule.mqtt.MqttVersion;
import io.bascule.mqtt.ReasonCode;
import io.bascule.transport.ConnectionHandler;
import io.bascule.transport.ControlPacket;
import io.netty.buffer.ByteBuf;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Reads the packets of one connection and tells the handler, where they come in an order that the protocol allows. */
final class IncomingPackets {
    private static final Logger LOG = LoggerFactory.getLogger(IncomingPackets.class);

    private final ConnectionHandler handler;
    private final Terms terms;
    private final ConnectionLife life;
    private final PublishDecoder publishDecoder;

    // What this batch has brought, for the event loop's counters.
    private int packets;
    private int acknowledgements;
    private int publishes;
    private long publishBytes;

    IncomingPackets(ConnectionHandler handler, Terms terms, TopicCache topics, ConnectionLife life) {
        this.handler = handler;
        this.terms = terms;
        this.life = life;
        this.publishDecoder = new PublishDecoder(topics, terms);
    }

    /** Reads the packet whose variable header begins at {@code start} and whose last byte is before {@code end}. */
    void read(ByteBuf in, int firstByte, int start, int end) {
        packets++;
        int type = firstByte >> 4;
        if (type == PacketType.PUBLISH && terms.isEstablished()) {
            Message message = publishDecoder.decode(in, firstByte, start, end);
            publishes++;
            publishBytes += message.payload().length;
            int packetId = publishDecoder.packetId();
            boolean dup = (firstByte & 8) != 0 && packetId != 0;
            handler.publish(message, packetId, dup, publishDecoder.subscriptionIdentifiers());
            return;
        }
        if (!PacketType.hasValidFlags(firstByte, terms.version())) {
            throw malformed("a packet of type " + type + " with flags " + (firstByte & 15)); // [MQTT-2.1.3-1]
        }
        if (type >= PacketType.PUBACK && type <= PacketType.PUBCOMP && terms.isEstablished()) {
            acknowledgements++;
            acknowledgement(in, type, start, end);
            return;
        }
        checkOrder(type);
        FieldReader fields = new FieldReader(in, start, end);
        if (type == PacketType.CONNECT) {
            connect(fields);
        } else {
            other(PacketReader.read(type, fields, terms, budget()));
        }
    }

    /** How many packets of this batch were no acknowledgements. */
    int messages() {
        return packets - acknowledgements;
    }

    /** A batch of this many bytes has been read. */
    void count(int bytes, TrafficCounters traffic) {
        traffic.received(packets, bytes, publishes, publishBytes);
        packets = 0;
        acknowledgements = 0;
        publishes = 0;
        publishBytes = 0;
    }

    private PropertyBudget budget() {
        return new PropertyBudget(terms.role().properties());
    }

    private void checkOrder(int type) {
        boolean first = !terms.isEstablished();
        int opening = terms.fromClient() ? PacketType.CONNECT : PacketType.CONNACK;
        boolean authBeforeConnAck = type == PacketType.AUTH && !terms.fromClient();
        if (first && type != opening && !authBeforeConnAck) {
            throw protocolError("a packet of type " + type + " before the connection is established"); // [MQTT-3.1.0-1]
        }
        if (!first && type == opening) {
            throw protocolError("a second packet of type " + type); // [MQTT-3.1.0-2]
        }
        if (!PacketType.isAllowed(type, terms.fromClient())
                || type == PacketType.AUTH && terms.version() != MqttVersion.MQTT_5) {
            throw protocolError("a packet of type " + type + " from this side");
        }
    }

    private void connect(FieldReader fields) {
        ConnectPrefix prefix = ConnectPrefix.read(fields);
        terms.connectBegins(prefix.version());
        ControlPacket.Connect connect = ConnectReader.read(prefix, fields, budget());
        terms.received(connect);
        handler.packet(connect);
    }

    /**
     * What to fail with when a packet of this size begins here. If it is a CONNECT, as much of it as is there still says in which version the
     * client is to be told (MQTT 5.0, section 4.13).
     */
    MqttFormatException tooLarge(ByteBuf in, int firstByte, int start, int size) {
        if (firstByte >> 4 == PacketType.CONNECT && terms.fromClient() && !terms.isEstablished()) {
            try {
                terms.connectBegins(ConnectPrefix.read(new FieldReader(in, start, in.writerIndex()))
                        .version());
            } catch (MqttFormatException e) {
                LOG.trace("a CONNECT that is too large, and has no version that is spoken: {}", e.getMessage());
            }
        }
        return new MqttFormatException(
                ReasonCode.PACKET_TOO_LARGE,
                "a packet of " + size + " bytes, at most " + terms.maximumIncoming() + " are allowed",
                terms.incomingLimit());
    }

    private void other(ControlPacket packet) {
        if (packet instanceof ControlPacket.ConnAck connAck) {
            terms.received(connAck);
        } else if (packet instanceof ControlPacket.Disconnect) {
            life.deafen(); // [MQTT-3.14.4-1]
        }
        handler.packet(packet);
    }

    private void acknowledgement(ByteBuf in, int type, int start, int end) {
        if (end - start < 2 || end - start > 2 && terms.version() != MqttVersion.MQTT_5) {
            throw malformed("an acknowledgement of " + (end - start) + " bytes");
        }
        int packetId = in.getUnsignedShort(start);
        if (packetId == 0) {
            throw malformed("an acknowledgement with packet identifier 0");
        }
        ReasonCode reason = ReasonCode.SUCCESS;
        if (end - start > 2) {
            FieldReader fields = new FieldReader(in, start + 2, end);
            reason = PacketReasons.read(fields.unsignedByte(), type);
            if (fields.hasMore()) { // properties may be left out (section 3.4.2.2.1)
                PacketReader.checkAcknowledgement(fields, budget());
            }
        }
        handler.acknowledged(PacketType.acknowledgement(type), packetId, reason);
    }
}
