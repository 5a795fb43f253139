/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.bridge.config;

import static org.assertj.core.api.Assertions.assertThat;

import io.bascule.api.QueueLimits;
import io.bascule.bridge.route.Route;
import io.bascule.mqtt.MqttVersion;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class BridgeReaderTest {

    @Test
    void namesWhoSaysWhatItMayDo() {
        Map<String, String> file = new HashMap<>(Map.of("server", "mqtt://h", "forward.all", "#"));
        assertThat(valid(file).authorizers()).isEmpty();
        file.put("authorizers", "plant , office,plant");
        assertThat(valid(file).authorizers()).hasValue(List.of("plant", "office"));
        file.put("authorizers", "none");
        assertThat(valid(file).authorizers()).hasValue(List.of());
        file.put("authorizers", "plant,none");
        assertThat(BridgeReader.read("cloud", file).errors())
                .containsExactly("authorizers: plant,none is not that; allowed is none, or names separated by commas");
    }

    @Test
    void takesDefaultsForAllButServerAndRoutes() {
        BridgeDefinition definition = valid(Map.of("server", "mqtt://broker.example", "forward.all", "#"));

        assertThat(definition.server()).isEqualTo(new Server("broker.example", 1883));
        assertThat(definition.clientId()).isEqualTo("bascule-emqx");
        assertThat(definition.localClientId()).isEqualTo("bridge:emqx");
        assertThat(definition.keepAlive()).isEqualTo(Duration.ofSeconds(60));
        assertThat(definition.cleanStart()).isFalse();
        assertThat(definition.protocol()).isEqualTo(MqttVersion.MQTT_5);
    }

    @Test
    void sendsLessAtATimeToABrokerThatCannotSayWhatItBears() {
        Map<String, String> file = new HashMap<>(Map.of("server", "mqtt://h", "forward.all", "#"));
        assertThat(valid(file).receiveMaximum()).isEqualTo(1024);

        file.put("protocol", "3.1.1");
        assertThat(valid(file).receiveMaximum()).isEqualTo(20);
    }

    @Test
    void hasAQueueOfItsOwnWhereOneKeySaysSo() {
        Map<String, String> file = new HashMap<>(Map.of("server", "mqtt://h", "forward.all", "#"));
        assertThat(valid(file).queue()).isEmpty(); // the broker's limits hold

        file.put("queue.age", "2h");
        assertThat(valid(file).queue())
                .contains(new QueueLimits(100_000, 256 << 20, Duration.ofHours(2), QueueLimits.Overflow.DROP_NEWEST));

        file.putAll(Map.of("queue.messages", "7", "queue.bytes", "1KiB", "queue.policy", "drop-oldest"));
        assertThat(valid(file).queue())
                .contains(new QueueLimits(7, 1024, Duration.ofHours(2), QueueLimits.Overflow.DROP_OLDEST));

        file.put("queue.policy", "block");
        assertThat(valid(file).queue().orElseThrow().overflow()).isEqualTo(QueueLimits.Overflow.BLOCK);
    }

    @Test
    void readsEveryKey() {
        BridgeDefinition definition = valid(Map.ofEntries(
                Map.entry("server", "mqtt://[::1]:1884"),
                Map.entry("client.id", "gateway-7"),
                Map.entry("user", "u"),
                Map.entry("password", "p"),
                Map.entry("keepalive", "5s"),
                Map.entry("clean.start", "true"),
                Map.entry("protocol", "3.1.1"),
                Map.entry("reconnect.min", "100ms"),
                Map.entry("reconnect.max", "1s"),
                Map.entry("connect.timeout", "2s"),
                Map.entry("receive.maximum", "20"),
                Map.entry("receive.rate", "1000000"),
                Map.entry("hops.maximum", "1"),
                Map.entry("max.packet.size", "1MiB"),
                Map.entry("forward.b", "b/# -> x/{#}"),
                Map.entry("forward.a", "a/#"),
                Map.entry("subscribe.c", "c/#"),
                Map.entry("felix.fileinstall.filename", "file:/etc/x.cfg")));

        assertThat(definition.server()).hasToString("mqtt://[::1]:1884");
        assertThat(definition.password()).contains(new Secret("p"));
        assertThat(definition.receiveMaximum()).isEqualTo(20);
        assertThat(definition.receiveRate()).isEqualTo(1_000_000);
        assertThat(definition.routes()).extracting(Route::key).containsExactly("forward.a", "forward.b", "subscribe.c");
        assertThat(definition.toString()).contains("***");
    }

    @Test
    void collectsEveryError() {
        BridgeReader.Result result = BridgeReader.read(
                "emqx",
                Map.of(
                        "server", "tcp://localhost",
                        "keepalive", "1500ms",
                        "protocol", "3.1",
                        "keep.alive", "60s",
                        "reconnect.min", "2m",
                        "forward.a", "a/+ -> {3}",
                        "both.x", "x/# -> y"));

        assertThat(result.definition()).isEmpty();
        assertThat(result.errors())
                .anyMatch(error -> error.startsWith("server: does not begin with mqtt://"))
                .anyMatch(error -> error.startsWith("keepalive: is not a whole number of seconds"))
                .anyMatch(error -> error.startsWith("protocol: ") && error.contains("3.1.1, 5.0"))
                .anyMatch(error -> error.equals("keep.alive: is not a key; did you mean keepalive?"))
                .anyMatch(error -> error.startsWith("reconnect.max: "))
                .anyMatch(error -> error.startsWith("forward.a: {3} names level 3"))
                .anyMatch(error -> error.startsWith("both.x: "))
                .hasSize(7);
    }

    @Test
    void refusesAFileThatHasLostItsRoutesOrItsServer() {
        assertThat(BridgeReader.read("x", Map.of("server", "mqtt://h")).errors())
                .hasSize(1);
        assertThat(BridgeReader.read("x", Map.of("forward.a", "a")).errors())
                .containsExactly("server: is missing; allowed is mqtt://<host> or mqtt://<host>:<port>");
        assertThat(BridgeReader.read("x", Map.of()).errors()).hasSize(2);
    }

    @Test
    void refusesTheSameFilterInTwoRoutesOfOneDirection() {
        Map<String, String> file = new HashMap<>(Map.of("server", "mqtt://h", "forward.a", "x/#", "forward.b", "x/#"));
        assertThat(BridgeReader.read("x", file).errors())
                .containsExactly("forward.b: x/# stands in forward.a as well; allowed is one of them");

        file.remove("forward.b");
        file.put("subscribe.b", "x/#");
        assertThat(BridgeReader.read("x", file).errors()).isEmpty();
    }

    @Test
    void readsARouteOfBothDirectionsAsTwo() {
        BridgeDefinition definition = valid(Map.of(
                "server", "mqtt://h",
                "forward.z", "z",
                "subscribe.a", "a",
                "both.x", "x/+ -> {2}/y qos=1"));

        assertThat(definition.routes())
                .extracting(Route::key)
                .containsExactly("forward.x", "forward.z", "subscribe.a", "subscribe.x");
        assertThat(definition.routes())
                .extracting(Route::rule)
                .containsExactly("x/+ -> {2}/y qos=1", "z", "a", "+/y -> x/{1} qos=1");
    }

    @Test
    void refusesARouteThatIsSaidTwice() {
        Map<String, String> file = Map.of("server", "mqtt://h", "both.x", "x/#", "subscribe.x", "y/#");

        assertThat(BridgeReader.read("x", file).errors())
                .contains("subscribe.x: is said by both.x as well; rename one of them");
    }

    @Test
    void neverShowsASecret() {
        Map<String, String> file =
                Map.of("server", "mqtt://me:hunter2@h", "passwrd", "hunter2", "password", "hunter2", "forward.a", "a");

        assertThat(BridgeReader.read("x", file).errors()).isNotEmpty().noneMatch(error -> error.contains("hunter2"));
        assertThat(Asked.of(file).against(Asked.of(Map.of())))
                .contains("server")
                .doesNotContain("hunter2");
    }

    @Test
    void saysWhatAnInvalidFileChanges() {
        Asked inForce = Asked.of(Map.of("server", "mqtt://h", "keepalive", "60s"));
        Asked asked = Asked.of(Map.of("server", "mqtt://h", "keepalive", "6", "user", "u"));

        assertThat(asked.against(inForce)).isEqualTo("keepalive = 6 (in force: 60s), user = u (in force: nothing)");
    }

    private static BridgeDefinition valid(Map<String, String> properties) {
        BridgeReader.Result result = BridgeReader.read("emqx", properties);
        assertThat(result.errors()).isEmpty();
        return result.definition().orElseThrow();
    }
}
