/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.broker;

import static io.netty.handler.codec.mqtt.MqttMessageType.PUBACK;
import static io.netty.handler.codec.mqtt.MqttMessageType.PUBCOMP;
import static io.netty.handler.codec.mqtt.MqttMessageType.PUBREC;
import static io.netty.handler.codec.mqtt.MqttMessageType.PUBREL;
import static io.netty.handler.codec.mqtt.MqttMessageType.SUBACK;
import static org.assertj.core.api.Assertions.assertThat;

import io.bascule.broker.TestClient.Packet;
import io.bascule.itests.statements.Statement;
import io.netty.handler.codec.mqtt.MqttProperties;
import io.netty.handler.codec.mqtt.MqttVersion;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Retained messages on the wire (section 3.3.1.3 of both specifications). */
class RetainedTest extends BrokerTestBase {

    private static void retain(TestClient client, String topic, String payload, int qos) {
        client.publish(topic, payload, qos, 1, true, false, MqttProperties.NO_PROPERTIES);
        if (qos == 0) {
            client.expectNothing(); // it has been served when PINGREQ is
        } else if (qos == 1) {
            client.await(PUBACK);
        } else {
            client.await(PUBREC);
            client.acknowledge(PUBREL, 1, 0);
            client.await(PUBCOMP);
        }
    }

    private String retained(MqttVersion version, String topic) {
        TestClient late = connect(version, "late-" + topic);
        late.subscribe(topic, 2);
        List<Packet> sent = late.soFar();
        late.disconnect();
        return sent.isEmpty() ? "" : sent.get(0).line();
    }

    @ParameterizedTest
    @EnumSource(MqttVersion.class)
    @Statement(
            v5 = {"MQTT-3.3.1-5", "MQTT-3.3.1-9", "MQTT-3.8.4-8"},
            v311 = {"MQTT-3.3.1-5", "MQTT-3.3.1-6", "MQTT-3.3.1-7", "MQTT-3.3.1-8"})
    void keepsTheLastOfEachTopicWithItsQos(MqttVersion version) {
        String topic = name("last", version);
        TestClient publisher = connect(version, topic + "-out");
        for (int qos = 0; qos <= 2; qos++) {
            retain(publisher, topic, "old", 2 - qos);
            retain(publisher, topic, "new", qos);
            assertThat(retained(version, topic)).isEqualTo(topic + "=new q" + qos + (qos > 0 ? " #1" : "") + " retain");
        }
        publisher.close(); // outlives who published it
        TestClient late = connect(version, topic + "-in");
        late.subscribe(topic, 1);
        assertThat(late.message().line()).isEqualTo(topic + "=new q1 #1 retain");
        late.expectNothing();
    }

    /** Also where it does not replace it, and so many are retained that the client has not been sent them by then. */
    @Test
    void goesBeforeWhatIsPublishedAtItsTopicLater() {
        int count = 300;
        TestClient publisher = connect(MqttVersion.MQTT_5, "before-out");
        for (int i = 0; i < count; i++) {
            publisher.retain("before/" + i, "retained");
        }
        TestClient subscriber = connect(TestClient.v5("before-in").receiveMaximum(1));
        subscriber.subscribe("before/+", 1);
        Packet next = subscriber.message();
        for (int i = 0; i < count; i++) {
            publisher.publishAcknowledged("before/" + i, "later");
        }
        Map<String, String> texts = new HashMap<>();
        for (int i = 1; i <= 2 * count; i++) {
            texts.merge(next.topic(), next.payload(), (first, second) -> first + " " + second);
            subscriber.puback(next.id());
            if (i < 2 * count) {
                next = subscriber.message();
            }
        }
        assertThat(texts).hasSize(count);
        assertThat(texts.values()).containsOnly("retained later");
    }

    @ParameterizedTest
    @EnumSource(MqttVersion.class)
    @Statement(v5 = "MQTT-3.3.1-12", v311 = "MQTT-3.3.1-9")
    void clearsTheFlagForSubscriptionsThatAreThere(MqttVersion version) {
        String topic = name("established", version);
        TestClient subscriber = connect(version, topic);
        subscriber.subscribe(topic, 2);
        for (int qos = 0; qos <= 2; qos++) {
            TestClient publisher = connect(version, topic + "-out");
            retain(publisher, topic, "x", qos);
            assertThat(subscriber.message().retain()).isFalse();
        }
    }

    @ParameterizedTest
    @EnumSource(MqttVersion.class)
    @Statement(
            v5 = {"MQTT-3.3.1-6", "MQTT-3.3.1-7"},
            v311 = {"MQTT-3.3.1-10", "MQTT-3.3.1-11"})
    void deletesWithAnEmptyOneWhichItDeliversLikeAnyOther(MqttVersion version) {
        String topic = name("empty", version);
        TestClient subscriber = connect(version, topic);
        subscriber.subscribe(topic, 0);
        TestClient publisher = connect(version, topic + "-out");
        for (int qos = 0; qos <= 2; qos++) {
            retain(publisher, topic, "x", 1);
            assertThat(retained(version, topic)).isNotEmpty();
            retain(publisher, topic, "", qos);
            assertThat(retained(version, topic)).isEmpty();
            retain(publisher, topic, "", qos); // where there is none
            assertThat(subscriber.lines(3)).containsExactly(topic + "=x q0", topic + "= q0", topic + "= q0");
        }
    }

    @ParameterizedTest
    @EnumSource(MqttVersion.class)
    @Statement(v5 = "MQTT-3.3.1-8", v311 = "MQTT-3.3.1-12")
    void leavesItToMessagesWithTheFlag(MqttVersion version) {
        String topic = name("without", version);
        TestClient publisher = connect(version, topic);
        publisher.publishAcknowledged(topic, "not retained");
        assertThat(retained(version, topic)).isEmpty();
        retain(publisher, topic, "x", 1);
        publisher.publishAcknowledged(topic, "not retained");
        publisher.publishAcknowledged(topic, "");
        assertThat(retained(version, topic)).isEqualTo(topic + "=x q1 #1 retain");
    }

    @ParameterizedTest
    @EnumSource(MqttVersion.class)
    @Statement(
            v5 = {"MQTT-3.3.1-9", "MQTT-3.3.2-3", "MQTT-3.8.4-5"},
            v311 = {"MQTT-3.3.1-6", "MQTT-3.3.2-3", "MQTT-3.8.4-4"})
    void sendsOneForEachFilterThatMatches(MqttVersion version) {
        String root = name("filters", version);
        TestClient publisher = connect(version, root + "-out");
        for (String topic : List.of("a", "a/b", "a/c", "d")) {
            retain(publisher, root + "/" + topic, topic, 1);
        }
        TestClient late = connect(version, root + "-in");
        Bytes body = Bytes.of().u16(1).noProperties(version);
        for (String filter : List.of("/a/#", "/+", "/a/b", "/x")) {
            body.utf8(root + filter).u8(0);
        }
        late.send(body.packet(0x82));
        assertThat(late.await(SUBACK).codes()).hasSize(4);
        List<String> got = new ArrayList<>();
        for (int i = 0; i < 6; i++) {
            Packet message = late.message();
            assertThat(message.retain()).isTrue();
            got.add(message.payload());
        }
        assertThat(got).containsExactlyInAnyOrder("a", "a/b", "a/c", "a", "d", "a/b");
        late.expectNothing();
    }

    @ParameterizedTest
    @EnumSource(MqttVersion.class)
    @Statement(v5 = "MQTT-3.8.4-4", v311 = "MQTT-3.3.1-6")
    void sendsItAgainWhenASubscriptionIsReplaced(MqttVersion version) {
        String topic = name("again", version);
        TestClient client = connect(version, topic);
        retain(client, topic, "x", 0);
        for (int i = 0; i < 3; i++) {
            client.subscribe(topic, 0);
            assertThat(client.message().line()).isEqualTo(topic + "=x q0 retain");
        }
        client.expectNothing();
    }

    @Test
    @Statement(v5 = {"MQTT-3.3.1-9", "MQTT-3.3.1-10", "MQTT-3.3.1-11"})
    void obeysTheRetainHandlingOfEachSubscription() {
        TestClient client = connect(TestClient.v5("handling"));
        retain(client, "handling/a", "x", 0);
        for (int handling = 0; handling <= 2; handling++) {
            for (boolean isNew : new boolean[] {true, false}) {
                client.subscribe("handling/+", 0, false, false, handling, 0);
                if (handling == 0 || handling == 1 && isNew) {
                    assertThat(client.message().retain()).isTrue();
                }
                client.expectNothing();
            }
            client.unsubscribe("handling/+");
        }
    }

    @Test
    @Statement(v5 = "MQTT-3.3.1-10")
    void sendsItToNewSubscriptionsOnlyWhereThatIsAskedFor() {
        TestClient first = connect(TestClient.v5("if-new").resuming().lasting(100));
        retain(first, "if/new", "x", 0);
        first.subscribe("if/new", 0, false, false, 1, 0);
        assertThat(first.message().payload()).isEqualTo("x");
        first.subscribe("if/new", 1, false, true, 1, 7); // other options, the same subscription
        first.expectNothing();
        drop(first, "if-new");
        TestClient back = connect(TestClient.v5("if-new").resuming().lasting(100));
        back.subscribe("if/new", 0, false, false, 1, 0); // it is there from the last connection
        back.expectNothing();
        back.unsubscribe("if/new");
        back.subscribe("if/new", 0, false, false, 1, 0);
        assertThat(back.message().payload()).isEqualTo("x");
    }

    @Test
    @Statement(v5 = {"MQTT-3.3.1-12", "MQTT-3.3.1-13"})
    void keepsTheFlagForThoseWhoAskForIt() {
        TestClient asPublished = connect(TestClient.v5("rap-1"));
        asPublished.subscribe("rap", 1, false, true, 0, 0);
        TestClient cleared = connect(TestClient.v5("rap-0"));
        cleared.subscribe("rap", 1, false, false, 0, 0);
        TestClient publisher = connect(TestClient.v5("rap-out"));
        retain(publisher, "rap", "1", 1);
        publisher.publishAcknowledged("rap", "2");
        retain(publisher, "rap", "", 1);
        assertThat(asPublished.lines(3)).containsExactly("rap=1 q1 #1 retain", "rap=2 q1 #2", "rap= q1 #3 retain");
        assertThat(cleared.lines(3)).containsExactly("rap=1 q1 #1", "rap=2 q1 #2", "rap= q1 #3");
        retain(publisher, "rap", "3", 1);
        TestClient late = connect(TestClient.v5("rap-late"));
        late.subscribe("rap", 0, false, false, 0, 0); // of a new subscription it is set whatever was asked
        assertThat(late.message().line()).isEqualTo("rap=3 q0 retain");
    }

    @Test
    @Statement(v5 = {"MQTT-3.3.2-5", "MQTT-3.3.2-6"})
    void countsItsExpiryDownAndDropsItThen() {
        TestClient publisher = connect(TestClient.v5("retained-expiry"));
        for (int seconds : new int[] {1, 100}) {
            MqttProperties expiring = new MqttProperties();
            expiring.add(new MqttProperties.IntegerProperty(MqttProperties.PUBLICATION_EXPIRY_INTERVAL, seconds));
            publisher.publish("retained/expiry/" + seconds, "x", 0, 0, true, false, expiring);
        }
        publisher.subscribe("retained/expiry/1", 0);
        assertThat(publisher.message().property(MqttProperties.PUBLICATION_EXPIRY_INTERVAL))
                .isEqualTo(1);
        long until = System.nanoTime() + 1_100_000_000L;
        eventually("one has expired", () -> System.nanoTime() - until > 0);
        TestClient late = connect(TestClient.v5("retained-expiry-late"));
        late.subscribe("retained/expiry/+", 0);
        Packet left = late.message();
        assertThat(left.topic()).isEqualTo("retained/expiry/100");
        assertThat((Integer) left.property(MqttProperties.PUBLICATION_EXPIRY_INTERVAL))
                .isBetween(90, 99);
        late.expectNothing();
    }

    @Test
    @Statement(v5 = {"MQTT-3.3.2-17", "MQTT-3.3.4-3"})
    void bearsItsPropertiesAndTheSubscriptionsIdentifier() {
        MqttProperties properties = new MqttProperties();
        properties.add(new MqttProperties.StringProperty(MqttProperties.CONTENT_TYPE, "text/plain"));
        properties.add(new MqttProperties.UserProperty("k", "v"));
        TestClient client = connect(TestClient.v5("retained-properties"));
        client.publish("retained/properties", "x", 0, 0, true, false, properties);
        client.subscribe("retained/#", 0, false, false, 0, 9);
        Packet message = client.message();
        assertThat(message.property(MqttProperties.CONTENT_TYPE)).isEqualTo("text/plain");
        assertThat(message.properties(MqttProperties.USER_PROPERTY)).hasSize(1);
        assertThat(message.properties(MqttProperties.SUBSCRIPTION_IDENTIFIER)).containsExactly(9);
    }
}
