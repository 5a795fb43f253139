/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.shell.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.bascule.api.BridgeStatus;
import io.bascule.api.DeletedBridge;
import io.bascule.api.DeletedBridges;
import io.bascule.api.QueueInfo;
import io.bascule.shell.view.Json;
import io.bascule.shell.view.Sentence;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.Test;

class DeletedBridgesTest {
    private final List<String> purged = new ArrayList<>();
    private final Services services = new Services(
            Optional.empty(),
            List.of(),
            List.of(Fakes.bridge("emqx", BridgeStatus.State.CONNECTED)),
            Optional.empty(),
            Optional.of(new Waiting()),
            Optional.empty(),
            Optional.empty(),
            SecurityServices.NONE);

    @Test
    void listsWhatWaitsForItsEnd() {
        assertThat(Json.line(new BridgesDeleted().run(services)))
                .isEqualTo(
                        "[{\"name\":\"cloud\",\"since\":\"1970-01-01T00:00:00Z\",\"until\":\"1970-01-01T00:01:00Z\","
                                + "\"queued\":4,\"queuedBytes\":2048,\"inFlight\":1,\"remote\":\"gateway-7 at mqtt://far:1883\"}]");
        assertThat(Json.line(new BridgesDeleted().run(Fakes.stopped()))).isEqualTo("[]");
    }

    @Test
    void endsOneNowAndSaysWhatWentWithIt() {
        Sentence answer = (Sentence) BridgePurge.of("cloud").run(services);

        assertThat(answer.text()).isEqualTo("Ended the deleted bridge cloud: 5 messages.");
        assertThat(Json.line(answer)).isEqualTo("{\"name\":\"cloud\",\"messages\":5}");
        assertThat(purged).containsExactly("cloud");
    }

    @Test
    void endsNoneThatIsConfigured() {
        assertThatThrownBy(() -> BridgePurge.of("emqx").run(services))
                .hasMessage("The bridge emqx is configured; delete io.bascule.bridge-emqx.cfg first.");
        assertThat(purged).isEmpty();
    }

    @Test
    void namesTheNearest() {
        assertThatThrownBy(() -> BridgePurge.of("clout").run(services))
                .hasMessage("There is no deleted bridge clout; did you mean cloud?");
        assertThatThrownBy(() -> BridgePurge.of(null).run(services))
                .hasMessage("The bridge's name is missing; mqtt:bridges-deleted lists them.");
    }

    private final class Waiting implements DeletedBridges {
        @Override
        public List<DeletedBridge> list() {
            return List.of(new DeletedBridge(
                    "cloud",
                    Instant.EPOCH,
                    Instant.EPOCH.plusSeconds(60),
                    new QueueInfo(4, 2048, Optional.empty(), 1, 0, 0),
                    Optional.of("gateway-7 at mqtt://far:1883")));
        }

        @Override
        public CompletionStage<Boolean> purge(String name) {
            purged.add(name);
            return CompletableFuture.completedFuture(true);
        }
    }
}
