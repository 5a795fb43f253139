/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.itests.bridge;

import static io.bascule.itests.support.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import io.bascule.api.BridgeStatus;
import io.bascule.itests.client.Client;
import io.bascule.itests.client.Version;
import io.bascule.itests.peers.MosquittoProcess;
import io.bascule.itests.peers.Ports;
import io.bascule.itests.peers.StubbornRemote;
import io.bascule.itests.peers.StubbornRemote.Manner;
import io.bascule.itests.peers.Wire;
import io.bascule.itests.secrets.Canary;
import io.bascule.itests.support.OldRevisions;
import io.bascule.itests.support.Residue;
import java.io.IOException;
import java.net.ServerSocket;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.After;
import org.junit.Before;
import org.junit.Test;

/** What is left when a bridge is reconfigured and refreshed again and again while nothing goes right at the remote broker: nothing. */
public class FaultResidueIT extends ResidueContract {
    private static final int CYCLES = 30;
    /** Where each edit waits half a second for a connection that is being made. */
    private static final int SLOW_CYCLES = 6;

    private static final int REFRESHES = 2;

    private MosquittoProcess mosquitto;
    private Client publisher;

    private interface Cycle {
        /** Reconfigures the bridge and waits until what is to go wrong has gone wrong. */
        void run() throws Exception;
    }

    @Before
    public void connectBridge() throws IOException {
        int local = openListener("local");
        mosquitto = MosquittoProcess.start();
        publisher = Client.connect(Version.MQTT_5, local, "publisher");
        configureBridge("b", toMosquitto());
        awaitConnected("b");
    }

    @After
    public void stopMosquitto() {
        publisher.close();
        mosquitto.close();
    }

    @Test(timeout = 120_000)
    public void ofAHostThatNobodyKnows() throws Exception {
        Map<String, String> nowhere = toMosquitto();
        nowhere.put("server", "mqtt://nowhere.invalid:1883");

        leavesNothing(CYCLES, () -> editUntilItFails(nowhere, "cannot resolve nowhere.invalid"));
    }

    @Test(timeout = 120_000)
    public void ofAPortWhereNobodyListens() throws Exception {
        Map<String, String> refused = to(Ports.free());

        leavesNothing(CYCLES, () -> editUntilItFails(refused, "Connection refused"));
    }

    @Test(timeout = 120_000)
    public void ofARemoteBrokerThatHasDied() throws Exception {
        leavesNothing(SLOW_CYCLES, () -> {
            mosquitto.kill();
            editUntilItFails(toMosquitto(), "");
            mosquitto.startAgain();
        });
    }

    @Test(timeout = 120_000)
    public void ofCredentialsThatAreRefused() throws Exception {
        try (StubbornRemote remote = new StubbornRemote(Manner.REFUSES)) {
            Map<String, String> wrong = to(remote.port());
            wrong.put("user", "me");
            wrong.put("password", Canary.secret("wrong"));

            leavesNothing(CYCLES, () -> editUntilItFails(wrong, "Bad User Name or Password"));
        }
    }

    @Test(timeout = 120_000)
    public void ofAConnectionThatIsClosedInsteadOfAccepted() throws Exception {
        leavesNothingOf(Manner.HANGS_UP, CYCLES);
    }

    @Test(timeout = 120_000)
    public void ofAConnectionThatIsClosedInTheMiddleOfAPacket() throws Exception {
        leavesNothingOf(Manner.BREAKS_OFF, CYCLES);
    }

    @Test(timeout = 120_000)
    public void ofARemoteBrokerThatNeverAnswers() throws Exception {
        leavesNothingOf(Manner.KEEPS_SILENT, SLOW_CYCLES);
    }

    @Test(timeout = 120_000)
    public void ofAConnectionThatNobodyAccepts() throws Exception {
        try (ServerSocket deaf = Ports.occupy(Ports.free())) {
            Map<String, String> unheard = to(deaf.getLocalPort());

            leavesNothing(SLOW_CYCLES, () -> {
                String rule = editWithoutWaiting(unheard);
                awaitState(rule, BridgeStatus.State.CONNECTING);
            });
        }
    }

    @Test(timeout = 120_000)
    public void ofALinkThatFlaps() throws Exception {
        leavesNothingOf(Manner.FLAPS, CYCLES);
    }

    @Test(timeout = 120_000)
    public void ofALinkThatIsBlackHoledUnderWay() throws Exception {
        try (Wire wire = new Wire(mosquitto.port())) {
            leavesNothing(SLOW_CYCLES, () -> {
                edit(to(wire.port()));
                wire.block();
                publisher.publish("out/x", 1, "held up");
                eventually(() ->
                        assertThat(bridge("b").orElseThrow().queue().inFlight()).isPositive());
                String rule = editWithoutWaiting(to(wire.port()));
                awaitState(rule, BridgeStatus.State.CONNECTING);
                wire.unblock();
                awaitState(rule, BridgeStatus.State.CONNECTED);
            });
        }
    }

    @Test(timeout = 120_000)
    public void ofALinkThatIsSlow() throws Exception {
        try (Wire wire = new Wire(mosquitto.port())) {
            wire.pause(TimeUnit.MICROSECONDS.toNanos(100));

            leavesNothing(CYCLES, () -> {
                publisher.publish("out/x", 1, "on its way");
                edit(to(wire.port()));
            });
        }
    }

    @Test(timeout = 120_000)
    public void ofAMessageThatIsSentAndNotReceived() throws Exception {
        leavesNothingOf(Manner.WITHHOLDS_PUBREC, CYCLES);
    }

    @Test(timeout = 120_000)
    public void ofAMessageThatIsReleasedAndNotCompleted() throws Exception {
        leavesNothingOf(Manner.WITHHOLDS_PUBCOMP, CYCLES);
    }

    @Test(timeout = 120_000)
    public void ofAMessageThatIsReceivedAndNotReleased() throws Exception {
        leavesNothingOf(Manner.WITHHOLDS_PUBREL, CYCLES);
    }

    private void leavesNothingOf(Manner manner, int cycles) throws Exception {
        try (StubbornRemote remote = new StubbornRemote(manner)) {
            leavesNothing(cycles, () -> {
                int before = remote.reached();
                String rule = editWithoutWaiting(to(remote.port()));
                eventually(
                        "the bridge is on its way there",
                        () -> bridge("b").filter(status -> isOn(rule, status)).isPresent());
                publisher.publish("out/x", 2, "on its way");
                eventually(manner + " once more than " + before + " times", () -> remote.reached() > before);
            });
        }
    }

    /** Whatever goes wrong, all is as before once the bridge is connected to where it was and has emptied its queue. */
    private void leavesNothing(int cycles, Cycle cycle) throws Exception {
        // Once for all that is made on the first use and kept.
        cycle.run();
        mend();
        OldRevisions revisions = new OldRevisions(context, bundle("io.bascule.bridge"));
        Residue before = Residue.atRest(context, broker, transport);
        long closings = history("b").closings();

        for (int i = 0; i < cycles; i++) {
            cycle.run();
        }
        eventually(() -> {
            assertThat(history("b").closings()).isGreaterThanOrEqualTo(closings + cycles);
            assertThat(history("b").closed().live()).isZero();
            assertThat(history("b").closed().failures()).isEmpty();
        });
        for (int i = 0; i < REFRESHES; i++) {
            revisions.refresh();
            cycle.run();
        }
        mend();

        assertClean(before, revisions);
    }

    private void mend() throws IOException {
        edit(toMosquitto());
        awaitEmptyQueue();
    }

    private void editUntilItFails(Map<String, String> properties, String error) throws IOException {
        String rule = editWithoutWaiting(properties);
        eventually(() -> assertThat(bridge("b")).hasValueSatisfying(status -> {
            assertThat(isOn(rule, status)).isTrue();
            assertThat(status.state()).isEqualTo(BridgeStatus.State.BACKOFF);
            assertThat(status.lastError())
                    .hasValueSatisfying(why -> assertThat(why).contains(error));
        }));
    }

    private void awaitState(String rule, BridgeStatus.State state) {
        eventually(
                "the bridge is " + state,
                () -> bridge("b")
                        .filter(status -> status.state() == state && isOn(rule, status))
                        .isPresent());
    }

    private Map<String, String> toMosquitto() {
        return BridgeContract.bridgeTo(mosquitto, Version.MQTT_5);
    }

    private Map<String, String> to(int port) {
        Map<String, String> properties = toMosquitto();
        properties.put("server", "mqtt://127.0.0.1:" + port);
        properties.put("reconnect.min", "10ms");
        return properties;
    }
}
