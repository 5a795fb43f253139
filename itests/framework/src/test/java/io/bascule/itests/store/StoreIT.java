/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.itests.store;

import static io.bascule.itests.support.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import io.bascule.api.Broker;
import io.bascule.itests.client.Client;
import io.bascule.itests.client.ConnectOptions;
import io.bascule.itests.client.Received;
import io.bascule.itests.client.Version;
import io.bascule.itests.peers.Ports;
import io.bascule.itests.support.OldRevisions;
import io.bascule.itests.support.Residue;
import java.io.IOException;
import java.io.InputStream;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.stream.Stream;
import org.junit.Test;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleException;

/** The store as a bundle among the others: the broker comes and goes with it, and nothing that it has acknowledged does. */
public class StoreIT extends StoreContract {
    private static final int CYCLES = 3;

    @Test(timeout = 60_000)
    public void keepsAllThatWasAcknowledgedWhenTheBrokerIsConfiguredAnew() throws Exception {
        subscribe("panel", "alarms/#");
        Client publisher = Client.connect(Version.MQTT_5, port, "publisher");
        publisher.publish("alarms/1", 1, "hot");
        publisher.publish("alarms/2", 2, "very hot");
        publisher.publish("state", 1, true, "on".getBytes()).join();

        restartBroker("io.bascule.broker", Map.of("queue.messages", "1000"));
        publisher.disconnected().join();

        assertThat(take("panel", 2)).extracting(Received::text).containsExactly("hot", "very hot");
        try (Client late = connect(ConnectOptions.of(Version.MQTT_5, port, "late"), message -> {})) {
            Queue<Received> retained = new ConcurrentLinkedQueue<>();
            try (Client reader = connect(ConnectOptions.of(Version.MQTT_5, port, "reader"), retained::add)) {
                reader.subscribe("state", 1);
                eventually(() -> assertThat(retained).extracting(Received::text).containsExactly("on"));
            }
            late.publish("state", 1, true, new byte[0]).join();
        }
        restartBroker("io.bascule.broker", Map.of());
    }

    @Test(timeout = 60_000)
    public void theBrokerIsAwayWhileTheStoreCannotBeOpened() throws Exception {
        subscribe("panel", "alarms/#");
        Path file = Files.createTempFile("store", null);
        configureSingleton(PID, Map.of("folder", file.toString()));
        eventually("the broker has gone", () -> !Ports.answers(port));

        Files.delete(file);
        awaitOpen("fixed");
        assertThat(service(Broker.class).session("panel"))
                .as("of another folder")
                .isEmpty();

        configureSingleton(PID, Map.of());
        eventually(() -> assertThat(service(Broker.class).session("panel")).isPresent());
    }

    @Test(timeout = 60_000)
    public void theBrokerRunsInMemoryWithoutIt() throws Exception {
        subscribe("kept", "a");
        Bundle store = installed(PID);
        String location = store.getLocation();
        store.uninstall();
        awaitOpen("fixed");
        assertThat(service(Broker.class).session("kept")).isEmpty();
        subscribe("forgotten", "a");

        context.installBundle(location).start();

        eventually(() -> assertThat(service(Broker.class).session("kept")).isPresent());
        assertThat(service(Broker.class).session("forgotten")).isEmpty();
    }

    @Test(timeout = 300_000)
    public void nothingIsLostOrLeftWhenItComesAndGoesUnderLoad() throws Exception {
        OldRevisions revisions = new OldRevisions(context, installed(PID));
        comeAndGoUnderLoad(revisions, 1); // what stays from the first time on is no residue
        Residue before = atRest();

        comeAndGoUnderLoad(revisions, CYCLES);

        eventually(() -> assertThat(
                        Residue.now(context, service(Broker.class), transport).since(before))
                .isEmpty());
        eventually(() -> assertThat(revisions.alive()).isZero());
        eventually(() -> assertThat(openSegments()).doesNotHaveDuplicates().hasSameSizeAs(segments()));
    }

    private void comeAndGoUnderLoad(OldRevisions revisions, int cycles) throws Exception {
        startPublishers();
        int connections;
        try {
            for (int i = 0; i < cycles; i++) {
                comeAndGo(revisions);
            }
        } finally {
            connections = stopPublishers();
        }
        assertThat(connections).as("it was away").isGreaterThan(cycles);
        takeAll();
    }

    private void comeAndGo(OldRevisions revisions) throws Exception {
        Bundle store = installed(PID);
        store.stop();
        assertThat(context.getServiceReference(Broker.class)).isNull();
        eventually("the listener is closed", () -> !Ports.answers(port));
        store.start();
        awaitMore();
        revisions.refresh();
        awaitMore();
        update(store);
        awaitMore();
        restartBroker(PID, Map.of("segment.bytes", "2MiB"));
        awaitMore();
        restartBroker(PID, Map.of());
        awaitMore();
    }

    private List<Path> segments() throws IOException {
        try (Stream<Path> files = Files.list(Path.of(context.getProperty("bascule.data"), "store"))) {
            return files.filter(StoreIT::isSegment).toList();
        }
    }

    /** The files of the store that this process has open, as often as it has. */
    private static List<Path> openSegments() throws IOException {
        List<Path> open = new ArrayList<>();
        try (Stream<Path> descriptors = Files.list(Path.of("/proc/self/fd"))) {
            for (Path descriptor : descriptors.filter(Files::exists).toList()) {
                try {
                    Path file = Files.readSymbolicLink(descriptor);
                    if (isSegment(file)) {
                        open.add(file);
                    }
                } catch (NoSuchFileException e) {
                    // closed meanwhile
                }
            }
        }
        return open;
    }

    private static boolean isSegment(Path file) {
        return file.toString().endsWith(".log") && file.getParent().endsWith("store");
    }

    private Residue atRest() {
        return Residue.atRest(context, service(Broker.class), transport);
    }

    private static void update(Bundle bundle) throws IOException, BundleException {
        try (InputStream same = new URL(bundle.getLocation()).openStream()) {
            bundle.update(same);
        }
    }

    /** What waits for this session, which ends. */
    private List<Received> take(String clientId, int messages) {
        Queue<Received> received = new ConcurrentLinkedQueue<>();
        try (Client client = connect(lasting(clientId), received::add)) {
            assertThat(client.sessionPresent()).isTrue();
            eventually(() -> assertThat(received).hasSize(messages));
        }
        endSession(clientId);
        return List.copyOf(received);
    }
}
