/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.itests.bridge;

import static io.bascule.itests.support.Eventually.eventually;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.bascule.api.BridgeStatus;
import io.bascule.api.DeletedBridge;
import io.bascule.itests.client.Client;
import io.bascule.itests.client.ConnectOptions;
import io.bascule.itests.client.Version;
import io.bascule.itests.peers.MosquittoProcess;
import io.bascule.itests.support.InFramework;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import org.junit.After;
import org.junit.Before;
import org.junit.Test;

/** A bridge with two servers, both Mosquitto. */
public class FailoverIT extends InFramework {
    private static final Duration TO_ARRIVE = Duration.ofSeconds(30);
    /** Far above what it is, and far below any time-out. */
    private static final long LONGEST_GAP_MILLIS = 10_000;

    private static final long TICK_NANOS = TimeUnit.MILLISECONDS.toNanos(3);

    private final List<AutoCloseable> opened = new ArrayList<>();
    private String name = "b";
    private int local;
    private MosquittoProcess first;
    private MosquittoProcess second;

    /** What came of one stream at one broker, in the order in which it came. */
    private record Arrived(int number, long nanos) {}

    @Before
    public void startBoth() throws IOException {
        local = openListener("local");
        // What a crash takes with it is not what this is about.
        first = MosquittoProcess.start("autosave_interval 1", "autosave_on_changes true", "log_type debug");
        second = MosquittoProcess.start();
    }

    @After
    public void stopBoth() throws Exception {
        for (int i = opened.size() - 1; i >= 0; i--) {
            opened.get(i).close();
        }
        first.close();
        second.close();
    }

    private long logged(String what) {
        return first.log().stream().filter(line -> line.contains(what)).count();
    }

    private void bridge(Map<String, String> lines) throws IOException {
        Map<String, String> properties = new HashMap<>(Map.of(
                "server",
                "mqtt://127.0.0.1:" + first.port() + ", mqtt://127.0.0.1:" + second.port(),
                "failback.interval",
                "3s",
                "reconnect.min",
                "100ms",
                "reconnect.max",
                "1s",
                "forward.out",
                "out/# -> there/{#}",
                "subscribe.in",
                "in/# -> here/{#}"));
        properties.putAll(lines);
        configureBridge(name, properties);
        awaitServer(first);
    }

    private void awaitServer(MosquittoProcess server) {
        eventually(() -> assertThat(bridge(name)).hasValueSatisfying(status -> {
            assertThat(status.state()).isEqualTo(BridgeStatus.State.CONNECTED);
            assertThat(status.server()).endsWith(":" + server.port());
        }));
    }

    private List<Arrived> subscribe(int port, String clientId, String filter) {
        List<Arrived> arrived = new CopyOnWriteArrayList<>();
        Client client = Client.connect(
                ConnectOptions.of(Version.MQTT_3_1_1, port, clientId).lastingSession(),
                message -> arrived.add(new Arrived(Integer.parseInt(message.text()), System.nanoTime())));
        opened.add(client);
        client.subscribe(filter, 1);
        return arrived;
    }

    /** Numbers, one each 3 ms, until it is stopped; returns how many. */
    private CompletableFuture<Integer> publish(int port, String topic, int qos, AtomicBoolean running) {
        Client client = Client.connect(Version.MQTT_5, port, "from " + topic);
        opened.add(client);
        return CompletableFuture.supplyAsync(() -> {
            List<CompletableFuture<?>> sent = new ArrayList<>();
            while (running.get()) {
                String number = String.valueOf(sent.size());
                sent.add(client.publish(topic, qos, false, number.getBytes(UTF_8)));
                LockSupport.parkNanos(TICK_NANOS);
            }
            sent.forEach(CompletableFuture::join);
            return sent.size();
        });
    }

    /** The first server dies without a word and comes back; nothing is lost, and what each broker is sent is in order. */
    @Test(timeout = 180_000)
    public void goesToTheSecondServerAndBackUnderLoad() throws Exception {
        subscribe(first.port(), "far 1", "there/1");
        subscribe(first.port(), "far 2", "there/2");
        first.stop(); // so that the subscriptions are there after a crash
        first.startAgain();
        List<List<Arrived>> out = new CopyOnWriteArrayList<>();
        out.add(subscribe(first.port(), "far 1", "there/1"));
        out.add(subscribe(second.port(), "far 1", "there/1"));
        List<List<Arrived>> outExactly = new CopyOnWriteArrayList<>();
        outExactly.add(subscribe(first.port(), "far 2", "there/2"));
        outExactly.add(subscribe(second.port(), "far 2", "there/2"));
        List<Arrived> in = subscribe(local, "near", "here/1");
        bridge(Map.of());

        AtomicBoolean running = new AtomicBoolean(true);
        CompletableFuture<Integer> once = publish(local, "out/1", 1, running);
        CompletableFuture<Integer> exactly = publish(local, "out/2", 2, running);
        eventually(() -> assertThat(out.get(0)).hasSizeGreaterThan(300));

        first.kill();
        awaitServer(second);
        long taken = logged("Sending PUBREC to bascule-b ") - logged("Received PUBREL from bascule-b ");
        CompletableFuture<Integer> back = publish(second.port(), "in/1", 1, running);
        eventually(() -> assertThat(out.get(1)).hasSizeGreaterThan(300));
        int arrivedAtSecond = out.get(1).size();
        assertThat(gap(out)).as("ms without flow").isLessThan(LONGEST_GAP_MILLIS);
        first.startAgain();
        out.add(subscribe(first.port(), "far 1", "there/1"));
        outExactly.add(subscribe(first.port(), "far 2", "there/2"));
        awaitServer(first);
        assertThat(out.get(1).size()).as("the second server is used meanwhile").isGreaterThanOrEqualTo(arrivedAtSecond);
        eventually(() -> assertThat(out.get(2)).hasSizeGreaterThan(300));
        running.set(false);

        complete(out, once.get(30, TimeUnit.SECONDS));
        // It has said that it has these, and has forgotten them with its life before they were released.
        int least = exactly.get(30, TimeUnit.SECONDS) - (int) taken;
        eventually(TO_ARRIVE, () -> assertThat(numbers(outExactly)).hasSizeGreaterThanOrEqualTo(least));
        outExactly.forEach(FailoverIT::assertInOrder);
        assertThat(in).as("of the second server's while the first is connected").isNotEmpty();
        int published = back.get(30, TimeUnit.SECONDS);
        first.stop(); // so that the bridge comes to fetch the rest
        eventually(TO_ARRIVE, () -> assertThat(numbers(List.of(in))).hasSize(published));
        assertInOrder(in);
    }

    /** Nothing is sent twice where the second server is left because the first is there again. */
    @Test(timeout = 120_000)
    public void goesBackWithoutSayingAnythingTwice() throws Exception {
        List<List<Arrived>> out =
                List.of(subscribe(first.port(), "far 1", "there/1"), subscribe(second.port(), "far 1", "there/1"));
        first.stop();
        configureAtSecond();
        AtomicBoolean running = new AtomicBoolean(true);
        CompletableFuture<Integer> exactly = publish(local, "out/1", 2, running);
        eventually(() -> assertThat(out.get(1)).hasSizeGreaterThan(300));

        first.startAgain();
        List<Arrived> again = subscribe(first.port(), "far 1", "there/1");
        awaitServer(first);
        eventually(() -> assertThat(again).hasSizeGreaterThan(300));
        running.set(false);

        List<List<Arrived>> all = List.of(out.get(0), out.get(1), again);
        int sent = exactly.get(30, TimeUnit.SECONDS);
        complete(all, sent);
        assertThat(all.stream().mapToInt(List::size).sum()).as("once each").isEqualTo(sent);
        assertThat(gap(all)).as("ms without flow").isLessThan(LONGEST_GAP_MILLIS);
    }

    private void configureAtSecond() throws IOException {
        configureBridge(
                "b",
                Map.of(
                        "server",
                        "mqtt://127.0.0.1:" + first.port() + ", mqtt://127.0.0.1:" + second.port(),
                        "failback.interval",
                        "3s",
                        "forward.out",
                        "out/# -> there/{#}"));
        awaitServer(second);
    }

    @Test(timeout = 120_000)
    public void endsItsSessionsAtBothWhenItIsDeleted() throws Exception {
        name = "gone"; // whose end is nobody else's
        bridge(Map.of("delete.grace", "1s", "client.id", "gateway"));
        first.stop();
        awaitServer(second);
        first.startAgain();
        awaitServer(first);

        deleteBridge(name);
        eventually(() -> assertThat(deletedBridges().list())
                .extracting(DeletedBridge::name)
                .doesNotContain(name));

        for (MosquittoProcess server : List.of(first, second)) {
            eventually(
                    Duration.ofSeconds(20),
                    () -> assertThat(isSessionPresent(server))
                            .as("%s", server.port())
                            .isFalse());
        }
    }

    /** A look does not make one: with Clean Session 0 it would, and is ended with 1. */
    private static boolean isSessionPresent(MosquittoProcess server) {
        ConnectOptions lasting =
                ConnectOptions.of(Version.MQTT_3_1_1, server.port(), "gateway").lastingSession();
        boolean present;
        try (Client client = Client.connect(lasting, message -> {})) {
            present = client.sessionPresent();
        }
        Client.connect(Version.MQTT_3_1_1, server.port(), "gateway").close();
        return present;
    }

    private static void complete(List<List<Arrived>> arrived, int sent) {
        eventually(TO_ARRIVE, () -> assertThat(numbers(arrived)).hasSize(sent));
        arrived.forEach(FailoverIT::assertInOrder);
    }

    private static Set<Integer> numbers(List<List<Arrived>> arrived) {
        Set<Integer> numbers = new TreeSet<>();
        arrived.forEach(some -> some.forEach(each -> numbers.add(each.number())));
        return numbers;
    }

    /** The first of each [MQTT-4.6.0-6]. */
    private static void assertInOrder(List<Arrived> arrived) {
        int highest = -1;
        Set<Integer> seen = new TreeSet<>();
        for (Arrived each : arrived) {
            if (seen.add(each.number())) {
                assertThat(each.number())
                        .as(
                                "in order: %s",
                                arrived.stream().map(Arrived::number).toList())
                        .isGreaterThan(highest);
                highest = each.number();
            }
        }
    }

    /** The longest time between two arrivals, in ms. */
    private static long gap(List<List<Arrived>> arrived) {
        List<Long> times = arrived.stream()
                .flatMap(List::stream)
                .map(Arrived::nanos)
                .sorted()
                .toList();
        long longest = 0;
        for (int i = 1; i < times.size(); i++) {
            longest = Math.max(longest, times.get(i) - times.get(i - 1));
        }
        return TimeUnit.NANOSECONDS.toMillis(longest);
    }
}
