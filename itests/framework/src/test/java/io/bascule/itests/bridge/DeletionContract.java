/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.itests.bridge;

import static io.bascule.itests.support.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import io.bascule.api.BridgeStatus;
import io.bascule.api.DeletedBridge;
import io.bascule.api.SessionOptions;
import io.bascule.itests.client.Client;
import io.bascule.itests.client.ConnectOptions;
import io.bascule.itests.client.Version;
import io.bascule.itests.peers.Peer;
import io.bascule.itests.peers.Ports;
import io.bascule.itests.support.InFramework;
import io.bascule.itests.support.Ledger;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import org.junit.Before;
import org.junit.Test;
import org.osgi.framework.Bundle;

/** What becomes of a bridge's two sessions when its configuration is deleted. */
public abstract class DeletionContract extends InFramework {
    /** What a broker may take over the end of a session that has expired. */
    private static final Duration TO_EXPIRE = Duration.ofSeconds(3);

    /** Some seconds more than the grace, and the bridge has to be connected. */
    private static final Duration TO_LOOK = Duration.ofSeconds(60);

    private int local;

    abstract Peer startPeer();

    @Before
    public void openListener() throws IOException {
        eventually(
                "the test before has been forgotten",
                () -> deletedBridges().list().isEmpty() && broker.sessions().isEmpty());
        local = openListener("local");
    }

    @Test(timeout = 120_000)
    public void bothSessionsEndWhenTheGraceHasPassedWithMqtt5() throws IOException {
        bothSessionsEndWhenTheGraceHasPassed(Version.MQTT_5);
    }

    /** A 3.1.1 broker cannot be told; so the bundle ends the session by hand. */
    @Test(timeout = 120_000)
    public void bothSessionsEndWhenTheGraceHasPassedWithMqtt311() throws IOException {
        bothSessionsEndWhenTheGraceHasPassed(Version.MQTT_3_1_1);
    }

    private void bothSessionsEndWhenTheGraceHasPassed(Version version) throws IOException {
        try (Peer peer = startPeer()) {
            int nodes = broker.info().treeNodes();
            configureBridge("b", bridgeTo(peer, version, "2s"));
            awaitConnected("b");

            deleteBridge("b");
            Instant end = deleted("b").until();

            eventually(() -> assertThat(deletedBridges().list()).isEmpty());
            assertThat(Instant.now()).isAfter(end.minusSeconds(1));
            eventually(() -> assertThat(broker.sessions()).isEmpty());
            eventually(() -> assertThat(broker.info().treeNodes()).isEqualTo(nodes));
            eventually(
                    "the time of the remote session has come",
                    () -> Instant.now().isAfter(end.plus(TO_EXPIRE)));
            assertThat(isRemoteSessionPresent(peer, version)).isFalse();
            eventually(() -> assertThat(transport.info().connections()).isZero());
        }
    }

    @Test(timeout = 120_000)
    public void bothSessionsCollectDuringTheGrace() throws IOException {
        try (Peer peer = startPeer()) {
            Ledger there = new Ledger();
            Ledger here = new Ledger();
            try (Client far = client(peer.port(), "far", there);
                    Client near = client(local, "near", here)) {
                far.subscribe("there/#", 2);
                near.subscribe("here/#", 2);
                configureBridge("b", bridgeTo(peer, Version.MQTT_5, "60s"));
                awaitConnected("b");
                deleteBridge("b");
                assertThat(deleted("b").remote()).isEmpty();

                near.publish("out/x", 2, String.valueOf(there.send()));
                far.publish("in/x", 2, String.valueOf(here.send()));
                eventually(() -> assertThat(deleted("b").queue().queued()).isEqualTo(1));
                configureBridge("b", bridgeTo(peer, Version.MQTT_5, "60s"));

                eventually(() -> assertThat(there.books().lost()).isZero());
                eventually(() -> assertThat(here.books().lost()).isZero());
                eventually(() -> assertThat(deletedBridges().list()).isEmpty());
            }
        }
    }

    @Test(timeout = 120_000)
    public void theBundleMayBeUpdatedMeanwhile() throws Exception {
        try (Peer peer = startPeer();
                Client near = Client.connect(Version.MQTT_5, local, "near")) {
            configureBridge("b", bridgeTo(peer, Version.MQTT_5, "60s"));
            configureBridge("c", bridgeTo(peer, Version.MQTT_5, "3s"));
            awaitConnected("b");
            awaitConnected("c");
            deleteBridge("b");
            deleteBridge("c");
            awaitSessionEnding("b");
            DeletedBridge before = deleted("b");
            DeletedBridge shorter = deleted("c");
            near.publish("out/x", 1, "waits");

            Bundle bridge = installed("io.bascule.bridge");
            bridge.update();

            assertThat(deleted("b").until()).isEqualTo(before.until());
            eventually(() -> assertThat(deleted("b").queue().queued()).isEqualTo(1));
            eventually(() -> assertThat(broker.session("bridge:c")).isEmpty());
            eventually(
                    "the time of the remote session has come",
                    () -> Instant.now().isAfter(shorter.until().plus(TO_EXPIRE)));
            assertThat(isRemoteSessionPresent(peer, Version.MQTT_5, "bascule-c"))
                    .isFalse();
            assertThat(isRemoteSessionPresent(peer, Version.MQTT_5, "bascule-b"))
                    .isTrue();
        }
    }

    @Test(timeout = 120_000)
    public void theConsoleCanEndThemNow() throws IOException {
        try (Peer peer = startPeer();
                Client near = Client.connect(Version.MQTT_5, local, "near")) {
            configureBridge("b", bridgeTo(peer, Version.MQTT_5, "7d"));
            awaitConnected("b");
            assertThat(deletedBridges().purge("b").toCompletableFuture().join())
                    .as("of a bridge that is configured")
                    .isFalse();
            deleteBridge("b");
            deleted("b");
            near.publish("out/x", 1, "waits");

            assertThat(deletedBridges().purge("b").toCompletableFuture().join()).isTrue();

            assertThat(broker.session("bridge:b")).isEmpty();
            eventually(() -> assertThat(deletedBridges().list()).isEmpty());
            assertThat(isRemoteSessionPresent(peer, Version.MQTT_5)).isFalse();
        }
    }

    /** The remote session belongs to whoever has it now. */
    @Test(timeout = 120_000)
    public void aBridgeMayGoOnUnderAnotherName() throws IOException {
        try (Peer peer = startPeer()) {
            Map<String, String> properties = bridgeTo(peer, Version.MQTT_3_1_1, "1s");
            properties.put("client.id", "the-same");
            configureBridge("b", properties);
            awaitConnected("b");
            deleteBridge("b");
            eventually(() -> assertThat(bridge("b")).isEmpty());
            configureBridge("c", properties);
            awaitConnected("c");
            Instant since = bridge("c").orElseThrow().since();

            eventually(() -> assertThat(broker.session("bridge:b")).isEmpty());
            eventually(() -> assertThat(deletedBridges().list()).isEmpty());

            BridgeStatus status = bridge("c").orElseThrow();
            assertThat(status.state()).isEqualTo(BridgeStatus.State.CONNECTED);
            assertThat(status.since()).isEqualTo(since);
        }
    }

    /** Nobody else will come for what collects there. */
    @Test(timeout = 120_000)
    public void theRemoteSessionThatAnEditLeavesBehindEnds() throws IOException {
        try (Peer peer = startPeer()) {
            Map<String, String> properties = bridgeTo(peer, Version.MQTT_5, "2s");
            configureBridge("b", properties);
            awaitConnected("b");
            properties.put("client.id", "another");

            edit(properties);
            assertThat(deleted("b").remote())
                    .hasValueSatisfying(remote -> assertThat(remote).startsWith("bascule-b at "));
            eventually(() -> assertThat(deletedBridges().list()).isEmpty());

            assertThat(isRemoteSessionPresent(peer, Version.MQTT_5)).isFalse();
            assertThat(bridge("b").orElseThrow().state()).isEqualTo(BridgeStatus.State.CONNECTED);
            assertThat(broker.session("bridge:b")).isPresent();
        }
    }

    @Test(timeout = 120_000)
    public void anEditToAnotherAddressOfTheBrokerLosesNothingWithMqtt5() throws IOException {
        anEditToAnotherAddressOfTheBrokerLosesNothing(Version.MQTT_5);
    }

    @Test(timeout = 120_000)
    public void anEditToAnotherAddressOfTheBrokerLosesNothingWithMqtt311() throws IOException {
        anEditToAnotherAddressOfTheBrokerLosesNothing(Version.MQTT_3_1_1);
    }

    /** By its text it is another broker, whose session nobody would come back to. */
    private void anEditToAnotherAddressOfTheBrokerLosesNothing(Version version) throws IOException {
        Ledger here = new Ledger();
        try (Peer peer = startPeer();
                Client near = client(local, "near", here);
                Client far = Client.connect(version, peer.port(), "far")) {
            near.subscribe("here/#", 1);
            Map<String, String> properties = bridgeTo(peer, version, "1s");
            configureBridge("b", properties);
            awaitConnected("b");
            properties.put("server", "mqtt://localhost:" + peer.port());

            configureBridge("b", properties);
            assertThat(deleted("b").remote())
                    .hasValueSatisfying(remote -> assertThat(remote).contains(" at mqtt://127.0.0.1:"));
            eventually(TO_LOOK, () -> {
                far.publish("in/x", 1, String.valueOf(here.send()));
                assertThat(deletedBridges().list()).isEmpty();
            });
            for (int i = 0; i < 100; i++) {
                far.publish("in/x", 1, String.valueOf(here.send()));
            }

            eventually(() -> assertThat(here.books().lost()).isZero());
            assertThat(here.books().isComplete()).as("%s", here.books()).isTrue();
            assertThat(bridge("b").orElseThrow().state()).isEqualTo(BridgeStatus.State.CONNECTED);
        }
    }

    @Test(timeout = 120_000)
    public void anEditToAnotherBrokerEndsTheSessionAtTheFirst() throws IOException {
        try (Peer peer = startPeer();
                Peer other = startPeer()) {
            Map<String, String> properties = bridgeTo(peer, Version.MQTT_3_1_1, "1s");
            properties.put("keepalive", "2s");
            configureBridge("b", properties);
            awaitConnected("b");
            properties.put("server", "mqtt://127.0.0.1:" + other.port());

            configureBridge("b", properties);
            deleted("b");
            eventually(TO_LOOK, () -> assertThat(deletedBridges().list()).isEmpty());

            assertThat(isRemoteSessionPresent(peer, Version.MQTT_3_1_1)).isFalse();
            assertThat(bridge("b").orElseThrow().state()).isEqualTo(BridgeStatus.State.CONNECTED);
        }
    }

    @Test(timeout = 120_000)
    public void anEditThatIsTakenBackFindsTheRemoteSessionAsItWas() throws IOException {
        try (Peer peer = startPeer()) {
            Map<String, String> properties = bridgeTo(peer, Version.MQTT_5, "60s");
            configureBridge("b", properties);
            awaitConnected("b");
            Map<String, String> other = new HashMap<>(properties);
            other.put("client.id", "another");
            edit(other);
            deleted("b");

            edit(properties);
            eventually(() -> assertThat(deletedBridges().list())
                    .extracting(deleted -> deleted.remote().orElse(""))
                    .singleElement()
                    .asString()
                    .startsWith("another at "));
            deletedBridges().purge("b").toCompletableFuture().join();
            eventually(() -> assertThat(deletedBridges().list()).isEmpty());

            deleteBridge("b");
            eventually(() -> assertThat(bridge("b")).isEmpty());
            assertThat(isRemoteSessionPresent(peer, Version.MQTT_5, "another")).isFalse();
            assertThat(isRemoteSessionPresent(peer, Version.MQTT_5)).isTrue();
        }
    }

    /** Edits the bridge "b", and waits until it is connected by what the edit says. */
    private void edit(Map<String, String> properties) throws IOException {
        configureBridge("b", properties);
        eventually(() -> assertThat(bridge("b")).hasValueSatisfying(status -> {
            assertThat(status.clientId()).isEqualTo(properties.getOrDefault("client.id", "bascule-b"));
            assertThat(status.state()).isEqualTo(BridgeStatus.State.CONNECTED);
        }));
    }

    @Test(timeout = 120_000)
    public void withCleanStartEverythingGoesWithTheComponent() throws Exception {
        try (Peer peer = startPeer();
                Client near = Client.connect(Version.MQTT_5, local, "near")) {
            int nodes = broker.info().treeNodes();
            Map<String, String> properties = bridgeTo(peer, Version.MQTT_5, "60s");
            properties.put("clean.start", "true");
            configureBridge("b", properties);
            awaitConnected("b");
            assertThat(broker.info().treeNodes()).isGreaterThan(nodes);

            installed("io.bascule.bridge").stop();
            near.publish("out/x", 1, "too late");
            eventually(() -> assertThat(broker.session("bridge:b")).isEmpty());
            eventually(() -> assertThat(broker.info().treeNodes()).isEqualTo(nodes));
            eventually("it has left", () -> transport.info().connections() == 1);
            assertThat(isRemoteSessionPresent(peer, Version.MQTT_5)).isFalse();

            installed("io.bascule.bridge").start();
            awaitConnected("b");
            deleteBridge("b");
            eventually(() -> assertThat(bridge("b")).isEmpty());
            assertThat(deletedBridges().list()).isEmpty();
            eventually(() -> assertThat(broker.info().treeNodes()).isEqualTo(nodes));
        }
    }

    /** Also where the remote broker is out of reach, and what an earlier configuration has left would collect for ever. */
    @Test(timeout = 120_000)
    public void withCleanStartNothingIsLeftOfBefore() throws IOException {
        Map<String, String> properties = bridgeTo(nobody(), Version.MQTT_5, "60s");
        configureBridge("b", properties);
        eventually(() -> assertThat(broker.session("bridge:b")).isPresent());

        properties.put("clean.start", "true");
        configureBridge("b", properties);

        eventually(() -> assertThat(broker.session("bridge:b")).isEmpty());
    }

    private static Peer nobody() throws IOException {
        int port = Ports.free();
        return new Peer() {
            @Override
            public int port() {
                return port;
            }

            @Override
            public void close() {}
        };
    }

    private static Map<String, String> bridgeTo(Peer peer, Version version, String grace) {
        Map<String, String> properties = BridgeContract.bridgeTo(peer, version);
        properties.put("delete.grace", grace);
        return properties;
    }

    /** A deleted bridge, once it is one. */
    private DeletedBridge deleted(String name) {
        eventually(() -> assertThat(deletedBridges().list())
                .extracting(DeletedBridge::name)
                .contains(name));
        return deletedBridges().list().stream()
                .filter(bridge -> bridge.name().equals(name))
                .findAny()
                .orElseThrow();
    }

    /** From then on the grace is counted by the session, which outlives the bundle; a moment before by the deletion. */
    private void awaitSessionEnding(String name) {
        eventually(() -> assertThat(broker.session("bridge:" + name)).hasValueSatisfying(session -> {
            assertThat(session.connected()).isFalse();
            assertThat(session.sessionExpiryInterval()).isNotEqualTo(SessionOptions.NEVER);
        }));
    }

    private static Client client(int port, String clientId, Ledger ledger) {
        return Client.connect(
                ConnectOptions.of(Version.MQTT_5, port, clientId),
                message -> ledger.receive(Integer.parseInt(message.text())));
    }

    private static boolean isRemoteSessionPresent(Peer peer, Version version) {
        return isRemoteSessionPresent(peer, version, "bascule-b");
    }

    private static boolean isRemoteSessionPresent(Peer peer, Version version, String clientId) {
        ConnectOptions options =
                ConnectOptions.of(version, peer.port(), clientId).lastingSession();
        try (Client client = Client.connect(options, message -> {})) {
            return client.sessionPresent();
        }
    }
}
