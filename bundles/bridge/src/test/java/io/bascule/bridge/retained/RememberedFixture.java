/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.bridge.retained;

import static org.assertj.core.api.Assertions.assertThat;

import io.bascule.bridge.config.BridgeDefinition;
import io.bascule.bridge.config.BridgeReader;
import io.bascule.mqtt.Message;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.RejectedExecutionException;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** What is remembered of a bridge with one forward route, and its file as it would be found. */
abstract class RememberedFixture {
    static final Digest A = digest("a");
    static final Digest B = digest("b");

    @TempDir
    Path folder;

    Path file;
    final Map<String, String> bridge =
            new HashMap<>(Map.of("server", "mqtt://far", "forward.up", "up/# -> far/{#} retain=diff"));
    final Queue<Runnable> files = new ArrayDeque<>();
    boolean refusesFiles;
    final List<Runnable> later = new ArrayList<>();
    Duration now = Duration.ofDays(3);
    /** Runs when somebody looks at the clock. */
    Runnable looking = () -> {};

    @BeforeEach
    void name() {
        file = folder.resolve("retained/b");
    }

    static Digest digest(String text) {
        return Digest.of(Message.of("t", text), Set.of());
    }

    BridgeDefinition definition() {
        BridgeReader.Result read = BridgeReader.read("b", bridge);
        assertThat(read.errors()).isEmpty();
        return read.definition().orElseThrow();
    }

    Remembered open(BridgeDefinition definition) {
        Remembered opened = open(definition, file);
        opened.scheduler((delay, task) -> later.add(task));
        return opened;
    }

    Remembered open(BridgeDefinition definition, Path path) {
        return Remembered.open(definition, Optional.of(path), this::inFiles, this::nanoTime)
                .orElseThrow();
    }

    private long nanoTime() {
        looking.run();
        return now.toNanos();
    }

    private void inFiles(Runnable task) {
        if (refusesFiles) {
            throw new RejectedExecutionException();
        }
        files.add(task);
    }

    static Values values(Remembered remembered, BridgeDefinition definition) {
        return remembered.at(0, definition.routes().get(0));
    }

    /** As it would be found now, after a crash if the last one was not closed. */
    Values reopened() {
        Path copy = folder.resolve("copy");
        try {
            Files.deleteIfExists(copy);
            if (Files.exists(file)) {
                Files.copy(file, copy);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        BridgeDefinition definition = definition();
        return values(open(definition, copy), definition);
    }

    static void bring(Values values, String topic, Digest digest) {
        values.sent(topic, digest, Sending.IN_ORDER).ifPresent(values::arrived);
    }

    void runFiles() {
        while (!files.isEmpty()) {
            files.remove().run();
        }
    }

    void passTime(Duration time) {
        now = now.plus(time);
        List<Runnable> due = List.copyOf(later);
        later.clear();
        due.forEach(Runnable::run);
        runFiles();
    }
}
