/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.shell.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.bascule.api.BridgeStatus;
import io.bascule.api.QueuedMessage;
import io.bascule.mqtt.Message;
import io.bascule.mqtt.QoS;
import io.bascule.mqtt.Topic;
import io.bascule.shell.command.Fakes.FakeBroker;
import io.bascule.shell.view.Json;
import io.bascule.shell.view.Sentence;
import io.bascule.shell.view.Table;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The commands that look at what waits for a bridge, write it out and drop it. */
class BridgeQueueTest {
    private final FakeBroker broker = new FakeBroker();
    private final Services services = Fakes.services(broker, Fakes.bridge("cloud", BridgeStatus.State.BACKOFF));

    @TempDir
    Path folder;

    private void queue(long number, byte[] payload) {
        Message message = Message.of(Topic.of("plant/" + number), payload, QoS.EXACTLY_ONCE, false);
        broker.queued.add(new QueuedMessage(
                number,
                message,
                QoS.AT_LEAST_ONCE,
                false,
                200,
                Duration.ofSeconds(90),
                Optional.of(Duration.ofSeconds(30))));
    }

    private void queue(int count) {
        for (int i = 0; i < count; i++) {
            queue(i, ("text " + i).getBytes(StandardCharsets.UTF_8));
        }
    }

    @Test
    void showsTheFirst() {
        queue(4);

        Table table = (Table) BridgeQueue.of("cloud", "2").run(services);

        assertThat(Json.line(table))
                .isEqualTo("[{\"topic\":\"plant/0\",\"qos\":1,\"retain\":false,\"bytes\":6,\"age\":90,\"expiresIn\":30,"
                        + "\"beginning\":\"text 0\"},{\"topic\":\"plant/1\",\"qos\":1,\"retain\":false,\"bytes\":6,"
                        + "\"age\":90,\"expiresIn\":30,\"beginning\":\"text 1\"}]");
        assertThat(table.note().orElseThrow()).startsWith("4 messages wait in all");
        assertThat(broker.calls).containsExactly("queued bridge:cloud 0 2");
        assertThat(((Table) BridgeQueue.of("cloud", null).run(services)).note()).isEmpty();
    }

    @Test
    void saysThatNothingWaits() {
        assertThat(((Table) BridgeQueue.of("cloud", null).run(services)).whenEmpty())
                .isEqualTo("No message waits to be forwarded by cloud.");
    }

    @Test
    void purges() {
        queue(2);

        Sentence sentence = (Sentence) BridgeQueuePurge.of("cloud").run(services);

        assertThat(sentence.text()).isEqualTo("Dropped what waited for cloud: 2 messages.");
        assertThat(Json.line(sentence)).isEqualTo("{\"name\":\"cloud\",\"messages\":2}");
        assertThat(broker.calls).containsExactly("purge bridge:cloud");
    }

    @Test
    void writesAllThatWaitsInSlices() throws IOException {
        queue(1200);
        queue(1200, new byte[] {(byte) 0xFF, 0});
        Path file = folder.resolve("out.jsonl");

        Sentence sentence =
                (Sentence) BridgeQueueExport.of("cloud", file.toString()).run(services);

        assertThat(sentence.text()).isEqualTo("Wrote 1201 messages to " + file + ".");
        List<String> lines = Files.readAllLines(file);
        assertThat(lines).hasSize(1201);
        assertThat(lines.get(0))
                .isEqualTo("{\"number\":0,\"topic\":\"plant/0\",\"qos\":1,\"retain\":false,\"age\":90,\"expiresIn\":30,"
                        + "\"payloadBase64\":\"dGV4dCAw\",\"payload\":\"text 0\"}");
        assertThat(lines.get(1200)).endsWith("\"expiresIn\":30,\"payloadBase64\":\"/wA=\"}");
        assertThat(broker.calls)
                .containsExactly(
                        "queued bridge:cloud 0 500", "queued bridge:cloud 500 500", "queued bridge:cloud 1000 500");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                .isEqualTo("rw-------");
        assertThat(broker.queued).hasSize(1201);
    }

    @Test
    void writesNoFileOverAnotherAndLeavesNothingBehind() throws IOException {
        Path file = Files.writeString(folder.resolve("there"), "mine");
        assertThatThrownBy(() -> BridgeQueueExport.of("cloud", file.toString()).run(services))
                .hasMessage("There is a file " + file + " already.");
        assertThat(file).hasContent("mine");
        Path nowhere = folder.resolve("no/out");
        assertThatThrownBy(
                        () -> BridgeQueueExport.of("cloud", nowhere.toString()).run(services))
                .hasMessage("There is no folder " + nowhere.getParent() + ".");
        try (Stream<Path> files = Files.list(folder)) {
            assertThat(files).containsExactly(file);
        }
    }

    @Test
    void namesTheNearest() {
        assertThatThrownBy(() -> BridgeQueue.of("clout", null).run(services))
                .hasMessage("There is no bridge clout; did you mean cloud?");
        assertThatThrownBy(() -> BridgeQueuePurge.of("clout").run(services))
                .hasMessage("There is no bridge clout; did you mean cloud?");
        assertThatThrownBy(() -> BridgeQueueExport.of("clout", "x").run(services))
                .hasMessage("There is no bridge clout; did you mean cloud?");
        assertThatThrownBy(() -> BridgeQueuePurge.of(null))
                .hasMessage("The bridge's name is missing; mqtt:bridges lists them.");
        assertThatThrownBy(() -> BridgeQueueExport.of("cloud", null))
                .hasMessage("The bridge's name, or the file to write, is missing, as in mqtt:bridge-queue-export cloud"
                        + " /tmp/cloud.jsonl.");
        assertThatThrownBy(() -> BridgeQueue.of("cloud", "0")).hasMessage("--limit is 1 to 10000, not 0.");
    }
}
