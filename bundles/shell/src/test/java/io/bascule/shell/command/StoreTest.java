/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.shell.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.bascule.api.Store;
import io.bascule.api.Store.Exported;
import io.bascule.api.Store.Imported;
import io.bascule.api.StoreFigures;
import io.bascule.api.StoreFigures.Commits;
import io.bascule.api.StoreFigures.Compaction;
import io.bascule.api.StoreFigures.DamagedSegment;
import io.bascule.api.StoreStatus;
import io.bascule.api.StoreVerification;
import io.bascule.api.StoreVerification.Damage;
import io.bascule.shell.view.Json;
import java.io.IOException;
import java.io.Writer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The commands of the store on disk. */
class StoreTest {
    private final FakeStore store = new FakeStore();
    private final Printed printed = new Printed();
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

    @Test
    void verifiesTheOpenStore() {
        store.verification = CompletableFuture.completedFuture(
                new StoreVerification("/data/store", 2, 3_000, 12, 9, 4, 5, 6, 0, List.of()));

        StoreVerify.of(null).run(() -> services, printed.console(true, () -> true));
        assertThat(printed.text())
                .isEqualToIgnoringWhitespace("{\"folder\":\"/data/store\",\"intact\":true,\"segments\":2,"
                        + "\"bytes\":3000,\"records\":12,\"unfinishedBytes\":9,\"sessions\":4,\"retained\":5,"
                        + "\"queued\":6,\"damaged\":0,\"damages\":[]}");
    }

    @Test
    void failsWhereAFolderIsDamaged() {
        store.verification = CompletableFuture.completedFuture(new StoreVerification(
                "/backup",
                2,
                3_000,
                12,
                9,
                4,
                5,
                6,
                1,
                List.of(new Damage("1.log", 70, "there is no whole record 3"))));

        assertThatThrownBy(() -> StoreVerify.of("/backup").run(() -> services, printed.console(false, () -> true)))
                .isInstanceOf(CommandFailure.class)
                .hasToString("/backup is damaged in 1 place.");
        assertThat(store.folder).isEqualTo(Path.of("/backup"));
        assertThat(printed.text())
                .contains("File   Offset  What is there", "1.log      70  there is no whole record 3");
    }

    @Test
    void saysWhyItCannotVerify() {
        store.verification = CompletableFuture.failedFuture(new IOException("there is no folder /backup"));

        assertThatThrownBy(() -> StoreVerify.of("/backup").run(() -> services, printed.console(false, () -> true)))
                .isInstanceOf(CommandFailure.class)
                .hasToString("The store is not verified: there is no folder /backup.");
    }

    @Test
    void endsWhatNobodyWaitsFor() {
        assertThatThrownBy(() -> StoreVerify.of(null).run(() -> services, printed.console(false, () -> false)))
                .isInstanceOf(CommandFailure.class)
                .hasToString("The store is not verified: nobody waits for it.");
        assertThat(store.verification).isCancelled();

        store.verification = new CompletableFuture<>();
        Thread.currentThread().interrupt();
        assertThatThrownBy(() -> StoreVerify.of(null).run(() -> services, printed.console(false, () -> true)))
                .hasToString("The store is not verified: nobody waits for it.");
        assertThat(store.verification).isCancelled();
    }

    @Test
    void exportsToANewFile(@TempDir Path folder) throws IOException {
        Path file = folder.resolve("store.jsonl");
        store.exported = new Exported(1, 2, 3, 0);

        StoreExport.of(file.toString()).run(() -> services, printed.console(false, () -> true));
        assertThat(printed.text()).isEqualTo("Wrote 1 session, 2 messages and 3 retained messages to " + file + ".\n");
        assertThat(file).hasContent("exported");

        assertThatThrownBy(
                        () -> StoreExport.of(file.toString()).run(() -> services, printed.console(false, () -> true)))
                .hasToString("There is a file " + file + " already.");
        assertThatThrownBy(() -> StoreExport.of(null)).hasMessageContaining("The file to write is missing");
    }

    @Test
    void saysWhatIsNotInAnExport(@TempDir Path folder) {
        store.exported = new Exported(1, 2, 3, 4);

        StoreExport.of(folder.resolve("a").toString()).run(() -> services, printed.console(false, () -> true));
        assertThat(printed.text()).contains("What is damaged is not in it, in 4 places; mqtt:store-verify names them.");
    }

    @Test
    void leavesNoFileOfAnExportThatFails(@TempDir Path folder) {
        StoreExport export = StoreExport.of(folder.resolve("a").toString());

        assertThatThrownBy(() -> export.run(() -> services, printed.console(false, () -> true)))
                .hasToString("The store is not exported: no.");
        assertThat(folder).isEmptyDirectory();
    }

    @Test
    void importsAFile() {
        store.imported = CompletableFuture.completedFuture(new Imported(1, 2, 3, 0, 0));

        StoreImport.of("/tmp/a", false).run(() -> services, printed.console(false, () -> true));
        assertThat(printed.text()).isEqualTo("Imported 1 session, 2 messages and 3 retained messages from /tmp/a.\n");
        assertThat(store.folder).isEqualTo(Path.of("/tmp/a"));
        assertThat(store.skipping).isFalse();
        assertThatThrownBy(() -> StoreImport.of(null, false)).hasMessageContaining("The file to import is missing");
    }

    @Test
    void saysWhatItHasSkipped() {
        store.imported = CompletableFuture.completedFuture(new Imported(1, 2, 3, 4, 1));

        StoreImport.of("/tmp/a", true).run(() -> services, printed.console(false, () -> true));
        assertThat(printed.text()).endsWith("4 sessions and 1 retained message exist already and stay as they are.\n");
        assertThat(store.skipping).isTrue();
    }

    @Test
    void saysWhyNothingIsImported() {
        store.imported = CompletableFuture.failedFuture(new IOException("line 3: qos: it is missing"));

        assertThatThrownBy(
                        () -> StoreImport.of("/tmp/a", false).run(() -> services, printed.console(false, () -> true)))
                .hasToString("Nothing is imported: line 3: qos: it is missing.");
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
        CompletableFuture<StoreVerification> verification = new CompletableFuture<>();
        Path folder;
        Exported exported;
        CompletableFuture<Imported> imported;
        boolean skipping;

        @Override
        public StoreStatus status() {
            return status;
        }

        @Override
        public CompletableFuture<Imported> importFrom(Path file, boolean skipExisting) {
            folder = file;
            skipping = skipExisting;
            return imported;
        }

        @Override
        public CompletableFuture<Exported> export(Writer to) {
            try {
                to.write("exported");
            } catch (IOException e) {
                return CompletableFuture.failedFuture(e);
            }
            return exported == null
                    ? CompletableFuture.failedFuture(new IOException("no"))
                    : CompletableFuture.completedFuture(exported);
        }

        @Override
        public CompletableFuture<StoreVerification> verify() {
            return verification;
        }

        @Override
        public CompletableFuture<StoreVerification> verify(Path itsFolder) {
            folder = itsFolder;
            return verification;
        }
    }
}
