/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.itests.bridge;

import static io.bascule.itests.support.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import io.bascule.api.BridgeStatus.State;
import io.bascule.itests.client.Client;
import io.bascule.itests.client.ConnectOptions;
import io.bascule.itests.client.Version;
import io.bascule.itests.peers.MosquittoProcess;
import io.bascule.itests.support.Flow;
import io.bascule.itests.support.InFramework;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.After;
import org.junit.Before;
import org.junit.Test;

/** A bridge to Mosquitto that connects when there is something to do, or when it is started, and what Mosquitto sees of it. */
public class LazyIT extends InFramework {
    private static final Duration TO_ARRIVE = Duration.ofSeconds(30);
    private static final int CYCLES = 6;
    private static final int BURST = 20;

    private final List<String> arrived = new CopyOnWriteArrayList<>();
    private int local;
    private MosquittoProcess remote;
    private Client far;
    private Client near;

    @Before
    public void connect() throws IOException {
        local = openListener("local");
        remote = MosquittoProcess.start("log_type all");
        far = Client.connect(
                ConnectOptions.of(Version.MQTT_5, remote.port(), "far"), message -> arrived.add(message.text()));
        far.subscribe("there/#", 2);
        near = Client.connect(Version.MQTT_5, local, "near");
    }

    @After
    public void disconnect() {
        near.close();
        far.close();
        remote.close();
    }

    @Test(timeout = 120_000)
    public void connectsWhenEnoughWaitsAndNotBefore() throws Exception {
        configureLazy(Map.of("threshold", "5", "threshold.age", "1h"));
        awaitState(State.IDLE);
        Map<String, String> automatic = BridgeContract.bridgeTo(remote, Version.MQTT_5);
        automatic.put("forward.out", "control/#");
        configureBridge("control", automatic);
        awaitConnected("control");
        for (int i = 0; i < 4; i++) {
            near.publish("out/x", 2, String.valueOf(i));
        }

        eventually(() -> assertThat(control("b").status().queue().oldest())
                .hasValueSatisfying(age -> assertThat(age).isGreaterThan(Duration.ofSeconds(4))));
        assertThat(control("b").status().state()).isEqualTo(State.IDLE);
        assertThat(packets("CONNECT")).isZero();
        assertThat(log("Sending CONNACK to bascule-control ")).isOne(); // it would be seen

        near.publish("out/x", 2, "4");
        eventually(() -> assertThat(arrived)
                .containsExactlyElementsOf(
                        IntStream.range(0, 5).mapToObj(String::valueOf).toList()));
        assertThat(packets("CONNECT")).isOne();
    }

    @Test(timeout = 120_000)
    public void connectsWhenAMessageHasWaitedForLong() throws Exception {
        configureLazy(Map.of("threshold", "1000", "threshold.age", "3s"));
        awaitState(State.IDLE);
        long published = System.nanoTime();
        near.publish("out/x", 1, "alone");
        eventually(() -> assertThat(control("b").status().queue().queued()).isOne());
        assertThat(packets("CONNECT")).isZero();

        eventually(() -> assertThat(arrived).containsExactly("alone"));
        assertThat(since(published)).isGreaterThan(Duration.ofMillis(2900));
    }

    private static Duration since(long nanos) {
        return Duration.ofNanos(System.nanoTime() - nanos);
    }

    @Test(timeout = 120_000)
    public void staysForAsLongAsSomethingCrossesAndForItsIdleTimeoutAfterThat() throws Exception {
        configureLazy(Map.of("threshold", "1", "idle.timeout", "4s"));
        awaitState(State.IDLE);
        try (Flow out = out(1)) {
            out.send(12, 2);
            out.awaitComplete(TO_ARRIVE);
            long last = System.nanoTime();
            out.send(1, 1);
            out.awaitComplete(TO_ARRIVE);
            assertThat(packets("CONNECT")).isOne();
            assertThat(packets("DISCONNECT")).isZero();

            awaitState(State.IDLE);
            assertThat(since(last)).isGreaterThanOrEqualTo(Duration.ofSeconds(4));
            eventually(() -> assertThat(packets("DISCONNECT")).isOne());
            assertThat(packets("CONNECT")).isOne();
        }
    }

    @Test(timeout = 120_000)
    public void losesNothingWhereTheBrokerLetsFewerWaitThanItWaitsFor() throws Exception {
        restartBroker("io.bascule.broker", Map.of("queue.messages", "8"));
        try (Client publisher = Client.connect(Version.MQTT_5, awaitOpen("local"), "publisher")) {
            configureLazy(Map.of("threshold", "1000", "threshold.age", "1h"));
            awaitState(State.IDLE);
            for (int i = 0; i < 4; i++) {
                publisher.publish("out/x", 2, String.valueOf(i));
            }
            eventually(() -> assertThat(control("b").status().queue().oldest())
                    .hasValueSatisfying(age -> assertThat(age).isGreaterThan(Duration.ofSeconds(3))));
            assertThat(packets("CONNECT")).as("there is room for as many again").isZero();

            publisher.publish("out/x", 2, "4");
            eventually(() -> assertThat(arrived).containsExactly("0", "1", "2", "3", "4"));
            assertThat(control("b").status().queue().dropped()).isZero();
        } finally {
            restartBroker("io.bascule.broker", Map.of());
        }
    }

    @Test(timeout = 120_000)
    public void leavesInOrderWhenThereIsNothingMoreToDo() throws Exception {
        List<String> presence = new CopyOnWriteArrayList<>();
        try (Client watcher = Client.connect(
                ConnectOptions.of(Version.MQTT_5, remote.port(), "watcher"), message -> presence.add(message.text()))) {
            watcher.subscribe("presence", 1);
            configureLazy(Map.of("threshold", "1", "status.topic", "presence"));
            awaitState(State.IDLE);

            near.publish("out/x", 2, "one");
            eventually(() -> assertThat(arrived).containsExactly("one"));
            assertThat(packets("DISCONNECT")).isZero();
            awaitState(State.IDLE);

            eventually(() -> assertThat(packets("DISCONNECT")).isOne());
            eventually(() -> assertThat(presence).hasSize(2));
            assertThat(presence.get(0)).contains("online");
            assertThat(presence.get(1)).contains("offline");
            assertThat(packets("CONNECT")).isOne();
        }
    }

    @Test(timeout = 300_000)
    public void losesNothingOfWhatComesJustWhenItLeaves() throws Exception {
        losesNothing(Version.MQTT_5);
    }

    @Test(timeout = 300_000)
    public void losesNothingOfWhatComesJustWhenItLeavesWith311() throws Exception {
        losesNothing(Version.MQTT_3_1_1);
    }

    private void losesNothing(Version version) throws Exception {
        configureLazy(Map.of("threshold", "1", "protocol", version.number()));
        control("b").start().toCompletableFuture().get(10, TimeUnit.SECONDS);
        // To subscribe at the remote broker. It may have left again before anybody saw it connected.
        eventually(() -> assertThat(packets("SUBSCRIBE")).isPositive());
        try (Flow out1 = out(1);
                Flow out2 = out(2);
                Flow in1 = in(1);
                Flow in2 = in(2)) {
            List<Flow> flows = List.of(out1, in1, out2, in2);
            for (int i = 0; i < CYCLES; i++) {
                while (control("b").status().state() != State.IDLE) {
                    Thread.onSpinWait();
                }
                flows.forEach(flow -> flow.send(BURST, 100_000));
                flows.forEach(flow -> flow.awaitComplete(TO_ARRIVE));
            }
            flows.forEach(Flow::stop);
            flows.forEach(flow -> System.out.println("Lazy bridge to " + remote + " " + version + ", " + flow));
            out2.awaitExact(TO_ARRIVE);
            in2.awaitExact(TO_ARRIVE);
            balances("b");
            assertThat(packets("CONNECT")).isGreaterThan(CYCLES);
            assertThat(packets("DISCONNECT")).isGreaterThanOrEqualTo(CYCLES);
        }
    }

    @Test(timeout = 120_000)
    public void aManualOneConnectsWhenItIsStartedAndGoesOnWhenItsFileIsEdited() throws Exception {
        Map<String, String> properties = BridgeContract.bridgeTo(remote, Version.MQTT_5);
        properties.put("start.type", "manual");
        configureBridge("b", properties);
        awaitState(State.STOPPED);
        near.publish("out/x", 1, "early");
        assertThat(packets("CONNECT")).isZero();

        control("b").start().toCompletableFuture().get(10, TimeUnit.SECONDS);
        eventually(() -> assertThat(arrived).containsExactly("early"));
        properties.put("keepalive", "30s");
        configureBridge("b", properties);

        eventually(() -> assertThat(packets("CONNECT")).isEqualTo(2));
        awaitConnected("b");
        control("b").stop().toCompletableFuture().get(10, TimeUnit.SECONDS);
        properties.put("keepalive", "40s");
        properties.put("forward.more", "more/#");
        configureBridge("b", properties);
        eventually(() -> assertThat(bridge("b").orElseThrow().routes()).hasSize(3));
        awaitState(State.STOPPED);
        assertThat(packets("CONNECT")).isEqualTo(2);
    }

    private void configureLazy(Map<String, String> terms) throws IOException {
        Map<String, String> properties = BridgeContract.bridgeTo(remote, Version.MQTT_5);
        properties.putAll(Map.of("start.type", "lazy", "idle.timeout", "1s"));
        properties.putAll(terms);
        configureBridge("b", properties);
    }

    private Flow out(int qos) {
        return new Flow(
                "out " + qos, Version.MQTT_5, qos, new Flow.Way(local, "out/" + qos, remote.port(), "there/" + qos));
    }

    private Flow in(int qos) {
        return new Flow(
                "in " + qos, Version.MQTT_5, qos, new Flow.Way(remote.port(), "in/" + qos, local, "here/" + qos));
    }

    private void awaitState(State state) {
        eventually(() -> assertThat(bridge("b"))
                .hasValueSatisfying(bridge -> assertThat(bridge.state()).isEqualTo(state)));
    }

    /** How many packets of this kind Mosquitto has had from the bridge. */
    private long packets(String kind) {
        return kind.equals("CONNECT")
                ? log("Sending CONNACK to bascule-b ")
                : log("Received " + kind + " from bascule-b");
    }

    private long log(String part) {
        return remote.log().stream().filter(line -> line.contains(part)).count();
    }
}
