/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.itests.hostile;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.Consumer;

/** What a packet becomes: every byte changed, cut off and put in; and then by chance, several times over. */
final class Mutations {
    private static final int[] PATTERNS = {0xFF, 0x01, 0x80, 0x10};
    private static final int MOST_EDITS = 4;

    /** Remaining lengths as they may not be written, or that promise more than may come. */
    private static final List<byte[]> LENGTHS = List.of(
            Bytes.of(0x80, 0x80, 0x80, 0x80, 0x01).toArray(),
            Bytes.of(0xFF, 0xFF, 0xFF, 0xFF, 0x7F).toArray(),
            Bytes.of(0x80, 0x00).toArray(),
            Bytes.of(0xFF, 0xFF, 0xFF, 0x7F).toArray(),
            Bytes.of(0x00).toArray());

    private Mutations() {}

    /** All that one step makes of these packets, which have fewer than 128 bytes behind their fixed headers. */
    static List<byte[]> systematic(List<byte[]> packets) {
        List<byte[]> all = new ArrayList<>(packets);
        for (byte[] packet : packets) {
            for (int i = 0; i < packet.length; i++) {
                flip(packet, i, all::add);
            }
            for (int i = body(packet); i < packet.length; i++) {
                byte[] cut = Arrays.copyOf(packet, i);
                all.add(cut);
                all.add(sized(cut));
                byte[] grown = inserted(packet, i, 0);
                all.add(grown);
                all.add(sized(grown));
                all.add(sized(inserted(packet, i, 0xFF)));
            }
            LENGTHS.forEach(length -> all.add(Bytes.of(packet[0])
                    .raw(length)
                    .raw(Arrays.copyOfRange(packet, body(packet), packet.length))
                    .toArray()));
        }
        return all;
    }

    private static void flip(byte[] packet, int at, Consumer<byte[]> to) {
        for (int pattern : PATTERNS) {
            byte[] flipped = packet.clone();
            flipped[at] ^= (byte) pattern;
            to.accept(flipped);
        }
        byte[] zero = packet.clone();
        zero[at] = 0;
        to.accept(zero);
    }

    /** One of these, changed by a few steps. */
    static byte[] random(List<byte[]> packets, SplittableRandom random) {
        byte[] bytes = packets.get(random.nextInt(packets.size())).clone();
        int edits = 1 + random.nextInt(MOST_EDITS);
        for (int i = 0; i < edits && bytes.length > 2; i++) {
            int at = random.nextInt(bytes.length);
            bytes = switch (random.nextInt(5)) {
                case 0 -> flipped(bytes, at, random.nextInt(1, 256));
                case 1 -> inserted(bytes, at, random.nextInt(256));
                case 2 -> Arrays.copyOf(bytes, Math.max(2, at));
                case 3 -> spliced(bytes, at, packets.get(random.nextInt(packets.size())), random);
                default -> removed(bytes, at);
            };
        }
        return random.nextInt(4) == 0 ? bytes : sized(bytes);
    }

    private static byte[] flipped(byte[] bytes, int at, int pattern) {
        bytes[at] ^= (byte) pattern;
        return bytes;
    }

    private static byte[] inserted(byte[] bytes, int at, int value) {
        return Bytes.of()
                .raw(Arrays.copyOf(bytes, at))
                .u8(value)
                .raw(Arrays.copyOfRange(bytes, at, bytes.length))
                .toArray();
    }

    private static byte[] removed(byte[] bytes, int at) {
        return Bytes.of()
                .raw(Arrays.copyOf(bytes, at))
                .raw(Arrays.copyOfRange(bytes, at + 1, bytes.length))
                .toArray();
    }

    private static byte[] spliced(byte[] bytes, int at, byte[] other, SplittableRandom random) {
        return Bytes.of()
                .raw(Arrays.copyOf(bytes, at))
                .raw(Arrays.copyOfRange(other, random.nextInt(other.length), other.length))
                .toArray();
    }

    /** The same with a Remaining Length that is so. */
    private static byte[] sized(byte[] packet) {
        int body = Math.min(body(packet), packet.length);
        return Bytes.of(packet[0])
                .variable(packet.length - body)
                .raw(Arrays.copyOfRange(packet, body, packet.length))
                .toArray();
    }

    /** Where the variable header begins. */
    private static int body(byte[] packet) {
        int at = 1;
        while (at < Math.min(4, packet.length - 1) && packet[at] < 0) {
            at++;
        }
        return at + 1;
    }
}
