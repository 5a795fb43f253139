/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.itests.store;

import static io.bascule.itests.support.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.Assume.assumeTrue;

import io.bascule.api.Broker;
import io.bascule.api.Store;
import io.bascule.itests.client.Client;
import io.bascule.itests.client.ConnectOptions;
import io.bascule.itests.client.Received;
import io.bascule.itests.client.Version;
import io.bascule.itests.support.Folders;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.After;
import org.junit.Before;
import org.junit.Test;
import org.osgi.framework.Bundle;

/** A store on a disk that somebody else fills: a tmpfs, where this process may mount one. */
public class DiskFullIT extends StoreContract {
    private static final int CHUNK = 4096;

    private Path disk;

    @Before
    public void mount() throws IOException, InterruptedException {
        disk = Folders.create("disk");
        assumeTrue("a tmpfs can be mounted", run("mount", "-t", "tmpfs", "-o", "size=16m", "tmpfs", disk.toString()));
        configureSingleton(
                PID,
                Map.of(
                        "folder", disk.resolve("store").toString(),
                        "segment.bytes", "1MiB",
                        "pending.bytes", "1MiB"));
        awaitFolder(disk.resolve("store").toString());
    }

    @After
    public void unmount() throws IOException, InterruptedException {
        configureSingleton(PID, Map.of());
        awaitFolder(Path.of(context.getProperty("bascule.data"), "store").toString());
        run("umount", disk.toString());
    }

    private void awaitFolder(String folder) {
        eventually(
                "the store is in " + folder,
                () -> service(Store.class).status().folder().equals(folder));
        service(Broker.class);
        awaitOpen("fixed");
    }

    private static boolean run(String... command) throws IOException, InterruptedException {
        try {
            return new ProcessBuilder(command).inheritIO().start().waitFor() == 0;
        } catch (IOException e) {
            return false; // there is no such program
        }
    }

    @Test(timeout = 120_000)
    public void acknowledgesNothingThatItCannotSaveAndGoesOnWhenThereIsRoom() throws Exception {
        startPublishers();
        try (Client publisher = connect(ConnectOptions.of(Version.MQTT_5, port, "before"), message -> {})) {
            publisher
                    .publish("state", 1, true, "on".getBytes(StandardCharsets.UTF_8))
                    .join();
        }

        Path filler = fill();
        awaitFailure();
        awaitNoMoreAcknowledgements();
        eventually(() -> assertThat(console("store")).contains("No space left on device"));

        Bundle store = installed(PID);
        store.stop();
        store.start(); // opens while it is full
        awaitOpen("fixed");
        assertThat(service(Broker.class).session("offline0")).isPresent();
        awaitFailure();
        awaitNoMoreAcknowledgements();

        Files.delete(filler);
        awaitMore();
        eventually("it is well again", () -> failure().isEmpty());
        stopPublishers();
        takeAll();
    }

    private Path fill() throws IOException {
        Path filler = disk.resolve("filler");
        byte[] zeros = new byte[CHUNK];
        try (OutputStream out = Files.newOutputStream(filler)) {
            while (true) {
                out.write(zeros);
            }
        } catch (IOException e) {
            return filler; // there is no space left
        }
    }

    private void awaitFailure() {
        long start = System.nanoTime();
        eventually("the store says that there is no room", () -> failure().isPresent());
        System.out.printf("said after %d ms: %s%n", (System.nanoTime() - start) / 1_000_000, failure());
    }

    private Optional<String> failure() {
        return service(Store.class).status().figures().flatMap(figures -> figures.failure());
    }

    /** What is cut off of a segment may be room for a few more messages: those are saved, and acknowledged rightly. */
    private void awaitNoMoreAcknowledgements() {
        eventually("nothing is acknowledged while it serves what needs no disk", () -> {
            int acknowledged = acknowledged();
            servesWhatNeedsNoDisk();
            return failure().isPresent() && acknowledged() == acknowledged;
        });
    }

    private void servesWhatNeedsNoDisk() {
        Queue<Received> received = new ConcurrentLinkedQueue<>();
        try (Client client = connect(ConnectOptions.of(Version.MQTT_5, port, "temporary"), received::add)) {
            client.subscribe("state", 1);
            eventually(() -> assertThat(received).extracting(Received::text).containsExactly("on"));
            client.publish("state", 0, "off");
            client.publish("state", 1, "away"); // to nobody who is kept
            eventually(() -> assertThat(received).extracting(Received::text).containsExactly("on", "off", "away"));
        }
    }
}
