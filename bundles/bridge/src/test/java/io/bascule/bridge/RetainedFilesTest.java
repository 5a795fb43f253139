/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.bridge;

import static org.assertj.core.api.Assertions.assertThat;

import io.bascule.bridge.config.BridgeDefinition;
import io.bascule.bridge.config.BridgeReader;
import io.bascule.bridge.retained.Digest;
import io.bascule.bridge.retained.Remembered;
import io.bascule.bridge.retained.Sending;
import io.bascule.bridge.retained.Values;
import io.bascule.mqtt.Message;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.RejectedExecutionException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RetainedFilesTest {
    private static final Digest ON = Digest.of(Message.of("a", "on"), Set.of());

    @TempDir
    Path folder;

    private RetainedFiles files() {
        return new RetainedFiles(Optional.of(folder.resolve("retained")));
    }

    private static BridgeDefinition bridge(String name, String rule) {
        return BridgeReader.read(name, Map.of("server", "mqtt://far", "forward.a", rule))
                .definition()
                .orElseThrow();
    }

    private static BridgeDefinition bridge(String name) {
        return bridge(name, "a/# retain=diff");
    }

    private static void remember(RetainedFiles files, String name) {
        BridgeDefinition definition = bridge(name);
        try (Remembered remembered = files.open(definition, Runnable::run).orElseThrow()) {
            Values values = remembered.at(0, definition.routes().get(0));
            values.sent("a", ON, Sending.IN_ORDER).ifPresent(values::arrived);
        }
    }

    private boolean isRemembered(String name) {
        BridgeDefinition definition = bridge(name);
        return files().open(definition, Runnable::run)
                .orElseThrow()
                .at(0, definition.routes().get(0))
                .has("a", ON);
    }

    @Test
    void keepsOneForEachBridgeUntilItIsForgotten() {
        remember(files(), "one/ü");
        assertThat(isRemembered("two")).isFalse();
        remember(files(), "two");

        files().forget("one/ü");

        assertThat(isRemembered("one/ü")).isFalse();
        assertThat(isRemembered("two")).isTrue();
    }

    /** An event loop is not to wait for a disk. */
    @Test
    void forgetsOnAnotherThreadUnlessABridgeHasCome() {
        remember(files(), "gone");
        remember(files(), "back");
        List<Runnable> later = new ArrayList<>();

        files().forget("gone", () -> true, later::add);
        files().forget("back", () -> false, later::add);

        assertThat(isRemembered("gone")).as("not on this one").isTrue();
        later.forEach(Runnable::run);
        assertThat(isRemembered("gone")).isFalse();
        assertThat(isRemembered("back")).isTrue();
        files().forget("back", () -> true, task -> {
            throw new RejectedExecutionException();
        });
        assertThat(isRemembered("back")).as("the transport is going").isTrue();
    }

    @Test
    void keepsNoneForABridgeThatNeedsNone() {
        remember(files(), "b");

        assertThat(files().open(bridge("b", "a/#"), Runnable::run)).isEmpty();

        assertThat(folder.resolve("retained")).isEmptyDirectory();
    }

    @Test
    void doesWithoutADataArea() {
        RetainedFiles none = new RetainedFiles(Optional.empty());
        remember(none, "b");
        none.forget("b");
        assertThat(none.open(bridge("b"), Runnable::run)).isPresent();
    }
}
