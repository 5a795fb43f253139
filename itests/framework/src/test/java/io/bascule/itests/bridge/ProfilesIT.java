/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.itests.bridge;

import static io.bascule.itests.support.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import io.bascule.itests.client.Client;
import io.bascule.itests.client.Version;
import io.bascule.itests.peers.PickyRemote;
import io.bascule.itests.support.InFramework;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.Test;

/** Services that close the connection over what they do not take, and do not say so before. */
public class ProfilesIT extends InFramework {
    private static final int MESSAGES = 50;
    private static final String MANY_FILTERS =
            IntStream.range(0, 19).mapToObj(i -> "in/" + i).collect(Collectors.joining(", "));

    @Test(timeout = 120_000)
    public void aServiceThatTakesEightFiltersAndNoQos2() throws Exception {
        try (PickyRemote remote = new PickyRemote(8, true)) {
            crosses("aws-iot", remote);
            assertThat(remote.subscribed()).containsExactly(8, 8, 3);
        }
    }

    @Test(timeout = 120_000)
    public void aServiceThatTakesNeitherQos2NorRetain() throws Exception {
        try (PickyRemote remote = new PickyRemote(10, false)) {
            crosses("azure-eventgrid", remote);
            assertThat(remote.subscribed()).containsExactly(10, 9);
        }
    }

    private void crosses(String profile, PickyRemote remote) throws Exception {
        Map<String, String> properties = bridgeTo(remote, profile, "");
        properties.put("profile", profile);
        properties.put("subscribe.in", MANY_FILTERS);
        configureBridge(profile, properties);
        awaitConnected(profile);

        publish(profile);

        eventually(() -> assertThat(remote.received()).isEqualTo(numbers()));
        assertThat(remote.offences()).isEmpty();
        balances(profile);
    }

    @Test(timeout = 120_000)
    public void aServiceThatTakesEightLevels() throws Exception {
        try (PickyRemote remote = new PickyRemote(8, true)) {
            remote.takeLevels(8);
            Map<String, String> properties = bridgeTo(remote, "deep", "");
            properties.put("profile", "aws-iot");
            configureBridge("deep", properties);
            awaitConnected("deep");

            publishDeep();
            publish("deep");

            eventually(() -> assertThat(remote.received()).isEqualTo(numbers()));
            assertThat(remote.offences()).isEmpty();
            assertThat(bridge("deep").orElseThrow().routes().get(0).dropped()).isEqualTo(Map.of("too-large", 1L));
            balances("deep");
        }
    }

    /** A control. */
    @Test(timeout = 120_000)
    public void withoutTheProfileItClosesTheConnectionOverLevels() throws Exception {
        try (PickyRemote remote = new PickyRemote(8, true)) {
            remote.takeLevels(8);
            configureBridge("deep", bridgeTo(remote, "deep", "qos=1"));
            awaitConnected("deep");
            publishDeep();
            eventually(() -> assertThat(remote.offences()).contains("9 levels"));
            eventually(() -> assertThat(bridge("deep").orElseThrow().lastError().orElse(""))
                    .contains(" times in a row after the message to there/2/3/4/5/6/7/8/9: "));
        }
    }

    private void publishDeep() throws Exception {
        try (Client near = Client.connect(Version.MQTT_5, openListener("deep"), "deep")) {
            near.publish("deep/2/3/4/5/6/7/8/9", 1, "too deep");
        }
    }

    /** Another. */
    @Test(timeout = 120_000)
    public void withoutTheProfileItClosesTheConnectionOverFilters() throws Exception {
        try (PickyRemote remote = new PickyRemote(8, true)) {
            Map<String, String> properties = bridgeTo(remote, "filters", "");
            properties.put("subscribe.in", MANY_FILTERS);
            configureBridge("filters", properties);
            eventually(() -> assertThat(remote.offences()).contains("19 filters"));
        }
    }

    /** And another. */
    @Test(timeout = 120_000)
    public void withoutTheProfileItClosesTheConnectionOverQos2() throws Exception {
        closesTheConnection("qos", "qos=2", "QoS 2");
    }

    /** And another. */
    @Test(timeout = 120_000)
    public void withoutTheProfileItClosesTheConnectionOverRetain() throws Exception {
        closesTheConnection("retain", "qos=1", "RETAIN");
    }

    private void closesTheConnection(String name, String option, String offence) throws Exception {
        try (PickyRemote remote = new PickyRemote(8, false)) {
            configureBridge(name, bridgeTo(remote, name, option));
            awaitConnected(name);
            publish(name);
            eventually(() -> assertThat(remote.offences()).contains(offence));
            assertThat(remote.received()).isEmpty();
        }
    }

    /** Each takes a topic of its own, since what is retained stays. */
    private static Map<String, String> bridgeTo(PickyRemote remote, String name, String option) {
        return new HashMap<>(Map.of(
                "server",
                "mqtt://127.0.0.1:" + remote.port(),
                "reconnect.min",
                "50ms",
                "reconnect.max",
                "200ms",
                "forward.out",
                name + "/# -> there/{#} " + option));
    }

    /** Retained, and with QoS 2. */
    private void publish(String name) throws Exception {
        int local = openListener("local");
        try (Client near = Client.connect(Version.MQTT_5, local, "near")) {
            CompletableFuture<?>[] published = numbers().stream()
                    .map(text -> near.publish(name + "/x", 2, true, text.getBytes(StandardCharsets.UTF_8)))
                    .toArray(CompletableFuture[]::new);
            CompletableFuture.allOf(published).get(30, TimeUnit.SECONDS);
        }
    }

    private static List<String> numbers() {
        return IntStream.range(0, MESSAGES).mapToObj(String::valueOf).toList();
    }
}
