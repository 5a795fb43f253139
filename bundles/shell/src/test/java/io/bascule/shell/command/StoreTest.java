/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.shell.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.bascule.api.Store;
import io.bascule.api.StoreFigures;
import io.bascule.api.StoreFigures.Commits;
import io.bascule.api.StoreFigures.Compaction;
import io.bascule.api.StoreFigures.DamagedSegment;
import io.bascule.api.StoreStatus;
import io.bascule.shell.view.Json;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** The commands of the store on disk. */
class StoreTest {
    private final FakeStore store = new FakeStore();
    private final Services services = Fakes.stopped(Optional.of(store));

    @Test
    void showsItsFigures() {
        store.status = new StoreStatus("/data/store", "fsync", Optional.empty(), Optional.of(figures()));

        assertThat(Json.line(new StoreDetails().run(services)))
                .isEqualTo(
                        "{\"folder\":\"/data/store\",\"durability\":\"fsync\",\"open\":true,\"whyNotOpen\":null,"
                                + "\"failure\":\"No space left on device\",\"bytes\":3000,\"liveBytes\":1000,\"segments\":2,"
                                + "\"oldest\":3600,\"appended\":12,\"durable\":10,\"pendingBytes\":99,\"commits\":5,"
                                + "\"commitMedianMicros\":400,\"commitPercentile99Micros\":900,\"commitLongestMicros\":1000,"
                                + "\"compacting\":true,\"copiedBytes\":77,\"deletedSegments\":3,\"sessions\":4,\"retained\":5,"
                                + "\"queued\":6,\"damaged\":[{\"file\":\"1.quarantined\",\"records\":7,\"unreadableBytes\":8}]}");
    }

    @Test
    void saysWhyItIsNotOpen() {
        store.status = new StoreStatus("/data/store", "fsync", Optional.of("Permission denied"), Optional.empty());

        assertThat(Json.line(new StoreDetails().run(services)))
                .isEqualTo("{\"folder\":\"/data/store\",\"durability\":\"fsync\",\"open\":false,"
                        + "\"whyNotOpen\":\"Permission denied\"}");
        assertThatThrownBy(() -> new Status().run(services))
                .hasToString("The broker is not running, since its store is not open: Permission denied.");
    }

    @Test
    void saysThatEverythingIsInMemory() {
        assertThatThrownBy(() -> new StoreDetails().run(Fakes.stopped()))
                .isInstanceOf(CommandFailure.class)
                .hasToString("The broker keeps everything in memory: no bundle with a store on disk is active.");
    }

    private static StoreFigures figures() {
        return new StoreFigures(
                Optional.of("No space left on device"),
                3_000,
                1_000,
                2,
                Optional.of(Duration.ofHours(1)),
                12,
                10,
                99,
                new Commits(5, Duration.ofNanos(400_000), Duration.ofNanos(900_000), Duration.ofMillis(1)),
                new Compaction(true, 77, 3),
                List.of(new DamagedSegment("1.quarantined", 7, 8)),
                4,
                5,
                6);
    }

    private static final class FakeStore implements Store {
        StoreStatus status;

        @Override
        public StoreStatus status() {
            return status;
        }
    }
}
