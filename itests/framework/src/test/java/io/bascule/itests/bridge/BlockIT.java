/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.itests.bridge;

import static io.bascule.itests.support.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import io.bascule.api.BridgeStatus;
import io.bascule.api.QueueInfo;
import io.bascule.itests.client.Client;
import io.bascule.itests.client.ConnectOptions;
import io.bascule.itests.client.Version;
import io.bascule.itests.peers.MosquittoProcess;
import io.bascule.itests.support.InFramework;
import io.bascule.mqtt.Message;
import io.bascule.mqtt.QoS;
import io.bascule.mqtt.Topic;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.junit.After;
import org.junit.Before;
import org.junit.Test;

/** A bridge whose queue makes publishers wait while the remote broker is away. */
public class BlockIT extends InFramework {
    private static final Duration TO_ARRIVE = Duration.ofSeconds(60);
    private static final int ROOM = 100;
    private static final int WINDOW = 10;
    private static final int COUNT = 500;

    private final List<Publisher> publishers = new CopyOnWriteArrayList<>();
    private int local;

    /** Publishes numbered messages, so many at a time unacknowledged as a client's Receive Maximum allows. */
    private static final class Publisher {
        private final String name;
        private final Function<String, CompletionStage<?>> publish;
        private final Semaphore window = new Semaphore(WINDOW);
        private final AtomicInteger acknowledged = new AtomicInteger();
        private final Thread thread = new Thread(this::run, "publisher");

        Publisher(String name, Function<String, CompletionStage<?>> publish) {
            this.name = name;
            this.publish = publish;
            thread.start();
        }

        private void run() {
            try {
                for (int i = 1; i <= COUNT; i++) {
                    window.acquire();
                    publish.apply(name + " " + i).thenRun(() -> {
                        acknowledged.incrementAndGet();
                        window.release();
                    });
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }

        List<String> all() {
            return IntStream.rangeClosed(1, COUNT).mapToObj(i -> name + " " + i).toList();
        }
    }

    @Before
    public void openListener() throws IOException {
        local = openListener("local");
    }

    @After
    public void stopPublishers() throws InterruptedException {
        for (Publisher publisher : publishers) {
            publisher.thread.interrupt();
            publisher.thread.join(TimeUnit.SECONDS.toMillis(10));
        }
    }

    private static Map<String, String> bridgeTo(MosquittoProcess peer) {
        Map<String, String> properties = new HashMap<>(Map.of(
                "server", "mqtt://127.0.0.1:" + peer.port(),
                "reconnect.min", "100ms",
                "reconnect.max", "100ms",
                "forward.out", "out/# -> there/{#}"));
        properties.put("queue.messages", String.valueOf(ROOM));
        properties.put("queue.policy", "block");
        return properties;
    }

    /** Three publishers; returns once each has to wait. */
    private void publishUntilAllWait(Client one, Client two) {
        publishers.add(new Publisher("one", text -> one.publish("out/1", 1, false, bytes(text))));
        publishers.add(new Publisher("two", text -> two.publish("out/2", 2, false, bytes(text))));
        publishers.add(new Publisher(
                "host", text -> broker.publish(Message.of(Topic.of("out/3"), bytes(text), QoS.AT_LEAST_ONCE, false))));
        eventually(() -> assertThat(queue().withheld()).isEqualTo(3 * WINDOW));
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private int acknowledged() {
        return publishers.stream().mapToInt(each -> each.acknowledged.get()).sum();
    }

    private QueueInfo queue() {
        return bridge("b").map(BridgeStatus::queue).orElse(QueueInfo.NONE);
    }

    private void awaitAway() {
        eventually(() -> assertThat(bridge("b"))
                .hasValueSatisfying(status -> assertThat(status.state()).isEqualTo(BridgeStatus.State.BACKOFF)));
    }

    @Test(timeout = 120_000)
    public void losesNothingAndBoundsWhatWaitsWhileTheRemoteBrokerIsAway() throws IOException {
        List<String> arrived = new CopyOnWriteArrayList<>();
        try (MosquittoProcess peer = MosquittoProcess.start();
                Client one = Client.connect(Version.MQTT_5, local, "one");
                Client two = Client.connect(Version.MQTT_5, local, "two")) {
            ConnectOptions far =
                    ConnectOptions.of(Version.MQTT_5, peer.port(), "far").lastingSession();
            try (Client subscriber = Client.connect(far, message -> {})) {
                subscriber.subscribe("there/#", 2);
            }
            peer.stop();
            configureBridge("b", bridgeTo(peer));
            awaitAway();

            publishUntilAllWait(one, two);
            eventually(() -> assertThat(queue().queued()).isEqualTo(ROOM + 3 * WINDOW));
            eventually(() -> assertThat(acknowledged()).isEqualTo(ROOM));
            Client third = Client.connect(Version.MQTT_5, local, "third"); // others are served
            third.publish("elsewhere", 1, "x");
            third.close();

            peer.startAgain();
            try (Client subscriber = Client.connect(far, message -> arrived.add(message.text()))) {
                eventually(
                        TO_ARRIVE,
                        "all acknowledged",
                        () -> publishers.stream().allMatch(each -> each.acknowledged.get() == COUNT));
                eventually(TO_ARRIVE, "all arrived", () -> arrived.size() >= 3 * COUNT);
                for (Publisher publisher : publishers) {
                    assertThat(arrived.stream().filter(text -> text.startsWith(publisher.name)))
                            .containsExactlyElementsOf(publisher.all());
                }
                assertThat(subscriber.isConnected()).isTrue();
            }
            assertThat(queue().dropped()).isZero();
            eventually(() -> assertThat(queue().withheld()).isZero());
            assertThat(one.isConnected() && two.isConnected()).isTrue();
        }
    }

    /** What comes over one bridge waits for the queue of another: its remote broker keeps the rest. */
    @Test(timeout = 120_000)
    public void holdsBackTheRemoteBrokerOfAnotherBridge() throws IOException {
        List<String> arrived = new CopyOnWriteArrayList<>();
        List<String> back = new CopyOnWriteArrayList<>();
        try (MosquittoProcess peer = MosquittoProcess.start();
                MosquittoProcess source = MosquittoProcess.start();
                Client sender = Client.connect(Version.MQTT_5, source.port(), "sender");
                Client listener = Client.connect(
                        ConnectOptions.of(Version.MQTT_5, source.port(), "listener"),
                        message -> back.add(message.text()))) {
            ConnectOptions far =
                    ConnectOptions.of(Version.MQTT_5, peer.port(), "far").lastingSession();
            try (Client subscriber = Client.connect(far, message -> {})) {
                subscriber.subscribe("there/#", 2);
            }
            listener.subscribe("back/#", 1);
            peer.stop();
            configureBridge("b", bridgeTo(peer));
            awaitAway();
            Map<String, String> in = new HashMap<>(Map.of(
                    "server", "mqtt://127.0.0.1:" + source.port(),
                    "receive.maximum", String.valueOf(WINDOW),
                    "reconnect.min", "100ms",
                    "subscribe.in", "in/# -> out/{#}",
                    "forward.back", "back/#"));
            configureBridge("a", in);
            awaitConnected("a");
            for (int i = 1; i <= COUNT; i++) {
                sender.publish("in/x", 1, "in " + i);
            }
            // Mosquitto 2.0 sends more than it is told to, but stops in the end.
            eventually(() -> assertThat(queue().withheld()).isGreaterThanOrEqualTo(WINDOW));

            broker.publish(Message.of(Topic.of("back/x"), bytes("back"), QoS.AT_LEAST_ONCE, false));
            eventually(() -> assertThat(back).containsExactly("back"));
            eventually(() ->
                    assertThat(bridge("a").orElseThrow().queue().inFlight()).isZero()); // what it acknowledges is read

            peer.startAgain();
            try (Client subscriber = Client.connect(far, message -> arrived.add(message.text()))) {
                eventually(TO_ARRIVE, "all arrived", () -> arrived.size() >= COUNT);
                assertThat(subscriber.isConnected()).isTrue();
            }
            assertThat(arrived)
                    .containsExactlyElementsOf(IntStream.rangeClosed(1, COUNT)
                            .mapToObj(i -> "in " + i)
                            .toList());
            assertThat(queue().dropped()).isZero();
        }
    }

    @Test(timeout = 120_000)
    public void letsEverybodyGoWhenItIsDeleted() throws IOException {
        try (MosquittoProcess peer = MosquittoProcess.start();
                Client one = Client.connect(Version.MQTT_5, local, "one");
                Client two = Client.connect(Version.MQTT_5, local, "two")) {
            peer.stop();
            configureBridge("b", bridgeTo(peer));
            awaitAway();
            publishUntilAllWait(one, two);

            deleteBridge("b");

            eventually(
                    TO_ARRIVE,
                    "nobody waits",
                    () -> publishers.stream().allMatch(each -> each.acknowledged.get() == COUNT));
        }
    }

    @Test(timeout = 120_000)
    public void keepsWhoWaitsWaitingWhenItIsEditedAndLetsThemGoWithAnotherPolicy() throws IOException {
        try (MosquittoProcess peer = MosquittoProcess.start();
                Client one = Client.connect(Version.MQTT_5, local, "one");
                Client two = Client.connect(Version.MQTT_5, local, "two")) {
            peer.stop();
            Map<String, String> properties = bridgeTo(peer);
            configureBridge("b", properties);
            awaitAway();
            publishUntilAllWait(one, two);

            for (int edit = 1; edit <= 5; edit++) {
                String keepAlive = 10 + edit + "s";
                String rule = "edit/" + edit + "/#";
                properties.put("keepalive", keepAlive);
                properties.put("forward.edit", rule);
                configureBridge("b", properties);
                eventually(() -> assertThat(bridge("b")).hasValueSatisfying(status -> {
                    assertThat(status.routes())
                            .extracting(BridgeStatus.Route::rule)
                            .contains(rule);
                    assertThat(status.state()).isEqualTo(BridgeStatus.State.BACKOFF);
                }));
            }
            eventually(() -> assertThat(queue().withheld()).isEqualTo(3 * WINDOW));
            eventually(() -> assertThat(acknowledged()).isEqualTo(ROOM));

            properties.put("queue.policy", "drop-oldest");
            configureBridge("b", properties);
            eventually(
                    TO_ARRIVE,
                    "nobody waits",
                    () -> publishers.stream().allMatch(each -> each.acknowledged.get() == COUNT));
        }
    }
}
