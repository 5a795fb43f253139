/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.itests.bridge;

import static io.bascule.itests.support.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import io.bascule.itests.client.Client;
import io.bascule.itests.client.ConnectOptions;
import io.bascule.itests.client.Version;
import io.bascule.itests.peers.MosquittoProcess;
import io.bascule.itests.support.InFramework;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.junit.Test;

/** How long Mosquitto keeps the session of a bridge. */
public class SessionExpiryIT extends InFramework {

    @Test(timeout = 120_000)
    public void endsTheRemoteSessionAfterTheTimeThatTheFileSays() throws Exception {
        int local = openListener("local");
        List<String> arrived = new CopyOnWriteArrayList<>();
        try (MosquittoProcess remote = MosquittoProcess.start("log_type all");
                Client far = Client.connect(Version.MQTT_5, remote.port(), "far");
                Client near = Client.connect(
                        ConnectOptions.of(Version.MQTT_5, local, "near"), message -> arrived.add(message.text()))) {
            near.subscribe("here/#", 1);
            bridge("short", remote, Map.of("session.expiry", "1s"));
            bridge("long", remote, Map.of());
            for (String name : List.of("short", "long")) {
                control(name).stop().toCompletableFuture().get(10, TimeUnit.SECONDS);
                far.publish("in/" + name, 1, name);
            }
            eventually(() -> assertThat(remote.log()).anyMatch(line -> line.contains("Expiring client bascule-short")));
            for (String name : List.of("short", "long")) {
                control(name).start().toCompletableFuture().get(10, TimeUnit.SECONDS);
                awaitConnected(name);
                far.publish("in/" + name, 1, name + " again");
            }

            eventually(() -> assertThat(arrived).contains("short again", "long again"));
            assertThat(arrived).containsExactlyInAnyOrder("long", "long again", "short again");
        }
    }

    private void bridge(String name, MosquittoProcess remote, Map<String, String> more) throws Exception {
        Map<String, String> properties = new HashMap<>(more);
        properties.put("server", "mqtt://127.0.0.1:" + remote.port());
        properties.put("subscribe.in", "in/" + name + " -> here/" + name);
        configureBridge(name, properties);
        awaitConnected(name);
    }
}
