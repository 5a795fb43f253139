/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.itests.hostile;

import static io.bascule.itests.support.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import io.bascule.api.BridgeHistory;
import io.bascule.itests.client.Version;
import io.bascule.itests.support.InFramework;
import io.bascule.itests.support.Residue;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.After;
import org.junit.Before;

/** Bridges to hostile remotes while a watch is kept, and what is left of them: nothing. */
public abstract class HostileContract extends InFramework {
    /** Routes from there that the bridges have, each with a SUBSCRIBE of its own. */
    static final int ROUTES = 2;

    private final List<HostileRemote> remotes = new ArrayList<>();
    private int local;
    private Watch watch;

    @Before
    public void keepWatch() throws IOException {
        local = openListener("local");
        watch = new Watch(context, local);
    }

    @After
    public void endWatch() {
        remotes.forEach(HostileRemote::close);
        watch.close();
    }

    /** The port of a listener. */
    final int local() {
        return local;
    }

    final Watch watch() {
        return watch;
    }

    final List<HostileRemote> remotes() {
        return List.copyOf(remotes);
    }

    /** What there is without any bridge, once all is there that is made on the first use and kept. */
    final Residue baseline() throws IOException {
        for (Version version : List.of(Version.MQTT_5, Version.MQTT_3_1_1)) {
            bridgeTo(new HostileRemote(version, Conversation::behave), Map.of());
        }
        assertWorking();
        removeBridges();
        watch.pingPong().pause(); // or it never comes to rest
        Residue residue = Residue.atRest(context, broker, transport);
        watch.pingPong().goOn();
        return residue;
    }

    /** Bridge {@code b0}, {@code b1}, …, with this changed of how they all are. Routes of two kinds lead here: one renames, one strips. */
    final String bridgeTo(HostileRemote remote, Map<String, String> other) throws IOException {
        String name = "b" + remotes.size();
        remotes.add(remote);
        Map<String, String> properties = new HashMap<>();
        properties.put("server", "mqtt://127.0.0.1:" + remote.port());
        properties.put("protocol", remote.version().number());
        properties.put("reconnect.min", "10ms");
        properties.put("reconnect.max", "10ms");
        properties.put("max.packet.size", Conversation.MOST_BYTES / 1024 + "KiB");
        properties.put("receive.maximum", "4");
        properties.put("queue.messages", "100");
        properties.put("delete.grace", "0s");
        properties.put("forward.out", "out/# -> there/{#}");
        properties.put("subscribe.in", "in/# -> here/{#}");
        properties.put("subscribe.top", "top/# -> {#}");
        properties.putAll(other);
        configureBridge(name, properties);
        return name;
    }

    /** Every bridge works, once its remote does. */
    final void assertWorking() {
        for (int i = 0; i < remotes.size(); i++) {
            remotes.get(i).check();
            remotes.get(i).tame();
        }
        for (int i = 0; i < remotes.size(); i++) {
            awaitConnected("b" + i);
        }
    }

    /** Removes them with all that they have kept and retained; what they had acquired is released. */
    final void removeBridges() throws IOException {
        for (int i = 0; i < remotes.size(); i++) {
            deleteBridge("b" + i);
        }
        eventually(() -> assertThat(broker.sessions())
                .noneMatch(session -> session.clientId().startsWith("bridge:")));
        eventually(() -> assertThat(service(BridgeHistory.class).residue()).allSatisfy(bridge -> {
            assertThat(bridge.open()).isEmpty();
            assertThat(bridge.closed().live()).isZero();
            assertThat(bridge.closed().failures()).isEmpty();
        }));
        remotes.forEach(HostileRemote::close);
        remotes.clear();
        broker.deleteRetained(Watch.MAPPED).toCompletableFuture().join();
    }

    /** All is as it was before. */
    final void assertNothingLeft(Residue before) {
        watch.pingPong().pause();
        eventually(() -> assertThat(Residue.now(context, broker, transport).since(before))
                .isEmpty());
        watch.pingPong().goOn();
    }
}
