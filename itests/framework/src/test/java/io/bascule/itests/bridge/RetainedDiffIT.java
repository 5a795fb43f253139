/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.itests.bridge;

import static io.bascule.itests.support.Eventually.eventually;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.bascule.api.BridgeStatus;
import io.bascule.api.PacketTrace;
import io.bascule.itests.client.Client;
import io.bascule.itests.client.ConnectOptions;
import io.bascule.itests.client.Received;
import io.bascule.itests.client.Version;
import io.bascule.itests.peers.MosquittoProcess;
import io.bascule.itests.support.InFramework;
import io.bascule.mqtt.Message;
import io.bascule.mqtt.Topic;
import io.bascule.mqtt.TopicFilter;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.After;
import org.junit.Before;
import org.junit.Test;

/** What is retained on one side of a bridge crosses at a connection as far as the other side, Mosquitto or we, lacks it. */
public class RetainedDiffIT extends InFramework {
    private static final Duration TO_ARRIVE = Duration.ofSeconds(30);
    private static final int TOPICS = 200;

    private final List<Received> inbox = new CopyOnWriteArrayList<>();
    private int connections = 1;
    private boolean cleanStart;
    private int local;
    private MosquittoProcess remote;
    private Client here;

    @Before
    public void openListener() throws IOException {
        local = openListener("local");
    }

    @After
    public void deleteWhatIsRetained() throws Exception {
        for (String filter : List.of("state/#", "here/#")) {
            broker.deleteRetained(TopicFilter.of(filter)).toCompletableFuture().get(30, TimeUnit.SECONDS);
        }
        if (here != null) {
            here.close();
            remote.close();
        }
    }

    private void configure(MosquittoProcess remote, Version version, String route, String rule, String keepAlive)
            throws IOException {
        Map<String, String> properties = new HashMap<>();
        properties.put("server", "mqtt://127.0.0.1:" + remote.port());
        properties.put("client.id", "site");
        properties.put("protocol", version == Version.MQTT_5 ? "5.0" : "3.1.1");
        properties.put("keepalive", keepAlive);
        properties.put("reconnect.min", "100ms");
        properties.put("reconnect.max", "200ms");
        properties.put("clean.start", String.valueOf(cleanStart));
        properties.put("connections", String.valueOf(connections));
        properties.put(route, rule);
        Instant before = Instant.now();
        configureBridge("b", properties);
        eventually(
                "the bridge is connected anew",
                () -> bridge("b")
                        .filter(status -> status.state() == BridgeStatus.State.CONNECTED)
                        .filter(status -> status.since().isAfter(before))
                        .isPresent());
    }

    private static List<String> all(String prefix, String text) {
        return IntStream.range(0, TOPICS)
                .mapToObj(i -> prefix + "/" + i + "=" + text)
                .toList();
    }

    private static void retain(Client client, String topic, int qos, String text) throws Exception {
        client.publish(topic, qos, true, text.getBytes(UTF_8)).get(30, TimeUnit.SECONDS);
    }

    private static void retainAll(Client client, String prefix) throws Exception {
        for (int i = 0; i < TOPICS; i++) {
            retain(client, prefix + "/" + i, 1, "1");
        }
    }

    /** At least these come, and when they are there nothing else has come. */
    private void awaitExactly(List<String> expected) {
        eventually(TO_ARRIVE, () -> assertThat(lines()).containsAll(expected));
        assertThat(lines()).containsExactlyInAnyOrderElementsOf(expected);
        inbox.clear();
    }

    private List<String> lines() {
        return inbox.stream()
                .map(received -> received.topic() + "=" + received.text())
                .toList();
    }

    private void stop() throws Exception {
        control("b").stop().toCompletableFuture().get(30, TimeUnit.SECONDS);
    }

    private void start() throws Exception {
        control("b").start().toCompletableFuture().get(30, TimeUnit.SECONDS);
        awaitConnected("b");
    }

    /** What was sent with QoS 0 until now is there. */
    private void awaitPings() {
        List<String> answers = new CopyOnWriteArrayList<>();
        PacketTrace trace = control("b").trace(packet -> {
            if (packet.type().equals("PINGRESP")) {
                answers.add(packet.type());
            }
        });
        try {
            eventually(TO_ARRIVE, () -> assertThat(answers).hasSizeGreaterThan(3 * connections));
        } finally {
            trace.close();
        }
    }

    // ---------------------------------------------------------------- forward

    @Test(timeout = 180_000)
    public void whatTheRemoteBrokerLacksCrosses() throws Exception {
        whatTheRemoteBrokerLacksCrosses(Version.MQTT_5);
    }

    @Test(timeout = 180_000)
    public void whatTheRemoteBrokerLacksCrossesOver311() throws Exception {
        whatTheRemoteBrokerLacksCrosses(Version.MQTT_3_1_1);
    }

    @Test(timeout = 180_000)
    public void whatTheRemoteBrokerLacksCrossesOverSeveralConnections() throws Exception {
        connections = 3;
        whatTheRemoteBrokerLacksCrosses(Version.MQTT_5);
    }

    private void whatTheRemoteBrokerLacksCrosses(Version version) throws Exception {
        String rule = "state/# -> site/{#} retain=diff";
        try (MosquittoProcess remote = MosquittoProcess.start();
                Client near = Client.connect(Version.MQTT_5, local, "near")) {
            retainAll(near, "state");
            try (Client far = Client.connect(ConnectOptions.of(version, remote.port(), "far"), inbox::add)) {
                far.subscribe("site/#", 1);
                configure(remote, version, "forward.out", rule, "2s");
                awaitExactly(all("site", "1"));

                stop();
                changeHere(near, "a");
                start();
                awaitExactly(
                        List.of("site/0=", "site/1=", "site/2=a", "site/3=a", "site/4=a", "site/new=a", "site/zz=a"));

                // The bridge begins anew, with what it has written.
                awaitPings();
                near.publish("state/edit", 0, true, "e".getBytes(UTF_8)).get(30, TimeUnit.SECONDS);
                eventually(TO_ARRIVE, () -> assertThat(lines()).containsExactly("site/edit=e"));
                inbox.clear();
                awaitPings();
                configure(remote, version, "forward.out", rule, "3s");
                stop();
                retain(near, "state/zz", 0, "b");
                awaitRetainedHere("state/zz", "b");
                start();
                awaitExactly(List.of("site/zz=b"));
            }
            stop();
            remote.kill();
            remote.startAgain(); // and has lost everything
            try (Client far = Client.connect(ConnectOptions.of(version, remote.port(), "far"), inbox::add)) {
                far.subscribe("site/#", 1);
                start();
                List<String> expected = new ArrayList<>(all("site", "1").subList(5, TOPICS));
                expected.addAll(List.of("site/2=a", "site/3=a", "site/4=a", "site/new=a", "site/zz=b", "site/edit=e"));
                awaitExactly(expected);
            }
            balances("b");
        }
    }

    /** With QoS 0, of which a session keeps nothing. */
    private void changeHere(Client near, String text) throws Exception {
        retain(near, "state/0", 0, "");
        retain(near, "state/1", 0, "");
        retain(near, "state/2", 0, text);
        retain(near, "state/3", 0, text);
        retain(near, "state/4", 0, text);
        retain(near, "state/new", 0, text);
        retain(near, "state/zz", 0, text);
        awaitRetainedHere("state/zz", text);
    }

    /** The client knows only that it has sent it. */
    private void awaitRetainedHere(String topic, String text) {
        eventually(() ->
                assertThat(broker.retained(Topic.of(topic)).map(Message::text)).contains(text));
    }

    /** A control: without the option nothing of it comes. */
    @Test(timeout = 180_000)
    public void whatWasMissedIsMissedWithoutTheOption() throws Exception {
        try (MosquittoProcess remote = MosquittoProcess.start();
                Client near = Client.connect(Version.MQTT_5, local, "near");
                Client far = Client.connect(ConnectOptions.of(Version.MQTT_5, remote.port(), "far"), inbox::add)) {
            retainAll(near, "state");
            far.subscribe("site/#", 1);
            configure(remote, Version.MQTT_5, "forward.out", "state/# -> site/{#} retain=keep", "2s");
            awaitExactly(all("site", "1"));
            stop();
            changeHere(near, "a");
            start();
            near.publish("state/last", 1, "x");
            awaitExactly(List.of("site/last=x"));
        }
    }

    // ---------------------------------------------------------------- subscribe

    @Test(timeout = 180_000)
    public void whatThisBrokerLacksCrosses() throws Exception {
        whatThisBrokerLacksCrosses(Version.MQTT_5);
    }

    @Test(timeout = 180_000)
    public void whatThisBrokerLacksCrossesOver311() throws Exception {
        whatThisBrokerLacksCrosses(Version.MQTT_3_1_1);
    }

    /** Of sessions that are not kept a new one does not say that anything is lost. */
    @Test(timeout = 180_000)
    public void whatTheRemoteBrokerHasNoMoreIsDeletedHere() throws Exception {
        cleanStart = true;
        whatThisBrokerLacksCrosses(Version.MQTT_5);
    }

    @Test(timeout = 180_000)
    public void whatTheRemoteBrokerHasNoMoreIsDeletedHereOver311() throws Exception {
        cleanStart = true;
        whatThisBrokerLacksCrosses(Version.MQTT_3_1_1);
    }

    private void whatThisBrokerLacksCrosses(Version version) throws Exception {
        comeBackWithout(version, "retain=diff");

        awaitExactly(
                cleanStart
                        ? List.of("here/2=a", "here/3=a", "here/4=a", "here/new=a", "here/0=", "here/1=")
                        : List.of("here/2=a", "here/3=a", "here/4=a", "here/new=a"));
        assertThat(bridge("b").orElseThrow().routes())
                .singleElement()
                .satisfies(route -> assertThat(route.dropped()).containsEntry("unchanged", (long) TOPICS - 5));
        balances("b");
    }

    /** A control: it comes as a flood, and what is deleted there stays here. */
    @Test(timeout = 180_000)
    public void allOfItCrossesWithoutTheOption() throws Exception {
        comeBackWithout(Version.MQTT_5, "retain=keep retain.handling=always");

        List<String> expected = new ArrayList<>(all("here", "1").subList(5, TOPICS));
        expected.addAll(List.of("here/2=a", "here/3=a", "here/4=a", "here/new=a"));
        awaitExactly(expected);
    }

    /** The remote broker comes back with other retained messages, of which it has told nobody, and with no session. */
    private void comeBackWithout(Version version, String option) throws Exception {
        remote = MosquittoProcess.start();
        try (Client far = Client.connect(Version.MQTT_5, remote.port(), "far")) {
            retainAll(far, "state");
        }
        here = Client.connect(ConnectOptions.of(Version.MQTT_5, local, "here"), inbox::add);
        here.subscribe("here/#", 1);
        configure(remote, version, "subscribe.in", "state/# -> here/{#} " + option, "2s");
        awaitExactly(all("here", "1"));
        stop();
        remote.kill();
        remote.startAgain();
        try (Client far = Client.connect(Version.MQTT_5, remote.port(), "far")) {
            for (int i = 2; i < TOPICS; i++) {
                retain(far, "state/" + i, 1, i < 5 ? "a" : "1");
            }
            retain(far, "state/new", 1, "a");
        }
        start();
    }

    private void cleanHere() throws Exception {
        here.close();
        remote.close();
        broker.deleteRetained(TopicFilter.of("here/#")).toCompletableFuture().get(30, TimeUnit.SECONDS);
    }
}
