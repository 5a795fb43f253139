/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.shell.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.bascule.api.BridgeResidue;
import io.bascule.resource.ResourceKind;
import io.bascule.resource.ResourceLedger;
import io.bascule.resource.ResourceScope;
import io.bascule.shell.view.Json;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class ResidueTest {
    private final ResourceScope scope = new ResourceScope("bridge west");
    private final ResourceLedger gone = new ResourceLedger(
            "bridge east",
            Map.of(ResourceKind.TASK, 3, ResourceKind.SESSION, 1),
            Map.of(ResourceKind.TASK, 3),
            List.of("session: java.lang.IllegalStateException"));
    private final Services services = Fakes.services(() -> List.of(
            new BridgeResidue("west", Optional.of(scope.ledger()), 0, ResourceLedger.empty("bridge west"), List.of()),
            new BridgeResidue(
                    "east", Optional.empty(), 1, gone, List.of(new BridgeResidue.Closing(Instant.EPOCH, gone)))));

    @Test
    void listsBridgesThatAreOpenAndThatAreGone() {
        scope.hold(ResourceKind.CONNECTION, () -> {});

        assertThat(Json.line(new Residue(Optional.empty()).run(services)))
                .isEqualTo("[{\"name\":\"east\",\"open\":false,\"held\":null,\"closings\":1,"
                        + "\"acquired\":{\"task\":3,\"session\":1},\"live\":1,"
                        + "\"failures\":[\"session: java.lang.IllegalStateException\"]},"
                        + "{\"name\":\"west\",\"open\":true,\"held\":{\"connection\":1},\"closings\":0,"
                        + "\"acquired\":{},\"live\":0,\"failures\":[]}]");
    }

    @Test
    void showsOneByKindAndByClosing() {
        assertThat(Json.line(new Residue(Optional.of("east")).run(services)))
                .isEqualTo("{\"name\":\"east\",\"open\":false,\"closings\":1,"
                        + "\"closed\":[{\"kind\":\"task\",\"acquired\":3,\"released\":3,\"live\":0},"
                        + "{\"kind\":\"session\",\"acquired\":1,\"released\":0,\"live\":1}],"
                        + "\"latest\":[{\"at\":\"1970-01-01T00:00:00Z\","
                        + "\"acquired\":{\"task\":3,\"session\":1},\"live\":{\"session\":1},"
                        + "\"failures\":[\"session: java.lang.IllegalStateException\"]}]}");
    }

    @Test
    void saysWhatIsOpenNow() {
        scope.hold(ResourceKind.TASK, () -> {}).close();
        scope.hold(ResourceKind.TASK, () -> {});

        assertThat(Json.line(new Residue(Optional.of("west")).run(services)))
                .contains("\"held\":[{\"kind\":\"task\",\"acquired\":2,\"released\":1,\"live\":1}]");
    }

    @Test
    void namesTheBridgesThereAreAndWere() {
        assertThatThrownBy(() -> new Residue(Optional.of("wets")).run(services))
                .hasMessage("There is no bridge wets; did you mean west?");
        assertThat(Suggestions.CLOSED_BRIDGES.of(services, "")).containsExactly("east", "west");
        assertThat(Json.line(new Residue(Optional.empty()).run(Fakes.stopped())))
                .isEqualTo("[]");
    }
}
