/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.transport.internal;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * A PUBLISH or an acknowledgement of one, whoever has read it.
 *
 * @param type as in the fixed header
 * @param topic empty where a Topic Alias stands for one, and of acknowledgements
 * @param reason of an acknowledgement, 0 of a PUBLISH
 * @param properties of a PUBLISH, but for its Topic Alias and Message Expiry Interval
 * @param expiry its Message Expiry Interval, in seconds
 */
record HotPacket(
        int type,
        boolean dup,
        int qos,
        boolean retain,
        String topic,
        int packetId,
        int reason,
        Properties properties,
        OptionalLong expiry,
        String payload) {
    private static final long SLOW_MACHINE_SECONDS = 60;

    /**
     * The properties of a PUBLISH that say the same in whatever order they stand.
     *
     * @param correlationData in hexadecimal
     * @param user name and value by turns
     */
    record Properties(
            Optional<Integer> payloadFormat,
            Optional<String> contentType,
            Optional<String> responseTopic,
            Optional<String> correlationData,
            List<String> user,
            List<Integer> subscriptionIdentifiers) {
        static final Properties NONE = new Properties(
                Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty(), List.of(), List.of());
    }

    static HotPacket acknowledgement(int type, int packetId, int reason) {
        return new HotPacket(type, false, 0, false, "", packetId, reason, Properties.NONE, OptionalLong.empty(), "");
    }

    static String hex(byte[] bytes) {
        return HexFormat.of().formatHex(bytes);
    }

    static byte[] bytes(String hex) {
        return HexFormat.of().parseHex(hex);
    }

    byte[] payloadBytes() {
        return bytes(payload);
    }

    /** The packet whose first byte stands there, and whose other bytes behind it. */
    static byte[] withRemainingLength(byte[] bytes, int at) {
        ByteArrayOutputStream packet = new ByteArrayOutputStream();
        packet.write(bytes[at]);
        int rest = bytes.length - at - 1;
        int length = rest;
        do {
            packet.write(length > 127 ? length & 127 | 128 : length);
            length >>>= 7;
        } while (length > 0);
        packet.write(bytes, at + 1, rest);
        return packet.toByteArray();
    }

    /** The same, of which some of the time may have passed that it lives, and none came back. */
    void isLike(HotPacket other) {
        assertThat(withoutExpiry()).isEqualTo(other.withoutExpiry());
        assertThat(expiry.isPresent()).isEqualTo(other.expiry.isPresent());
        if (expiry.isPresent()) {
            assertThat(Math.abs(expiry.getAsLong() - other.expiry.getAsLong())).isLessThan(SLOW_MACHINE_SECONDS);
        }
    }

    private HotPacket withoutExpiry() {
        return new HotPacket(
                type, dup, qos, retain, topic, packetId, reason, properties, OptionalLong.empty(), payload);
    }
}
