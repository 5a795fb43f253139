/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.itests.security;

import static io.bascule.itests.support.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import io.bascule.api.Broker;
import io.bascule.itests.client.Version;
import io.bascule.itests.support.Flow;
import io.bascule.spi.Authorizer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.Before;
import org.junit.Test;

/** The cfg of an ACL is edited under load: each time there is a moment without it, in which nothing is denied, lost or overtaken. */
public class EditsUnderLoadIT extends SecurityContract {
    private static final int EDITS = 15;
    private static final int PER_SECOND = 500;
    private static final int BETWEEN_EDITS = 20;
    private static final Duration TO_ARRIVE = Duration.ofSeconds(30);

    private Path rights;

    @Before
    public void configureRights() throws IOException {
        rights = folder.resolve("rights");
        Files.writeString(rights, "allow all #\n");
    }

    private void edit(int ranking) throws IOException {
        configure(ACL, "plant", Map.of("file", rights.toString(), "ranking", String.valueOf(ranking)));
    }

    private void awaitEdited(int ranking) {
        eventually(
                "the ACL of ranking " + ranking + " decides",
                () -> !context.getServiceReferences(Authorizer.class, "(service.ranking=" + ranking + ")")
                        .isEmpty());
    }

    private Flow flow(String name, Version version, int qos, int clientsPort) {
        return new Flow(name, version, qos, new Flow.Way(clientsPort, "flow/" + name, clientsPort, "flow/" + name));
    }

    private void losesNothing(int clientsPort) throws IOException {
        try (Flow first = flow("1", Version.MQTT_5, 1, clientsPort);
                Flow second = flow("2", Version.MQTT_5, 2, clientsPort);
                Flow old1 = flow("3", Version.MQTT_3_1_1, 1, clientsPort);
                Flow old2 = flow("4", Version.MQTT_3_1_1, 2, clientsPort)) {
            List<Flow> flows = List.of(first, second, old1, old2);
            flows.forEach(flow -> flow.start(PER_SECOND));
            for (int i = 1; i <= EDITS; i++) {
                edit(i);
                awaitEdited(i);
                flows.forEach(flow -> flow.awaitMore(BETWEEN_EDITS));
            }
            flows.forEach(Flow::stop);
            flows.forEach(flow -> flow.awaitExact(TO_ARRIVE));
            assertThat(flows).allMatch(Flow::isConnected);
        }
    }

    @Test(timeout = 120_000)
    public void losesNothingWhereTheListenerNamesIt() throws Exception {
        edit(0);
        configureListener(
                "guarded", Map.of("host", "127.0.0.1", "port", "0", "authenticators", "none", "authorizers", "plant"));
        losesNothing(awaitOpen("guarded"));
    }

    @Test(timeout = 120_000)
    public void losesNothingWhereTheListenerNamesNobody() throws Exception {
        serve(ACL, "plant", rights);
        losesNothing(port);
    }

    /** The positive control: what is denied is lost, and is seen to be. */
    @Test(timeout = 120_000)
    public void losesWhatIsDenied() throws Exception {
        serve(ACL, "plant", rights);
        try (Flow flow = flow("denied", Version.MQTT_3_1_1, 1, port)) {
            flow.start(PER_SECOND);
            flow.awaitMore(BETWEEN_EDITS);
            write(rights, "deny receive flow/#\nallow all #\n");
            eventually(() -> assertThat(service(Broker.class).info().dropped().get("not-authorized"))
                    .isGreaterThan(BETWEEN_EDITS));
            write(rights, "allow all #\n");
            flow.awaitMore(BETWEEN_EDITS);
            flow.stop();
            assertThat(flow.books().lost()).isGreaterThanOrEqualTo(BETWEEN_EDITS);
        }
    }
}
