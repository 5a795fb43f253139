/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.itests.kill;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;

/** One packet of MQTT 5.0, with no more of it than these clients send and look at. */
record Packet(int firstByte, byte[] body) {
    static final int CONNACK = 2;
    static final int PUBLISH = 3;
    static final int PUBACK = 4;
    static final int PUBREC = 5;
    static final int PUBREL = 6;
    static final int PUBCOMP = 7;
    static final int SUBACK = 9;
    static final int UNSUBACK = 11;

    private static final int DUP = 8;
    private static final int LEVEL = 5;
    private static final int SESSION_EXPIRY_INTERVAL = 0x11;
    private static final int RECEIVE_MAXIMUM = 0x21;
    private static final int CONNECT_PROPERTIES_BYTES = 8;

    /** Writes what follows the fixed header. */
    private interface Body {
        void writeTo(DataOutputStream out) throws IOException;
    }

    private static Packet of(int firstByte, Body body) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try {
            body.writeTo(new DataOutputStream(bytes));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return new Packet(firstByte, bytes.toByteArray());
    }

    /** CONNECT that goes on with a session, which never expires. */
    static Packet connect(String clientId, int receiveMaximum) {
        return of(0x10, out -> {
            out.writeUTF("MQTT");
            out.writeByte(LEVEL);
            out.writeByte(0); // neither a clean start nor anything else
            out.writeShort(0);
            out.writeByte(CONNECT_PROPERTIES_BYTES);
            out.writeByte(SESSION_EXPIRY_INTERVAL);
            out.writeInt(-1);
            out.writeByte(RECEIVE_MAXIMUM);
            out.writeShort(receiveMaximum);
            out.writeUTF(clientId);
        });
    }

    /** PUBLISH of a number, as text. */
    static Packet publish(String topic, int qos, boolean retain, int packetId, int number) {
        return of(0x30 | qos << 1 | (retain ? 1 : 0), out -> {
            out.writeUTF(topic);
            out.writeShort(packetId);
            out.writeByte(0);
            out.write(String.valueOf(number).getBytes(UTF_8));
        });
    }

    /** The same PUBLISH once more [MQTT-3.3.1-1]. */
    Packet again() {
        return new Packet(firstByte | DUP, body);
    }

    /** PUBACK, PUBREC, PUBREL or PUBCOMP of something that went well. */
    static Packet answer(int type, int packetId) {
        return of(type << 4 | (type == PUBREL ? 2 : 0), out -> out.writeShort(packetId)); // [MQTT-3.6.1-1]
    }

    static Packet subscribe(int packetId, String filter, int qos) {
        return of(0x82, out -> {
            out.writeShort(packetId);
            out.writeByte(0);
            out.writeUTF(filter);
            out.writeByte(qos);
        });
    }

    static Packet unsubscribe(int packetId, String filter) {
        return of(0xA2, out -> {
            out.writeShort(packetId);
            out.writeByte(0);
            out.writeUTF(filter);
        });
    }

    static Packet read(DataInputStream in) throws IOException {
        int firstByte = in.readUnsignedByte();
        int length = 0;
        int shift = 0;
        int next;
        do {
            next = in.readUnsignedByte();
            length |= (next & 127) << shift;
            shift += 7;
        } while (next > 127);
        byte[] body = new byte[length];
        in.readFully(body);
        return new Packet(firstByte, body);
    }

    void writeTo(OutputStream out) throws IOException {
        out.write(firstByte);
        int rest = body.length;
        for (; rest > 127; rest >>= 7) {
            out.write(rest & 127 | 128);
        }
        out.write(rest);
        out.write(body);
    }

    int type() {
        return firstByte >> 4;
    }

    /** Of a PUBLISH. */
    int qos() {
        return firstByte >> 1 & 3;
    }

    /** Of a CONNACK. */
    boolean sessionPresent() {
        return body[0] != 0;
    }

    /** Of a CONNACK. */
    int reason() {
        return body[1] & 0xFF;
    }

    /** Of a PUBLISH. */
    String topic() {
        return new String(body, Short.BYTES, topicBytes(), UTF_8);
    }

    private int topicBytes() {
        return ByteBuffer.wrap(body).getShort() & 0xFFFF;
    }

    /** Of any packet that begins with it, and of a PUBLISH, which has its topic in front. */
    int packetId() {
        int before = type() == PUBLISH ? Short.BYTES + topicBytes() : 0;
        return ByteBuffer.wrap(body).getShort(before) & 0xFFFF;
    }

    /** Of a PUBLISH of QoS 1 or 2 with fewer than 128 bytes of properties. */
    int number() {
        int properties = Short.BYTES + topicBytes() + Short.BYTES;
        int payload = properties + 1 + body[properties];
        return Integer.parseInt(new String(body, payload, body.length - payload, UTF_8));
    }
}
