/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.itests.bridge;

import static io.bascule.itests.support.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import io.bascule.api.BridgeStatus;
import io.bascule.itests.client.Client;
import io.bascule.itests.client.ConnectOptions;
import io.bascule.itests.client.Version;
import io.bascule.itests.peers.Peer;
import io.bascule.itests.support.Flow;
import io.bascule.itests.support.InFramework;
import io.bascule.itests.support.OldRevisions;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.Before;
import org.junit.Test;
import org.osgi.framework.Bundle;

/** Nothing is lost, whatever is done to a bridge while messages flow both ways. */
public abstract class ReconfigurationContract extends InFramework {
    private static final Duration TO_ARRIVE = Duration.ofSeconds(30);
    private static final int RATE = 300;
    private static final int TIMES = 10;
    /**
     * Messages in flight that a reconnect may send again: the default receive maximum of a bridge. A smaller one makes Mosquitto queue, and
     * what it has queued for QoS 1 it mixes up with what was unacknowledged, without any bridge.
     */
    private static final int WINDOW = 1024;

    private int local;
    private Map<String, String> properties;

    abstract Peer startPeer();

    @Before
    public void openListener() throws IOException {
        local = openListener("local");
    }

    @Test(timeout = 600_000)
    public void losesNothingWhenItIsEdited() throws Exception {
        underLoad(i -> {
            properties.put("forward.edit", "edit/" + i + "/#");
            configureBridge("b", properties);
        });
    }

    @Test(timeout = 600_000)
    public void losesNothingWhenItIsDeletedAndMadeAgain() throws Exception {
        underLoad(i -> {
            deleteBridge("b");
            eventually(() -> assertThat(bridge("b")).isEmpty());
            configureBridge("b", properties);
        });
    }

    @Test(timeout = 600_000)
    public void losesNothingWhenItsBundleIsUpdated() throws Exception {
        underLoad(i -> installed("io.bascule.bridge").update());
    }

    @Test(timeout = 600_000)
    public void losesNothingWhenItsBundleIsRefreshed() throws Exception {
        OldRevisions revisions = new OldRevisions(context, installed("io.bascule.bridge"));
        underLoad(i -> revisions.refresh());
    }

    @Test(timeout = 600_000)
    public void losesNothingWhenItsBundleIsStoppedForAWhile() throws Exception {
        underLoad(i -> {
            Bundle bundle = installed("io.bascule.bridge");
            bundle.stop();
            assertThat(bridge("b")).isEmpty();
            bundle.start();
        });
    }

    private interface Disturbance {
        void happen(int i) throws Exception;
    }

    private void underLoad(Disturbance disturbance) throws Exception {
        try (Peer peer = startPeer()) {
            properties = BridgeContract.bridgeTo(peer, Version.MQTT_5);
            configureBridge("b", properties);
            awaitConnected("b");
            List<Flow> flows = new ArrayList<>();
            try {
                for (int qos = 1; qos <= 2; qos++) {
                    flows.add(flow("out " + qos, qos, local, "out/" + qos, peer.port(), "there/" + qos));
                    flows.add(flow("in " + qos, qos, peer.port(), "in/" + qos, local, "here/" + qos));
                }
                flows.forEach(flow -> flow.start(RATE));
                flows.forEach(flow -> flow.awaitMore(20));
                for (int i = 1; i <= TIMES; i++) {
                    Instant before = Instant.now();
                    disturbance.happen(i);
                    eventually(
                            "the bridge is connected again",
                            () -> bridge("b")
                                    .filter(status -> status.state() == BridgeStatus.State.CONNECTED)
                                    .filter(status -> status.since().isAfter(before))
                                    .isPresent());
                    flows.forEach(flow -> flow.awaitMore(20));
                }
                flows.forEach(Flow::stop);
                for (Flow flow : flows) {
                    flow.awaitComplete(TO_ARRIVE);
                    System.out.println("Bridge to " + peer + ", " + flow);
                }
                flows.subList(2, 4).forEach(flow -> flow.awaitExact(TO_ARRIVE));
                assertThat(flows)
                        .allSatisfy(flow -> assertThat(flow.books().duplicates())
                                .as(flow.toString())
                                .isLessThanOrEqualTo(WINDOW * TIMES));
                assertThat(flows).allMatch(Flow::isConnected);
            } finally {
                flows.forEach(Flow::close);
            }
        }
    }

    private static Flow flow(String name, int qos, int fromPort, String topic, int toPort, String filter) {
        return new Flow(name, Version.MQTT_5, qos, new Flow.Way(fromPort, topic, toPort, filter));
    }

    // ---------------------------------------------------------------- routes

    @Test(timeout = 120_000)
    public void unsubscribesFromWhatIsRemovedFromTheRoutesWithMqtt5() throws Exception {
        unsubscribesFromWhatIsRemovedFromTheRoutes(Version.MQTT_5);
    }

    @Test(timeout = 120_000)
    public void unsubscribesFromWhatIsRemovedFromTheRoutesWithMqtt311() throws Exception {
        unsubscribesFromWhatIsRemovedFromTheRoutes(Version.MQTT_3_1_1);
    }

    private void unsubscribesFromWhatIsRemovedFromTheRoutes(Version version) throws Exception {
        try (Peer peer = startPeer();
                Client far = Client.connect(Version.MQTT_5, peer.port(), "far")) {
            Map<String, String> routes = BridgeContract.bridgeTo(peer, version);
            routes.put("subscribe.more", "more/#, yet/more/#");
            configureBridge("b", routes);
            awaitConnected("b");
            List<String> arrived = new CopyOnWriteArrayList<>();
            try (Client near = Client.connect(
                    ConnectOptions.of(Version.MQTT_5, local, "near"), message -> arrived.add(message.text()))) {
                near.subscribe("#", 1);
                far.publish("more/x", 1, "1");
                eventually(() -> assertThat(arrived).containsExactly("1"));

                routes.put("subscribe.more", "yet/more/#");
                configureBridge("b", routes);
                awaitRoute("yet/more/#");
                routes.remove("subscribe.more");
                // What the component knew has gone with its class loader.
                installed("io.bascule.bridge").stop();
                configureBridge("b", routes);
                installed("io.bascule.bridge").update();
                installed("io.bascule.bridge").start();
                awaitConnected("b");

                far.publish("more/x", 1, "2");
                far.publish("yet/more/x", 1, "3");
                far.publish("in/x", 1, "4");
                eventually(() -> assertThat(arrived).containsExactly("1", "4"));
                assertThat(bridge("b").orElseThrow().routes())
                        .extracting(BridgeStatus.Route::name)
                        .containsExactlyInAnyOrder("out", "in"); // none for what no route takes
            }
        }
    }

    private void awaitRoute(String rule) {
        eventually(() -> assertThat(bridge("b")).hasValueSatisfying(status -> {
            assertThat(status.state()).isEqualTo(BridgeStatus.State.CONNECTED);
            assertThat(status.routes()).extracting(BridgeStatus.Route::rule).contains(rule);
        }));
    }
}
