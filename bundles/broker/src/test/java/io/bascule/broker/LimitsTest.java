/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.broker;

import static io.netty.handler.codec.mqtt.MqttMessageType.CONNACK;
import static io.netty.handler.codec.mqtt.MqttMessageType.DISCONNECT;
import static io.netty.handler.codec.mqtt.MqttMessageType.PUBACK;
import static io.netty.handler.codec.mqtt.MqttMessageType.PUBCOMP;
import static io.netty.handler.codec.mqtt.MqttMessageType.PUBREC;
import static io.netty.handler.codec.mqtt.MqttMessageType.PUBREL;
import static org.assertj.core.api.Assertions.assertThat;

import io.bascule.api.Delivery;
import io.bascule.api.LimitInfo;
import io.bascule.api.QueueInfo;
import io.bascule.api.Session;
import io.bascule.api.SessionInfo;
import io.bascule.api.SessionOptions;
import io.bascule.api.Subscription;
import io.bascule.broker.TestClient.Connect;
import io.bascule.broker.TestClient.Packet;
import io.bascule.itests.statements.Cve;
import io.bascule.itests.statements.Statement;
import io.bascule.mqtt.Message;
import io.bascule.mqtt.QoS;
import io.bascule.mqtt.Topic;
import io.bascule.mqtt.TopicFilter;
import io.netty.handler.codec.mqtt.MqttProperties;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Each limit just below, at, and just above it, with the reason code of the specification. */
@Timeout(60)
class LimitsTest {
    private static final Map<String, Object> SMALL = Map.ofEntries(
            Map.entry("topic.levels", 4),
            Map.entry("topic.length", 20),
            Map.entry("client.id.length", 23),
            Map.entry("subscriptions.maximum", 2),
            Map.entry("keepalive.maximum", 30),
            Map.entry("session.expiry.maximum", 100),
            Map.entry("receive.maximum", 2),
            Map.entry("inflight.maximum", 2),
            Map.entry("queue.messages", 3),
            Map.entry("retained.messages", 2),
            Map.entry("topic.alias.maximum", 5),
            Map.entry("payload.format.check", true),
            Map.entry("response.information", "answers/"));
    private static TestBroker small;

    private final List<TestClient> clients = new ArrayList<>();

    @BeforeAll
    static void start() {
        small = new TestBroker(SMALL, Map.of("max.packet.size", "1KiB", "max.connect.size", "1KiB"));
    }

    @AfterAll
    static void stop() {
        small.close();
    }

    @AfterEach
    void dropClients() {
        clients.forEach(TestClient::close);
    }

    private TestClient sending(TestBroker broker, Connect connect) {
        TestClient client = TestClient.sending(broker.port(), connect);
        clients.add(client);
        return client;
    }

    private TestClient connect(Connect connect) {
        TestClient client = sending(small, connect);
        assertThat(client.await(CONNACK).code()).isZero();
        return client;
    }

    private Packet connAck(Connect connect) {
        return sending(small, connect).await(CONNACK);
    }

    private static long hits(TestBroker broker, String key) {
        return broker.broker().limits().stream()
                .filter(limit -> limit.name().equals(key))
                .mapToLong(LimitInfo::hits)
                .sum();
    }

    /** Runs something that must count one hit of this limit more. */
    private static void hitting(String key, Runnable action) {
        long before = hits(small, key);
        action.run();
        // Not at once where it is another event loop that notices.
        BrokerTestBase.eventually(key + " is hit", () -> hits(small, key) > before);
        assertThat(hits(small, key) - before).as(key).isEqualTo(1);
    }

    private static String letters(int count) {
        return "x".repeat(count);
    }

    // ---------------------------------------------------------------- CONNECT

    @Test
    void clientIdLength() {
        assertThat(connAck(TestClient.v5(letters(22))).code()).isZero();
        assertThat(connAck(TestClient.v5(letters(23))).code()).isZero(); // [MQTT-3.1.3-5]
        hitting("client.id.length", () -> {
            assertThat(connAck(TestClient.v5(letters(24))).code()).isEqualTo(0x85);
        });
        assertThat(connAck(TestClient.v311(letters(24))).code()).isEqualTo(2);
    }

    @Test
    @Statement(v5 = {"MQTT-3.1.2-21", "MQTT-3.2.2-22"})
    @Cve("CVE-2020-13849")
    void keepAlive() {
        int key = MqttProperties.SERVER_KEEP_ALIVE;
        assertThat(connAck(TestClient.v5("ka29").keepAlive(29)).property(key)).isNull(); // [MQTT-3.2.2-22]
        assertThat(connAck(TestClient.v5("ka30").keepAlive(30)).property(key)).isNull();
        assertThat(connAck(TestClient.v5("ka31").keepAlive(31)).property(key)).isEqualTo(30); // [MQTT-3.1.2-21]
        assertThat(connAck(TestClient.v5("ka0").keepAlive(0)).property(key)).isEqualTo(30);
        connect(TestClient.v311("ka311").keepAlive(0));
        assertThat(small.broker().session("ka311").map(SessionInfo::keepAlive)).contains(30);
    }

    @Test
    void sessionExpiry() {
        int key = MqttProperties.SESSION_EXPIRY_INTERVAL;
        assertThat(connAck(TestClient.v5("se99").lasting(99)).property(key)).isNull();
        assertThat(connAck(TestClient.v5("se100").lasting(100)).property(key)).isNull();
        assertThat(connAck(TestClient.v5("se101").lasting(101)).property(key)).isEqualTo(100);
        assertThat(small.broker().session("se101").map(SessionInfo::sessionExpiryInterval))
                .contains(100L);
    }

    @Test
    void sessions() {
        try (TestBroker two = new TestBroker(Map.of("sessions.maximum", 2), Map.of())) {
            assertThat(sending(two, TestClient.v5("one")).await(CONNACK).code()).isZero();
            TestClient second = sending(two, TestClient.v5("two"));
            assertThat(second.await(CONNACK).code()).isZero();
            assertThat(sending(two, TestClient.v5("three")).await(CONNACK).code())
                    .isEqualTo(0x97);
            assertThat(sending(two, TestClient.v311("three")).await(CONNACK).code())
                    .isEqualTo(3);
            assertThat(hits(two, "sessions.maximum")).isEqualTo(2);
            assertThat(sending(two, TestClient.v5("two")).await(CONNACK).code()).isZero(); // takes its own over
        }
    }

    @Test
    void connectSize() {
        // The fixed header takes 3 bytes, all but the client id and will 25.
        assertThat(connAck(willOf(1023)).code()).isZero();
        assertThat(connAck(willOf(1024)).code()).isZero();
        sending(small, willOf(1025)).awaitClosed();
    }

    private static Connect willOf(int packetSize) {
        int besidePayload = 3 + 6 + 1 + 1 + 2 + 2 + 1 + 2 + 1 + 2;
        return TestClient.v311("w").will("w", letters(packetSize - besidePayload), 0, false);
    }

    @Test
    @Cve("CVE-2020-13849")
    void connectTimeout() {
        try (TestBroker impatient = new TestBroker(Map.of("connect.timeout", "100ms"), Map.of())) {
            TestClient client = TestClient.tcp(impatient.port(), io.netty.handler.codec.mqtt.MqttVersion.MQTT_5);
            clients.add(client);
            client.awaitClosed();
        }
    }

    @Test
    @Statement(v5 = "MQTT-3.1.2-28")
    void tellsAClientWhatItIsHeldTo() {
        Packet connAck = connAck(TestClient.v5("told").with(MqttProperties.REQUEST_RESPONSE_INFORMATION, 1));
        assertThat(connAck.property(MqttProperties.RECEIVE_MAXIMUM)).isEqualTo(2);
        assertThat(connAck.property(MqttProperties.MAXIMUM_PACKET_SIZE)).isEqualTo(1024);
        assertThat(connAck.property(MqttProperties.TOPIC_ALIAS_MAXIMUM)).isEqualTo(5);
        assertThat(connAck.property(MqttProperties.RESPONSE_INFORMATION)).isEqualTo("answers/");
        assertThat(connAck(TestClient.v5("not")).property(MqttProperties.RESPONSE_INFORMATION))
                .isNull(); // [MQTT-3.1.2-28]
    }

    // ---------------------------------------------------------------- topics and filters

    @Test
    @Cve({"CVE-2019-11779", "CVE-2021-33175", "CVE-2021-33176", "CVE-2021-22116"})
    void topicLevels() {
        TestClient client = connect(TestClient.v5("levels"));
        client.publishAcknowledged("1/2/3", "");
        client.publishAcknowledged("1/2/3/4", "");
        assertThat(client.subscribe("1/2/3/#", 0).codes()).containsExactly(0);
        hitting("topic.levels", () -> {
            assertThat(client.subscribe("1/2/3/4/#", 0).codes()).containsExactly(0x8F);
        });
        hitting("topic.levels", () -> {
            client.publish("1/2/3/4/5", "", 1, 1);
            assertThat(client.await(DISCONNECT).code()).isEqualTo(0x90);
        });
        assertThat(connAck(TestClient.v5("levels-w").will("1/2/3/4/5", "", 0, false))
                        .code())
                .isEqualTo(0x90);
    }

    @Test
    void topicLength() {
        TestClient client = connect(TestClient.v5("length"));
        client.publishAcknowledged(letters(19), "");
        client.publishAcknowledged(letters(20), "");
        assertThat(client.subscribe(letters(20), 0).codes()).containsExactly(0);
        hitting("topic.length", () -> {
            assertThat(client.subscribe(letters(21), 0).codes()).containsExactly(0x8F);
        });
        hitting("topic.length", () -> {
            client.publish(letters(21), "", 1, 1);
            assertThat(client.await(DISCONNECT).code()).isEqualTo(0x90);
        });
        assertThat(connAck(TestClient.v5("length-w").will(letters(21), "", 0, false))
                        .code())
                .isEqualTo(0x90);
    }

    @Test
    @Statement(v5 = "MQTT-3.3.2-12")
    void topicAliases() {
        TestClient client = connect(TestClient.v5("aliases"));
        client.publish("alias", "", 1, 1, false, false, alias(4));
        client.await(PUBACK);
        client.publish("alias", "", 1, 1, false, false, alias(5));
        client.await(PUBACK);
        client.publish("alias", "", 1, 1, false, false, alias(6));
        assertThat(client.await(DISCONNECT).code()).isEqualTo(0x94);
    }

    private static MqttProperties alias(int alias) {
        MqttProperties properties = new MqttProperties();
        properties.add(new MqttProperties.IntegerProperty(MqttProperties.TOPIC_ALIAS, alias));
        return properties;
    }

    @Test
    void subscriptions() {
        TestClient client = connect(TestClient.v5("subs"));
        assertThat(client.subscribe("a", 0).codes()).containsExactly(0);
        assertThat(client.subscribe("b", 0).codes()).containsExactly(0);
        hitting("subscriptions.maximum", () -> {
            assertThat(client.subscribe("c", 0).codes()).containsExactly(0x97);
        });
        assertThat(client.subscribe("b", 1).codes()).containsExactly(1); // in the place of the one that was there
        client.unsubscribe("a");
        assertThat(client.subscribe("c", 0).codes()).containsExactly(0);
    }

    // ---------------------------------------------------------------- messages

    @Test
    void packetSize() {
        TestClient client = connect(TestClient.v5("size"));
        client.publishAcknowledged("t", letters(1023 - 9));
        client.publishAcknowledged("t", letters(1024 - 9));
        client.publish("t", letters(1025 - 9), 1, 1);
        assertThat(client.await(DISCONNECT).code()).isEqualTo(0x95);
        client.awaitClosed();
    }

    @Test
    @Statement(v5 = "MQTT-3.3.4-7")
    @Cve("CVE-2023-28366")
    void receiveMaximum() {
        TestClient client = connect(TestClient.v5("receive"));
        for (int i = 1; i <= 2; i++) {
            client.publish("t", "", 2, i);
            client.await(PUBREC);
        }
        client.publish("t", "", 2, 2, false, true, MqttProperties.NO_PROPERTIES); // the same again is no more
        client.await(PUBREC);
        client.acknowledge(PUBREL, 1, 0);
        client.await(PUBCOMP);
        client.publish("t", "", 2, 3);
        client.await(PUBREC);
        hitting("receive.maximum", () -> {
            client.publish("t", "", 2, 4);
            assertThat(client.await(DISCONNECT).code()).isEqualTo(0x93); // [MQTT-3.3.4-9]
        });
    }

    @Test
    void countsWhatAnEarlierConnectionLeftForItself() {
        Connect connect = TestClient.v5("receive-again").resuming().lasting(100);
        TestClient client = connect(connect);
        client.publish("t", "", 2, 1);
        client.await(PUBREC);
        client.close();
        TestClient again = sending(small, connect);
        again.await(CONNACK);
        again.acknowledge(PUBREL, 1, 0);
        again.await(PUBCOMP);
        for (int i = 2; i <= 3; i++) {
            again.publish("t", "", 2, i);
            again.await(PUBREC);
        }
        again.publish("t", "", 2, 4);
        assertThat(again.await(DISCONNECT).code()).isEqualTo(0x93);
    }

    @Test
    void inFlightAndQueue() {
        TestClient client = connect(TestClient.v5("queue"));
        client.subscribe("queue", 1);
        TestClient publisher = connect(TestClient.v5("queue-p"));
        for (int i = 1; i <= 5; i++) {
            publisher.publishAcknowledged("queue", String.valueOf(i));
        }
        assertThat(client.lines(2)).containsExactly("queue=1 q1 #1", "queue=2 q1 #2");
        client.expectNothing(); // two in flight, three wait
        BrokerTestBase.eventually("three are held back", () -> hits(small, "inflight.maximum") == 3);
        hitting("queue.messages", () -> publisher.publishAcknowledged("queue", "6"));
        BrokerTestBase.eventually(
                "it is dropped",
                () -> small.broker().session("queue").orElseThrow().queue().dropped() == 1);
        client.puback(1);
        assertThat(client.message().payload()).isEqualTo("3");
    }

    /** Where it says itself what it bears, as a bridge's file does. */
    @Test
    void inflightOfWhatIsInThisProcessIsItsOwn() throws Exception {
        try (TestBroker other = new TestBroker(SMALL, Map.of())) {
            inflight(other, SessionOptions.temporary("here").withReceiveMaximum(3), 3);
            inflight(other, SessionOptions.temporary("here"), 2);
        }
    }

    private static void inflight(TestBroker at, SessionOptions options, int most) throws Exception {
        BlockingQueue<Delivery> delivered = new LinkedBlockingQueue<>();
        Session session =
                at.broker().open(options, delivered::add).toCompletableFuture().get(8, TimeUnit.SECONDS);
        session.subscribe(List.of(Subscription.of(TopicFilter.of("here"), QoS.AT_LEAST_ONCE)))
                .toCompletableFuture()
                .get(8, TimeUnit.SECONDS);
        for (int i = 0; i <= most; i++) {
            at.broker().publish(Message.of(Topic.of("here"), new byte[0], QoS.AT_LEAST_ONCE, false));
        }
        BrokerTestBase.eventually("as many as that are delivered", () -> delivered.size() == most);
        BrokerTestBase.eventually("and the rest waits", () -> session.queue().queued() == 1);
        session.end();
    }

    @Test
    void queueBytesWhichAreCountedWithTheirOverhead() {
        Map<String, Object> properties = new HashMap<>(Map.of("queue.bytes", "2KiB", "queue.policy", "drop-oldest"));
        try (TestBroker tight = new TestBroker(properties, Map.of())) {
            Connect connect = TestClient.v5("bytes").resuming().lasting(100);
            TestClient client = sending(tight, connect);
            client.await(CONNACK);
            client.subscribe("t", 1);
            client.close();
            BrokerTestBase.eventually(
                    "detached",
                    () -> !tight.broker().session("bytes").orElseThrow().connected());
            TestClient publisher = sending(tight, TestClient.v5("bytes-p"));
            publisher.await(CONNACK);
            for (int i = 0; i < 10; i++) {
                publisher.publishAcknowledged("t", i + letters(400));
            }
            // Some of them may still be on their way from the publisher's event loop.
            BrokerTestBase.eventually("all have come", () -> {
                QueueInfo queue = tight.broker().session("bytes").orElseThrow().queue();
                return queue.queued() + queue.dropped() == 10;
            });
            SessionInfo session = tight.broker().session("bytes").orElseThrow();
            assertThat(session.queue().queuedBytes()).isLessThanOrEqualTo(2048);
            BrokerTestBase.eventually(
                    "all are counted",
                    () -> hits(tight, "queue.bytes") == session.queue().dropped());
            TestClient again = sending(tight, connect);
            again.await(CONNACK);
            int oldestKept = 10 - session.queue().queued();
            assertThat(again.message().payload()).startsWith(String.valueOf(oldestKept));
        }
    }

    @Test
    void retainedMessages() {
        TestClient client = connect(TestClient.v5("retained"));
        client.retain("r/1", "1");
        client.retain("r/2", "2");
        hitting("retained.messages", () -> client.retain("r/3", "3"));
        client.retain("r/2", "in the place of the one that was there");
        assertThat(small.broker().retained(TopicFilter.of("r/#"), 10)).hasSize(2);
        client.retain("r/1", "");
        client.retain("r/3", "now there is room");
        assertThat(small.broker().retained(TopicFilter.of("r/3"), 10)).hasSize(1);
        client.retain("r/2", "");
        client.retain("r/3", "");
    }

    @Test
    void retainedBytes() {
        try (TestBroker tight = new TestBroker(Map.of("retained.bytes", "2KiB"), Map.of())) {
            TestClient client = sending(tight, TestClient.v5("bytes"));
            client.await(CONNACK);
            client.retain("r/1", letters(1000));
            client.retain("r/2", letters(1000));
            assertThat(tight.broker().retained(TopicFilter.of("#"), 10)).hasSize(1);
            assertThat(tight.broker().info().retainedBytes()).isBetween(1000L, 2048L);
            assertThat(hits(tight, "retained.bytes")).isEqualTo(1);
        }
    }

    @Test
    void payloadFormat() {
        MqttProperties text = new MqttProperties();
        text.add(new MqttProperties.IntegerProperty(MqttProperties.PAYLOAD_FORMAT_INDICATOR, 1));
        TestClient client = connect(TestClient.v5("format"));
        client.publish("t", "gr\u00fcn", 1, 1, false, false, text);
        assertThat(client.await(PUBACK).code()).isNotEqualTo(0x99);
        // PUBLISH QoS 1 to "t", id 2, Payload Format Indicator 1, payload C3 28
        client.send(0x32, 10, 0, 1, 't', 0, 2, 2, 0x01, 1, 0xC3, 0x28);
        assertThat(client.await(PUBACK).code()).isEqualTo(0x99);
        // the same with QoS 2, after which the identifier is free
        client.send(0x34, 10, 0, 1, 't', 0, 3, 2, 0x01, 1, 0xC3, 0x28);
        assertThat(client.await(PUBREC).code()).isEqualTo(0x99);
        client.expectNothing();
    }

    // ---------------------------------------------------------------- a broker that can do less

    @Test
    @Statement(v5 = {"MQTT-3.2.2-9", "MQTT-3.2.2-10", "MQTT-3.2.2-12"})
    void maximumQos() {
        try (TestBroker modest = new TestBroker(Map.of("maximum.qos", 1), Map.of())) {
            TestClient client = sending(modest, TestClient.v5("modest"));
            assertThat(client.await(CONNACK).property(MqttProperties.MAXIMUM_QOS))
                    .isEqualTo(1); // [MQTT-3.2.2-9]
            assertThat(client.subscribe("t", 2).codes()).containsExactly(1); // [MQTT-3.2.2-10]
            client.publish("t", "0", 0, 0);
            client.message();
            client.publish("t", "1", 1, 1);
            client.answer(PUBACK);
            client.message();
            client.publish("t", "2", 2, 2);
            assertThat(client.answer(DISCONNECT).code()).isEqualTo(0x9B);
            Connect will = TestClient.v5("modest-w").will("t", "", 2, false);
            TestClient refused = sending(modest, will);
            assertThat(refused.await(CONNACK).code()).isEqualTo(0x9B); // [MQTT-3.2.2-12]
            refused.awaitClosed();
            assertThat(hits(modest, "maximum.qos")).isEqualTo(2);
        }
    }

    @Test
    @Statement(v5 = "MQTT-3.2.2-13")
    void retainAvailable() {
        try (TestBroker modest = new TestBroker(Map.of("retain.available", false), Map.of())) {
            TestClient client = sending(modest, TestClient.v5("modest"));
            assertThat(client.await(CONNACK).property(MqttProperties.RETAIN_AVAILABLE))
                    .isEqualTo(0);
            client.publish("t", "", 1, 1, true, false, MqttProperties.NO_PROPERTIES);
            assertThat(client.answer(DISCONNECT).code()).isEqualTo(0x9A); // [MQTT-3.2.2-14]
            Connect will = TestClient.v5("modest-w").will("t", "", 0, true);
            TestClient refused = sending(modest, will);
            assertThat(refused.await(CONNACK).code()).isEqualTo(0x9A); // [MQTT-3.2.2-13]
            refused.awaitClosed();
            TestClient old = sending(modest, TestClient.v311("old"));
            old.await(CONNACK);
            old.publish("t", "", 1, 1, true, false, MqttProperties.NO_PROPERTIES);
            old.awaitClosed();
        }
    }
}
