/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.broker;

import static io.netty.handler.codec.mqtt.MqttMessageType.DISCONNECT;
import static org.assertj.core.api.Assertions.assertThat;

import io.bascule.itests.statements.Statement;
import io.netty.handler.codec.mqtt.MqttProperties;
import io.netty.handler.codec.mqtt.MqttVersion;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class WillTest extends BrokerTestBase {

    private TestClient observer(String topic) {
        TestClient observer = connect(TestClient.v5("observer-" + topic));
        observer.subscribe(topic, 2, false, true, 0, 0);
        return observer;
    }

    @Test
    @Statement(v5 = {"MQTT-3.1.2-7", "MQTT-3.1.2-8", "MQTT-3.1.2-14"})
    void isPublishedWhenTheConnectionBreaks() {
        TestClient observer = observer("will/breaks");
        connect(TestClient.v5("breaks").will("will/breaks", "gone", 1, false)).close();
        assertThat(observer.message().line()).isEqualTo("will/breaks=gone q1 #1"); // [MQTT-3.1.2-14]
    }

    @Test
    @Statement(v311 = {"MQTT-3.1.2-8", "MQTT-3.1.2-17"})
    void isRetainedWhenAsked() {
        TestClient observer = observer("will/retained");
        connect(TestClient.v311("keeps").will("will/retained", "gone", 0, true)).close();
        assertThat(observer.message().line()).isEqualTo("will/retained=gone q0 retain");
        TestClient late = connect(TestClient.v5("late"));
        late.subscribe("will/retained", 0);
        assertThat(late.message().line()).isEqualTo("will/retained=gone q0 retain"); // [MQTT-3.1.2-15]
    }

    @Test
    @Statement(v5 = {"MQTT-3.1.2-10", "MQTT-3.14.4-3"})
    void isForgottenOnANormalDisconnect() {
        TestClient observer = observer("will/normal");
        connect(TestClient.v5("normal").will("will/normal", "gone", 0, false)).disconnect();
        connect(TestClient.v5("normal-2").will("will/normal", "marker", 0, false))
                .close();
        assertThat(observer.message().payload()).isEqualTo("marker"); // [MQTT-3.14.4-3]
    }

    @Test
    void isPublishedOnADisconnectThatAsksForIt() {
        TestClient observer = observer("will/asked");
        connect(TestClient.v5("asks").will("will/asked", "gone", 0, false)).disconnect(4, MqttProperties.NO_PROPERTIES);
        assertThat(observer.message().payload()).isEqualTo("gone");
    }

    @Test
    @Statement(v5 = "MQTT-3.1.2-8")
    void isPublishedOnAProtocolError() {
        TestClient observer = observer("will/error");
        TestClient client = connect(TestClient.v5("errs").will("will/error", "gone", 0, false));
        client.send(0x00, 0x00);
        client.await(DISCONNECT);
        assertThat(observer.message().payload()).isEqualTo("gone"); // [MQTT-3.1.2-8]
    }

    @Test
    @Statement(v5 = "MQTT-3.1.2-8")
    void waitsForItsDelay() {
        TestClient observer = observer("will/delay");
        TestClient client = connect(TestClient.v5("delays")
                .lasting(100)
                .will("will/delay", "gone", 0, false)
                .willDelay(1));
        long start = System.nanoTime();
        client.close();
        assertThat(observer.message().payload()).isEqualTo("gone");
        assertThat(System.nanoTime() - start).isGreaterThan(900_000_000L);
    }

    @Test
    @Statement(v5 = "MQTT-3.1.2-8")
    void doesNotOutliveItsSession() {
        TestClient observer = observer("will/session");
        TestClient client = connect(TestClient.v5("short")
                .lasting(0)
                .will("will/session", "gone", 0, false)
                .willDelay(3600));
        client.close();
        assertThat(observer.message().payload()).isEqualTo("gone"); // [MQTT-3.1.2-8]
    }

    @Test
    @Statement(v5 = "MQTT-3.1.3-9")
    void isNotPublishedWhenItsOwnerIsBackInTime() {
        TestClient observer = observer("will/back");
        TestClient first = connect(TestClient.v5("back")
                .lasting(100)
                .will("will/back", "gone", 0, false)
                .willDelay(1));
        drop(first, "back");
        connect(TestClient.v5("back").resuming().lasting(100));
        long until = System.nanoTime() + 1_300_000_000L;
        eventually("more than the delay", () -> System.nanoTime() - until > 0);
        observer.expectNothing(); // [MQTT-3.1.3-9]
    }

    @Test
    @Statement(v5 = "MQTT-3.1.2-8")
    void isPublishedWhenACleanStartEndsTheSession() {
        TestClient observer = observer("will/clean");
        TestClient first = connect(TestClient.v5("cleaned")
                .lasting(100)
                .will("will/clean", "gone", 0, false)
                .willDelay(3600));
        drop(first, "cleaned");
        connect(TestClient.v5("cleaned"));
        assertThat(observer.message().payload()).isEqualTo("gone"); // the session ends [MQTT-3.1.2-8]
    }

    @Test
    @Statement(v311 = {"MQTT-3.1.2-8", "MQTT-3.1.4-2"})
    void isPublishedWhenTheConnectionIsTakenOver() {
        TestClient observer = observer("will/taken");
        connect(TestClient.v311("taken-will").will("will/taken", "gone", 0, false));
        connect(TestClient.v311("taken-will"));
        assertThat(observer.message().payload()).isEqualTo("gone");
    }

    @ParameterizedTest
    @EnumSource(MqttVersion.class)
    @Statement(
            v5 = {"MQTT-3.1.2-7", "MQTT-3.1.2-8", "MQTT-3.1.2-12", "MQTT-3.1.2-14", "MQTT-3.1.2-15"},
            v311 = {"MQTT-3.1.2-8", "MQTT-3.1.2-14", "MQTT-3.1.2-16", "MQTT-3.1.2-17"})
    void isPublishedWithItsQosAndItsRetainFlag(MqttVersion version) {
        for (int qos = 0; qos <= 2; qos++) {
            for (boolean retain : new boolean[] {false, true}) {
                String topic = name("will/" + qos + retain, version);
                TestClient observer = connect(version, "observer-" + topic);
                observer.subscribe(topic, 2);
                connect(TestClient.of(version, "owner-" + topic).will(topic, "gone", qos, retain))
                        .close();
                assertThat(observer.message().line()).isEqualTo(topic + "=gone q" + qos + (qos > 0 ? " #1" : ""));
                TestClient late = connect(version, "late-" + topic);
                late.subscribe(topic, 0);
                assertThat(late.soFar())
                        .extracting(TestClient.Packet::line)
                        .containsExactlyElementsOf(retain ? List.of(topic + "=gone q0 retain") : List.of());
            }
        }
    }

    @ParameterizedTest
    @EnumSource(MqttVersion.class)
    @Statement(
            v5 = "MQTT-3.1.2-10",
            v311 = {"MQTT-3.1.2-10", "MQTT-3.1.2-12"})
    void isPublishedOnceAndBelongsToItsConnectionAlone(MqttVersion version) {
        String topic = name("will/once", version);
        TestClient observer = connect(version, "observer-" + topic);
        observer.subscribe(topic, 0);
        String id = "owner-" + topic;
        TestClient first =
                connect(TestClient.of(version, id).resuming().lasting(100).will(topic, "gone", 0, false));
        drop(first, id);
        assertThat(observer.message().payload()).isEqualTo("gone");
        TestClient second = connect(TestClient.of(version, id).resuming().lasting(100)); // with no will
        drop(second, id);
        observer.expectNothing();
    }

    @Test
    @Statement(v5 = {"MQTT-3.1.3-10", "MQTT-3.3.2-17", "MQTT-3.3.2-18"})
    void bearsItsProperties() {
        TestClient observer = observer("will/properties");
        TestClient.Connect connect = TestClient.v5("properties").will("will/properties", "gone", 0, false);
        connect.willProperties.add(new MqttProperties.IntegerProperty(MqttProperties.PAYLOAD_FORMAT_INDICATOR, 1));
        connect.willProperties.add(new MqttProperties.IntegerProperty(MqttProperties.PUBLICATION_EXPIRY_INTERVAL, 100));
        connect.willProperties.add(new MqttProperties.StringProperty(MqttProperties.CONTENT_TYPE, "text/plain"));
        connect.willProperties.add(new MqttProperties.StringProperty(MqttProperties.RESPONSE_TOPIC, "answer"));
        connect.willProperties.add(
                new MqttProperties.BinaryProperty(MqttProperties.CORRELATION_DATA, new byte[] {1, 2}));
        for (String pair : new String[] {"b=1", "a=2", "b=3"}) {
            connect.willProperties.add(new MqttProperties.UserProperty(pair.substring(0, 1), pair.substring(2)));
        }
        connect(connect).close();
        TestClient.Packet will = observer.message();
        assertThat(will.property(MqttProperties.PAYLOAD_FORMAT_INDICATOR)).isEqualTo(1);
        assertThat((Integer) will.property(MqttProperties.PUBLICATION_EXPIRY_INTERVAL))
                .isBetween(99, 100);
        assertThat(will.property(MqttProperties.CONTENT_TYPE)).isEqualTo("text/plain");
        assertThat(will.property(MqttProperties.RESPONSE_TOPIC)).isEqualTo("answer");
        assertThat((byte[]) will.property(MqttProperties.CORRELATION_DATA)).containsExactly(1, 2);
        assertThat(will.property(MqttProperties.WILL_DELAY_INTERVAL)).isNull();
        assertThat(will.properties(MqttProperties.USER_PROPERTY))
                .map(each -> (MqttProperties.StringPair) each)
                .extracting(pair -> pair.key + "=" + pair.value)
                .containsExactly("b=1", "a=2", "b=3");
    }
}
