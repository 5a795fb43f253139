/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.itests.bridge;

import static io.bascule.itests.support.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import io.bascule.api.Bridge;
import io.bascule.api.Bridge.Direction;
import io.bascule.api.BridgeStatus;
import io.bascule.itests.client.Client;
import io.bascule.itests.client.ConnectOptions;
import io.bascule.itests.client.Version;
import io.bascule.itests.peers.MosquittoProcess;
import io.bascule.itests.peers.Peer;
import io.bascule.itests.support.Flow;
import io.bascule.itests.support.InFramework;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.After;
import org.junit.Before;
import org.junit.Test;

/** A bridge to Mosquitto that is stopped, paused and drained while messages flow both ways, and loses none of them. */
public class ControlIT extends InFramework {
    private static final Duration TO_ARRIVE = Duration.ofSeconds(30);
    private static final int RATE = 200;
    private static final int TIMES = 5;

    private int local;
    private Peer peer;
    private Map<String, String> properties;
    private List<Flow> out;
    private List<Flow> in;

    @Before
    public void connect() throws IOException {
        local = openListener("local");
        peer = MosquittoProcess.start();
        properties = BridgeContract.bridgeTo(peer, Version.MQTT_5);
        configureBridge("b", properties);
        awaitConnected("b");
        out = List.of(out(1), out(2));
        in = List.of(in(1), in(2));
    }

    private Flow out(int qos) {
        return new Flow(
                "out " + qos, Version.MQTT_5, qos, new Flow.Way(local, "out/" + qos, peer.port(), "there/" + qos));
    }

    private Flow in(int qos) {
        return new Flow("in " + qos, Version.MQTT_5, qos, new Flow.Way(peer.port(), "in/" + qos, local, "here/" + qos));
    }

    @After
    public void disconnect() {
        flows().forEach(Flow::close);
        peer.close();
    }

    private Stream<Flow> flows() {
        return Stream.concat(out.stream(), in.stream());
    }

    @Test(timeout = 300_000)
    public void losesNothingWhileItIsStopped() throws Exception {
        underLoad(() -> {
            await(bridge().stop());
            assertThat(state()).isEqualTo(BridgeStatus.State.STOPPED);
            awaitQueued(100);
            await(bridge().start());
            awaitConnected("b");
        });
    }

    @Test(timeout = 300_000)
    public void losesNothingWhileForwardIsPaused() throws Exception {
        underLoad(() -> {
            await(bridge().pause(Direction.FORWARD));
            awaitQueued(100);
            await(bridge().reconnect());
            awaitConnected("b");
            in.forEach(flow -> flow.awaitMore(20));
            awaitQueued(200);
            assertThat(bridge().status().paused()).containsExactly(Direction.FORWARD);
            await(bridge().resume(Direction.FORWARD));
        });
    }

    @Test(timeout = 300_000)
    public void losesNothingWhileSubscribeIsPaused() throws Exception {
        underLoad(() -> {
            await(bridge().pause(Direction.SUBSCRIBE));
            awaitLate(in, 50);
            await(bridge().reconnect());
            awaitConnected("b");
            out.forEach(flow -> flow.awaitMore(20));
            awaitLate(in, 100);
            await(bridge().resume(Direction.SUBSCRIBE));
        });
    }

    /** Mosquitto has twenty messages on their way, which are more than a pause holds. */
    @Test(timeout = 120_000)
    public void losesNothingOfWhatAPauseCannotHold() throws Exception {
        int messages = 30;
        String large = " ".repeat(1 << 20);
        List<Integer> arrived = new CopyOnWriteArrayList<>();
        try (Client far = Client.connect(Version.MQTT_5, peer.port(), "far");
                Client near = Client.connect(
                        ConnectOptions.of(Version.MQTT_5, local, "near"),
                        message -> arrived.add(Integer.parseInt(message.text().trim())))) {
            near.subscribe("here/large", 2);
            out.forEach(flow -> flow.start(RATE));
            await(bridge().pause(Direction.SUBSCRIBE));
            Instant connected = bridge().status().since();
            for (int i = 0; i < messages; i++) {
                far.publish("in/large", 2, i + large);
            }
            out.forEach(flow -> flow.awaitMore(RATE));
            assertThat(arrived).isEmpty();
            assertThat(bridge().status().since()).isEqualTo(connected);

            await(bridge().resume(Direction.SUBSCRIBE));

            eventually(() -> assertThat(arrived).hasSize(messages));
            assertThat(bridge().status().since()).isAfter(connected);
            assertThat(arrived).isEqualTo(IntStream.range(0, messages).boxed().toList());
            finish();
        }
    }

    @Test(timeout = 120_000)
    public void losesNothingWhenItConnectsAnew() throws Exception {
        underLoad(() -> {
            await(bridge().reconnect());
            awaitConnected("b");
        });
    }

    @Test(timeout = 300_000)
    public void losesNothingWhileItsFileDisablesIt() throws Exception {
        underLoad(() -> {
            properties.put("enabled", "false");
            configureBridge("b", properties);
            eventually(() -> assertThat(state()).isEqualTo(BridgeStatus.State.DISABLED));
            awaitQueued(100);
            properties.put("enabled", "true");
            configureBridge("b", properties);
            awaitConnected("b");
        });
    }

    @Test(timeout = 120_000)
    public void losesNothingThatIsQueuedWhenItIsDrained() throws Exception {
        in.forEach(flow -> flow.start(RATE));
        await(bridge().pause(Direction.FORWARD));
        for (Flow flow : out) {
            flow.send(500, 10_000);
            flow.stop();
        }
        awaitQueued(1000);
        Bridge bridge = bridge();
        CompletionStage<Void> resumed = bridge.resume(Direction.FORWARD);

        long forwarded = await(bridge.drain()); // before all has left
        await(resumed);

        assertThat(forwarded).isBetween(1L, 1000L);
        assertThat(state()).isEqualTo(BridgeStatus.State.STOPPED);
        out.forEach(flow -> flow.awaitExact(TO_ARRIVE));
        try (Flow meanwhile =
                new Flow("meanwhile", Version.MQTT_5, 1, new Flow.Way(local, "out/x", peer.port(), "there/x"))) {
            meanwhile.send(10, 1000);
            meanwhile.stop();
            await(bridge().start());
            awaitConnected("b");
            out.forEach(flow -> flow.send(10, 1000));
            finish();
            assertThat(meanwhile.books().received()).isZero();
        }
    }

    private interface Disturbance {
        void happen() throws Exception;
    }

    private void underLoad(Disturbance disturbance) throws Exception {
        flows().forEach(flow -> flow.start(RATE));
        flows().forEach(flow -> flow.awaitMore(20));
        for (int i = 0; i < TIMES; i++) {
            disturbance.happen();
            flows().forEach(flow -> flow.awaitMore(20));
        }
        finish();
    }

    private void finish() {
        flows().forEach(Flow::stop);
        flows().forEach(flow -> flow.awaitComplete(TO_ARRIVE));
        flows().forEach(flow -> System.out.println("Bridge to " + peer + ", " + flow));
        out.get(1).awaitExact(TO_ARRIVE);
        in.get(1).awaitExact(TO_ARRIVE);
        balances("b");
    }

    private Bridge bridge() {
        return control("b");
    }

    private BridgeStatus.State state() {
        return bridge().status().state();
    }

    private static <T> T await(CompletionStage<T> stage) throws Exception {
        return stage.toCompletableFuture().get(TO_ARRIVE.toSeconds(), TimeUnit.SECONDS);
    }

    private void awaitQueued(int messages) {
        eventually(() -> assertThat(bridge().status().queue().queued()).isGreaterThanOrEqualTo(messages));
    }

    /** Waits until so many messages of each flow have been sent that have not arrived. */
    private static void awaitLate(List<Flow> flows, int messages) {
        flows.forEach(flow -> eventually(() -> assertThat(flow.books().lost()).isGreaterThanOrEqualTo(messages)));
    }
}
