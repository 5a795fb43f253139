/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.benchmarks.odd.wire;

/** Packets other than CONNECT and PUBLISH. Each is well-formed unless an argument is not. */
public final class Packets {
    public static final int CONNACK = 2;
    public static final int PUBLISH = 3;
    public static final int PUBACK = 4;
    public static final int PUBREC = 5;
    public static final int PUBREL = 6;
    public static final int PUBCOMP = 7;
    public static final int SUBACK = 9;
    public static final int UNSUBACK = 11;
    public static final int PINGRESP = 13;
    public static final int DISCONNECT = 14;
    public static final int AUTH = 15;

    private static final int SUBSCRIBE_HEADER = 0x82;
    private static final int UNSUBSCRIBE_HEADER = 0xA2;
    private static final int DISCONNECT_HEADER = 0xE0;
    private static final int PUBREL_FLAGS = 2;

    private Packets() {}

    /** A packet of this first byte, and of a Remaining Length that is right. */
    public static byte[] packet(int header, Bytes body) {
        byte[] content = body.toArray();
        return new Bytes().raw(header).variable(content.length).raw(content).toArray();
    }

    /** A filter and its options, to be subscribed to. */
    public record Filter(byte[] name, int options) {
        /** A filter that is text. */
        public Filter(String name, int options) {
            this(Bytes.utf8(name), options);
        }
    }

    /** SUBSCRIBE without properties. */
    public static byte[] subscribe(Version version, int packetId, Filter... filters) {
        return subscribe(version, packetId, new Properties(), filters);
    }

    /** SUBSCRIBE. The properties are left out where the version has none. */
    public static byte[] subscribe(Version version, int packetId, Properties properties, Filter... filters) {
        return subscribe(SUBSCRIBE_HEADER, version, packetId, properties, filters);
    }

    /** SUBSCRIBE with a first byte of its own. */
    public static byte[] subscribe(
            int header, Version version, int packetId, Properties properties, Filter... filters) {
        Bytes body = head(version, packetId, properties);
        for (Filter filter : filters) {
            body.binary(filter.name()).raw(filter.options());
        }
        return packet(header, body);
    }

    /** UNSUBSCRIBE. */
    public static byte[] unsubscribe(Version version, int packetId, String... filters) {
        return unsubscribe(UNSUBSCRIBE_HEADER, version, packetId, filters);
    }

    /** UNSUBSCRIBE with a first byte of its own. */
    public static byte[] unsubscribe(int header, Version version, int packetId, String... filters) {
        Bytes body = head(version, packetId, new Properties());
        for (String filter : filters) {
            body.string(filter);
        }
        return packet(header, body);
    }

    private static Bytes head(Version version, int packetId, Properties properties) {
        Bytes body = new Bytes().two(packetId);
        return version.hasProperties() ? body.raw(properties.toArray()) : body;
    }

    /** PUBACK, PUBREC, PUBREL or PUBCOMP in its short form. */
    public static byte[] acknowledgement(int type, int packetId) {
        return packet(type << 4 | (type == PUBREL ? PUBREL_FLAGS : 0), new Bytes().two(packetId));
    }

    /** PUBACK, PUBREC, PUBREL or PUBCOMP with a reason code. */
    public static byte[] acknowledgement(int type, int packetId, int reasonCode) {
        return packet(
                type << 4 | (type == PUBREL ? PUBREL_FLAGS : 0),
                new Bytes().two(packetId).raw(reasonCode));
    }

    /** PINGREQ. */
    public static byte[] pingreq() {
        return Bytes.of(0xC0, 0);
    }

    /** DISCONNECT, in the form that all versions have. */
    public static byte[] disconnect() {
        return Bytes.of(DISCONNECT_HEADER, 0);
    }

    /** DISCONNECT of 5.0. */
    public static byte[] disconnect(int reasonCode, Properties properties) {
        return packet(DISCONNECT_HEADER, new Bytes().raw(reasonCode).raw(properties.toArray()));
    }
}
