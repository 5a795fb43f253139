/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.itests.bridge;

import static io.bascule.itests.support.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import io.bascule.api.BridgeStatus;
import io.bascule.itests.client.Version;
import io.bascule.itests.peers.MosquittoProcess;
import io.bascule.itests.support.Flow;
import io.bascule.itests.support.InWatchedFolder;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.Before;
import org.junit.Test;

/** What is written into a bridge's file while messages flow, on purpose or not. */
public class FilesIT extends InWatchedFolder {
    private static final Duration TO_ARRIVE = Duration.ofSeconds(30);
    private static final int RATE = 200;
    private static final int EDITS_PER_SECOND = 10;
    private static final int EDITS = 50;

    private int local;

    @Before
    public void openListener() throws IOException {
        local = openListener("local");
    }

    @Test(timeout = 300_000)
    public void noContentStopsABridgeThatWorks() throws IOException {
        try (MosquittoProcess peer = MosquittoProcess.start();
                Flow out = flow("out", local, "out/x", peer.port(), "there/x");
                Flow in = flow("in", peer.port(), "in/x", local, "here/x")) {
            List<Flow> flows = List.of(out, in);
            Map<String, String> valid = BridgeContract.bridgeTo(peer, Version.MQTT_5);
            write("b", lines(valid));
            awaitConnected("b");
            flows.forEach(flow -> flow.start(RATE));

            for (Map.Entry<String, byte[]> content : contents(lines(valid)).entrySet()) {
                Instant before = Instant.now();
                write("b", content.getValue());
                eventually(
                        TO_ARRIVE,
                        () -> assertThat(bridge("b")).as(content.getKey()).hasValueSatisfying(status -> {
                            assertThat(status.configurationError())
                                    .hasValueSatisfying(error -> assertThat(error)
                                            .startsWith("CONFIG_INVALID: asked for ")
                                            .contains("in force", "because")
                                            .hasSizeLessThan(5000));
                            assertThat(status.state()).isEqualTo(BridgeStatus.State.CONNECTED);
                            assertThat(status.since()).isAfter(before);
                        }));
                flows.forEach(flow -> flow.awaitMore(20));
                write("b", lines(valid));
                eventually(() -> assertThat(bridge("b")).hasValueSatisfying(status -> {
                    assertThat(status.configurationError()).isEmpty();
                    assertThat(status.state()).isEqualTo(BridgeStatus.State.CONNECTED);
                }));
            }

            flows.forEach(Flow::stop);
            flows.forEach(flow -> flow.awaitExact(TO_ARRIVE));
            flows.forEach(flow -> System.out.println("Bridge to " + peer + " whose file breaks, " + flow));
        }
    }

    /** Each is something that the file is not to be, and that says something else than the one before. */
    private static Map<String, byte[]> contents(String valid) {
        Map<String, byte[]> contents = new TreeMap<>();
        contents.put("UTF-16", valid.getBytes(StandardCharsets.UTF_16));
        contents.put("Latin-1", (valid + "forward.x = gr\u00fcn/#\n").getBytes(StandardCharsets.ISO_8859_1));
        contents.put("10 MB in a line", (valid + "user = " + "x".repeat(10_000_000)).getBytes(StandardCharsets.UTF_8));
        // Not in more lines: File Install 3.7.4 takes a time that grows with their square.
        contents.put(
                "10 MB in a hundred lines",
                (valid
                                + IntStream.range(0, 100)
                                        .mapToObj(i -> "forward." + i + " = " + "x/".repeat(50_000) + i + "\n")
                                        .collect(Collectors.joining()))
                        .getBytes(StandardCharsets.UTF_8));
        contents.put("cut in a key", (valid + "forward.y = y/#\nforw").getBytes(StandardCharsets.UTF_8));
        contents.put("cut in a value", (valid + "forward.y = y/# -> there/y/{").getBytes(StandardCharsets.UTF_8));
        contents.put(
                "without a route",
                valid.replaceAll("(?m)^(forward|subscribe).*\n", "").getBytes(StandardCharsets.UTF_8));
        contents.put("a misspelt key", (valid + "keepalife = 10s\n").getBytes(StandardCharsets.UTF_8));
        return contents;
    }

    @Test(timeout = 60_000)
    public void oneThatWasNeverValidIsInTheList() throws IOException {
        write("never", "forward.a = a/#\n");

        eventually(() -> assertThat(bridge("never")).hasValueSatisfying(status -> {
            assertThat(status.state()).isEqualTo(BridgeStatus.State.CONFIG_INVALID);
            assertThat(status.configurationError())
                    .hasValueSatisfying(error -> assertThat(error).contains("nothing is in force", "server"));
        }));
    }

    @Test(timeout = 120_000)
    public void aTouchThatSaysTheSameDoesNothing() throws IOException {
        try (MosquittoProcess peer = MosquittoProcess.start()) {
            Map<String, String> valid = BridgeContract.bridgeTo(peer, Version.MQTT_5);
            write("b", lines(valid));
            write("other", lines(valid) + "client.id = other\n");
            awaitConnected("b");
            awaitConnected("other");
            BridgeStatus before = bridge("b").orElseThrow();

            Files.setLastModifiedTime(file("b"), FileTime.from(Instant.now().plusSeconds(10)));
            write("b", "# the same\n\n" + lines(valid).replace(" = ", "=") + "\n");
            // File Install reads the files in one go: when it has taken the other it has been at this one.
            write("other", lines(valid) + "client.id = other\nforward.y = y/#\n");
            eventually(
                    () -> assertThat(bridge("other").map(BridgeStatus::routes).orElse(List.of()))
                            .hasSize(3));
            awaitConnected("other");

            assertThat(bridge("b").orElseThrow().since()).isEqualTo(before.since());
        }
    }

    @Test(timeout = 300_000)
    public void aBurstOfFilesEndsInTheLastOne() throws IOException {
        aBurstOfEditsEndsInTheLastOne((name, properties) -> write(name, lines(properties)));
    }

    @Test(timeout = 300_000)
    public void aBurstOfConfigurationsEndsInTheLastOne() throws IOException {
        aBurstOfEditsEndsInTheLastOne(this::configureBridge);
    }

    private interface Edit {
        void make(String name, Map<String, String> properties) throws IOException;
    }

    private void aBurstOfEditsEndsInTheLastOne(Edit edit) throws IOException {
        try (MosquittoProcess peer = MosquittoProcess.start();
                Flow out = flow("out", local, "out/x", peer.port(), "there/x")) {
            Map<String, String> properties = BridgeContract.bridgeTo(peer, Version.MQTT_5);
            edit.make("b", properties);
            properties.put("forward.out", "other/# -> other-there/{#}");
            edit.make("other", properties);
            properties.put("forward.out", "out/# -> there/{#}");
            awaitConnected("b");
            awaitConnected("other");
            Instant since = bridge("other").orElseThrow().since();
            out.start(RATE);

            long begin = System.nanoTime();
            for (int i = 1; i <= EDITS; i++) {
                properties.put("forward.edit", "edit/" + i);
                edit.make("b", properties);
                long due = begin + TimeUnit.SECONDS.toNanos(i) / EDITS_PER_SECOND;
                while (due - System.nanoTime() > 0) {
                    LockSupport.parkNanos(due - System.nanoTime());
                }
            }

            eventually(() -> assertThat(bridge("b")).hasValueSatisfying(status -> {
                assertThat(status.state()).isEqualTo(BridgeStatus.State.CONNECTED);
                assertThat(status.routes()).extracting(BridgeStatus.Route::rule).contains("edit/" + EDITS);
            }));
            out.awaitMore(20);
            out.stop();
            out.awaitExact(TO_ARRIVE);
            assertThat(bridge("other").orElseThrow().since()).isEqualTo(since);
            assertThat(broker.sessions())
                    .extracting(session -> session.clientId())
                    .filteredOn(clientId -> clientId.startsWith("bridge:"))
                    .containsExactlyInAnyOrder("bridge:b", "bridge:other");
        }
    }

    private static Flow flow(String name, int fromPort, String topic, int toPort, String filter) {
        return new Flow(name, Version.MQTT_5, 2, new Flow.Way(fromPort, topic, toPort, filter));
    }

    private static String lines(Map<String, String> properties) {
        return new TreeMap<>(properties)
                .descendingMap().entrySet().stream()
                        .map(entry -> entry.getKey() + " = " + entry.getValue() + "\n")
                        .collect(Collectors.joining());
    }
}
