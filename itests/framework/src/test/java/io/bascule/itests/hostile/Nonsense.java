/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.itests.hostile;

import io.bascule.itests.client.Version;
import java.util.List;
import java.util.SplittableRandom;

/** Packets of a server that are well formed and make no sense: messages that nobody asked for, and answers to what was never said. */
final class Nonsense {
    private static final List<String> TOPICS = List.of(
            "in/x",
            "in",
            "in//",
            "in/$SYS",
            "in/x/$y",
            "top/$SYS/x",
            "top/$share/g/x",
            "top",
            "here/x",
            "ping",
            "$SYS/x",
            "/");

    private static final int[] ACKNOWLEDGEMENTS = {0x40, 0x50, 0x62, 0x70};
    private static final int IN_USE = 8;
    private static final int MOST_PAYLOAD = 100;

    private final Version version;
    private final SplittableRandom random;

    Nonsense(Version version, SplittableRandom random) {
        this.version = version;
        this.random = random;
    }

    /** Some packet. */
    byte[] packet() {
        return switch (random.nextInt(8)) {
            case 0 -> ServerPackets.subAck(version, packetId(), random.nextInt(3));
            case 1 -> ServerPackets.unsubAck(version, packetId());
            case 2 -> Bytes.of().packet(0xD0);
            case 3, 4 -> acknowledgement();
            default -> publish();
        };
    }

    private byte[] publish() {
        int qos = random.nextInt(3);
        String payload = "x".repeat(random.nextInt(MOST_PAYLOAD));
        byte[] publish =
                ServerPackets.publish(version, TOPICS.get(random.nextInt(TOPICS.size())), qos, packetId(), payload);
        publish[0] |= (byte) (random.nextInt(2) | (qos > 0 ? random.nextInt(2) << 3 : 0)); // RETAIN, DUP
        return publish;
    }

    private byte[] acknowledgement() {
        int firstByte = ACKNOWLEDGEMENTS[random.nextInt(ACKNOWLEDGEMENTS.length)];
        Bytes body = Bytes.of().u16(packetId());
        if (version == Version.MQTT_5 && random.nextBoolean()) {
            int failure = (firstByte & 0x20) == 0 ? 0x83 : 0x92; // of PUBACK and PUBREC, or of PUBREL and PUBCOMP
            body.u8(random.nextBoolean() ? 0 : failure);
        }
        return body.packet(firstByte);
    }

    /** As often as not one that may be in use. */
    private int packetId() {
        return random.nextInt(1, random.nextBoolean() ? IN_USE : 65_536);
    }
}
