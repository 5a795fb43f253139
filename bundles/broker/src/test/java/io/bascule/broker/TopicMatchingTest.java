/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.broker;

import static org.assertj.core.api.Assertions.assertThat;

import io.bascule.itests.statements.Statement;
import io.bascule.mqtt.Message;
import io.netty.handler.codec.mqtt.MqttVersion;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Which subscriptions a message reaches, on the wire (section 4.7 of both specifications). */
class TopicMatchingTest extends BrokerTestBase {

    /** Those of the topics, of which each is published once, that the filter is sent. */
    private List<String> sent(MqttVersion version, String filter, List<String> topics) {
        TestClient subscriber = connect(version, name("matching-in", version));
        subscriber.subscribe(filter, 0);
        TestClient publisher = connect(version, name("matching-out", version));
        topics.forEach(topic -> publisher.publish(topic, "x", 0, 0));
        publisher.expectNothing();
        List<String> got = new ArrayList<>();
        publisher.publish(filter.replace('+', 'M').replace("#", "M"), "marker", 0, 0);
        for (TestClient.Packet packet = subscriber.message();
                !packet.payload().equals("marker");
                packet = subscriber.message()) {
            got.add(packet.topic());
        }
        subscriber.disconnect();
        return got;
    }

    @ParameterizedTest
    @EnumSource(MqttVersion.class)
    @Statement(
            v5 = {"MQTT-3.3.2-3", "MQTT-4.7.3-4"},
            v311 = {"MQTT-3.3.2-3", "MQTT-4.7.3-4"})
    void sendsWhatMatchesAndNothingElse(MqttVersion version) {
        List<String> topics = List.of(
                "a", "A", "b", "/", "//", "/a", "a/", "a/b", "a//b", "a/b/", "a/b/c", "a/B/c", "a/b/c/d", "ab/c",
                "a /b");
        Map<String, List<String>> expected = Map.ofEntries(
                Map.entry("a", List.of("a")),
                Map.entry("A", List.of("A")),
                Map.entry("/", List.of("/")),
                Map.entry("a//b", List.of("a//b")),
                Map.entry("a/", List.of("a/")),
                Map.entry("+", List.of("a", "A", "b")),
                Map.entry("+/+", List.of("/", "/a", "a/", "a/b", "ab/c", "a /b")),
                Map.entry("/+", List.of("/", "/a")),
                Map.entry("a/+", List.of("a/", "a/b")),
                Map.entry("+/b", List.of("a/b", "a /b")),
                Map.entry("a/+/c", List.of("a/b/c", "a/B/c")),
                Map.entry("a/#", List.of("a", "a/", "a/b", "a//b", "a/b/", "a/b/c", "a/B/c", "a/b/c/d")),
                Map.entry("a/b/#", List.of("a/b", "a/b/", "a/b/c", "a/b/c/d")),
                Map.entry("a/+/#", List.of("a/", "a/b", "a//b", "a/b/", "a/b/c", "a/B/c", "a/b/c/d")),
                Map.entry("+/b/#", List.of("a/b", "a/b/", "a/b/c", "a/b/c/d", "a /b")),
                Map.entry("/#", List.of("/", "//", "/a")),
                Map.entry("#", topics));
        expected.forEach((filter, matching) ->
                assertThat(sent(version, filter, topics)).as(filter).isEqualTo(matching));
    }

    @ParameterizedTest
    @EnumSource(MqttVersion.class)
    @Statement(v5 = "MQTT-4.7.2-1", v311 = "MQTT-4.7.2-1")
    void keepsTopicsWithADollarFromFiltersThatBeginWithAWildcard(MqttVersion version) {
        String topic = "$" + name("dollar", version) + "/a";
        TestClient wild = connect(version, name("dollar-wild", version));
        for (String filter : List.of("#", "+/a", "+/#", "+/+")) {
            wild.subscribe(filter, 0);
        }
        TestClient named = connect(version, name("dollar-named", version));
        named.subscribe(topic.replace("/a", "/#"), 0);
        named.subscribe(topic.replace("/a", "/+"), 0);
        broker.broker().publish(Message.of(topic, "x")); // as the host, who may
        assertThat(named.message().topic()).isEqualTo(topic);
        named.expectNothing();
        wild.expectNothing();
        broker.broker().publish(Message.of("a$/a", "x"));
        assertThat(wild.message().topic()).isEqualTo("a$/a");
    }
}
