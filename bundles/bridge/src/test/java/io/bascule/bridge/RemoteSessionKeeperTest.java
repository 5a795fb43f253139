/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.bridge;

import static org.assertj.core.api.Assertions.assertThat;

import io.bascule.bridge.config.BridgeDefinition;
import io.bascule.bridge.config.BridgeReader;
import io.bascule.bridge.link.RemoteSession;
import io.bascule.mqtt.TopicFilter;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is known of a remote session after a crash, whatever it was subscribed to meanwhile. */
class RemoteSessionKeeperTest {
    @TempDir
    Path folder;

    private final Queue<Runnable> tasks = new ArrayDeque<>();

    private RemoteSessionKeeper keeper(String rule) {
        return new RemoteSessionKeeper(definition(rule), sessions(), tasks::add);
    }

    private RemoteSessions sessions() {
        return new RemoteSessions(Optional.of(folder));
    }

    private static BridgeDefinition definition(String rule) {
        return BridgeReader.read("b", Map.of("server", "mqtt://far", "subscribe.a", rule))
                .definition()
                .orElseThrow();
    }

    private List<String> found() {
        return sessions().load(definition("a/#")).all().get(0).subscribed().stream()
                .map(TopicFilter::text)
                .toList();
    }

    private static void grow(RemoteSession session, String filter) {
        session.subscribing(List.of(TopicFilter.of(filter)));
    }

    @Test
    void isKeptAgainWhenItGrowsByWhatIsSubscribedToHere() {
        RemoteSessionKeeper keeper = keeper("a/# interest=subscribed");
        assertThat(found()).containsExactly("a/#");

        grow(keeper.known().all().get(0), "a/x");
        grow(keeper.known().all().get(0), "a/x");
        grow(keeper.known().all().get(0), "a/y");
        assertThat(tasks).as("not on the caller's thread, and once for both").hasSize(1);
        tasks.remove().run();
        assertThat(found()).containsExactlyInAnyOrder("a/x", "a/y");

        grow(keeper.known().all().get(0), "a/z");
        keeper.close();
        tasks.remove().run();
        assertThat(found()).as("as it was when it closed").containsExactlyInAnyOrder("a/x", "a/y", "a/z");
    }

    @Test
    void isNotKeptAgainWhereTheRoutesNameAllOfIt() {
        RemoteSessionKeeper keeper = keeper("a/#");
        grow(keeper.known().all().get(0), "a/#");

        assertThat(tasks).isEmpty();
        assertThat(found()).containsExactly("a/#");
    }
}
