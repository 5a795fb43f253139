/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.itests.bridge;

import static io.bascule.itests.support.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import io.bascule.itests.client.Client;
import io.bascule.itests.client.ConnectOptions;
import io.bascule.itests.client.Version;
import io.bascule.itests.peers.MosquittoProcess;
import io.bascule.itests.support.InFramework;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.Test;

/** What a bridge sends by the clock. */
public class RatesIT extends InFramework {
    private static final int RATE = 200;
    private static final int MESSAGES = 600;
    /** A tenth of a second's worth may go at once. */
    private static final int BURST = RATE / 10 + 1;

    private record Arrival(String text, long nanos) {}

    @Test(timeout = 120_000)
    public void aBacklogCrossesInOrderAndNoFasterThanItsRate() throws Exception {
        List<Arrival> backlog = arrivals(Map.of("backlog.rate", String.valueOf(RATE)));

        assertThat(backlog)
                .extracting(Arrival::text)
                .containsExactlyElementsOf(
                        IntStream.range(0, MESSAGES).mapToObj(String::valueOf).toList());
        assertThat(busiest(backlog)).isLessThanOrEqualTo(RATE + 2 * BURST); // some may be late, and come with the next
        System.out.println("busiest second of a backlog at " + RATE + "/s: " + busiest(backlog));
    }

    /** A control: without a rate the clock sees more. */
    @Test(timeout = 120_000)
    public void aBacklogWithoutARateCrossesFaster() throws Exception {
        assertThat(busiest(arrivals(Map.of()))).isGreaterThan(RATE + 2 * BURST);
    }

    private List<Arrival> arrivals(Map<String, String> rates) throws Exception {
        List<Arrival> arrivals = new CopyOnWriteArrayList<>();
        int local = openListener("local");
        try (MosquittoProcess remote = MosquittoProcess.start();
                Client far = Client.connect(
                        ConnectOptions.of(Version.MQTT_5, remote.port(), "far"),
                        message -> arrivals.add(new Arrival(message.text(), System.nanoTime())));
                Client near = Client.connect(Version.MQTT_5, local, "near")) {
            far.subscribe("there/#", 1);
            Map<String, String> properties = BridgeContract.bridgeTo(remote, Version.MQTT_5);
            properties.putAll(rates);
            configureBridge("b", properties);
            awaitConnected("b");
            control("b").stop().toCompletableFuture().get(10, TimeUnit.SECONDS);
            for (int i = 0; i < MESSAGES; i++) {
                near.publish("out/x", 1, String.valueOf(i));
            }
            control("b").start().toCompletableFuture().get(10, TimeUnit.SECONDS);
            eventually(() -> assertThat(arrivals).hasSize(MESSAGES));
        }
        return arrivals;
    }

    /** The most that have arrived within any second. */
    private static int busiest(List<Arrival> arrivals) {
        int most = 0;
        int first = 0;
        for (int last = 0; last < arrivals.size(); last++) {
            while (arrivals.get(last).nanos() - arrivals.get(first).nanos() > TimeUnit.SECONDS.toNanos(1)) {
                first++;
            }
            most = Math.max(most, last - first + 1);
        }
        return most;
    }
}
