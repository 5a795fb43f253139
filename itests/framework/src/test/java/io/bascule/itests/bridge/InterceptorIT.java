/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.itests.bridge;

import static io.bascule.itests.support.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import io.bascule.api.BridgeStatus;
import io.bascule.itests.client.Client;
import io.bascule.itests.client.ConnectOptions;
import io.bascule.itests.client.Version;
import io.bascule.itests.peers.MosquittoProcess;
import io.bascule.itests.support.InFramework;
import io.bascule.mqtt.Message;
import io.bascule.mqtt.Topic;
import io.bascule.spi.BridgeInterceptor;
import java.util.Hashtable;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.Test;
import org.osgi.framework.Constants;
import org.osgi.framework.ServiceRegistration;

/** Services that change what crosses a bridge, with Mosquitto on the other side. */
public class InterceptorIT extends InFramework {

    @Test(timeout = 120_000)
    public void changesWhatCrossesTheBridgeThatItIsForAsLongAsItIsThere() throws Exception {
        List<String> arrived = new CopyOnWriteArrayList<>();
        int local = openListener("local");
        try (MosquittoProcess remote = MosquittoProcess.start();
                Client far = Client.connect(
                        ConnectOptions.of(Version.MQTT_5, remote.port(), "far"),
                        message -> arrived.add(message.topic() + " " + message.text()));
                Client near = Client.connect(Version.MQTT_5, local, "near")) {
            far.subscribe("there/#", 1);
            configureBridge("b", BridgeContract.bridgeTo(remote, Version.MQTT_5));
            awaitConnected("b");
            ServiceRegistration<?> second = register(0, "b", "2");
            ServiceRegistration<?> first = register(7, "b", "1");
            ServiceRegistration<?> others = register(9, "another", "x");

            near.publish("out/a", 1, "m");
            eventually(() -> assertThat(arrived).containsExactly("there/a/1/2 m"));
            near.publish("out/drop", 1, "m");
            first.unregister();
            near.publish("out/a", 1, "m");
            eventually(() -> assertThat(arrived).containsExactly("there/a/1/2 m", "there/a/2 m"));
            second.unregister();
            others.unregister();
            near.publish("out/a", 1, "m");
            eventually(() -> assertThat(arrived).endsWith("there/a m"));
            BridgeStatus.Route out = bridge("b").orElseThrow().routes().stream()
                    .filter(route -> route.name().equals("out"))
                    .findFirst()
                    .orElseThrow();
            assertThat(out.dropped()).containsExactly(Map.entry("intercepted", 1L));
            balances("b");
        }
    }

    private ServiceRegistration<?> register(int ranking, String bridge, String level) {
        BridgeInterceptor interceptor = (way, message) ->
                message.topic().name().endsWith("drop") ? Optional.empty() : Optional.of(appended(message, level));
        return context.registerService(
                BridgeInterceptor.class,
                interceptor,
                new Hashtable<>(Map.of(Constants.SERVICE_RANKING, ranking, BridgeInterceptor.BRIDGE, bridge)));
    }

    private static Message appended(Message message, String level) {
        return message.withTopic(Topic.of(message.topic() + "/" + level));
    }
}
