/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.itests.bridge;

import static io.bascule.itests.support.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import io.bascule.api.BridgeStatus;
import io.bascule.api.BridgeStatus.State;
import io.bascule.itests.client.Client;
import io.bascule.itests.client.ConnectOptions;
import io.bascule.itests.client.Version;
import io.bascule.itests.peers.MoquetteProcess;
import io.bascule.itests.peers.MosquittoProcess;
import io.bascule.itests.peers.OldRemote;
import io.bascule.itests.peers.OldRemote.Manner;
import io.bascule.itests.peers.OldRemote.Taken;
import io.bascule.itests.peers.Peer;
import io.bascule.itests.peers.Ports;
import io.bascule.itests.support.Flow;
import io.bascule.itests.support.InFramework;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.After;
import org.junit.Before;
import org.junit.Test;

/** Bridges with {@code protocol = auto}: what is spoken, and that nothing is lost when that becomes another version. */
public class AutoProtocolIT extends InFramework {
    private static final Duration TO_ARRIVE = Duration.ofSeconds(30);
    private static final int STEP = 20;
    private static final int BRIDGE_BIT = 0x80;
    private static final int LEVEL_5 = Version.MQTT_5.level();
    private static final int LEVEL_4 = Version.MQTT_3_1_1.level();

    private int local;
    private Client near;
    /** How many messages were published with each of QoS 1 and 2. */
    private int published;

    @Before
    public void open() throws IOException {
        local = openListener("local");
        near = Client.connect(Version.MQTT_5, local, "near");
    }

    @After
    public void close() {
        near.close();
    }

    private static Map<String, String> bridgeTo(Peer remote) {
        Map<String, String> properties = BridgeContract.bridgeTo(remote, Version.MQTT_5);
        properties.put("protocol", "auto");
        return properties;
    }

    private void awaitConnected(Version version) {
        eventually(() -> assertThat(bridge("b")).hasValueSatisfying(status -> {
            assertThat(status.state()).isEqualTo(State.CONNECTED);
            assertThat(status.protocol()).isEqualTo(version.number());
        }));
    }

    private void publishMore() {
        for (int i = 0; i < STEP; i++, published++) {
            near.publish("out/x", 1, String.valueOf(published));
            near.publish("out/x", 2, String.valueOf(published));
        }
    }

    /** Every message of each QoS, in order; one that has come again counts when it came first. */
    private void assertComplete(List<Taken> taken) {
        for (int qos = 1; qos <= 2; qos++) {
            int each = qos;
            assertThat(taken.stream()
                            .filter(message -> message.qos() == each)
                            .map(Taken::text)
                            .distinct())
                    .as("QoS %d", qos)
                    .containsExactlyElementsOf(IntStream.range(0, published)
                            .mapToObj(String::valueOf)
                            .toList());
        }
    }

    @Test(timeout = 120_000)
    public void speaks5WithMosquittoAndAgainWhenThatHasRestarted() throws Exception {
        try (MosquittoProcess remote = MosquittoProcess.start()) {
            configureBridge("b", bridgeTo(remote));
            awaitConnected(Version.MQTT_5);
            carriesBothWays(remote, Version.MQTT_5);
            remote.stop();
            eventually(() -> assertThat(bridge("b").map(BridgeStatus::state)).hasValue(State.BACKOFF));
            remote.startAgain();
            awaitConnected(Version.MQTT_5);
            carriesBothWays(remote, Version.MQTT_5);
            balances("b");
        }
    }

    @Test(timeout = 180_000)
    public void speaks311WithMoquette() throws Exception {
        try (MoquetteProcess remote = MoquetteProcess.start(Ports.free())) {
            configureBridge("b", bridgeTo(remote));
            awaitConnected(Version.MQTT_3_1_1);
            carriesBothWays(remote, Version.MQTT_3_1_1);
            balances("b");
        }
    }

    /** A control: with 5.0 alone the same broker is out of reach, and the bridge says what would help. */
    @Test(timeout = 120_000)
    public void saysWhatWouldHelpWhereItMaySpeak5Alone() throws Exception {
        try (OldRemote remote = new OldRemote(Manner.REFUSES, Version.MQTT_3_1_1)) {
            configureBridge("b", BridgeContract.bridgeTo(remote, Version.MQTT_5));
            eventually(() -> assertThat(bridge("b").flatMap(BridgeStatus::lastError))
                    .hasValueSatisfying(why -> assertThat(why).endsWith("it may take protocol = 3.1.1, or auto")));
            assertThat(remote.offered()).containsOnly(LEVEL_5);
        }
    }

    private void carriesBothWays(Peer remote, Version version) {
        List<Flow> flows = new ArrayList<>();
        try {
            for (int qos = 1; qos <= 2; qos++) {
                flows.add(flow("out " + qos, version, qos, local, "out/" + qos, remote.port(), "there/" + qos));
                flows.add(flow("in " + qos, version, qos, remote.port(), "in/" + qos, local, "here/" + qos));
            }
            flows.forEach(flow -> flow.start(200));
            flows.forEach(flow -> flow.awaitMore(300));
            flows.forEach(Flow::stop);
            flows.forEach(flow -> flow.awaitExact(TO_ARRIVE));
        } finally {
            flows.forEach(Flow::close);
        }
    }

    private static Flow flow(
            String name, Version version, int qos, int fromPort, String topic, int toPort, String filter) {
        return new Flow(name, version, qos, new Flow.Way(fromPort, topic, toPort, filter));
    }

    @Test(timeout = 120_000)
    public void losesNothingWhenABrokerThatRefuses5TakesThePlaceOfOneOf5() throws Exception {
        try (OldRemote remote = exchanged(Manner.REFUSES)) {
            remote.cut();
            offered(remote, LEVEL_4);
            remote.exchange(Version.MQTT_5);
            offered(remote, LEVEL_4);
            goesOn(remote, Version.MQTT_3_1_1);

            Map<String, String> edited = outwards(remote);
            edited.put("keepalive", "30s");
            configureBridge("b", edited);
            offered(remote, LEVEL_5);
            goesOn(remote, Version.MQTT_5);
        }
    }

    @Test(timeout = 120_000)
    public void losesNothingWhenABrokerThatHangsUpOn5TakesThePlaceOfOneOf5() throws Exception {
        try (OldRemote remote = exchanged(Manner.HANGS_UP)) {
            remote.cut();
            offered(remote, LEVEL_5, LEVEL_4); // it may have had another reason, but not for the bridge bit
            remote.exchange(Version.MQTT_5);
            offered(remote, LEVEL_5);
            goesOn(remote, Version.MQTT_5);
        }
    }

    private static Map<String, String> outwards(Peer remote) {
        Map<String, String> properties = bridgeTo(remote);
        properties.remove("subscribe.in");
        return properties;
    }

    private final List<Integer> heard = new ArrayList<>();

    /** It was offered these levels since it was asked last. */
    private void offered(OldRemote remote, Integer... levels) {
        heard.addAll(List.of(levels));
        eventually(() -> assertThat(remote.offered()).containsExactlyElementsOf(heard));
    }

    /** One that spoke 5.0 and does so no longer. When that came about messages were unacknowledged, more than 3.1.1 has on their way at a time. */
    private OldRemote exchanged(Manner manner) throws IOException {
        OldRemote remote = new OldRemote(manner, Version.MQTT_5);
        configureBridge("b", outwards(remote));
        awaitConnected(Version.MQTT_5);
        offered(remote, LEVEL_5);
        publishMore();
        eventually(() -> assertComplete(remote.taken()));
        assertThat(remote.taken()).hasSize(2 * published);
        remote.withholdAcknowledgements();
        publishMore();
        publishMore();
        eventually(() -> assertThat(remote.taken()).hasSize(2 * published));

        remote.exchange(Version.MQTT_3_1_1);

        offered(remote, LEVEL_5, BRIDGE_BIT + LEVEL_4, LEVEL_4);
        goesOn(remote, Version.MQTT_3_1_1);
        return remote;
    }

    private void goesOn(OldRemote remote, Version version) {
        awaitConnected(version);
        publishMore();
        eventually(() -> assertComplete(remote.taken()));
        balances("b");
        eventually(() -> assertThat(bridge("b").orElseThrow().queue().queued()).isZero());
        assertThat(bridge("b").orElseThrow().queue().dropped()).isZero();
    }

    @Test(timeout = 180_000)
    public void losesNothingWhenMoquetteTakesThePlaceOfMosquittoAndTheOtherWayRound() throws Exception {
        try (MosquittoProcess mosquitto = MosquittoProcess.start()) {
            int port = mosquitto.port();
            configureBridge("b", bridgeTo(mosquitto));
            crosses(Version.MQTT_5, Version.MQTT_5, port);
            mosquitto.stop();
            try (MoquetteProcess moquette = MoquetteProcess.start(port)) {
                crosses(Version.MQTT_3_1_1, Version.MQTT_3_1_1, moquette.port());
            }
            mosquitto.startAgain();
            // Moquette has said that it does not take 5.0, and the bridge believes it of whoever listens there.
            crosses(Version.MQTT_5, Version.MQTT_3_1_1, port);

            Map<String, String> edited = bridgeTo(mosquitto);
            edited.put("keepalive", "30s");
            configureBridge("b", edited);
            awaitConnected(Version.MQTT_5);
        }
    }

    private final List<Taken> arrived = new CopyOnWriteArrayList<>();

    /** What is published while the bridge is stopped arrives, once, at a client of the broker that is there now. */
    private void crosses(Version theirs, Version spoken, int port) throws Exception {
        try (Client far = Client.connect(
                ConnectOptions.of(theirs, port, "far"),
                message -> arrived.add(new Taken(message.qos(), message.text())))) {
            far.subscribe("there/#", 2);
            control("b").start().toCompletableFuture().get(10, TimeUnit.SECONDS);
            awaitConnected(spoken);
            eventually(() -> assertComplete(arrived));
            publishMore();
            eventually(() -> assertComplete(arrived));
            assertThat(arrived).as("nothing came twice").hasSize(2 * published);
            eventually(() -> assertThat(bridge("b"))
                    .hasValueSatisfying(status -> assertThat(status.queue().inFlight())
                            .as("or it would come to the next broker as well")
                            .isZero()));
            control("b").stop().toCompletableFuture().get(10, TimeUnit.SECONDS);
        }
        publishMore();
    }
}
