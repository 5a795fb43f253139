/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.itests.bridge;

import static io.bascule.itests.support.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import io.bascule.api.Bridge;
import io.bascule.api.BridgeStatus;
import io.bascule.api.Broker;
import io.bascule.itests.client.Client;
import io.bascule.itests.client.ConnectOptions;
import io.bascule.itests.client.Received;
import io.bascule.itests.client.Version;
import io.bascule.itests.peers.MosquittoProcess;
import io.bascule.itests.support.InFramework;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.After;
import org.junit.Before;
import org.junit.Test;

/** How messages of a bridge wait, with Mosquitto on the other side. */
public class QueueingIT extends InFramework {
    private static final Duration TO_ARRIVE = Duration.ofSeconds(60);

    private final List<Received> arrived = new CopyOnWriteArrayList<>();
    private MosquittoProcess remote;
    private int local;
    private int restarts;

    @Before
    public void start() throws IOException {
        remote = MosquittoProcess.start();
        local = openListener("local");
    }

    @After
    public void stop() {
        remote.close();
    }

    private void bridge(String... routes) throws IOException {
        Map<String, String> properties = new HashMap<>(Map.of(
                "server", "mqtt://127.0.0.1:" + remote.port(), "reconnect.min", "100ms", "reconnect.max", "100ms"));
        for (String route : routes) {
            int equals = route.indexOf('=');
            properties.put(route.substring(0, equals), route.substring(equals + 1));
        }
        configureBridge("b", properties);
    }

    private Client far() {
        Client far = Client.connect(
                ConnectOptions.of(Version.MQTT_5, remote.port(), "far").lastingSession(), arrived::add);
        far.subscribe("there/#", 2);
        return far;
    }

    private Client near() {
        return Client.connect(Version.MQTT_5, local, "near");
    }

    /** Publishes what has a number, and returns when the broker has all of it on its disk. */
    private static void publish(Client near, String topic, int qos, int from, int to) {
        for (int i = from; i <= to; i++) {
            near.publish("out/" + topic, qos, String.valueOf(i));
        }
        near.publish("out/exact", 1, "fence");
    }

    private void restartBroker() throws IOException {
        restartBroker("io.bascule.broker", Map.of("queue.messages", String.valueOf(100_000 + ++restarts)));
        local = awaitOpen("local");
    }

    private List<String> texts(String topic) {
        return arrived.stream()
                .filter(each -> each.topic().equals("there/" + topic))
                .map(Received::text)
                .filter(text -> !text.equals("fence"))
                .toList();
    }

    private static List<String> numbers(int from, int to) {
        return IntStream.rangeClosed(from, to).mapToObj(String::valueOf).toList();
    }

    private void awaitState(BridgeStatus.State state) {
        eventually(() -> assertThat(bridge("b").map(BridgeStatus::state)).contains(state));
    }

    private void awaitArrival(String topic, String text) {
        eventually(TO_ARRIVE, () -> assertThat(texts(topic)).contains(text));
    }

    private long dropped(String reason) {
        return service(Broker.class).info().dropped().getOrDefault(reason, 0L);
    }

    @Test(timeout = 180_000)
    public void whatIsToCrossWithQos1WaitsThroughAnOutageAndARestart() throws Exception {
        bridge("forward.exact=out/exact -> there/exact qos=exact:1", "forward.plain=out/plain -> there/plain");
        awaitConnected("b");
        try (Client far = far();
                Client near = near()) {
            publish(near, "exact", 0, 1, 100);
            publish(near, "plain", 0, 1, 1);
            awaitArrival("plain", "1");
            assertThat(far.isConnected()).isTrue();
            remote.stop();
            awaitState(BridgeStatus.State.BACKOFF);
            publish(near, "exact", 0, 101, 300);
            publish(near, "plain", 0, 2, 200);
        }
        restartBroker();
        try (Client near = near()) {
            publish(near, "exact", 0, 301, 500);
            publish(near, "plain", 0, 201, 300);
            remote.startAgain();
            try (Client far = far()) {
                assertThat(far.sessionPresent()).isTrue();
                awaitConnected("b");
                eventually(TO_ARRIVE, () -> assertThat(texts("exact")).contains("500"));
                publish(near, "plain", 0, 301, 301);
                awaitArrival("plain", "301");
            }
        }

        // What was on its way when Mosquitto stopped comes again.
        assertThat(new ArrayList<>(new LinkedHashSet<>(texts("exact")))).isEqualTo(numbers(1, 500));
        assertThat(arrived)
                .filteredOn(each -> each.topic().equals("there/exact"))
                .allMatch(each -> each.qos() == 1);
        assertThat(texts("plain")).as("the control").containsExactly("1", "301");
        balances("b");
    }

    @Test(timeout = 180_000)
    public void qos0WaitsAsItsRouteSaysWhileTheBridgeIsNotConnected() throws Exception {
        bridge(
                "forward.exact=out/exact -> there/exact",
                "forward.drop=out/drop -> there/drop",
                "forward.latest=out/latest/# -> there/latest/{#} offline=latest",
                "forward.queue=out/queue -> there/queue offline=queue");
        awaitConnected("b");
        try (Client far = far();
                Client near = near()) {
            long superseded = dropped("superseded");
            await(control("b").stop());
            publish(near, "drop", 0, 1, 9);
            publish(near, "latest/a", 0, 1, 9);
            publish(near, "latest/b", 0, 1, 1);
            publish(near, "queue", 0, 1, 100);
            publish(near, "latest/a", 0, 10, 10);
            await(control("b").start());
            awaitConnected("b");
            publish(near, "drop", 0, 10, 10);
            publish(near, "latest/a", 0, 11, 12);
            publish(near, "queue", 0, 101, 101);
            awaitArrival("queue", "101");

            assertThat(texts("drop")).containsExactly("10");
            assertThat(texts("latest/a")).containsExactly("10", "11", "12");
            assertThat(texts("latest/b")).containsExactly("1");
            assertThat(texts("queue")).isEqualTo(numbers(1, 101));
            assertThat(dropped("superseded") - superseded).isEqualTo(9);
            assertThat(arrived)
                    .filteredOn(each -> !each.topic().equals("there/exact"))
                    .allMatch(each -> each.qos() == 0);
            assertThat(arrived.stream().map(Received::topic).toList().indexOf("there/latest/b"))
                    .as("in the order of their publication")
                    .isLessThan(arrived.stream().map(Received::topic).toList().indexOf("there/latest/a"));
            assertThat(far.isConnected()).isTrue();
            balances("b");
        }
    }

    @Test(timeout = 180_000)
    public void whatIsQueuedOutlivesARestartAndTheLatestDoesNot() throws Exception {
        String[] routes = {
            "forward.exact=out/exact -> there/exact",
            "forward.latest=out/latest -> there/latest offline=latest",
            "forward.queue=out/queue -> there/queue offline=queue",
            "enabled=false"
        };
        bridge(routes);
        awaitState(BridgeStatus.State.DISABLED);
        try (Client near = near()) {
            publish(near, "queue", 0, 1, 100);
            publish(near, "latest", 0, 1, 2);
        }
        restartBroker();
        try (Client far = far();
                Client near = near()) {
            publish(near, "latest", 0, 3, 4);
            publish(near, "queue", 0, 101, 101);
            routes[3] = "enabled=true";
            bridge(routes);
            awaitArrival("queue", "101");

            assertThat(texts("queue")).isEqualTo(numbers(1, 101));
            assertThat(texts("latest")).containsExactly("4");
            assertThat(far.isConnected()).isTrue();
        }
    }

    @Test(timeout = 180_000)
    public void alarmsComeBeforeTheBacklog() throws Exception {
        assertThat(backlog(" priority=low", "", " priority=high"))
                .containsExactlyElementsOf(concat("high", 50, "normal", 50, "low", 300));
    }

    /** A control. */
    @Test(timeout = 180_000)
    public void aBacklogComesInItsOrder() throws Exception {
        assertThat(backlog("", "", "")).containsExactlyElementsOf(concat("low", 300, "normal", 50, "high", 50));
    }

    private static List<String> concat(Object... parts) {
        List<String> all = new ArrayList<>();
        for (int i = 0; i < parts.length; i += 2) {
            Object topic = parts[i];
            numbers(1, (int) parts[i + 1]).forEach(number -> all.add("there/" + topic + "=" + number));
        }
        return all;
    }

    private List<String> backlog(String low, String normal, String high) throws Exception {
        bridge(
                "forward.exact=out/exact -> there/exact",
                "forward.low=out/low -> there/low" + low,
                "forward.normal=out/normal -> there/normal" + normal,
                "forward.high=out/high -> there/high" + high);
        awaitConnected("b");
        try (Client far = far();
                Client near = near()) {
            Bridge bridge = control("b");
            await(bridge.stop());
            publish(near, "low", 1, 1, 300);
            publish(near, "normal", 1, 1, 50);
            publish(near, "high", 1, 1, 50);
            await(bridge.start());
            eventually(
                    TO_ARRIVE,
                    () -> assertThat(texts("low").size()
                                    + texts("normal").size()
                                    + texts("high").size())
                            .isEqualTo(400));
            assertThat(far.isConnected()).isTrue();
            balances("b");
        }
        return arrived.stream()
                .filter(each -> !each.topic().equals("there/exact"))
                .map(each -> each.topic() + "=" + each.text())
                .toList();
    }

    private static void await(CompletionStage<Void> stage) throws Exception {
        stage.toCompletableFuture().get(10, TimeUnit.SECONDS);
    }
}
