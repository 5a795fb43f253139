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

/** Reads the packets of one connection and tells the handler, where they come in an order that the protocol allows. */
final class IncomingPackets {
    private final ConnectionHandler handler;
    private final Terms terms;
    private final ConnectionLife life;
    private final PublishDecoder publishDecoder;

    IncomingPackets(ConnectionHandler handler, Terms terms, TopicCache topics, ConnectionLife life) {
        this.handler = handler;
        this.terms = terms;
        this.life = life;
        this.publishDecoder = new PublishDecoder(topics, terms);
    }

    /** Reads the packet whose variable header begins at {@code start} and whose last byte is before {@code end}. */
    void read(ByteBuf in, int firstByte, int start, int end) {
        int type = firstByte >> 4;
        if (type == PacketType.PUBLISH && terms.isEstablished()) {
            Message message = publishDecoder.decode(in, firstByte, start, end);
            boolean dup = (firstByte & 8) != 0;
            handler.publish(message, publishDecoder.packetId(), dup, publishDecoder.subscriptionIdentifiers());
            return;
        }
        if (!PacketType.hasValidFlags(firstByte, terms.version())) {
            throw malformed("a packet of type " + type + " with flags " + (firstByte & 15)); // [MQTT-2.1.3-1]
        }
        if (type >= PacketType.PUBACK && type <= PacketType.PUBCOMP && terms.isEstablished()) {
            acknowledgement(in, type, start, end);
            return;
        }
        checkOrder(type);
        FieldReader fields = new FieldReader(in, start, end);
        if (type == PacketType.CONNECT) {
            connect(fields);
        } else {
            other(PacketReader.read(type, fields, terms.version(), terms.fromClient()));
        }
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
        ControlPacket.Connect connect = PacketReader.readConnect(prefix, fields);
        terms.received(connect);
        handler.packet(connect);
    }

    /**
     * A packet begins here that is not going to be read. If it is a CONNECT, as much of it as is there still says in which version the client
     * is to be told (MQTT 5.0, section 4.13).
     */
    void tooLarge(ByteBuf in, int firstByte, int start) {
        if (firstByte >> 4 == PacketType.CONNECT && terms.fromClient() && !terms.isEstablished()) {
            try {
                terms.connectBegins(ConnectPrefix.read(new FieldReader(in, start, in.writerIndex()))
                        .version());
            } catch (MqttFormatException e) {
                return; // not enough of it, or none of our versions: then there are no words to tell it in
            }
        }
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
            reason = PacketReader.reason(fields.unsignedByte());
            if (fields.hasMore()) { // properties may be left out (section 3.4.2.2.1)
                PacketReader.checkAcknowledgement(fields);
            }
        }
        handler.acknowledged(PacketType.acknowledgement(type), packetId, reason);
    }
}
