/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.itests.bridge;

import static io.bascule.itests.support.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import io.bascule.api.BridgeStatus;
import io.bascule.itests.client.Client;
import io.bascule.itests.client.ConnectOptions;
import io.bascule.itests.client.Version;
import io.bascule.itests.peers.Peer;
import io.bascule.itests.statements.Statement;
import io.bascule.itests.support.Flow;
import io.bascule.itests.support.InFramework;
import io.bascule.mqtt.TopicFilter;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.Before;
import org.junit.Test;

/** What a bridge owes to whoever configures it, whatever is on the other side. */
public abstract class BridgeContract extends InFramework {
    private static final Duration TO_ARRIVE = Duration.ofSeconds(30);
    private static final int EDITS = 20;

    private int local;

    abstract Peer startPeer();

    /** The port of the local listener. */
    final int local() {
        return local;
    }

    @Before
    public void openListener() throws IOException {
        eventually(
                "the clients of the test before have gone",
                () -> broker.sessions().isEmpty());
        local = openListener("local");
    }

    @Test(timeout = 300_000)
    @Statement(v311 = {"MQTT-7.0.0-1", "MQTT-7.0.0-2"})
    public void carriesEachQosBothWaysWithMqtt311() throws IOException {
        carriesEachQosBothWays(Version.MQTT_3_1_1);
    }

    @Test(timeout = 300_000)
    public void carriesEachQosBothWaysWithMqtt5() throws IOException {
        carriesEachQosBothWays(Version.MQTT_5);
    }

    private void carriesEachQosBothWays(Version version) throws IOException {
        try (Peer peer = startPeer()) {
            configureBridge("b", bridgeTo(peer, version));
            awaitConnected("b");
            for (int qos = 0; qos <= 2; qos++) {
                carriesBothWays(peer, version, qos);
            }
            balances("b");
        }
    }

    private void carriesBothWays(Peer peer, Version version, int qos) {
        try (Flow out = out(peer, version, qos);
                Flow in = in(peer, version, qos)) {
            out.start(1000);
            in.start(1000);
            out.awaitMore(2000);
            in.awaitMore(2000);
            out.stop();
            in.stop();
            out.awaitExact(TO_ARRIVE);
            in.awaitExact(TO_ARRIVE);
            report(peer, version, out, in);
        } catch (AssertionError e) {
            throw new AssertionError(e.getMessage() + "\n" + bridge("b") + "\n" + broker.sessions(), e);
        }
    }

    @Test(timeout = 600_000)
    public void losesNothingWhenItIsEditedUnderLoad() throws IOException {
        try (Peer peer = startPeer();
                Peer otherPeer = startPeer()) {
            Version version = Version.MQTT_5;
            configureBridge("edited", bridgeTo(peer, version));
            configureBridge("other", otherBridgeTo(otherPeer));
            awaitConnected("edited");
            awaitConnected("other");
            Flow other = new Flow(
                    "other", version, 2, new Flow.Way(local, "other/out/x", otherPeer.port(), "other/there/x"));
            List<Flow> edited = List.of(
                    out(peer, version, 0),
                    in(peer, version, 0),
                    out(peer, version, 1),
                    in(peer, version, 1),
                    out(peer, version, 2),
                    in(peer, version, 2));
            List<Flow> all = new ArrayList<>(edited);
            all.add(other);
            all.forEach(flow -> flow.start(300));

            for (int i = 1; i <= EDITS; i++) {
                all.forEach(flow -> flow.awaitMore(20));
                Map<String, String> properties = bridgeTo(peer, version);
                properties.put("forward.edit" + i, "edit/" + i + "/#");
                configureBridge("edited", properties);
            }

            String last = "edit" + EDITS;
            // Between two configurations there is no bridge at all.
            eventually(
                    () -> assertThat(bridge("edited").map(BridgeStatus::routes).orElse(List.of()))
                            .anyMatch(route -> route.name().equals(last)));
            all.forEach(flow -> flow.awaitMore(20));
            all.forEach(Flow::stop);
            // QoS 0 may be lost while the bridge is down: it is at most once.
            edited.subList(2, 4).forEach(flow -> flow.awaitComplete(TO_ARRIVE));
            edited.subList(4, 6).forEach(flow -> flow.awaitExact(TO_ARRIVE));
            other.awaitExact(TO_ARRIVE);
            all.forEach(
                    flow -> assertThat(flow.isConnected()).as(flow.toString()).isTrue());
            report(peer, version, all.toArray(new Flow[0]));
            all.forEach(Flow::close);
        }
    }

    @Test(timeout = 120_000)
    public void keepsToTheLastValidConfigurationWhenItIsEditedIntoNonsense() throws IOException {
        try (Peer peer = startPeer()) {
            configureBridge("b", bridgeTo(peer, Version.MQTT_5));
            awaitConnected("b");
            Map<String, String> nonsense = bridgeTo(peer, Version.MQTT_5);
            nonsense.put("keepalife", "10s");

            configureBridge("b", nonsense);

            eventually(() -> assertThat(bridge("b").flatMap(BridgeStatus::configurationError))
                    .hasValueSatisfying(
                            error -> assertThat(error).contains("keepalife").contains("keepalive")));
            awaitConnected("b");
            try (Flow out = out(peer, Version.MQTT_5, 1)) {
                out.send(10, 1000);
                out.awaitExact(TO_ARRIVE);
            }
        }
    }

    @Test(timeout = 120_000)
    public void leavesNothingWhenItsConfigurationIsDeleted() throws IOException {
        try (Peer peer = startPeer()) {
            int nodes = broker.info().treeNodes();
            Map<String, String> properties = bridgeTo(peer, Version.MQTT_5);
            properties.put("delete.grace", "0s");
            configureBridge("b", properties);
            awaitConnected("b");

            deleteBridge("b");

            eventually(() -> assertThat(bridge("b")).isEmpty());
            eventually(() -> assertThat(broker.sessions()).isEmpty());
            eventually(() -> assertThat(broker.info().treeNodes()).isEqualTo(nodes));
            eventually(() -> assertThat(transport.info().connections()).isZero());
        }
    }

    @Test(timeout = 120_000)
    public void tellsMqttClientsHowItStands() throws IOException {
        List<String> heardThere = new CopyOnWriteArrayList<>();
        Map<String, String> heardHere = new ConcurrentHashMap<>();
        try (Peer peer = startPeer();
                Client there = Client.connect(
                        ConnectOptions.of(Version.MQTT_5, peer.port(), "watcher"),
                        message -> heardThere.add(message.text()));
                Client here = Client.connect(
                        ConnectOptions.of(Version.MQTT_5, local, "watcher"),
                        message -> heardHere.put(message.topic(), message.text()))) {
            there.subscribe("bridges/b", 1);
            here.subscribe("$SYS/broker/bridge/b", 1);
            here.subscribe("$SYS/broker/connection/+/state", 1);
            Map<String, String> properties = bridgeTo(peer, Version.MQTT_5);
            properties.put("status.topic", "bridges/b");
            configureBridge("b", properties);
            awaitConnected("b");

            eventually(() -> assertThat(heardHere)
                    .hasEntrySatisfying(
                            "$SYS/broker/bridge/b",
                            json -> assertThat(json)
                                    .contains(
                                            "\"state\":\"CONNECTED\"",
                                            "\"remoteAddress\":\"127.0.0.1:" + peer.port() + '"'))
                    .containsEntry("$SYS/broker/connection/b/state", "1"));
            eventually(() -> assertThat(heardThere).last().asString().contains("\"state\":\"online\""));

            deleteBridge("b");
            eventually(() -> assertThat(heardHere)
                    .containsEntry("$SYS/broker/bridge/b", "")
                    .containsEntry("$SYS/broker/connection/b/state", ""));
            eventually(() -> assertThat(heardThere).last().asString().contains("\"state\":\"offline\""));
            eventually(() -> assertThat(broker.retained(TopicFilter.of("$SYS/broker/bridge/#"), 1))
                    .isEmpty());
        }
    }

    @Test(timeout = 120_000)
    public void waitsForARemoteBrokerThatIsNotThere() throws IOException {
        Peer peer = startPeer();
        peer.close();
        configureBridge("b", bridgeTo(peer, Version.MQTT_5));
        eventually(() -> assertThat(bridge("b")).hasValueSatisfying(status -> {
            assertThat(status.state()).isEqualTo(BridgeStatus.State.BACKOFF);
            assertThat(status.lastError()).isPresent();
        }));
        try (Client client = Client.connect(Version.MQTT_5, local, "client")) {
            client.publish("out/x", 1, "queued");
            eventually(
                    () -> assertThat(bridge("b").orElseThrow().queue().queued()).isEqualTo(1));
        }
    }

    /** {@code out/x} here is {@code there/x} there, {@code in/x} there is {@code here/x} here. */
    static Map<String, String> bridgeTo(Peer peer, Version version) {
        return new HashMap<>(Map.of(
                "server", "mqtt://127.0.0.1:" + peer.port(),
                "protocol", version.number(),
                "reconnect.min", "50ms",
                "reconnect.max", "200ms",
                "forward.out", "out/# -> there/{#}",
                "subscribe.in", "in/# -> here/{#}"));
    }

    private static Map<String, String> otherBridgeTo(Peer peer) {
        return Map.of("server", "mqtt://127.0.0.1:" + peer.port(), "forward.out", "other/out/# -> other/there/{#}");
    }

    private Flow out(Peer peer, Version version, int qos) {
        Flow.Way way = new Flow.Way(local, "out/" + qos, peer.port(), "there/" + qos);
        return new Flow("out with QoS " + qos, version, qos, way);
    }

    private Flow in(Peer peer, Version version, int qos) {
        Flow.Way way = new Flow.Way(peer.port(), "in/" + qos, local, "here/" + qos);
        return new Flow("in with QoS " + qos, version, qos, way);
    }

    private static void report(Peer peer, Version version, Flow... flows) {
        for (Flow flow : flows) {
            System.out.println("Bridge to " + peer + ", " + version.number() + ", " + flow);
        }
    }
}
