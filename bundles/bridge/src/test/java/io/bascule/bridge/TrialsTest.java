/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.bridge;

import static org.assertj.core.api.Assertions.assertThat;

import io.bascule.api.BridgeRoute;
import io.bascule.api.RouteTrial;
import io.bascule.api.RouteTrial.Outcome;
import io.bascule.bridge.config.BridgeDefinition;
import io.bascule.bridge.config.BridgeReader;
import io.bascule.mqtt.QoS;
import io.bascule.mqtt.Topic;
import io.bascule.mqtt.TopicFilter;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class TrialsTest {
    private static final Map<String, String> LINES = Map.of(
            "forward.all", "# -> far/{topic}",
            "forward.line", "plant/+/t, plant/+/p -> far/{2} qos=1 retain=strip exclude=plant/9/+",
            "forward.named", "a/# -> b/{2}",
            "forward.dollar", "x/# -> {#}",
            "subscribe.one", "cmd/#",
            "subscribe.two", "cmd/+ -> second/{2} retain=force");

    @Test
    void tellsWhatComesOut() {
        assertThat(trial("5.0", "forward line", "plant/1/t"))
                .isEqualTo(new RouteTrial(
                        "b",
                        "forward",
                        "line",
                        Outcome.CROSSES,
                        Optional.empty(),
                        Optional.of(Topic.of("far/1")),
                        QoS.AT_LEAST_ONCE,
                        false));
        assertThat(trial("5.0", "forward all", "plant/1/t").outcome()).isEqualTo(Outcome.CROSSES);
        assertThat(trial("5.0", "subscribe two", "cmd/x").retain()).isTrue();
    }

    @Test
    void tellsWhyNothingDoes() {
        assertThat(trial("5.0", "forward line", "plant/9/t").reason()).hasValue("excluded by plant/9/+");
        assertThat(trial("5.0", "forward line", "plant/1").reason()).hasValue("no filter matches");
        assertThat(trial("5.0", "forward all", "$SYS/a").reason())
                .hasValue("no filter matches; one that begins with a wildcard matches no topic with $");
        assertThat(trial("5.0", "forward named", "a").outcome()).isEqualTo(Outcome.REFUSED);
        assertThat(trial("5.0", "forward dollar", "x/$SYS/a").outcome()).isEqualTo(Outcome.REFUSED);
    }

    @Test
    void knowsThatA311BrokerTellsNoReason() {
        assertThat(trial("5.0", "subscribe two", "cmd/x").outcome()).isEqualTo(Outcome.CROSSES);
        assertThat(trial("3.1.1", "subscribe one", "cmd/x").outcome()).isEqualTo(Outcome.CROSSES);
        assertThat(trial("3.1.1", "subscribe two", "cmd/x").reason())
                .hasValue("a 3.1.1 broker does not say why it sends a message, and subscribe.one comes first");
    }

    @Test
    void knowsThatA50BrokerMayTellNoneEither() {
        String reason = "where the remote broker does not say why it sends a message, subscribe.one takes it";
        for (String protocol : List.of("5.0", "auto")) {
            assertThat(trial(protocol, "subscribe one", "cmd/x").reason()).isEmpty();
            assertThat(trial(protocol, "subscribe two", "cmd/x"))
                    .satisfies(two -> assertThat(two.outcome()).isEqualTo(Outcome.CROSSES))
                    .satisfies(two -> assertThat(two.reason()).hasValue(reason));
        }
        assertThat(trial("5.0", "forward line", "plant/1/t").reason()).isEmpty();
    }

    @Test
    void showsTheOptionsThatAreInForce() {
        Map<String, String> lines = Map.of(
                "server", "mqtts://far",
                "profile", "aws-iot",
                "forward.plain", "a/# retain=strip exclude=a/b",
                "forward.rich",
                        "b/# -> c qos=exact:1 max.payload=1KiB expiry=90s property.by={bridge} response=keep priority=high retain.handling=never",
                "forward.waits", "d/# offline=latest qos=0 priority=low",
                "forward.diff", "e/# retain=diff max.payload=2KiB",
                "subscribe.some", "f/# interest=subscribed retain.handling=always",
                "subscribe.z", "g/#");

        assertThat(Trials.routes(BridgeReader.read("b", lines).definition().orElseThrow()))
                .extracting(route -> route.name() + " " + String.join(" ", route.options()))
                .containsExactly(
                        "diff max.payload=2KiB",
                        "plain max.payload=128KiB",
                        "rich qos=exact:1 max.payload=1KiB retain.handling=never expiry=90s property.by={bridge} response=keep"
                                + " priority=high",
                        "waits max.payload=128KiB offline=latest priority=low",
                        "some retain.handling=always interest=subscribed",
                        "z ");
    }

    @Test
    void showsARoute() {
        List<BridgeRoute> routes = Trials.routes(bridge("5.0"));

        assertThat(routes)
                .extracting(BridgeRoute::name)
                .containsExactly("all", "dollar", "line", "named", "one", "two");
        assertThat(routes.get(2))
                .isEqualTo(new BridgeRoute(
                        "b",
                        "forward",
                        "line",
                        List.of(TopicFilter.of("plant/+/t"), TopicFilter.of("plant/+/p")),
                        "far/{2}",
                        QoS.AT_LEAST_ONCE,
                        "strip",
                        List.of(TopicFilter.of("plant/9/+")),
                        List.of()));
    }

    private static RouteTrial trial(String protocol, String route, String topic) {
        return Trials.of(bridge(protocol), Topic.of(topic), QoS.EXACTLY_ONCE, true).stream()
                .filter(trial -> (trial.direction() + " " + trial.route()).equals(route))
                .findFirst()
                .orElseThrow();
    }

    private static BridgeDefinition bridge(String protocol) {
        Map<String, String> lines = new TreeMap<>(LINES);
        lines.put("server", "mqtt://far");
        lines.put("protocol", protocol);
        BridgeReader.Result read = BridgeReader.read("b", lines);
        assertThat(read.errors()).isEmpty();
        return read.definition().orElseThrow();
    }
}
