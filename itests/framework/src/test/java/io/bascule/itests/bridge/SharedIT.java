/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.itests.bridge;

import static io.bascule.itests.support.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import io.bascule.api.BridgeStatus;
import io.bascule.itests.client.Version;
import io.bascule.itests.peers.MosquittoProcess;
import io.bascule.itests.support.Flow;
import io.bascule.itests.support.InFramework;
import java.io.IOException;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.junit.Test;

/** Two bridges that share what there is to do, with Mosquitto on the other side. */
public class SharedIT extends InFramework {
    private static final Duration TO_ARRIVE = Duration.ofSeconds(30);

    @Test(timeout = 120_000)
    public void aMessageOfTheRemoteBrokerComesOverOneOfThem() throws Exception {
        sharing("subscribe.in", "$share/gateways/in/# -> here/{#}", false);
    }

    @Test(timeout = 120_000)
    public void aMessageOfThisBrokerGoesOverOneOfThem() throws Exception {
        sharing("forward.out", "$share/gateways/out/# -> there/{#}", true);
    }

    private void sharing(String key, String rule, boolean out) throws Exception {
        int local = openListener("local");
        try (MosquittoProcess remote = MosquittoProcess.start()) {
            bridge("one", remote, key, rule);
            bridge("two", remote, key, rule);
            Flow.Way way = out
                    ? new Flow.Way(local, "out/x", remote.port(), "there/x")
                    : new Flow.Way(remote.port(), "in/x", local, "here/x");
            try (Flow flow = new Flow("shared", Version.MQTT_5, 1, way)) {
                flow.start(300);
                flow.awaitMore(500);
                flow.stop();
                // Each of the two keeps the order of what it carries.
                eventually(TO_ARRIVE, () -> assertThat(flow.books().lost()).isZero());
                assertThat(flow.books().duplicates()).isZero();
            }
            assertThat(forwarded("one")).isPositive();
            assertThat(forwarded("two")).isPositive();
        }
    }

    private void bridge(String name, MosquittoProcess remote, String key, String rule) throws IOException {
        Map<String, String> properties = new HashMap<>();
        properties.put("server", "mqtt://127.0.0.1:" + remote.port());
        properties.put("client.id", name);
        properties.put(key, rule);
        configureBridge(name, properties);
        awaitConnected(name);
    }

    private long forwarded(String name) {
        return bridge(name).orElseThrow().routes().stream()
                .mapToLong(BridgeStatus.Route::forwarded)
                .sum();
    }
}
