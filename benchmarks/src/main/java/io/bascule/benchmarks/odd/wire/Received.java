/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.benchmarks.odd.wire;

import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * A packet that came, read as far as it can be.
 *
 * @param type      1 to 15
 * @param flags     the low four bits of the first byte
 * @param size      of the whole packet, in bytes
 * @param present   Session Present; false for all but CONNACK
 * @param packetId  -1 where there is none
 * @param codes     the reason or return codes; one at most, but for SUBACK and UNSUBACK
 * @param properties in the order in which they came
 * @param topic     empty for all but PUBLISH
 * @param payload   empty for all but PUBLISH
 */
public record Received(
        int type,
        int flags,
        int size,
        boolean present,
        int packetId,
        List<Integer> codes,
        List<Property> properties,
        String topic,
        byte[] payload) {
    private static final byte[] NOTHING = {};

    /** A property: a Long, a String, or bytes of which only the length is told. A User Property is {@code name=value}. */
    public record Property(int identifier, Object value) {}

    /** Reads what is behind the fixed header. What breaks off leaves the fields behind it empty. */
    static Received read(Version version, int header, byte[] body, int size) {
        Reader reader = new Reader(ByteBuffer.wrap(body), version);
        int type = header >> 4;
        try {
            reader.read(type, header & 0x0F);
        } catch (BufferUnderflowException e) {
            reader.codes.add(-1);
        }
        return new Received(
                type,
                header & 0x0F,
                size,
                reader.present,
                reader.packetId,
                reader.codes,
                reader.properties,
                reader.topic,
                reader.payload);
    }

    /** The QoS of a PUBLISH. */
    public int qos() {
        return flags >> 1 & 3;
    }

    /** The DUP flag of a PUBLISH. */
    public boolean dup() {
        return (flags & 8) != 0;
    }

    /** The RETAIN flag of a PUBLISH. */
    public boolean retain() {
        return (flags & 1) != 0;
    }

    /** The reason code, 0 where the packet leaves it out. */
    public int code() {
        return codes.isEmpty() ? 0 : codes.get(0);
    }

    /** The payload as text. */
    public String text() {
        return new String(payload, StandardCharsets.UTF_8);
    }

    /** All values of a property. */
    public List<Object> values(int identifier) {
        return properties.stream()
                .filter(property -> property.identifier() == identifier)
                .map(Property::value)
                .toList();
    }

    /** The value of a numeric property. */
    public long number(int identifier, long otherwise) {
        List<Object> values = values(identifier);
        return values.isEmpty() ? otherwise : (Long) values.get(0);
    }

    private static final class Reader {
        private final ByteBuffer in;
        private final Version version;
        private final List<Integer> codes = new ArrayList<>();
        private final List<Property> properties = new ArrayList<>();
        private boolean present;
        private int packetId = -1;
        private String topic = "";
        private byte[] payload = NOTHING;

        Reader(ByteBuffer in, Version version) {
            this.in = in;
            this.version = version;
        }

        void read(int type, int flags) {
            switch (type) {
                case Packets.CONNACK -> {
                    present = in.get() != 0;
                    codes.add(in.get() & 0xFF);
                    properties();
                }
                case Packets.PUBLISH -> {
                    topic = string();
                    if ((flags & 6) != 0) {
                        packetId = in.getShort() & 0xFFFF;
                    }
                    properties();
                    payload = new byte[in.remaining()];
                    in.get(payload);
                }
                case Packets.SUBACK, Packets.UNSUBACK -> {
                    packetId = in.getShort() & 0xFFFF;
                    properties();
                    while (in.hasRemaining()) {
                        codes.add(in.get() & 0xFF);
                    }
                }
                case Packets.DISCONNECT, Packets.AUTH -> codeAndProperties();
                case Packets.PINGRESP -> {
                    // Nothing is in it.
                }
                default -> {
                    packetId = in.getShort() & 0xFFFF;
                    codeAndProperties();
                }
            }
        }

        private void codeAndProperties() {
            if (in.hasRemaining()) {
                codes.add(in.get() & 0xFF);
                properties();
            }
        }

        private void properties() {
            if (!version.hasProperties() || !in.hasRemaining()) {
                return;
            }
            int length = variable();
            int end = in.position() + length;
            while (in.position() < end) {
                int identifier = variable();
                properties.add(new Property(identifier, value(identifier)));
            }
        }

        private Object value(int identifier) {
            return switch (identifier) {
                case 0x01, 0x17, 0x19, 0x24, 0x25, 0x28, 0x29, 0x2A -> in.get() & 0xFFL;
                case 0x13, 0x21, 0x22, 0x23 -> in.getShort() & 0xFFFFL;
                case 0x02, 0x11, 0x18, 0x27 -> in.getInt() & 0xFFFF_FFFFL;
                case 0x0B -> (long) variable();
                case 0x26 -> string() + "=" + string();
                default -> string();
            };
        }

        private int variable() {
            int value = 0;
            int shift = 0;
            byte next;
            do {
                next = in.get();
                value |= (next & 0x7F) << shift;
                shift += 7;
            } while (next < 0);
            return value;
        }

        private String string() {
            byte[] bytes = new byte[in.getShort() & 0xFFFF];
            in.get(bytes);
            return new String(bytes, StandardCharsets.UTF_8);
        }
    }
}
