/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.benchmarks.odd.wire;

/** A PUBLISH in the making: at first well-formed, of QoS 0, with nothing in it. */
public final class Publish {
    private static final int HEADER = 0x30;
    private static final int DUP = 0x08;
    private static final int RETAIN = 0x01;

    private final byte[] topic;
    private int flags;
    private int packetId = -1;
    private byte[] properties = new Properties().toArray();
    private byte[] payload = {};

    private Publish(byte[] topic) {
        this.topic = topic;
    }

    /** To this topic. */
    public static Publish to(String topic) {
        return to(Bytes.utf8(topic));
    }

    /** To a topic that may be anything. */
    public static Publish to(byte[] topic) {
        return new Publish(topic);
    }

    /** With this Packet Identifier, which the packet has for QoS 1, 2 and 3. */
    public Publish qos(int qos, int id) {
        flags |= qos << 1;
        packetId = id;
        return this;
    }

    public Publish dup() {
        flags |= DUP;
        return this;
    }

    public Publish retain() {
        flags |= RETAIN;
        return this;
    }

    public Publish payload(String text) {
        return payload(Bytes.utf8(text));
    }

    public Publish payload(byte[] bytes) {
        payload = bytes;
        return this;
    }

    /** Only written where the version has properties. */
    public Publish properties(Properties values) {
        return properties(values.toArray());
    }

    /** Properties as they are, with their length. */
    public Publish properties(byte[] values) {
        properties = values;
        return this;
    }

    /** The packet, in the format of the version. */
    public byte[] toArray(Version version) {
        Bytes body = new Bytes().binary(topic);
        if (packetId >= 0) {
            body.two(packetId);
        }
        if (version.hasProperties()) {
            body.raw(properties);
        }
        return Packets.packet(HEADER | flags, body.raw(payload));
    }
}
