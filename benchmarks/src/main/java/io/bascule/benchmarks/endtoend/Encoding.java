/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.benchmarks.endtoend;

import io.bascule.benchmarks.support.Packets;
import java.nio.ByteBuffer;
import java.util.List;

/** The packets of MQTT 3.1.1 and 5.0 that are sent seldom, and how long packets are. */
final class Encoding {
    static final ByteBuffer DISCONNECT =
            ByteBuffer.wrap(new byte[] {(byte) 0xE0, 0}).asReadOnlyBuffer();

    static final int VERSION_5 = 5;
    private static final int CLEAN = 2;
    private static final int MORE = 0x80;

    private Encoding() {}

    /** CONNECT without keep alive; a session that does not start clean lasts as long as 3.1.1 has it last. */
    static byte[] connect(Identity identity) {
        byte[] id = Packets.utf8(identity.clientId());
        int properties = identity.version() == VERSION_5 ? 1 : 0;
        int length = 10 + properties + 2 + id.length;
        ByteBuffer packet = ByteBuffer.allocate(packetLength(length)).put((byte) 0x10);
        putLength(packet, length);
        packet.putShort((short) 4).put(Packets.utf8("MQTT"));
        packet.put((byte) identity.version())
                .put((byte) (identity.clean() ? CLEAN : 0))
                .putShort((short) 0);
        if (properties > 0) {
            packet.put((byte) 0);
        }
        return packet.putShort((short) id.length).put(id).array();
    }

    static byte[] subscribe(int version, int packetId, List<String> filters, int qos) {
        List<byte[]> texts = filters.stream().map(Packets::utf8).toList();
        int properties = version == VERSION_5 ? 1 : 0;
        int length = 2
                + properties
                + texts.stream().mapToInt(text -> 3 + text.length).sum();
        ByteBuffer packet = ByteBuffer.allocate(packetLength(length)).put((byte) 0x82);
        putLength(packet, length);
        packet.putShort((short) packetId);
        if (properties > 0) {
            packet.put((byte) 0);
        }
        texts.forEach(text -> packet.putShort((short) text.length).put(text).put((byte) qos));
        return packet.array();
    }

    /** How long a packet is whose remaining length is this. */
    static int packetLength(int remainingLength) {
        int length = 2 + remainingLength;
        for (int rest = remainingLength >>> 7; rest > 0; rest >>>= 7) {
            length++;
        }
        return length;
    }

    static void putLength(ByteBuffer packet, int remainingLength) {
        int rest = remainingLength;
        while (rest >= MORE) {
            packet.put((byte) (rest | MORE));
            rest >>>= 7;
        }
        packet.put((byte) rest);
    }
}
