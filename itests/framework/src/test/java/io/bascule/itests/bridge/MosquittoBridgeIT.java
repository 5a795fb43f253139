/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.itests.bridge;

import static io.bascule.itests.support.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import io.bascule.api.BridgeStatus;
import io.bascule.itests.client.Client;
import io.bascule.itests.client.ConnectOptions;
import io.bascule.itests.client.Version;
import io.bascule.itests.peers.MosquittoProcess;
import io.bascule.itests.peers.Peer;
import io.bascule.itests.support.Ledger;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.junit.Test;

/** A bridge to Mosquitto. */
public class MosquittoBridgeIT extends BridgeContract {

    @Override
    Peer startPeer() {
        return MosquittoProcess.start();
    }

    @Test(timeout = 120_000)
    public void deliversWhatWasSentWhileTheRemoteBrokerWasDown() throws IOException {
        // Order is promised to messages of the same QoS [MQTT-4.6.0-6].
        Map<Integer, Ledger> ledgers = Map.of(1, new Ledger(), 2, new Ledger());
        try (MosquittoProcess mosquitto = MosquittoProcess.start();
                Client publisher = Client.connect(Version.MQTT_5, local(), "publisher")) {
            ConnectOptions there =
                    ConnectOptions.of(Version.MQTT_5, mosquitto.port(), "there").lastingSession();
            try (Client client = Client.connect(there, message -> {})) {
                client.subscribe("there/#", 2);
            }
            configureBridge("b", bridgeTo(mosquitto, Version.MQTT_5));
            awaitConnected("b");
            mosquitto.stop();
            eventually(() -> assertThat(bridge("b").map(BridgeStatus::state)).hasValue(BridgeStatus.State.BACKOFF));

            for (int i = 0; i < 1000; i++) {
                int qos = 1 + i % 2;
                String number = String.valueOf(ledgers.get(qos).send());
                publisher.publish("out/x", qos, false, number.getBytes(StandardCharsets.UTF_8));
            }
            mosquitto.startAgain();
            // Mosquitto lets what arrives while a client comes back overtake what it has queued for it: its order, not
            // ours.
            eventually(() -> assertThat(bridge("b").map(BridgeStatus::queue))
                    .hasValueSatisfying(queue ->
                            assertThat(queue.queued() + queue.inFlight()).isZero()));

            try (Client client = Client.connect(
                    there, message -> ledgers.get(message.qos()).receive(Integer.parseInt(message.text())))) {
                assertThat(client.sessionPresent()).isTrue();
                eventually(() -> assertThat(ledgers.values())
                        .allMatch(ledger -> ledger.books().lost() == 0));
                assertThat(ledgers.values()).allMatch(ledger -> ledger.books().isExact());
            }
        }
    }
}
