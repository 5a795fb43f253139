/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.bridge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import io.bascule.api.Bridge.Direction;
import io.bascule.api.BridgeStatus;
import io.bascule.api.Broker;
import io.bascule.bridge.link.BrokerIds;
import io.bascule.resource.ResourceKind;
import io.bascule.transport.EventLoop;
import io.bascule.transport.Transport;
import java.lang.reflect.Proxy;
import java.time.Clock;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

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

    /** Whatever is in it, it says so in few words and does not keep the processor busy. */
    @ParameterizedTest
    @MethodSource("files")
    @Timeout(20)
    void goesOnWhateverTheFileHas(Map<String, String> file) {
        bridge(VALID).close();

        BridgeStatus status = bridge(file).status();

        assertThat(status.server()).isEqualTo("mqtt://one:1883");
        assertThat(status.configurationError())
                .hasValueSatisfying(error -> assertThat(error)
                        .startsWith("CONFIG_INVALID: asked for ")
                        .hasSizeBetween(50, 5000));
    }

    static List<Map<String, String>> files() {
        Map<String, String> manyKeys = new HashMap<>(VALID);
        Map<String, String> manyRoutes = new HashMap<>(VALID);
        Map<String, String> tooManyRoutes = new HashMap<>(VALID);
        IntStream.range(0, 400_000).forEach(i -> manyKeys.put("some.key." + i, "value " + i));
        IntStream.range(0, 400_000).forEach(i -> manyRoutes.put("forward." + i, "a/" + i));
        IntStream.range(0, 2000).forEach(i -> tooManyRoutes.put("forward." + i, "a/" + i));
        return List.of(
                Map.of(),
                Map.of("\u0000\uFFFD\u0001", "\u0002"),
                with("server", "x".repeat(10_000_000)),
                with("x".repeat(10_000_000), "y"),
                with("x".repeat(100_000), "y"),
                with("forward.b", "a,".repeat(5_000_000)),
                with("forward.b", "a,".repeat(100_000)),
                with("forward.b", "grün".replace('ü', '\uFFFD')),
                with("forward.gr\uFFFDn", "b"),
                manyKeys,
                manyRoutes,
                tooManyRoutes);
    }

    private static Map<String, String> with(String key, String value) {
        Map<String, String> file = new HashMap<>(VALID);
        file.put(key, value);
        return file;
    }

    @ParameterizedTest
    @MethodSource("oddRoutes")
    void runsOnWhateverTheReaderTakes(Map<String, String> routes) {
        Map<String, String> file = new HashMap<>(routes);
        file.put("server", "mqtt://one");

        assertThat(bridge(file).status().configurationError()).isEmpty();
    }

    static List<Map<String, String>> oddRoutes() {
        String one = "x".repeat(40_000);
        String other = "y".repeat(40_000);
        return List.of(
                Map.of("forward.a", "a -> $share"),
                Map.of("forward.a", "a/# -> $share/{#}"),
                Map.of("forward.a", one + " -> {topic}/" + other),
                Map.of("forward.a", "+/" + one, "subscribe.a", other + "/+"),
                Map.of("subscribe.a", "$share/g/$share/+ -> a", "subscribe.b", "$share/h/$share/b -> b"));
    }

    @Test
    void leavesTheLastValidConfigurationAndNothingElseWhereOneCannotBeBuilt() {
        bridge(VALID).close();
        LastValid.Configuration before = lastValid.get("test").orElseThrow();
        Transport broken = stub(Transport.class, (method, arguments) -> {
            if (method.equals("nextEventLoop")) {
                throw new IllegalStateException("no loop");
            }
            return null;
        });

        assertThatIllegalStateException()
                .isThrownBy(() -> bridge(Map.of("server", "mqtt://two", "forward.a", "a/#"), broken))
                .withMessage("no loop");

        assertThat(lastValid.get("test")).containsSame(before);
        assertThat(residues.residue())
                .singleElement()
                .satisfies(residue -> assertThat(residue.open()).isEmpty());
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
        bridge.open();

        assertThat(bridge.status().state()).isEqualTo(BridgeStatus.State.CONFIG_INVALID);
        assertThat(bridge.status().configurationError()).isPresent();
        bridge.close();
        assertThat(bridge.scope().live()).isZero();
    }

    @Test
    void saysThatThereIsNothingToControlWhereNoConfigurationWasEverValid() {
        BridgeInstance bridge = bridge(INVALID);
        bridge.open();

        assertThat(bridge.stop()).isCompleted();
        for (CompletionStage<?> request : List.of(
                bridge.start(),
                bridge.pause(Direction.FORWARD),
                bridge.resume(Direction.SUBSCRIBE),
                bridge.reconnect(),
                bridge.drain())) {
            assertThat(request.toCompletableFuture())
                    .failsWithin(Duration.ZERO)
                    .withThrowableThat()
                    .withMessageContaining("the bridge has no valid configuration; its file is to be mended");
        }
    }

    @Test
    void forgetsADeletedConfiguration() {
        bridge(VALID).close();
        lastValid.forget("test", lastValid.get("test").orElseThrow());

        assertThat(bridge(INVALID).status().state()).isEqualTo(BridgeStatus.State.CONFIG_INVALID);
    }

    @Test
    void closesWithoutWaitingForItselfOnItsEventLoop() {
        BridgeInstance bridge = bridge(VALID);
        bridge.open();

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
        return bridge(file, transport());
    }

    private BridgeInstance bridge(Map<String, String> file, Transport transport) {
        return new BridgeInstance(
                "test",
                file,
                transport,
                broker(),
                lastValid,
                new RemoteSessions(Optional.empty()),
                new Budgets(Optional.empty(), Clock.systemUTC()),
                new RetainedFiles(Optional.empty()),
                new BrokerIds(),
                new CredentialProviders(null), // no bridge names one
                new BridgeInterceptors(),
                residues,
                List::of);
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
