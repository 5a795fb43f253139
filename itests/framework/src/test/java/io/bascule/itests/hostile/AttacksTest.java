/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.itests.hostile;

import static org.assertj.core.api.Assertions.assertThat;

import io.bascule.itests.client.Version;
import io.bascule.itests.hostile.Attacks.State;
import io.bascule.itests.hostile.Conversation.Verdict;
import io.bascule.itests.hostile.HostileRemote.Script;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.HexFormat;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.junit.Test;

public class AttacksTest {
    private static final int PATIENCE_MILLIS = 100;

    private final Attacks attacks = new Attacks(Version.MQTT_5);

    private static List<String> mutations(long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        List<byte[]> valid = ServerPackets.of(Version.MQTT_5);
        Nonsense nonsense = new Nonsense(Version.MQTT_5, random);
        return Stream.generate(() -> List.of(Mutations.random(valid, random), nonsense.packet()))
                .flatMap(List::stream)
                .map(HexFormat.of()::formatHex)
                .limit(1_000)
                .toList();
    }

    @Test
    public void areTheSameForTheSameSeed() {
        assertThat(mutations(7)).isEqualTo(mutations(7)).isNotEqualTo(mutations(8));
    }

    @Test
    public void areAsManyMoreAsThereAreToBeByChance() {
        int before = attacks.packets();

        attacks.addByChance(1_000, new SplittableRandom(1));

        assertThat(attacks.packets()).isEqualTo(before + 1_000);
    }

    /** Each type that a server sends, by its first four bits, and each byte of it. */
    @Test
    public void beginWithEveryPacketOfAServer() {
        assertThat(types(Version.MQTT_3_1_1)).containsExactly(2, 3, 4, 5, 6, 7, 9, 11, 13);
        assertThat(types(Version.MQTT_5)).containsExactly(2, 3, 4, 5, 6, 7, 9, 11, 13, 14, 15);
        for (byte[] packet : ServerPackets.of(Version.MQTT_5)) {
            List<byte[]> mutated = Mutations.systematic(List.of(packet));
            for (int at = 0; at < packet.length; at++) {
                int changed = at;
                assertThat(mutated).anyMatch(it -> it.length == packet.length && it[changed] != packet[changed]);
            }
        }
    }

    private static List<Integer> types(Version version) {
        return ServerPackets.of(version).stream()
                .map(packet -> (packet[0] & 0xFF) >> 4)
                .distinct()
                .sorted()
                .toList();
    }

    @Test
    public void noteWhoDoesNotConnectAgain() throws IOException {
        play(attacks.script());

        assertThat(attacks.judged()).isZero();
        assertThat(attacks.failures()).singleElement().asString().startsWith("MQTT_5: no way to BEFORE_CONNACK after ");
    }

    @Test
    public void noteWhoNeitherAnswersNorCloses() throws IOException {
        play(attacks.script(), 0x10, 0);

        assertThat(attacks.count(State.BEFORE_CONNACK, Verdict.HANGS)).isEqualTo(1);
        assertThat(attacks.failures()).singleElement().asString().startsWith("MQTT_5: hangs in BEFORE_CONNACK at ");
    }

    /** To a client that says this much and no more. */
    private static void play(Script script, int... said) throws IOException {
        try (ServerSocket server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
                Socket client = new Socket(server.getInetAddress(), server.getLocalPort());
                Conversation with = new Conversation(server.accept(), Version.MQTT_5, PATIENCE_MILLIS)) {
            client.getOutputStream().write(Bytes.of(said).toArray());
            script.play(with);
        }
    }
}
