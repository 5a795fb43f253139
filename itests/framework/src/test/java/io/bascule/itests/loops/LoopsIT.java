/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.itests.loops;

import static io.bascule.itests.support.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import io.bascule.itests.client.Version;
import io.bascule.itests.peers.HiveMqProcess;
import io.bascule.itests.peers.MosquittoProcess;
import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.After;
import org.junit.AfterClass;
import org.junit.Before;
import org.junit.BeforeClass;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TestName;

/** Brokers that are linked in circles, and what sees that a message goes round in them. */
public class LoopsIT {
    private static final int MESSAGES = 60;
    private static final String[] BOTH_WAYS = {"both.x", "x/#"};

    private static Node a;
    private static Node b;
    private static Node c;

    @Rule
    public final TestName test = new TestName();

    private final Watch watch = new Watch();
    private int bridges;

    @BeforeClass
    public static void startBrokers() throws IOException {
        a = Node.start("A");
        b = Node.start("B");
        c = Node.start("C");
    }

    @AfterClass
    public static void stopBrokers() {
        for (Node node : nodes()) {
            node.close();
        }
    }

    private static List<Node> nodes() {
        return List.of(a, b, c);
    }

    @Before
    public void watchAllBrokers() {
        nodes().forEach(node -> watch.at(node.toString(), node.port(), "#"));
    }

    @After
    public void removeBridges() throws Exception {
        for (Node node : nodes()) {
            node.removeBridges();
            node.forget(false);
        }
        watch.close();
    }

    // ---------------------------------------------------------------- two and three brokers

    @Test(timeout = 60_000)
    public void aChain() throws IOException {
        bridge(a, b.port(), Version.MQTT_5, BOTH_WAYS);
        bridge(b, c.port(), Version.MQTT_5, BOTH_WAYS);

        assertEachMessageOnceEverywhere();
    }

    @Test(timeout = 60_000)
    public void aRing() throws IOException {
        bridge(a, b.port(), Version.MQTT_5, "forward.on", "x/#");
        bridge(b, c.port(), Version.MQTT_5, "forward.on", "x/#");
        bridge(c, a.port(), Version.MQTT_5, "forward.on", "x/#");

        assertEachMessageOnceEverywhere();
        eventually(() -> assertThat(a.statuses().toString()).contains("loop"));
    }

    @Test(timeout = 60_000)
    public void aRingWhoseBridgesTakeInsteadOfSending() throws IOException {
        bridge(a, b.port(), Version.MQTT_5, "subscribe.on", "x/#");
        bridge(b, c.port(), Version.MQTT_5, "subscribe.on", "x/#");
        bridge(c, a.port(), Version.MQTT_5, "subscribe.on", "x/#");

        assertEachMessageOnceEverywhere();
    }

    @Test(timeout = 60_000)
    public void aFullMeshInWhichAMessageCrossesOneBridge() throws IOException {
        String[] once = {"both.x", "x/#", "hops.maximum", "1"};
        bridge(a, b.port(), Version.MQTT_5, once);
        bridge(b, c.port(), Version.MQTT_5, once);
        bridge(c, a.port(), Version.MQTT_5, once);

        assertEachMessageOnceEverywhere();
    }

    @Test(timeout = 60_000)
    public void aHubWithTwoBridges() throws IOException {
        bridge(a, b.port(), Version.MQTT_5, BOTH_WAYS);
        bridge(a, c.port(), Version.MQTT_5, BOTH_WAYS);

        assertEachMessageOnceEverywhere();
    }

    @Test(timeout = 60_000)
    public void aBridgeForEachDirection() throws IOException {
        bridge(a, b.port(), Version.MQTT_5, "forward.up", "x/#");
        bridge(a, b.port(), Version.MQTT_5, "subscribe.down", "x/#");
        bridge(b, c.port(), Version.MQTT_5, "forward.on", "x/#");
        bridge(c, b.port(), Version.MQTT_5, "forward.on", "x/#");

        assertEachMessageOnceEverywhere();
    }

    @Test(timeout = 60_000)
    public void aRingInWhichEachBridgeChangesThePrefix() throws IOException {
        bridge(a, b.port(), Version.MQTT_5, "both.x", "x/# -> site/a/{#}");
        bridge(b, c.port(), Version.MQTT_5, "both.site", "site/# -> hq/{#}");
        bridge(c, a.port(), Version.MQTT_5, "forward.hq", "hq/a/# -> x/{#}");
        awaitConnected();

        watch.publish("A", "x/1", MESSAGES);

        assertThat(watch.findings()).as("%s", statuses()).isEmpty();
    }

    @Test(timeout = 60_000)
    public void topicsThatGrowOnTheirWay() throws IOException {
        bridge(a, b.port(), Version.MQTT_5, "forward.up", "x/# -> x/up/{#}");
        bridge(a, b.port(), Version.MQTT_5, "subscribe.down", "x/# -> x/down/{#}");
        bridge(b, c.port(), Version.MQTT_5, "forward.on", "x/# -> x/on/{#}", "subscribe.back", "x/# -> x/back/{#}");

        assertEachMessageOnceEverywhere();
    }

    // ---------------------------------------------------------------- before 5.0

    @Test(timeout = 60_000)
    public void aChainOfBothVersions() throws IOException {
        bridge(a, b.port(), Version.MQTT_5, BOTH_WAYS);
        bridge(b, c.port(), Version.MQTT_3_1_1, BOTH_WAYS);

        assertEachMessageOnceEverywhere();
    }

    @Test(timeout = 60_000)
    public void aHubWithTwoBridgesOfMqtt311() throws IOException {
        bridge(a, b.port(), Version.MQTT_3_1_1, BOTH_WAYS);
        bridge(a, c.port(), Version.MQTT_3_1_1, BOTH_WAYS);

        assertEachMessageOnceEverywhere();
    }

    @Test(timeout = 60_000)
    public void aBridgeForEachDirectionOfMqtt311() throws IOException {
        repeatsButEnds(Version.MQTT_3_1_1, Version.MQTT_3_1_1);
    }

    /** One of the two is told who the remote broker is, and the other sees neither that nor the hops. */
    @Test(timeout = 60_000)
    public void aBridgeForEachDirectionOfAnotherVersion() throws IOException {
        repeatsButEnds(Version.MQTT_5, Version.MQTT_3_1_1);
    }

    @Test(timeout = 60_000)
    public void aBridgeForEachDirectionOfAnotherVersionTheOtherWayRound() throws IOException {
        repeatsButEnds(Version.MQTT_3_1_1, Version.MQTT_5);
    }

    private void repeatsButEnds(Version up, Version down) throws IOException {
        bridge(a, b.port(), up, "forward.up", "x/#");
        bridge(a, b.port(), down, "subscribe.down", "x/#");
        awaitConnected();

        watch.publish("A", "x/a", MESSAGES);

        assertThat(watch.findings())
                .contains("0 from A at A came 2 times", "0 from A at C came 0 times")
                .noneMatch(finding -> finding.startsWith("traffic "))
                .noneMatch(finding -> finding.contains(" at B "));
    }

    // ---------------------------------------------------------------- with others between

    @Test(timeout = 60_000)
    public void aStarAroundMosquittoWithMqtt5() throws IOException {
        aStarAroundMosquitto(Version.MQTT_5);
    }

    @Test(timeout = 60_000)
    public void aStarAroundMosquittoWithMqtt311() throws IOException {
        aStarAroundMosquitto(Version.MQTT_3_1_1);
    }

    private void aStarAroundMosquitto(Version version) throws IOException {
        try (MosquittoProcess mosquitto = MosquittoProcess.start()) {
            watch.at("Mosquitto", mosquitto.port(), "x/#");
            for (Node node : nodes()) {
                bridge(node, mosquitto.port(), version, BOTH_WAYS);
            }

            assertEachMessageOnceEverywhere("Mosquitto");
        }
    }

    @Test(timeout = 60_000)
    public void aBridgeForEachDirectionToMosquitto() throws IOException {
        try (MosquittoProcess mosquitto = MosquittoProcess.start()) {
            watch.at("Mosquitto", mosquitto.port(), "x/#");
            for (Node node : nodes()) {
                bridge(node, mosquitto.port(), Version.MQTT_5, "forward.up", "x/#");
                bridge(node, mosquitto.port(), Version.MQTT_5, "subscribe.down", "x/#");
            }

            assertEachMessageOnceEverywhere("Mosquitto");
        }
    }

    /** It closes the connection of a 3.1.1 client that says it is a bridge. */
    @Test(timeout = 120_000)
    public void aStarAroundABrokerThatKnowsNoBridges() throws IOException {
        try (HiveMqProcess hiveMq = HiveMqProcess.start()) {
            watch.at("HiveMQ", hiveMq.port(), "x/#");
            for (Node node : nodes()) {
                bridge(node, hiveMq.port(), Version.MQTT_3_1_1, BOTH_WAYS);
            }

            assertEachMessageOnceEverywhere("HiveMQ");
            eventually(() -> assertThat(a.statuses().toString()).contains("loop=" + MESSAGES));
        }
    }

    // ---------------------------------------------------------------- what sees it

    @Test(timeout = 60_000)
    public void isSeenToGoRoundWhereTheHopsAreLost() throws Exception {
        for (Node node : nodes()) {
            node.forget(true);
        }
        bridge(a, b.port(), Version.MQTT_5, "forward.on", "x/#");
        bridge(b, c.port(), Version.MQTT_5, "forward.on", "x/#");
        bridge(c, a.port(), Version.MQTT_5, "forward.on", "x/#");
        awaitConnected();

        watch.publish("A", "x/a", 1);

        watch.awaitRepeated(20);
        assertThat(watch.findings())
                .anyMatch(finding -> finding.startsWith("0 from A at C came "))
                .anyMatch(finding -> finding.startsWith("traffic "));
    }

    // ---------------------------------------------------------------- helpers

    /** A bridge from this broker to that port, with a name of its own. */
    private void bridge(Node from, int to, Version version, String... properties) throws IOException {
        Map<String, String> file = new HashMap<>(
                Map.of("server", "mqtt://127.0.0.1:" + to, "protocol", version.number(), "clean.start", "true"));
        for (int i = 0; i < properties.length; i += 2) {
            file.put(properties[i], properties[i + 1]);
        }
        String name = test.getMethodName() + bridges++;
        file.put("client.id", name);
        from.bridge(name, file);
    }

    private static void awaitConnected() {
        nodes().forEach(Node::awaitConnected);
    }

    private void assertEachMessageOnceEverywhere(String... others) {
        awaitConnected();
        nodes().forEach(node -> watch.publish(node.toString(), "x/" + node, MESSAGES));
        for (String other : others) {
            watch.publish(other, "x/" + other, MESSAGES);
        }

        assertThat(watch.findings()).as("%s", statuses()).isEmpty();
    }

    private static List<String> statuses() {
        return nodes().stream().flatMap(node -> node.statuses().stream()).toList();
    }
}
