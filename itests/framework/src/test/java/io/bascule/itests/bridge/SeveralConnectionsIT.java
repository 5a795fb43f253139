/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.itests.bridge;

import static io.bascule.itests.support.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import io.bascule.api.BridgeStatus;
import io.bascule.itests.client.Client;
import io.bascule.itests.client.Version;
import io.bascule.itests.peers.MosquittoProcess;
import io.bascule.itests.support.Flow;
import io.bascule.itests.support.InFramework;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.Test;

/** A bridge that makes several connections to Mosquitto. */
public class SeveralConnectionsIT extends InFramework {
    private static final Pattern RECEIVED =
            Pattern.compile("Received PUBLISH from (\\S+) \\(d\\d, q\\d, r\\d, m\\d+, '([^']+)'");
    private static final Duration TO_ARRIVE = Duration.ofSeconds(30);
    private static final int RATE = 200;

    @Test(timeout = 120_000)
    public void eachTopicHasItsConnectionAndEachConnectionSomeOfThem() throws Exception {
        int local = openListener("local");
        try (MosquittoProcess remote = MosquittoProcess.start("log_type all");
                Client near = Client.connect(Version.MQTT_5, local, "near")) {
            configureBridge("b", several(remote, 4));
            awaitConnected("b");
            for (int i = 0; i < 300; i++) {
                near.publish("out/" + i % 50, 1, String.valueOf(i));
            }

            eventually(() -> assertThat(published(remote)).hasSize(300));
            Map<String, Set<String>> byTopic = new HashMap<>();
            Set<String> clientIds = new HashSet<>();
            for (Published each : published(remote)) {
                byTopic.computeIfAbsent(each.topic(), absent -> new HashSet<>()).add(each.clientId());
                clientIds.add(each.clientId());
            }
            assertThat(clientIds).containsExactlyInAnyOrder("gateway", "gateway:2", "gateway:3", "gateway:4");
            assertThat(byTopic)
                    .hasSize(50)
                    .allSatisfy((topic, connections) ->
                            assertThat(connections).as(topic).hasSize(1));
        }
    }

    private record Published(String clientId, String topic) {}

    private static List<Published> published(MosquittoProcess remote) {
        List<Published> all = new ArrayList<>();
        for (String line : remote.log()) {
            Matcher matcher = RECEIVED.matcher(line);
            if (matcher.find()) {
                all.add(new Published(matcher.group(1), matcher.group(2)));
            }
        }
        return all;
    }

    /** Mosquitto takes 20 at a time over each, so that messages wait for their connection. */
    @Test(timeout = 300_000)
    public void keepsTheOrderOfEachTopicWhileTheirNumberChanges() throws Exception {
        int local = openListener("local");
        try (MosquittoProcess remote = MosquittoProcess.start()) {
            configureBridge("b", several(remote, 4));
            awaitConnected("b");
            List<Flow> flows = new ArrayList<>();
            try {
                for (int i = 0; i < 4; i++) {
                    flows.add(flow("one " + i, 1, local, "out/one/" + i, remote.port(), "there/one/" + i));
                }
                flows.add(flow("two", 2, local, "out/two", remote.port(), "there/two"));
                flows.forEach(flow -> flow.start(RATE));
                for (int connections : new int[] {2, 3, 1, 4, 16, 2, 1, 4}) {
                    flows.forEach(flow -> flow.awaitMore(20));
                    Instant before = Instant.now();
                    configureBridge("b", several(remote, connections));
                    eventually(
                            "the bridge is connected again",
                            () -> bridge("b")
                                    .filter(status -> status.state() == BridgeStatus.State.CONNECTED)
                                    .filter(status -> status.since().isAfter(before))
                                    .isPresent());
                }
                flows.forEach(flow -> flow.awaitMore(20));
                flows.forEach(Flow::stop);
                for (Flow flow : flows) {
                    flow.awaitComplete(TO_ARRIVE);
                    System.out.println("Several connections, " + flow);
                }
                flows.get(4).awaitExact(TO_ARRIVE);
            } finally {
                flows.forEach(Flow::close);
            }
        }
    }

    private static Flow flow(String name, int qos, int fromPort, String topic, int toPort, String filter) {
        return new Flow(name, Version.MQTT_5, qos, new Flow.Way(fromPort, topic, toPort, filter));
    }

    private static Map<String, String> several(MosquittoProcess remote, int connections) {
        Map<String, String> properties = new HashMap<>();
        properties.put("server", "mqtt://127.0.0.1:" + remote.port());
        properties.put("client.id", "gateway");
        properties.put("connections", String.valueOf(connections));
        properties.put("forward.out", "out/# -> there/{#}");
        return properties;
    }
}
