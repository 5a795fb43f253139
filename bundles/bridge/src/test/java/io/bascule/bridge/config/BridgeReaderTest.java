/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.bridge.config;

import static org.assertj.core.api.Assertions.assertThat;

import io.bascule.api.QueueLimits;
import io.bascule.bridge.route.Route;
import io.bascule.mqtt.MqttVersion;
import io.bascule.transport.Proxy;
import io.bascule.transport.TcpOptions;
import io.bascule.transport.TlsOptions;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.OptionalLong;
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

        assertThat(definition.servers().first()).isEqualTo(new Server(Server.Scheme.MQTT, "broker.example", 1883, ""));
        assertThat(definition.clientId()).isEqualTo("bascule-emqx");
        assertThat(definition.localClientId()).isEqualTo("bridge:emqx");
        assertThat(definition.keepAlive()).isEqualTo(Duration.ofSeconds(60));
        assertThat(definition.cleanStart()).isFalse();
        assertThat(definition.protocols()).containsExactly(MqttVersion.MQTT_5);
    }

    @Test
    void sendsLessAtATimeToABrokerThatCannotSayWhatItBears() {
        Map<String, String> file = new HashMap<>(Map.of("server", "mqtt://h", "forward.all", "#"));
        assertThat(valid(file).receiveMaximum(MqttVersion.MQTT_5)).isEqualTo(1024);
        assertThat(valid(file).receiveMaximum(MqttVersion.MQTT_3_1_1)).isEqualTo(20);
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

        assertThat(definition.servers().first()).hasToString("mqtt://[::1]:1884");
        assertThat(definition.password()).contains(new Secret("p"));
        assertThat(definition.receiveMaximum(MqttVersion.MQTT_5)).isEqualTo(20);
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
    void readsSeveralServers() {
        Servers servers = valid(file("server", "mqtts://a, wss://b:8443/mqtt ,mqtts://[::1]"))
                .servers();

        assertThat(servers.all()).hasToString("[mqtts://a:8883, wss://b:8443/mqtt, mqtts://[::1]:8883]");
        assertThat(servers.roundRobin()).isFalse();
        assertThat(servers.failbackInterval()).isEqualTo(Duration.ofSeconds(60));
    }

    @Test
    void saysWhichServerIsWrong() {
        assertThat(errorsOf("server", "mqtt://a, tcp://b")).startsWith("server: address 2 does not begin with mqtt://");
        assertThat(errorsOf("server", "mqtt://a,")).startsWith("server: address 2 does not begin with mqtt://");
        assertThat(errorsOf("server", "mqtt://a, mqtt://b, ws://a"))
                .startsWith("server: address 3 is the same broker as mqtt://a:1883");
        assertThat(errorsOf("server", "mqtts://a, mqtt://b"))
                .startsWith("server: address 2 is not over TLS and mqtts://a:8883 is");
        assertThat(errorsOf("server", "mqtt://a" + ", mqtt://b".repeat(16)))
                .startsWith("server: has 17 addresses, of which at most 16 may be");
        assertThat(errorsOf("server", "mqtt://a", "failback.interval", "5s", "round.robin", "true"))
                .isEqualTo("failback.interval: is of no use with round.robin, which prefers no server");
    }

    private static String errorsOf(String... lines) {
        return String.join("; ", BridgeReader.read("x", file(lines)).errors());
    }

    @Test
    void refusesAFileThatHasLostItsRoutesOrItsServer() {
        assertThat(BridgeReader.read("x", Map.of("server", "mqtt://h")).errors())
                .hasSize(1);
        assertThat(BridgeReader.read("x", Map.of("forward.a", "a")).errors())
                .containsExactly("server: is missing; allowed is " + Server.ALLOWED);
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

    // ---------------------------------------------------------------- the way to the remote broker

    private static final Map<String, String> ANY_ROUTE = Map.of("forward.all", "#");

    private static Map<String, String> file(String... keysAndValues) {
        Map<String, String> file = new HashMap<>(ANY_ROUTE);
        for (int i = 0; i < keysAndValues.length; i += 2) {
            file.put(keysAndValues[i], keysAndValues[i + 1]);
        }
        return file;
    }

    private static List<String> errors(String... keysAndValues) {
        return BridgeReader.read("cloud", file(keysAndValues)).errors();
    }

    @Test
    void knowsFourWaysToCarryMqtt() {
        assertThat(valid(file("server", "mqtts://h")).servers().first()).hasToString("mqtts://h:8883");
        assertThat(valid(file("server", "ws://h")).servers().first()).hasToString("ws://h:80/mqtt");
        assertThat(valid(file("server", "wss://[::1]:8443/a/b?c=d")).servers().first())
                .hasToString("wss://[::1]:8443/a/b?***");
        assertThat(valid(file("server", "MQTT://h/")).servers().first()).hasToString("mqtt://h:1883");
        assertThat(errors("server", "mqtt://h/mqtt")).singleElement().asString().contains("only WebSockets have");
        assertThat(errors("server", "http://h")).singleElement().asString().contains("does not begin with");
        assertThat(errors("server", "wss://u:hunter2@h"))
                .singleElement()
                .asString()
                .doesNotContain("hunter2");
    }

    @Test
    void readsHowTlsIsToBe() {
        assertThat(valid(file("server", "mqtt://h")).tls()).isEmpty();
        TlsOptions plain = valid(file("server", "mqtts://h")).tls().orElseThrow();
        assertThat(plain.authorities()).isEmpty();
        assertThat(plain.identity()).isEmpty();
        assertThat(plain.versions()).containsExactly("TLSv1.3", "TLSv1.2");
        assertThat(plain.verifiesHostName()).isTrue();

        TlsOptions all = valid(file(
                        "server", "wss://h",
                        "tls.ca", "ca.pem",
                        "tls.certificate", "own.pem",
                        "tls.key", "own.key",
                        "tls.key.password", "p",
                        "tls.version.min", "1.3",
                        "tls.alpn", "x-amzn-mqtt-ca, mqtt",
                        "tls.server.name", "a.example",
                        "tls.verify.hostname", "false"))
                .tls()
                .orElseThrow();
        assertThat(all.authorities()).hasValue(Path.of("ca.pem"));
        assertThat(all.identity().orElseThrow().files()).containsExactly(Path.of("own.pem"), Path.of("own.key"));
        assertThat(all.versions()).containsExactly("TLSv1.3");
        assertThat(all.applicationProtocols()).containsExactly("x-amzn-mqtt-ca", "mqtt");
        assertThat(all.serverName()).hasValue("a.example");
        assertThat(all.verifiesHostName()).isFalse();
    }

    @Test
    void refusesHalfOfAnIdentityAndTlsForAServerWithout() {
        assertThat(errors("server", "mqtts://h", "tls.certificate", "own.pem"))
                .singleElement()
                .asString()
                .startsWith("tls.key: is missing");
        assertThat(errors("server", "mqtt://h", "tls.ca", "ca.pem"))
                .containsExactly(
                        "tls.ca: is of no use without TLS; allowed is a server that begins with mqtts:// or wss://");
        assertThat(errors("server", "mqtts://h", "tls.cert", "own.pem"))
                .singleElement()
                .asString()
                .contains("is not a key")
                .contains("tls.ca");
        assertThat(errors("server", "mqtts://h", "tls.alpn", "a,,b")).hasSize(1);
        assertThat(errors("server", "mqtts://h", "tls.version.min", "1.1")).hasSize(1);
        assertThat(errors("server", "mqtts://h", "tls.server.name", "a b")).hasSize(1);
    }

    @Test
    void readsTheProxy() {
        Proxy proxy = valid(file(
                        "server", "mqtt://h",
                        "proxy", "socks5://[::1]:1080",
                        "proxy.user", "u",
                        "proxy.password", "hunter2"))
                .proxy()
                .orElseThrow();
        assertThat(proxy.kind()).isEqualTo(Proxy.Kind.SOCKS5);
        assertThat(proxy).hasToString("[::1]:1080");
        assertThat(proxy.user().orElseThrow().password()).isEqualTo("hunter2");
        assertThat(valid(file("server", "mqtt://h", "proxy", "http://p:3128")).toString())
                .doesNotContain("hunter2");

        assertThat(errors("server", "mqtt://h", "proxy", "http://p"))
                .containsExactly("proxy: is no kind, host and port; allowed is http://<host>:<port> or"
                        + " socks5://<host>:<port>");
        assertThat(errors("server", "mqtt://h", "proxy", "https://p:1")).hasSize(1);
        assertThat(errors("server", "mqtt://h", "proxy", "http://u:hunter2@p:1"))
                .singleElement()
                .asString()
                .doesNotContain("hunter2");
        assertThat(errors("server", "mqtt://h", "proxy.user", "u", "proxy.password", "p"))
                .containsExactly(
                        "proxy.user: is of no use without proxy", "proxy.password: is of no use without proxy");
        assertThat(errors("server", "mqtt://h", "proxy", "http://p:1", "proxy.user", "u"))
                .containsExactly("proxy.password: belongs to proxy.user; allowed is both or neither");
    }

    @Test
    void readsWhatIsAskedOfTheSocket() {
        assertThat(valid(file("server", "mqtt://h")).tcp()).isEqualTo(TcpOptions.NONE);
        TcpOptions tcp = valid(file(
                        "server", "mqtt://h",
                        "bind.address", "::1",
                        "tcp.keepalive", "30s",
                        "tcp.user.timeout", "20s"))
                .tcp();
        assertThat(tcp.bindAddress().orElseThrow().getHostAddress()).isEqualTo("0:0:0:0:0:0:0:1");
        assertThat(tcp.keepAlive()).hasValue(Duration.ofSeconds(30));
        assertThat(tcp.userTimeout()).hasValue(Duration.ofSeconds(20));

        assertThat(errors("server", "mqtt://h", "bind.address", "eth0")).hasSize(1);
        assertThat(errors("server", "mqtt://h", "bind.address", "localhost")).hasSize(1);
        assertThat(errors("server", "mqtt://h", "bind.address", "1.2.3")).hasSize(1);
        assertThat(errors("server", "mqtt://h", "tcp.keepalive", "1500ms")).hasSize(1);
        assertThat(errors("server", "mqtt://h", "tcp.user.timeout", "2d")).hasSize(1);
    }

    @Test
    void readsRates() {
        BridgeDefinition free = valid(file("server", "mqtt://h"));
        assertThat(free.sendRates().isUnbounded()).isTrue();
        assertThat(free.backlogRates().isUnbounded()).isTrue();
        assertThat(free.topicAliasMaximum()).isEqualTo(64);

        BridgeDefinition held = valid(file("server", "mqtt://h", "send.byte.rate", "64KiB", "backlog.rate", "100"));
        assertThat(held.sendRates()).isEqualTo(new Rates(OptionalInt.empty(), OptionalLong.of(65_536)));
        assertThat(held.backlogRates()).isEqualTo(new Rates(OptionalInt.of(100), OptionalLong.empty()));
        assertThat(errors("server", "mqtt://h", "send.rate", "0")).hasSize(1);
        assertThat(errors("server", "mqtt://h", "send.byte.rate", "1B")).hasSize(1);
    }

    @Test
    void takesTwoEntrancesForOneBroker() {
        Server plain = valid(file("server", "mqtt://h")).servers().first();
        assertThat(plain.isSameBroker(
                        valid(file("server", "mqtts://h")).servers().first()))
                .isTrue();
        assertThat(valid(file("server", "ws://h/a"))
                        .servers()
                        .first()
                        .isSameBroker(
                                valid(file("server", "ws://h/b")).servers().first()))
                .isTrue();
        assertThat(plain.isSameBroker(
                        valid(file("server", "MQTT://H")).servers().first()))
                .isTrue();
        assertThat(valid(file("server", "mqtt://[FE80::1%enP8p1s0]"))
                        .servers()
                        .first()
                        .host())
                .isEqualTo("fe80::1%enP8p1s0");
        assertThat(plain.isSameBroker(
                        valid(file("server", "mqtt://h:1884")).servers().first()))
                .isFalse();
        assertThat(plain.isSameBroker(
                        valid(file("server", "mqtts://other")).servers().first()))
                .isFalse();
        assertThat(valid(file("server", "mqtt://h"))
                        .has(valid(file("server", "wss://h")).remoteIdentities().get(0)))
                .isTrue();
    }

    @Test
    void showsNoQuery() {
        String secret = "wss://h/mqtt?token=hunter2";
        assertThat(valid(file("server", secret)).servers().first())
                .hasToString("wss://h:443/mqtt?***")
                .extracting(Server::path)
                .isEqualTo("/mqtt?token=hunter2");
        assertThat(Asked.of(file("server", secret)).toString()).doesNotContain("hunter2");
        assertThat(errors("server", "wss://h:0/mqtt?token=hunter2").toString()).doesNotContain("hunter2");
    }
}
