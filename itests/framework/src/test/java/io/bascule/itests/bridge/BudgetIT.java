/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.itests.bridge;

import static io.bascule.itests.support.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import io.bascule.api.BridgeStatus;
import io.bascule.itests.client.Client;
import io.bascule.itests.client.ConnectOptions;
import io.bascule.itests.client.Received;
import io.bascule.itests.client.Version;
import io.bascule.itests.peers.MosquittoProcess;
import io.bascule.itests.support.InFramework;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.Test;
import org.osgi.framework.Bundle;

/** A bridge to Mosquitto that may send so much a day. */
public class BudgetIT extends InFramework {
    private static final int MESSAGES = 100;
    private static final int SIZE = 1000;
    /** Each is a topic, there/x, and a payload. */
    private static final int SENT = (64 << 10) / (SIZE + 7) + 1;

    private final List<Received> far = new CopyOnWriteArrayList<>();

    /** Through an edit of the file, which opens another instance, and a restart of the bundle, which reads its data area. */
    @Test(timeout = 180_000)
    public void sendsWhatItMayAndTheRestWhenItMayMore() throws Exception {
        int local = openListener("local");
        try (MosquittoProcess remote = MosquittoProcess.start();
                Client receiver = Client.connect(ConnectOptions.of(Version.MQTT_5, remote.port(), "far"), far::add);
                Client sender = Client.connect(Version.MQTT_5, local, "near")) {
            receiver.subscribe("there/#", 1);
            Map<String, String> properties = BridgeContract.bridgeTo(remote, Version.MQTT_5);
            properties.put("budget.day", "64KiB");
            configureBridge("b", properties);
            awaitConnected("b");
            publish(sender);
            awaitUsedUp();
            assertThat(bridge("b").orElseThrow().queue().queued()).isEqualTo(MESSAGES - SENT);
            assertThat(console("mqtt:bridge-info b")).contains("the budget of 64KiB a day is used up");

            properties.put("forward.edit", "edit/#");
            configureBridge("b", properties);
            eventually(() -> assertThat(bridge("b").orElseThrow().routes())
                    .anyMatch(route -> route.name().equals("edit")));
            awaitConnected("b");
            awaitUsedUp();

            Bundle bundle = installed("io.bascule.bridge");
            bundle.stop();
            bundle.start();
            awaitConnected("b");
            awaitUsedUp();

            properties.put("budget.day", "1MiB");
            configureBridge("b", properties);
            eventually(() -> assertThat(far).hasSize(MESSAGES));
            assertThat(far).extracting(message -> message.text().strip()).containsExactlyElementsOf(numbers());
            assertThat(bridge("b").orElseThrow().warnings()).isEmpty();
            balances("b");
        }
    }

    /** A control. */
    @Test(timeout = 120_000)
    public void sendsAllOfItWithoutABudget() throws Exception {
        int local = openListener("local");
        try (MosquittoProcess remote = MosquittoProcess.start();
                Client receiver = Client.connect(ConnectOptions.of(Version.MQTT_5, remote.port(), "far"), far::add);
                Client sender = Client.connect(Version.MQTT_5, local, "near")) {
            receiver.subscribe("there/#", 1);
            configureBridge("free", BridgeContract.bridgeTo(remote, Version.MQTT_5));
            awaitConnected("free");
            publish(sender);
            eventually(() -> assertThat(far).hasSize(MESSAGES));
        }
    }

    private void awaitUsedUp() {
        eventually(() -> {
            BridgeStatus status = bridge("b").orElseThrow();
            assertThat(status.warnings()).anyMatch(warning -> warning.startsWith("the budget of 64KiB a day"));
            assertThat(status.state()).isEqualTo(BridgeStatus.State.CONNECTED);
            assertThat(status.queue().inFlight()).isZero();
        });
        eventually(() -> assertThat(far).hasSize(SENT));
    }

    private static void publish(Client sender) throws Exception {
        CompletableFuture<?>[] published = numbers().stream()
                .map(number -> sender.publish(
                        "out/x",
                        1,
                        false,
                        (number + " ".repeat(SIZE - number.length())).getBytes(StandardCharsets.UTF_8)))
                .toArray(CompletableFuture[]::new);
        CompletableFuture.allOf(published).get(30, TimeUnit.SECONDS);
    }

    private static List<String> numbers() {
        return IntStream.range(0, MESSAGES).mapToObj(String::valueOf).toList();
    }
}
