/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.broker;

import static io.netty.handler.codec.mqtt.MqttMessageType.PUBACK;
import static io.netty.handler.codec.mqtt.MqttMessageType.PUBCOMP;
import static io.netty.handler.codec.mqtt.MqttMessageType.PUBREC;
import static io.netty.handler.codec.mqtt.MqttMessageType.PUBREL;
import static org.assertj.core.api.Assertions.assertThat;

import io.bascule.broker.TestClient.Packet;
import io.bascule.itests.statements.Statement;
import io.netty.handler.codec.mqtt.MqttMessageType;
import io.netty.handler.codec.mqtt.MqttProperties;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class DeliveryTest extends BrokerTestBase {

    @Test
    @Statement(
            v5 = {"MQTT-3.3.4-1", "MQTT-3.8.4-7", "MQTT-3.8.4-8", "MQTT-4.3.3-8", "MQTT-4.3.3-11"},
            v311 = "MQTT-3.3.5-1")
    void deliversEachQosAtMostAsSubscribed() {
        TestClient publisher = connect(TestClient.v5("qos-publisher"));
        for (int granted = 0; granted <= 2; granted++) {
            TestClient subscriber = connect(TestClient.v311("qos" + granted));
            assertThat(subscriber.subscribe("qos/" + granted, granted).codes()).containsExactly(granted);
            publisher.publish("qos/" + granted, "0", 0, 0);
            publisher.publishAcknowledged("qos/" + granted, "1");
            publisher.publish("qos/" + granted, "2", 2, 9);
            assertThat(publisher.answer(PUBREC).id()).isEqualTo(9); // [MQTT-4.3.3-8]
            publisher.acknowledge(PUBREL, 9, 0);
            assertThat(publisher.answer(PUBCOMP).id()).isEqualTo(9); // [MQTT-4.3.3-11]
            List<Integer> levels = new ArrayList<>();
            for (int i = 0; i <= 2; i++) {
                Packet message = subscriber.message();
                assertThat(message.payload()).isEqualTo(String.valueOf(i));
                levels.add(message.qos());
            }
            assertThat(levels).containsExactly(0, Math.min(1, granted), granted); // [MQTT-3.8.4-8]
        }
    }

    @Test
    @Statement(v5 = {"MQTT-4.3.3-1", "MQTT-4.3.3-2", "MQTT-4.3.3-4"})
    void completesQosTwoInFourSteps() {
        TestClient client = connect(TestClient.v5("four-steps"));
        client.subscribe("four/steps", 2);
        client.publish("four/steps", "x", 2, 5);
        client.answer(PUBREC);
        Packet message = client.message();
        assertThat(message.line()).isEqualTo("four/steps=x q2 #1"); // [MQTT-4.3.3-2]
        client.acknowledge(PUBREC, message.id(), 0);
        assertThat(client.await(PUBREL).id()).isEqualTo(message.id()); // [MQTT-4.3.3-4]
        client.acknowledge(PUBCOMP, message.id(), 0);
        eventually(
                "completed", () -> session("four-steps").orElseThrow().queue().inFlight() == 0);
    }

    @Test
    @Statement(v5 = {"MQTT-4.3.3-10", "MQTT-4.3.3-11", "MQTT-4.3.3-12"})
    void deliversAMessageOnceThoughItIsSentTwice() {
        TestClient client = connect(TestClient.v5("twice-sent"));
        client.subscribe("twice/sent", 0);
        client.publish("twice/sent", "x", 2, 5);
        client.answer(PUBREC);
        client.message();
        client.publish("twice/sent", "x", 2, 5, false, true, MqttProperties.NO_PROPERTIES);
        client.answer(PUBREC); // [MQTT-4.3.3-10]
        client.acknowledge(PUBREL, 5, 0);
        client.answer(PUBCOMP);
        client.publish("twice/sent", "y", 2, 5);
        client.answer(PUBREC);
        assertThat(client.message().payload()).isEqualTo("y"); // [MQTT-4.3.3-12]
    }

    @Test
    @Statement(v5 = {"MQTT-3.3.1-3", "MQTT-4.3.2-4", "MQTT-4.3.2-5"})
    void treatsEachQosOneMessageAsNew() {
        TestClient client = connect(TestClient.v5("again"));
        client.subscribe("again", 0);
        client.publish("again", "x", 1, 5);
        client.answer(PUBACK);
        client.message();
        client.publish("again", "x", 1, 5, false, true, MqttProperties.NO_PROPERTIES);
        client.answer(PUBACK);
        assertThat(client.message().line()).isEqualTo("again=x q0"); // [MQTT-4.3.2-5], [MQTT-3.3.1-3]
    }

    @Test
    @Statement(v5 = "MQTT-4.4.0-2")
    void endsADeliveryThatIsRefused() {
        TestClient client = connect(TestClient.v5("refuses"));
        client.subscribe("refused", 2);
        client.publish("refused", "x", 2, 5);
        client.answer(PUBREC);
        client.acknowledge(PUBREC, client.message().id(), 0x83);
        client.expectNothing(); // no PUBREL [MQTT-4.4.0-2]
        assertThat(session("refuses").orElseThrow().queue().inFlight()).isZero();
    }

    @Test
    @Statement(v5 = "MQTT-4.3.3-11")
    void answersReleasesAndReceiptsThatItDoesNotKnow() {
        TestClient client = connect(TestClient.v5("unknown-ids"));
        client.acknowledge(PUBREL, 42, 0);
        Packet pubcomp = client.answer(PUBCOMP);
        assertThat(pubcomp.id()).isEqualTo(42);
        assertThat(pubcomp.code()).isEqualTo(0x92);
        client.acknowledge(PUBREC, 43, 0);
        assertThat(client.await(PUBREL).code()).isEqualTo(0x92);
        client.puback(44);
        client.acknowledge(PUBCOMP, 45, 0);
        client.expectNothing();
    }

    @Test
    void saysThatNobodyReceivedIt() {
        TestClient five = connect(TestClient.v5("lonely5"));
        five.publish("nobody/listens", "x", 1, 1);
        assertThat(five.answer(PUBACK).code()).isEqualTo(0x10);
        TestClient three = connect(TestClient.v311("lonely3"));
        three.publish("nobody/listens", "x", 1, 1);
        assertThat(three.answer(PUBACK).code()).isZero();
    }

    @Test
    void keepsItsOwnTopicsToItself() {
        TestClient client = connect(TestClient.v5("dollar"));
        client.subscribe("#", 1);
        client.publish("$SYS/x", "x", 1, 3);
        assertThat(client.answer(PUBACK).code()).isEqualTo(0x87);
        client.expectNothing(); // [MQTT-4.7.2-1]
    }

    @Test
    @Statement(
            v5 = {"MQTT-3.3.2-4", "MQTT-3.3.2-15", "MQTT-3.3.2-16", "MQTT-3.3.2-17", "MQTT-3.3.2-18", "MQTT-3.3.2-20"})
    void passesPropertiesOnUnaltered() {
        TestClient subscriber = connect(TestClient.v5("properties-in"));
        subscriber.subscribe("properties", 0);
        MqttProperties sent = new MqttProperties();
        sent.add(new MqttProperties.IntegerProperty(MqttProperties.PAYLOAD_FORMAT_INDICATOR, 1));
        sent.add(new MqttProperties.IntegerProperty(MqttProperties.PUBLICATION_EXPIRY_INTERVAL, 100));
        sent.add(new MqttProperties.StringProperty(MqttProperties.CONTENT_TYPE, "text/plain"));
        sent.add(new MqttProperties.StringProperty(MqttProperties.RESPONSE_TOPIC, "answer/here"));
        sent.add(new MqttProperties.BinaryProperty(MqttProperties.CORRELATION_DATA, new byte[] {1, 2, 3}));
        sent.add(new MqttProperties.UserProperty("b", "2"));
        sent.add(new MqttProperties.UserProperty("a", "1"));
        sent.add(new MqttProperties.UserProperty("b", "3"));
        connect(TestClient.v5("properties-out")).publish("properties", "x", 0, 0, false, false, sent);
        Packet got = subscriber.message();
        assertThat(got.property(MqttProperties.PAYLOAD_FORMAT_INDICATOR)).isEqualTo(1); // [MQTT-3.3.2-4]
        assertThat((Integer) got.property(MqttProperties.PUBLICATION_EXPIRY_INTERVAL))
                .isBetween(99, 100);
        assertThat(got.property(MqttProperties.CONTENT_TYPE)).isEqualTo("text/plain"); // [MQTT-3.3.2-20]
        assertThat(got.property(MqttProperties.RESPONSE_TOPIC)).isEqualTo("answer/here"); // [MQTT-3.3.2-15]
        assertThat((byte[]) got.property(MqttProperties.CORRELATION_DATA)).containsExactly(1, 2, 3); // [MQTT-3.3.2-16]
        assertThat(got.properties(MqttProperties.USER_PROPERTY)) // [MQTT-3.3.2-17, MQTT-3.3.2-18]
                .map(each -> (MqttProperties.StringPair) each)
                .extracting(pair -> pair.key + "=" + pair.value)
                .containsExactly("b=2", "a=1", "b=3");
    }

    @Test
    @Statement(v5 = {"MQTT-2.2.1-4", "MQTT-4.3.3-1"})
    void keepsFiveHundredReceiptsInFlight() {
        TestClient subscriber = connect(TestClient.v5("five-hundred-in"));
        subscriber.subscribe("five/hundred", 2);
        TestClient publisher = connect(TestClient.v5("five-hundred-out"));
        for (int i = 1; i <= 500; i++) {
            publisher.publish("five/hundred", String.valueOf(i), 2, i);
        }
        for (int i = 1; i <= 500; i++) {
            assertThat(publisher.answer(PUBREC).id()).isEqualTo(i);
        }
        Set<Integer> ids = new HashSet<>();
        for (int i = 1; i <= 500; i++) {
            Packet message = subscriber.message(); // before any of them is released or received
            assertThat(message.payload()).isEqualTo(String.valueOf(i));
            assertThat(ids.add(message.id())).isTrue(); // [MQTT-2.2.1-4]
        }
        for (int id : ids) {
            subscriber.acknowledge(PUBREC, id, 0);
            assertThat(subscriber.await(PUBREL).id()).isEqualTo(id);
            subscriber.acknowledge(PUBCOMP, id, 0);
        }
        for (int i = 500; i >= 1; i--) {
            publisher.acknowledge(PUBREL, i, 0);
            assertThat(publisher.answer(PUBCOMP).code()).isZero();
        }
        eventually(
                "all completed",
                () -> session("five-hundred-in").orElseThrow().queue().inFlight() == 0);
    }

    @Test
    @Statement(v5 = {"MQTT-3.3.4-9", "MQTT-3.3.4-10", "MQTT-4.9.0-2", "MQTT-4.9.0-3"})
    void sendsNoMoreThanTheReceiveMaximum() {
        TestClient subscriber = connect(TestClient.v5("maximum-3").receiveMaximum(3));
        subscriber.subscribe("maximum/3", 2);
        TestClient publisher = connect(TestClient.v5("maximum-3-out"));
        for (int i = 1; i <= 6; i++) {
            publisher.publishAcknowledged("maximum/3", String.valueOf(i));
        }
        publisher.publish("maximum/3", "0", 0, 0);
        assertThat(subscriber.lines(3)).containsExactly("maximum/3=1 q1 #1", "maximum/3=2 q1 #2", "maximum/3=3 q1 #3");
        subscriber.expectNothing(); // [MQTT-4.9.0-2], and PINGRESP is not held up [MQTT-3.3.4-10]
        subscriber.puback(2);
        assertThat(subscriber.message().payload()).isEqualTo("4");
        subscriber.expectNothing();
        subscriber.puback(1);
        subscriber.puback(3);
        assertThat(subscriber.lines(3).get(2)).isEqualTo("maximum/3=0 q0");
    }

    @Test
    @Statement(v5 = {"MQTT-3.1.2-24", "MQTT-3.1.2-25"})
    void givesUpWhatIsTooLargeForTheReceiver() {
        TestClient small = connect(TestClient.v5("small")
                .with(MqttProperties.MAXIMUM_PACKET_SIZE, 60)
                .receiveMaximum(1));
        small.subscribe("large", 1);
        TestClient publisher = connect(TestClient.v5("large-out"));
        publisher.publishAcknowledged("large", "x".repeat(60));
        publisher.publish("large", "x".repeat(60), 0, 0);
        publisher.publishAcknowledged("large", "fits");
        assertThat(small.message().payload()).isEqualTo("fits"); // [MQTT-3.1.2-24], and as if sent [MQTT-3.1.2-25]
        eventually("counted", () -> session("small").orElseThrow().queue().dropped() == 2);
    }

    @Test
    void deliversPayloadsOfEverySize() {
        TestClient subscriber = connect(TestClient.v5("sizes-in"));
        TestClient second = connect(TestClient.v311("sizes-in-2"));
        subscriber.subscribe("sizes", 1);
        second.subscribe("sizes", 0);
        TestClient publisher = connect(TestClient.v5("sizes-out"));
        for (int size : new int[] {0, 1, 120, 127, 128, 4095, 4096, 4097, 16_384, 65_536, 1_000_000}) {
            String payload = "p".repeat(size);
            publisher.publishAcknowledged("sizes", payload);
            Packet got = subscriber.message();
            subscriber.puback(got.id());
            assertThat(got.payload()).isEqualTo(payload);
            assertThat(second.message().payload()).isEqualTo(payload);
        }
    }

    @Test
    void aSlowReaderHoldsUpNobody() {
        try (TestBroker bounded = new TestBroker(java.util.Map.of("queue.messages", 50), java.util.Map.of());
                SilentReader slow = new SilentReader(bounded.port());
                TestClient fast = TestClient.connected(bounded.port(), TestClient.v5("fast"));
                TestClient publisher = TestClient.connected(bounded.port(), TestClient.v5("flood-out"))) {
            slow.subscribe("flood", 0);
            fast.subscribe("flood", 0);
            String payload = "x".repeat(64 * 1024);
            for (int i = 0; i < 400; i++) {
                publisher.publish("flood", payload, 1, 1 + i);
                assertThat(publisher.answer(PUBACK).id()).isEqualTo(1 + i);
                assertThat(fast.message().payload()).hasSize(payload.length());
            }
            eventually(
                    "the slow reader loses messages",
                    () -> bounded.broker().info().dropped().get("queue-full") > 0);
            assertThat(bounded.broker().sessions())
                    .allSatisfy(each -> assertThat(each.queue().queued()).isLessThanOrEqualTo(50));
        }
    }

    @Test
    void typesOfAcknowledgementsAreNotMixedUp() {
        TestClient client = connect(TestClient.v5("mixed"));
        client.subscribe("mixed", 1);
        client.publish("mixed", "x", 1, 9);
        client.answer(MqttMessageType.PUBACK);
        int id = client.message().id();
        client.acknowledge(PUBCOMP, id, 0);
        client.expectNothing();
        assertThat(session("mixed").orElseThrow().queue().inFlight()).isEqualTo(1);
        client.puback(id);
        eventually("acknowledged", () -> session("mixed").orElseThrow().queue().inFlight() == 0);
    }
}
