/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.broker;

import static io.bascule.broker.StoredBrokerTestBase.get;
import static io.netty.handler.codec.mqtt.MqttMessageType.PUBACK;
import static io.netty.handler.codec.mqtt.MqttMessageType.PUBCOMP;
import static io.netty.handler.codec.mqtt.MqttMessageType.PUBREC;
import static org.assertj.core.api.Assertions.assertThat;

import io.bascule.api.Session;
import io.bascule.api.SessionOptions;
import io.bascule.broker.TestClient.Connect;
import io.bascule.broker.TestClient.Packet;
import io.bascule.mqtt.Message;
import io.bascule.mqtt.ReasonCode;
import io.bascule.mqtt.TopicFilter;
import io.netty.handler.codec.mqtt.MqttMessageType;
import io.netty.handler.codec.mqtt.MqttProperties;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What publishers are told when there is no room for one more retained message. */
@Timeout(60)
class RetainedFullTest {
    private final TestBroker broker = new TestBroker(Map.of("retained.messages", 1), Map.of());
    private final List<TestClient> clients = new ArrayList<>();

    @BeforeEach
    void fill() {
        connect(TestClient.v5("first")).retain("r/1", "there already");
    }

    @AfterEach
    void stop() {
        clients.forEach(TestClient::close);
        broker.close();
    }

    private TestClient connect(Connect connect) {
        TestClient client = TestClient.connected(broker.port(), connect);
        clients.add(client);
        return client;
    }

    private static ReasonCode retain(TestClient publisher, String topic, String payload, int qos, int packetId) {
        publisher.publish(topic, payload, qos, packetId, true, false, MqttProperties.NO_PROPERTIES);
        Packet answer = publisher.next();
        MqttMessageType acknowledgement = qos == 1 ? PUBACK : PUBREC;
        assertThat(answer.type()).isEqualTo(acknowledgement);
        return ReasonCode.ofCode(answer.code());
    }

    private long dropped() {
        return broker.broker().info().dropped().get("retained-full");
    }

    private void assertRetains(String payload) {
        assertThat(broker.broker().retained(TopicFilter.of("r/#"), 10))
                .singleElement()
                .extracting(Message::text)
                .isEqualTo(payload);
    }

    @Test
    void refusesWhatNobodyGets() {
        TestClient publisher = connect(TestClient.v5("publisher"));

        assertThat(retain(publisher, "r/2", "more", 1, 1)).isEqualTo(ReasonCode.QUOTA_EXCEEDED);
        assertThat(retain(publisher, "r/2", "more", 2, 2)).isEqualTo(ReasonCode.QUOTA_EXCEEDED);

        assertThat(dropped()).isEqualTo(2);
        assertRetains("there already");
        // The identifier is free [MQTT-4.3.3-9].
        assertThat(retain(publisher, "r/1", "instead", 2, 2)).isEqualTo(ReasonCode.NO_MATCHING_SUBSCRIBERS);
        assertRetains("instead");
    }

    @Test
    void takesWhatSomebodyGets() {
        TestClient subscriber = connect(TestClient.v5("subscriber"));
        subscriber.subscribe("r/2", 1);
        TestClient publisher = connect(TestClient.v5("publisher"));

        assertThat(retain(publisher, "r/2", "more", 1, 1)).isEqualTo(ReasonCode.SUCCESS);

        assertThat(subscriber.message().payload()).isEqualTo("more");
        assertThat(dropped()).isEqualTo(1);
        assertRetains("there already");
    }

    @Test
    void takesADeletion() {
        TestClient publisher = connect(TestClient.v5("publisher"));

        assertThat(retain(publisher, "r/2", "", 1, 1)).isEqualTo(ReasonCode.NO_MATCHING_SUBSCRIBERS);
        assertThat(retain(publisher, "r/1", "", 1, 1)).isEqualTo(ReasonCode.NO_MATCHING_SUBSCRIBERS);

        assertThat(retain(publisher, "r/2", "now there is room", 1, 1)).isEqualTo(ReasonCode.NO_MATCHING_SUBSCRIBERS);
        assertThat(dropped()).isZero();
    }

    /** 3.1.1 has no code for it. */
    @Test
    void acknowledgesToAnOlderClient() {
        TestClient publisher = connect(TestClient.v311("publisher"));

        assertThat(retain(publisher, "r/2", "more", 1, 1)).isEqualTo(ReasonCode.SUCCESS);
        assertThat(retain(publisher, "r/2", "more", 2, 2)).isEqualTo(ReasonCode.SUCCESS);
        publisher.acknowledge(MqttMessageType.PUBREL, 2, 0);

        assertThat(publisher.next().type()).isEqualTo(PUBCOMP);
        assertThat(dropped()).isEqualTo(2);
    }

    @Test
    void tellsBundles() {
        Message message = Message.of("r/2", "more").withRetain(true);
        CompletableFuture<ReasonCode> answer = new CompletableFuture<>();
        Session session = get(broker.broker().open(SessionOptions.temporary("bundle"), delivery -> {}));

        session.publish(0, message, answer::complete);

        assertThat(get(answer)).isEqualTo(ReasonCode.QUOTA_EXCEEDED);
        assertThat(get(broker.broker().publish(message))).isEqualTo(ReasonCode.QUOTA_EXCEEDED);
    }
}
