/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.bridge.link;

import static org.assertj.core.api.Assertions.assertThat;

import io.bascule.api.Bridge.Direction;
import io.bascule.api.QueueInfo;
import io.bascule.bridge.retained.Digest;
import io.bascule.bridge.retained.Remembered;
import io.bascule.mqtt.Message;
import io.bascule.mqtt.QoS;
import io.bascule.transport.Acknowledgement;
import io.bascule.transport.ControlPacket;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** When a forward route with {@code retain=diff} compares, and what it notes when: neither too much at a time nor too early. */
class RetainedDiffTurnsTest extends RetainedDiffFixture {
    private static final int MANY = 5_000;

    @Test
    void comparesInTurns() {
        for (int i = 0; i < MANY; i++) {
            retain("up/" + i, "1");
        }
        start();
        remote.open();
        remote.connAck(false, ControlPacket.ServerProperties.NONE);
        remote.holdsFiles = true;
        broker.opened(remote.loop);
        remote.subAck();
        remote.pubComp();

        assertThat(remote.runFiles()).as("with 2,000 compared in each").isGreaterThanOrEqualTo(6);

        int before = 0;
        for (int turns = 0; before < MANY && turns < MANY; turns++) {
            assertThat(broker.asked.size() - before).isLessThanOrEqualTo(500);
            before = broker.asked.size();
            remote.loop.advance(Duration.ofMillis(1));
        }
        assertThat(broker.asked).hasSize(MANY);
    }

    // ---------------------------------------------------------------- over several connections

    /** Topics that leave over the second connection, over which one message is on its way at a time. */
    private List<String> connectSeveral(int topics, boolean something) {
        file.put("connections", "3");
        file.put("client.id", "gateway");
        file.remove("subscribe.down");
        remote.hasSeveral = true;
        start();
        if (something) {
            broker.queue = new QueueInfo(1, 100, Optional.of(Duration.ofMinutes(2)), 0, 0, 0);
        }
        remote.open();
        remote.connAck(false, limited(2, 1, true));
        for (FakeRemote.Further each : remote.further) {
            each.open();
            each.connAck(limited(2, 1, true));
        }
        broker.opened(remote.loop);
        remote.pubComp();
        return IntStream.iterate(0, i -> i + 1)
                .mapToObj(String::valueOf)
                .filter(each -> connectionOf("far/" + each) == 1)
                .limit(topics)
                .toList();
    }

    private static int connectionOf(String topic) {
        int hash = topic.hashCode();
        return Math.floorMod(hash ^ (hash >>> 16), 3);
    }

    private List<String> overTheSecond() {
        return remote.further.get(0).sent.stream()
                .filter(line -> line.startsWith("PUBLISH"))
                .toList();
    }

    /** What waits for room may follow on what is on its way, and is compared with that. */
    @Test
    void comparesWhenNothingWaitsForAConnection() {
        retain("up/other", "1");
        List<String> topics = connectSeveral(2, true);
        publish("up/" + topics.get(0), "1", 1);
        publish("up/" + topics.get(1), "1", 2);
        broker.queue = QueueInfo.NONE;

        remote.loop.advance(Duration.ofSeconds(1));
        assertThat(broker.asked).isEmpty();
        remote.further.get(0).acknowledge(Acknowledgement.PUBACK, 1);
        remote.loop.advance(Duration.ofSeconds(1));

        assertThat(broker.asked).extracting(String::valueOf).containsExactly("up/other");
    }

    /** A message was taken for no news to the file, long before it leaves. */
    @Test
    void isNotCertainInTheFileOfWhatSomethingWaitsToReplace() throws IOException {
        retainedFile = Optional.of(folder.resolve("b"));
        List<String> topics = connectSeveral(8, false);
        String topic = "up/" + topics.get(0);
        for (int i = 0; i < topics.size(); i++) {
            publish("up/" + topics.get(i), "1", 1 + i);
        }
        publish(topic, "2", 100);
        for (int i = 0; i < topics.size() - 1; i++) {
            remote.further.get(0).acknowledge(Acknowledgement.PUBACK, 1 + i);
            answerPings();
            remote.loop.advance(Duration.ofSeconds(12));
        }
        assertThat(overTheSecond()).hasSize(topics.size());
        assertThat(isInFile("up/" + topics.get(1), "1")).as("the control").isTrue();

        assertThat(isInFile(topic, "1")).isFalse();
    }

    private void answerPings() {
        remote.packet(new ControlPacket.PingResp());
        remote.further.forEach(each -> each.packet(new ControlPacket.PingResp()));
    }

    /** After a crash. */
    private boolean isInFile(String topic, String text) throws IOException {
        Path copy = folder.resolve("copy");
        Files.copy(folder.resolve("b"), copy, StandardCopyOption.REPLACE_EXISTING);
        Message message = retained(topic, text, QoS.AT_LEAST_ONCE);
        return Remembered.open(definition, Optional.of(copy), Runnable::run, System::nanoTime)
                .orElseThrow()
                .at(0, definition.routes(Direction.FORWARD).get(0))
                .has(topic, Digest.of(message, Set.of(Hops.PROPERTY)));
    }
}
