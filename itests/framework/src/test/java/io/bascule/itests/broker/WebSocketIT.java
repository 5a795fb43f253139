/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.itests.broker;

import static io.bascule.itests.support.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;
import static org.ops4j.pax.exam.CoreOptions.composite;
import static org.ops4j.pax.exam.CoreOptions.options;
import static org.ops4j.pax.exam.CoreOptions.systemPackages;

import io.bascule.itests.client.Client;
import io.bascule.itests.client.ConnectOptions;
import io.bascule.itests.client.Version;
import io.bascule.itests.peers.Browser;
import io.bascule.itests.peers.ChildProcess;
import io.bascule.itests.peers.MqttJs;
import io.bascule.itests.support.InFramework;
import io.bascule.itests.support.Residue;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.eclipse.paho.client.mqttv3.MqttClient;
import org.eclipse.paho.client.mqttv3.MqttConnectOptions;
import org.eclipse.paho.client.mqttv3.MqttException;
import org.eclipse.paho.client.mqttv3.MqttMessage;
import org.eclipse.paho.client.mqttv3.persist.MemoryPersistence;
import org.junit.Test;
import org.ops4j.pax.exam.Configuration;
import org.ops4j.pax.exam.Option;

/** Clients over WebSocket: MQTT.js in Node and in a browser, and Paho's. */
public class WebSocketIT extends InFramework {
    private static final int RECONFIGURATIONS = 50;

    /** Paho's client comes from the class path of this JVM too. */
    @Override
    @Configuration
    public Option[] framework() throws IOException {
        return options(
                composite(super.framework()),
                systemPackages(packages(MqttClient.class, "org.eclipse.paho.client.mqttv3")
                        .toArray(String[]::new)));
    }

    private int openWebSocket(String name) throws IOException {
        configureListener(name, Map.of("protocol", "ws", "port", "0"));
        return awaitOpen(name);
    }

    private static void roundTrip(int port, int protocolVersion) throws IOException {
        String url = "ws://127.0.0.1:" + port + "/mqtt";
        try (ChildProcess clients = MqttJs.roundTrip(url, protocolVersion)) {
            assertThat(clients.await(60)).as(clients.explain()).isZero();
            assertThat(clients.lines()).containsExactly("300 messages, protocol version " + protocolVersion);
        }
    }

    @Test(timeout = 240_000)
    public void servesMqttJs() throws IOException {
        int port = openWebSocket("ws");
        roundTrip(port, 5);
        roundTrip(port, 4);
        eventually(() -> assertThat(transport.info().connections()).isZero());
    }

    @Test(timeout = 240_000)
    public void servesMqttJsInABrowser() throws IOException {
        String url = "ws://127.0.0.1:" + openWebSocket("ws") + "/mqtt";

        assertThat(Browser.roundTrip("127.0.0.1", url, 5)).isEqualTo("300 messages, protocol version 5");
        assertThat(Browser.roundTrip("localhost", url, 5)).startsWith("failed: "); // a page of another host
    }

    @Test(timeout = 60_000)
    public void deliversBetweenWebSocketsAndTheOtherListeners() throws IOException, MqttException {
        int tcp = openListener("tcp");
        int ws = openWebSocket("ws");
        List<String> overTcp = new CopyOnWriteArrayList<>();
        List<String> overWebSocket = new CopyOnWriteArrayList<>();
        MqttClient paho = connect(ws);
        paho.subscribe("down/#", 2, (topic, message) -> overWebSocket.add(message.toString()));
        try (Client client =
                Client.connect(ConnectOptions.of(Version.MQTT_5, tcp, "tcp"), message -> overTcp.add(message.text()))) {
            client.subscribe("up/#", 2);
            for (int qos = 0; qos <= 2; qos++) {
                client.publish("down/a", qos, "down " + qos);
                MqttMessage up = new MqttMessage(("up " + qos).getBytes());
                up.setQos(qos);
                paho.publish("up/a", up);
            }
            eventually(() -> assertThat(overWebSocket).containsExactly("down 0", "down 1", "down 2"));
            eventually(() -> assertThat(overTcp).containsExactly("up 0", "up 1", "up 2"));
        }
        paho.disconnect();
        paho.close();
    }

    private static MqttClient connect(int port) throws MqttException {
        MqttClient paho = new MqttClient("ws://127.0.0.1:" + port + "/mqtt", "paho", new MemoryPersistence());
        MqttConnectOptions options = new MqttConnectOptions();
        options.setMqttVersion(MqttConnectOptions.MQTT_VERSION_3_1_1);
        paho.connect(options);
        return paho;
    }

    @Test(timeout = 240_000)
    public void leavesNothingBehindHoweverOftenItIsReconfigured() throws IOException, MqttException {
        reconfigure(10);
        Residue before = Residue.atRest(context, broker, transport);

        reconfigure(RECONFIGURATIONS);

        // The thread that announces listeners ends when it has been idle for a second.
        eventually(() -> assertThat(Residue.atRest(context, broker, transport).since(before))
                .isEmpty());
    }

    /** Closes the listener under its clients, some of whom have said nothing yet. */
    private void reconfigure(int times) throws IOException, MqttException {
        for (int i = 0; i < times; i++) {
            int port = openWebSocket("ws");
            MqttClient paho = connect(port);
            paho.subscribe("a/" + i, 1);
            paho.publish("a/" + i, new byte[10_000], 1, false);
            deleteListener("ws");
            eventually(() -> assertThat(listener("ws")).isEmpty());
            eventually("Paho's client has noticed", () -> !paho.isConnected());
            paho.close();
        }
    }
}
