/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.itests.bridge;

import static io.bascule.itests.support.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import io.bascule.itests.client.Client;
import io.bascule.itests.client.ConnectOptions;
import io.bascule.itests.client.Version;
import io.bascule.itests.peers.BasculeProcess;
import io.bascule.itests.peers.MosquittoProcess;
import io.bascule.itests.peers.Wire;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.After;
import org.junit.Before;
import org.junit.Test;

/** What clients of Mosquitto are told of a bridge that has no time for a last word. */
public class PresenceIT {
    private static final Duration TO_START = Duration.ofSeconds(60);
    private static final Duration TO_BE_MISSED = Duration.ofSeconds(30);
    private static final String TOPIC = "bridges/b";

    private final List<String> heard = new CopyOnWriteArrayList<>();
    private MosquittoProcess remote;
    private Wire wire;
    private BasculeProcess bascule;
    private Client watcher;

    @Before
    public void start() throws Exception {
        remote = MosquittoProcess.start();
        wire = new Wire(remote.port());
        watcher = watch("watcher", heard);
        bascule = BasculeProcess.configure(Map.of("io.bascule.bridge-b.cfg", """
                server        = mqtt://127.0.0.1:%d
                status.topic  = %s
                keepalive     = 2s
                reconnect.max = 1s
                forward.out   = out/#
                """.formatted(wire.port(), TOPIC)));
        bascule.launch();
        bascule.awaitListening(TO_START);
        awaitLast(1, "online");
    }

    @After
    public void stop() {
        watcher.close();
        bascule.close();
        wire.close();
        remote.close();
    }

    private Client watch(String name, List<String> into) {
        Client client = Client.connect(
                ConnectOptions.of(Version.MQTT_5, remote.port(), name), message -> into.add(message.text()));
        client.subscribe(TOPIC, 1);
        return client;
    }

    private void awaitLast(int count, String state) {
        eventually(TO_BE_MISSED, () -> {
            assertThat(heard).hasSizeGreaterThanOrEqualTo(count);
            assertThat(heard).last().asString().contains("\"name\":\"b\"", "\"state\":\"" + state + '"');
        });
    }

    private void assertRetained(String state) {
        List<String> retained = new CopyOnWriteArrayList<>();
        Client late = watch("late", retained);
        try {
            eventually(() -> assertThat(retained).hasSize(1));
            assertThat(retained.get(0)).contains("\"state\":\"" + state + '"');
        } finally {
            late.close();
        }
    }

    @Test(timeout = 120_000)
    public void saysThatItIsGoneWhenItsProcessIsKilled() {
        assertThat(heard).hasSize(1);
        assertRetained("online");

        bascule.kill();

        awaitLast(2, "offline");
        assertThat(heard).hasSize(2);
        assertRetained("offline");
        bascule.launch();
        bascule.awaitListening(TO_START);
        awaitLast(3, "online");
        assertRetained("online");
    }

    /** Neither end is told: Mosquitto misses what is to come within one and a half of keepalive. */
    @Test(timeout = 120_000)
    public void saysThatItIsGoneWhenTheWayIsBlocked() {
        wire.block();

        awaitLast(2, "offline");
        assertRetained("offline");
        wire.unblock();
        eventually(TO_BE_MISSED, () -> assertRetained("online"));
    }
}
