/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.broker;

import static io.netty.handler.codec.mqtt.MqttMessageType.PUBACK;
import static org.assertj.core.api.Assertions.assertThat;

import io.bascule.itests.statements.Cve;
import io.bascule.mqtt.Message;
import io.bascule.mqtt.TopicFilter;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What the broker tells of itself. */
@Timeout(60)
class SysTopicsTest {
    private final List<TestClient> clients = new ArrayList<>();
    private TestBroker broker;

    @BeforeEach
    void start() {
        broker = new TestBroker(Map.of("sys.interval", "50ms", "retained.messages", 1), Map.of());
    }

    @AfterEach
    void stop() {
        clients.forEach(TestClient::close);
        broker.close();
    }

    private TestClient connect(String clientId) {
        TestClient client = TestClient.connected(broker.port(), TestClient.v5(clientId));
        clients.add(client);
        return client;
    }

    private Optional<String> figure(String name) {
        return broker.broker().retained(TopicFilter.of("$SYS/broker/" + name), 1).stream()
                .map(Message::text)
                .findFirst();
    }

    private void awaitFigure(String name, long value) {
        BrokerTestBase.eventually(name + " is " + value, () -> figure(name).equals(Optional.of(Long.toString(value))));
    }

    @Test
    void tellsWhatItCounts() {
        TestClient subscriber = connect("subscriber");
        subscriber.subscribe("t", 1);
        subscriber.subscribe("$share/g/t2", 1);
        TestClient publisher = connect("publisher");
        publisher.publishAcknowledged("t", "12345");
        subscriber.message();

        awaitFigure("clients/connected", 2);
        awaitFigure("clients/total", 2);
        awaitFigure("subscriptions/count", 2);
        awaitFigure("shared_subscriptions/count", 1);
        awaitFigure("publish/messages/received", 1);
        awaitFigure("publish/messages/sent", 1);
        awaitFigure("publish/bytes/received", 5);
        awaitFigure("messages/received", 5); // 2 CONNECT, 2 SUBSCRIBE, PUBLISH
        awaitFigure("store/messages/count", 1); // in flight to the subscriber
        BrokerTestBase.eventually("told", () -> figure("version").equals(Optional.of("bascule version test")));
        BrokerTestBase.eventually(
                "load is told", () -> figure("load/publish/received/1min").isPresent());

        clients.remove(publisher);
        publisher.close();
        awaitFigure("clients/connected", 1);
        awaitFigure("clients/maximum", 2);
    }

    @Test
    void tellsWhoSubscribesButNotToEverything() {
        TestClient client = connect("watcher");
        client.subscribe("#", 0);
        client.expectNothing(); // [MQTT-4.7.2-1]
        BrokerTestBase.eventually("told", () -> figure("version").isPresent());
        client.subscribe("$SYS/broker/version", 0);
        assertThat(client.message().line()).isEqualTo("$SYS/broker/version=bascule version test q0 retain");
    }

    @Test
    @Cve("CVE-2018-12543")
    void letsNoClientPublishThere() {
        TestClient client = connect("liar");
        BrokerTestBase.eventually("told", () -> figure("version").isPresent());
        client.publish(
                "$SYS/broker/version",
                "lies",
                1,
                1,
                true,
                false,
                io.netty.handler.codec.mqtt.MqttProperties.NO_PROPERTIES);
        assertThat(client.await(PUBACK).code()).isEqualTo(0x87);
        assertThat(figure("version")).contains("bascule version test");
    }

    @Test
    void leavesTheRoomForRetainedMessagesToOthers() {
        BrokerTestBase.eventually("told", () -> figure("version").isPresent());
        connect("keeper").retain("mine", "kept");
        assertThat(broker.broker().retained(TopicFilter.of("mine"), 1)).hasSize(1);
        assertThat(broker.broker().info().retained()).isEqualTo(1);
    }
}
