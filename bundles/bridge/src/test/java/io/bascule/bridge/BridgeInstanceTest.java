/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.bridge;

import static org.assertj.core.api.Assertions.assertThat;

import io.bascule.api.BridgeStatus;
import io.bascule.api.Broker;
import io.bascule.resource.ResourceKind;
import io.bascule.transport.EventLoop;
import io.bascule.transport.Transport;
import java.lang.reflect.Proxy;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class BridgeInstanceTest {
    private static final Map<String, String> VALID =
            Map.of("server", "mqtt://one", "keepalive", "60s", "password", "hunter2", "forward.a", "a/#");
    private static final Map<String, String> INVALID =
            Map.of("server", "mqtt://two", "keepalive", "60", "password", "hunter3", "forward.a", "a/#");

    private final LastValid lastValid = new LastValid();
    private final Residues residues = new Residues();

    @AfterEach
    void closeHistory() {
        residues.deactivate();
    }

    @Test
    void runsOnWhatItsFileSays() {
        BridgeInstance bridge = bridge(VALID);

        assertThat(bridge.status().server()).isEqualTo("mqtt://one:1883");
        assertThat(bridge.status().configurationError()).isEmpty();
    }

    @Test
    void goesOnWithTheLastValidConfigurationWhenAnEditDoesNotValidate() {
        bridge(VALID).close();

        BridgeStatus status = bridge(INVALID).status();

        assertThat(status.state()).isNotEqualTo(BridgeStatus.State.CONFIG_INVALID);
        assertThat(status.server()).isEqualTo("mqtt://one:1883");
        assertThat(status.configurationError())
                .hasValueSatisfying(error -> assertThat(error)
                        .startsWith("CONFIG_INVALID")
                        .contains(
                                "keepalive = 60 (in force: 60s)",
                                "server = mqtt://two (in force: mqtt://one)",
                                "has no unit")
                        .doesNotContain("hunter"));
    }

    @Test
    void takesTheNextValidEdit() {
        bridge(VALID).close();
        bridge(INVALID).close();

        BridgeStatus status =
                bridge(Map.of("server", "mqtt://three", "forward.a", "a/#")).status();

        assertThat(status.server()).isEqualTo("mqtt://three:1883");
        assertThat(status.configurationError()).isEmpty();
    }

    @Test
    void staysDownWhereNoConfigurationWasEverValid() {
        BridgeInstance bridge = bridge(INVALID);
        bridge.start();

        assertThat(bridge.status().state()).isEqualTo(BridgeStatus.State.CONFIG_INVALID);
        assertThat(bridge.status().configurationError()).isPresent();
        bridge.close();
        assertThat(bridge.scope().live()).isZero();
    }

    @Test
    void forgetsADeletedConfiguration() {
        bridge(VALID).close();
        lastValid.forget("test");

        assertThat(bridge(INVALID).status().state()).isEqualTo(BridgeStatus.State.CONFIG_INVALID);
    }

    @Test
    void closesWithoutWaitingForItselfOnItsEventLoop() {
        BridgeInstance bridge = bridge(VALID);
        bridge.start();

        bridge.close();

        assertThat(bridge.status().state()).isEqualTo(BridgeStatus.State.STOPPED);
        assertThat(bridge.scope().live()).isZero();
    }

    @Test
    void leavesItsLedgerBehindAndNothingElse() {
        BridgeInstance bridge = bridge(VALID);
        bridge.scope().hold(ResourceKind.SERVICE, () -> {});
        assertThat(residues.residue()).singleElement().satisfies(residue -> {
            assertThat(residue.open())
                    .hasValueSatisfying(
                            open -> assertThat(open.live(ResourceKind.SERVICE)).isOne());
            assertThat(residue.closings()).isZero();
        });

        bridge.close();

        assertThat(residues.residue()).singleElement().satisfies(residue -> {
            assertThat(residue.open()).isEmpty();
            assertThat(residue.closings()).isOne();
            assertThat(residue.closed()).hasToString("service 1/1; 0 live");
        });
    }

    private BridgeInstance bridge(Map<String, String> file) {
        return new BridgeInstance("test", file, transport(), broker(), lastValid, residues);
    }

    /** Runs everything at once, as if the caller were the event loop. */
    private static Transport transport() {
        EventLoop eventLoop = stub(EventLoop.class, (method, arguments) -> {
            if (method.equals("execute")) {
                ((Runnable) arguments[0]).run();
            }
            return method.equals("inEventLoop") ? true : null;
        });
        return stub(Transport.class, (method, arguments) -> eventLoop);
    }

    /** Never gets round to opening a session. */
    private static Broker broker() {
        return stub(
                Broker.class,
                (method, arguments) -> method.equals("session") ? Optional.empty() : new CompletableFuture<>());
    }

    private interface Answer {
        Object to(String method, Object[] arguments);
    }

    private static <T> T stub(Class<T> type, Answer answer) {
        return type.cast(Proxy.newProxyInstance(
                type.getClassLoader(),
                new Class<?>[] {type},
                (proxy, method, arguments) -> answer.to(method.getName(), arguments)));
    }
}
