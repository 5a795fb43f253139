/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.bridge.config;

import static org.assertj.core.api.Assertions.assertThat;

import io.bascule.bridge.route.Retain;
import io.bascule.bridge.route.Route;
import io.bascule.mqtt.MqttVersion;
import io.bascule.mqtt.QoS;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

/** What a service takes of a bridge to it. */
class ProfileTest {
    private final Map<String, String> file =
            new HashMap<>(Map.of("server", "mqtts://cloud.example", "forward.up", "up/#", "subscribe.down", "down/#"));

    private BridgeDefinition definition() {
        BridgeReader.Result result = BridgeReader.read("cloud", file);
        assertThat(result.errors()).isEmpty();
        return result.definition().orElseThrow();
    }

    private List<String> errors() {
        return BridgeReader.read("cloud", file).errors();
    }

    private Route route(String key) {
        return definition().routes().stream()
                .filter(route -> route.key().equals(key))
                .findFirst()
                .orElseThrow();
    }

    @Test
    void changesNothingWhereThereIsNone() {
        assertThat(definition().protocols()).containsExactly(MqttVersion.MQTT_5);
        assertThat(definition().maximumFilters()).isEqualTo(100);
        assertThat(definition().sendRates().isUnbounded()).isTrue();
        assertThat(definition().tls().orElseThrow().applicationProtocols()).isEmpty();
        assertThat(route("forward.up").maximumQos()).isEqualTo(QoS.EXACTLY_ONCE);
        assertThat(route("forward.up").maximumPayload()).isEqualTo(Integer.MAX_VALUE);
    }

    @Test
    void keepsToWhatAwsIotTakes() {
        file.put("profile", "aws-iot");

        assertThat(definition().protocols()).containsExactly(MqttVersion.MQTT_5);
        assertThat(definition().maximumFilters()).isEqualTo(8);
        assertThat(definition().receiveMaximum(MqttVersion.MQTT_5)).isEqualTo(100);
        assertThat(definition().topicLimits()).isEqualTo(new TopicLimits(8, 256));
        assertThat(definition().sendRates().messages()).isEqualTo(OptionalInt.of(80));
        assertThat(definition().tls().orElseThrow().applicationProtocols()).isEmpty();
        assertThat(route("forward.up").maximumQos()).isEqualTo(QoS.AT_LEAST_ONCE);
        assertThat(route("forward.up").maximumPayload()).isEqualTo(128 << 10);
        assertThat(route("forward.up").retain()).isEqualTo(Retain.KEEP);
        assertThat(route("subscribe.down").maximumQos()).isEqualTo(QoS.AT_LEAST_ONCE);
        assertThat(route("subscribe.down").maximumPayload()).isEqualTo(Integer.MAX_VALUE);
    }

    @Test
    void offersAwsIotItsOwnProtocolOnPort443Alone() {
        file.put("profile", "aws-iot");
        file.put("server", "mqtts://cloud.example:443");
        assertThat(definition().tls().orElseThrow().applicationProtocols()).containsExactly("x-amzn-mqtt-ca");
        file.put("tls.alpn", "mqtt"); // for a custom authorizer
        assertThat(definition().tls().orElseThrow().applicationProtocols()).containsExactly("mqtt");
        file.remove("tls.alpn");
        file.put("server", "wss://cloud.example");
        assertThat(definition().tls().orElseThrow().applicationProtocols()).isEmpty();
        file.put("server", "mqtt://localhost:443"); // elsewhere there is TLS alone
        assertThat(definition().tls()).isEmpty();
    }

    @Test
    void speaksToHiveMqCloudOverTlsAlone() {
        file.put("profile", "hivemq-cloud");
        assertThat(definition().maximumFilters()).isEqualTo(100);

        file.put("server", "mqtt://cloud.example");
        assertThat(BridgeReader.read("x", file).errors())
                .containsExactly("server: is without TLS, which hivemq-cloud does not take of a bridge; allowed is"
                        + " mqtts:// or wss://");
    }

    @Test
    void sendsNoServerAPasswordInClear() {
        file.put("profile", "aws-iot");
        for (String server : List.of(
                "mqtt://localhost, mqtt://x.amazonaws.com", "mqtt://127.example.org", "ws://127.0.0.1.nip.example")) {
            file.put("server", server);
            assertThat(errors()).as(server).singleElement().asString().startsWith("server: is without TLS");
        }
        file.put("server", "mqtt://localhost, mqtt://127.0.0.2, mqtt://[::1]");
        assertThat(errors()).isEmpty();
    }

    @Test
    void keepsToWhatAzureIotHubTakes() {
        file.put("profile", "azure-iothub");

        assertThat(definition().protocols()).containsExactly(MqttVersion.MQTT_3_1_1);
        assertThat(route("forward.up").maximumQos()).isEqualTo(QoS.AT_LEAST_ONCE);
        assertThat(route("forward.up").maximumPayload()).isEqualTo(256_000);
        assertThat(route("forward.up").retain()).isEqualTo(Retain.KEEP);
        assertThat(route("subscribe.down").maximumQos()).isEqualTo(QoS.AT_LEAST_ONCE);
    }

    @Test
    void keepsToWhatAzureEventGridTakes() {
        file.put("profile", "azure-eventgrid");

        assertThat(definition().protocols()).containsExactly(MqttVersion.MQTT_3_1_1);
        assertThat(definition().maximumFilters()).isEqualTo(10);
        assertThat(definition().sendRates().messages()).isEqualTo(OptionalInt.of(900));
        assertThat(definition().sendRates().bytes()).isEqualTo(OptionalLong.of(900_000));
        assertThat(definition().topicLimits()).isEqualTo(new TopicLimits(8, 256));
        assertThat(route("forward.up").maximumQos()).isEqualTo(QoS.AT_LEAST_ONCE);
        assertThat(route("forward.up").maximumPayload()).isEqualTo(511 << 10);
        assertThat(route("forward.up").retain()).isEqualTo(Retain.STRIP);
        assertThat(route("subscribe.down").retain()).isEqualTo(Retain.KEEP);
    }

    @Test
    void keepsToWhatEmqxCloudTakes() {
        file.put("profile", "emqx-cloud");

        assertThat(definition().protocols()).containsExactly(MqttVersion.MQTT_5);
        assertThat(route("forward.up").maximumQos()).isEqualTo(QoS.EXACTLY_ONCE);
        assertThat(route("forward.up").maximumPayload()).isEqualTo(1_000_000);
    }

    @Test
    void isOverriddenByWhatTheFileSays() {
        file.put("profile", " azure-eventgrid ");
        file.put("send.rate", "100");
        file.put("filters.maximum", "4");
        file.put("keepalive", "1160s");
        file.put("topic.levels.maximum", "11");
        file.put("forward.up", "up/# retain=keep qos=0 max.payload=1KiB");

        assertThat(definition().sendRates().messages()).isEqualTo(OptionalInt.of(100));
        assertThat(definition().sendRates().bytes()).isEqualTo(OptionalLong.of(900_000));
        assertThat(definition().maximumFilters()).isEqualTo(4);
        assertThat(definition().topicLimits()).isEqualTo(new TopicLimits(11, 256));
        assertThat(route("forward.up").retain()).isEqualTo(Retain.KEEP);
        assertThat(route("forward.up").maximumQos()).isEqualTo(QoS.AT_MOST_ONCE);
        assertThat(route("forward.up").maximumPayload()).isEqualTo(1024);
    }

    @Test
    void holdsForBothDirectionsOfARoute() {
        file.put("profile", "azure-eventgrid");
        file.put("both.x", "x/# -> y/{#}");

        assertThat(route("forward.x").retain()).isEqualTo(Retain.STRIP);
        assertThat(route("forward.x").maximumQos()).isEqualTo(QoS.AT_LEAST_ONCE);
        assertThat(route("subscribe.x").retain()).isEqualTo(Retain.KEEP);
        assertThat(route("subscribe.x").maximumQos()).isEqualTo(QoS.AT_LEAST_ONCE);
    }

    @Test
    void refusesWhatTheServiceRefuses() {
        file.put("profile", "aws-iot");
        file.put("forward.up", "up/# qos=2");
        file.put("subscribe.down", "down/# qos=keep");
        file.put("filters.maximum", "9");
        file.put("keepalive", "1201s");
        assertThat(errors())
                .containsExactlyInAnyOrder(
                        "forward.up: crosses with QoS 2, which aws-iot does not take of a bridge; allowed is qos=0 to qos=1",
                        "subscribe.down: crosses with QoS 2, which aws-iot does not take of a bridge; allowed is qos=0 to qos=1",
                        "filters.maximum: is too high, which aws-iot does not take of a bridge; allowed is 1 to 8",
                        "keepalive: is too long, which aws-iot does not take of a bridge; allowed is 1s to 1200s");
    }

    @Test
    void refusesARouteThatLeadsBothWaysOnce() {
        file.put("profile", "azure-iothub");
        file.put("both.x", "x/# -> y/{#} qos=2");
        assertThat(errors())
                .containsExactly(
                        "both.x: crosses with QoS 2, which azure-iothub does not take of a bridge; allowed is qos=0 to qos=1");
    }

    @Test
    void refusesAProtocolThatTheServiceDoesNotTake() {
        file.put("profile", "azure-iothub");
        for (String protocol : List.of("5.0", "auto")) {
            file.put("protocol", protocol);
            assertThat(errors())
                    .containsExactly(
                            "protocol: has 5.0, which azure-iothub does not take of a bridge; allowed is 3.1.1");
        }
    }

    @Test
    void namesTheNearestWhereThereIsNoSuchProfile() {
        file.put("profile", "aws-iott");
        assertThat(errors())
                .containsExactly(
                        "profile: there is no profile \"aws-iott\"; did you mean aws-iot?; allowed is aws-iot, azure-eventgrid, azure-iothub, emqx-cloud, hivemq-cloud");
        file.put("profile", "");
        assertThat(errors()).singleElement().asString().startsWith("profile: is empty");
    }
}
