/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.itests.bridge;

import static io.bascule.itests.support.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import io.bascule.api.BridgeStatus;
import io.bascule.itests.client.Version;
import io.bascule.itests.peers.MosquittoProcess;
import io.bascule.itests.support.Flow;
import io.bascule.itests.support.InFramework;
import io.bascule.itests.support.OldRevisions;
import io.bascule.itests.support.Residue;
import io.bascule.itests.support.TestBundle;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.After;
import org.junit.Test;
import org.osgi.framework.Bundle;

/** What is left when bridges have come and gone under traffic: nothing; and what finds that out would have found something. */
public class ResidueIT extends InFramework {
    private static final int RECONFIGURATIONS = 200;
    private static final int REFRESHES = 5;
    private static final int RATE = 200;
    private static final Duration TO_ARRIVE = Duration.ofSeconds(30);
    private static final String LEAKY_IMPORTS = String.join(
            ",", "org.osgi.framework", "io.bascule.api;version=\"[1.0,2)\"", "io.bascule.mqtt;version=\"[1.0,2)\"");

    @Test(timeout = 300_000)
    public void nothingIsLeftOfABridgeThatWasReconfiguredAndRefreshedUnderTraffic() throws Exception {
        int local = openListener("local");
        try (MosquittoProcess mosquitto = MosquittoProcess.start();
                Flow out = flow("out", local, "out/x", mosquitto.port(), "there/x");
                Flow in = flow("in", mosquitto.port(), "in/x", local, "here/x")) {
            configureBridge("b", BridgeContract.bridgeTo(mosquitto, Version.MQTT_5));
            awaitConnected("b");
            OldRevisions revisions = new OldRevisions(context, bundle("io.bascule.bridge"));
            // Once for all that is made on the first use and kept.
            reconfigureUnderTraffic(mosquitto, List.of(out, in), 10);
            refreshUnderTraffic(revisions, List.of(out, in), 1);
            settle(List.of(out, in));
            Residue before = Residue.now(broker, transport);

            reconfigureUnderTraffic(mosquitto, List.of(out, in), RECONFIGURATIONS);
            refreshUnderTraffic(revisions, List.of(out, in), REFRESHES);
            settle(List.of(out, in));

            eventually(() -> assertThat(residue(before, revisions)).isEmpty());
        }
    }

    private void reconfigureUnderTraffic(MosquittoProcess mosquitto, List<Flow> flows, int times) throws IOException {
        flows.forEach(flow -> flow.start(RATE));
        for (int i = 0; i < times; i++) {
            Map<String, String> properties = BridgeContract.bridgeTo(mosquitto, Version.MQTT_5);
            String edit = "edit/" + i + "/#";
            properties.put("forward.edit", edit);
            configureBridge("b", properties);
            // Some of the edits come before the one before them is through.
            if (i % 4 == 0) {
                eventually("the bridge is on its " + i + "th configuration", () -> isConnectedWith(edit));
            }
        }
        awaitConnected("b");
        flows.forEach(flow -> flow.awaitMore(10));
        flows.forEach(Flow::stop);
    }

    private boolean isConnectedWith(String rule) {
        return bridge("b")
                .filter(status -> status.state() == BridgeStatus.State.CONNECTED)
                .map(status ->
                        status.routes().stream().anyMatch(route -> route.rule().equals(rule)))
                .orElse(false);
    }

    private void refreshUnderTraffic(OldRevisions revisions, List<Flow> flows, int times) throws Exception {
        flows.forEach(flow -> flow.start(RATE));
        for (int i = 0; i < times; i++) {
            revisions.refresh();
            awaitConnected("b");
            flows.forEach(flow -> flow.awaitMore(10));
        }
        flows.forEach(Flow::stop);
    }

    private void settle(List<Flow> flows) {
        flows.forEach(flow -> flow.awaitComplete(TO_ARRIVE));
        eventually(() -> {
            assertThat(bridge("b").map(BridgeStatus::queue))
                    .hasValueSatisfying(queue ->
                            assertThat(queue.queued() + queue.inFlight()).isZero());
        });
    }

    private static Flow flow(String name, int fromPort, String topic, int toPort, String filter) {
        return new Flow(name, Version.MQTT_5, 1, new Flow.Way(fromPort, topic, toPort, filter));
    }

    @Test(timeout = 60_000)
    public void findsNothingWhereNothingIsForgotten() throws Exception {
        examine(LeakyBundle.NOTHING, residue -> assertThat(residue).isEmpty());
    }

    @Test(timeout = 60_000)
    public void findsATimerThatIsNotCancelled() throws Exception {
        examine(
                LeakyBundle.TIMER,
                residue -> assertThat(residue)
                        .anyMatch(sentence -> sentence.startsWith("threads \"leaky-#\""))
                        .anyMatch(sentence -> sentence.startsWith("class loaders")));
    }

    @Test(timeout = 60_000)
    public void findsASessionThatIsNotEnded() throws Exception {
        examine(
                LeakyBundle.SESSION,
                residue -> assertThat(residue)
                        .anyMatch(sentence -> sentence.startsWith("sessions"))
                        .anyMatch(sentence -> sentence.startsWith("subscriptions"))
                        .anyMatch(sentence -> sentence.startsWith("tree nodes"))
                        .anyMatch(sentence -> sentence.startsWith("class loaders")));
    }

    /** Judges what the detector says of a bundle that forgets this whenever it is stopped. */
    private void examine(String forgets, Consumer<List<String>> verdict) throws Exception {
        List<Class<?>> classes = List.of(LeakyBundle.class, LeakyBundle.Tick.class, LeakyBundle.Deaf.class);
        Bundle leaky = context.installBundle("leaky", TestBundle.of("leaky", LEAKY_IMPORTS, classes));
        try {
            // Once for all that is made on the first use and kept.
            System.setProperty(LeakyBundle.FORGETS, LeakyBundle.NOTHING);
            leaky.start();
            leaky.stop();
            Residue before = Residue.now(broker, transport);

            System.setProperty(LeakyBundle.FORGETS, forgets);
            leaky.start();
            OldRevisions revisions = new OldRevisions(context, leaky);
            for (int i = 0; i < REFRESHES; i++) {
                revisions.refresh();
            }
            leaky.stop();

            eventually(() -> verdict.accept(residue(before, revisions)));
        } finally {
            leaky.uninstall();
        }
    }

    private List<String> residue(Residue before, OldRevisions revisions) {
        List<String> residue = new ArrayList<>(Residue.now(broker, transport).since(before));
        long alive = revisions.alive();
        if (alive > 0) {
            residue.add("class loaders: " + alive + " of earlier wirings alive");
        }
        return residue;
    }

    /** Nothing is left for the next test. */
    @After
    public void forgetNothing() {
        System.clearProperty(LeakyBundle.FORGETS);
    }

    private Bundle bundle(String symbolicName) {
        return Stream.of(context.getBundles())
                .filter(bundle -> symbolicName.equals(bundle.getSymbolicName()))
                .findAny()
                .orElseThrow();
    }
}
