/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.benchmarks.support;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/** The few MQTT 5.0 packets that the clients here send, as bytes. */
public final class Packets {
    public static final int CONNACK = 2;
    public static final int PUBLISH = 3;
    public static final int PUBACK = 4;
    public static final int PUBREC = 5;
    public static final int PUBREL = 6;
    public static final int PUBCOMP = 7;
    public static final int SUBACK = 9;

    private static final int WITH_WILL_AT_QOS_1 = 0x0C;
    private static final int WITH_USER_NAME_AND_PASSWORD = 0xC0;
    private static final int CLEAN_START = 2;

    private Packets() {}

    /** CONNECT that starts clean and leaves nothing behind. */
    public static ByteBuffer connect(String clientId) {
        byte[] id = utf8(clientId);
        ByteBuffer packet = begin(0x10, 11 + 2 + id.length);
        header(packet, CLEAN_START);
        packet.put((byte) 0);
        return string(packet, id).flip();
    }

    /** CONNECT that starts clean, with a user name and a password. */
    public static ByteBuffer login(String clientId, String userName, String password) {
        byte[] id = utf8(clientId);
        byte[] user = utf8(userName);
        byte[] secret = utf8(password);
        ByteBuffer packet = begin(0x10, 11 + 2 + id.length + 2 + user.length + 2 + secret.length);
        header(packet, CLEAN_START | WITH_USER_NAME_AND_PASSWORD);
        packet.put((byte) 0);
        string(packet, id);
        string(packet, user);
        return string(packet, secret).flip();
    }

    /** CONNECT that goes on with a session, which lasts an hour, and leaves a will at QoS 1. */
    public static ByteBuffer connect(String clientId, String willTopic, String willPayload) {
        byte[] id = utf8(clientId);
        byte[] topic = utf8(willTopic);
        byte[] payload = utf8(willPayload);
        ByteBuffer packet = begin(0x10, 11 + 5 + 2 + id.length + 1 + 2 + topic.length + 2 + payload.length);
        header(packet, WITH_WILL_AT_QOS_1);
        packet.put((byte) 5).put((byte) 0x11).putInt(3600); // Session Expiry Interval
        string(packet, id);
        packet.put((byte) 0);
        string(packet, topic);
        return string(packet, payload).flip();
    }

    /** CONNECT that goes on with a session, which lasts an hour. */
    public static ByteBuffer resume(String clientId, int receiveMaximum) {
        byte[] id = utf8(clientId);
        ByteBuffer packet = begin(0x10, 11 + 8 + 2 + id.length);
        header(packet, 0);
        packet.put((byte) 8).put((byte) 0x11).putInt(3600).put((byte) 0x21).putShort((short) receiveMaximum);
        return string(packet, id).flip();
    }

    /** DISCONNECT that leaves the session as it is. */
    public static ByteBuffer disconnect() {
        return begin(0xE0, 0).flip();
    }

    /** DISCONNECT that ends the session. */
    public static ByteBuffer disconnectForGood() {
        ByteBuffer packet = begin(0xE0, 1 + 1 + 5);
        return packet.put((byte) 0).put((byte) 5).put((byte) 0x11).putInt(0).flip();
    }

    private static void header(ByteBuffer packet, int flags) {
        string(packet, utf8("MQTT")).put((byte) 5).put((byte) flags).putShort((short) 0);
    }

    public static ByteBuffer subscribe(String filter, int qos) {
        byte[] text = utf8(filter);
        ByteBuffer packet = begin(0x82, 2 + 1 + 2 + text.length + 1);
        packet.putShort((short) 1).put((byte) 0);
        return string(packet, text).put((byte) qos).flip();
    }

    /** PUBLISH with a payload of this many bytes, its number and when it was due in front. */
    public static ByteBuffer publish(
            byte[] topic, int qos, int packetId, int payloadBytes, long number, long dueNanos) {
        int id = qos == 0 ? 0 : 2;
        ByteBuffer packet = begin(0x30 | qos << 1, 2 + topic.length + id + 1 + payloadBytes);
        string(packet, topic);
        if (qos > 0) {
            packet.putShort((short) packetId);
        }
        packet.put((byte) 0).putLong(number).putLong(dueNanos);
        return packet.position(packet.limit()).flip();
    }

    public static ByteBuffer puback(int packetId) {
        return answer(PUBACK, packetId);
    }

    /** PUBACK, PUBREC, PUBREL or PUBCOMP that has nothing to complain of. */
    public static ByteBuffer answer(int type, int packetId) {
        int flags = type == PUBREL ? 2 : 0; // [MQTT-3.6.1-1]
        return begin(type << 4 | flags, 2).putShort((short) packetId).flip();
    }

    /** Goes past the topic of a PUBLISH, its identifier and its properties; returns the identifier, 0 for QoS 0. */
    public static int skipToPayload(int firstByte, ByteBuffer body) {
        int topicLength = body.getShort() & 0xFFFF;
        body.position(body.position() + topicLength);
        int packetId = (firstByte & 6) == 0 ? 0 : body.getShort() & 0xFFFF;
        int propertiesLength = body.get();
        body.position(body.position() + propertiesLength);
        return packetId;
    }

    public static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static ByteBuffer begin(int firstByte, int remainingLength) {
        boolean twoBytes = remainingLength > 127;
        ByteBuffer packet = ByteBuffer.allocate(1 + (twoBytes ? 2 : 1) + remainingLength);
        packet.put((byte) firstByte);
        if (twoBytes) {
            packet.put((byte) (remainingLength & 127 | 128)).put((byte) (remainingLength >> 7));
        } else {
            packet.put((byte) remainingLength);
        }
        return packet;
    }

    private static ByteBuffer string(ByteBuffer packet, byte[] text) {
        return packet.putShort((short) text.length).put(text);
    }
}
