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
import io.bascule.itests.peers.Ports;
import io.bascule.itests.support.Ledger;
import io.bascule.mqtt.Message;
import io.bascule.mqtt.TopicFilter;
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

    @Test(timeout = 60_000)
    public void keepsRetainAsItWasPublishedWithMqtt311() throws IOException {
        try (MosquittoProcess mosquitto = MosquittoProcess.start();
                Client there = Client.connect(Version.MQTT_3_1_1, mosquitto.port(), "there")) {
            configureBridge("b", bridgeTo(mosquitto, Version.MQTT_3_1_1));
            awaitConnected("b");

            there.publish("in/retained", 1, true, new byte[] {'x'});

            eventually(() -> assertThat(broker.retained(TopicFilter.of("here/#"), 2))
                    .extracting(Message::text)
                    .containsExactly("x"));
        }
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

            try (Client client = Client.connect(
                    there, message -> ledgers.get(message.qos()).receive(Integer.parseInt(message.text())))) {
                assertThat(client.sessionPresent()).isTrue();
                eventually(() -> assertThat(ledgers.values())
                        .allMatch(ledger -> ledger.books().lost() == 0));
                // Mosquitto hands a client that comes back its queued messages of mixed QoS out of order, without any
                // bridge.
                assertThat(ledgers.values()).allMatch(ledger -> ledger.books().duplicates() == 0);
            }
        }
    }

    /**
     * The order in which Mosquitto takes the messages, which is that of a subscriber with QoS 0: for one with QoS 1 or 2 it mixes up what
     * has to wait for acknowledgements, without any bridge.
     */
    @Test(timeout = 120_000)
    public void keepsTheOrderOfWhatWasSentWhileTheRemoteBrokerWasOutOfReach() throws Exception {
        Map<String, Ledger> ledgers = Map.of("1", new Ledger(), "2", new Ledger());
        try (MosquittoProcess mosquitto = MosquittoProcess.start();
                Client publisher = Client.connect(Version.MQTT_5, local(), "publisher");
                Client subscriber =
                        Client.connect(ConnectOptions.of(Version.MQTT_5, mosquitto.port(), "there"), message -> {
                            String[] qosAndNumber = message.text().split(":");
                            ledgers.get(qosAndNumber[0]).receive(Integer.parseInt(qosAndNumber[1]));
                        })) {
            subscriber.subscribe("there/#", 0);
            configureBridge("b", bridgeTo(mosquitto, Version.MQTT_5));
            awaitConnected("b");
            Map<String, String> outOfReach = bridgeTo(mosquitto, Version.MQTT_5);
            outOfReach.put("server", "mqtt://127.0.0.1:" + Ports.free());
            configureBridge("b", outOfReach);
            eventually(() -> assertThat(bridge("b").map(BridgeStatus::state)).hasValue(BridgeStatus.State.BACKOFF));

            for (int i = 0; i < 1000; i++) {
                int qos = 1 + i % 2;
                String payload = qos + ":" + ledgers.get(String.valueOf(qos)).send();
                publisher.publish("out/x", qos, false, payload.getBytes(StandardCharsets.UTF_8));
            }
            configureBridge("b", bridgeTo(mosquitto, Version.MQTT_5));

            eventually(() -> assertThat(ledgers.values())
                    .allMatch(ledger -> ledger.books().lost() == 0));
            assertThat(ledgers.values()).allMatch(ledger -> ledger.books().isExact());
        }
    }
}
