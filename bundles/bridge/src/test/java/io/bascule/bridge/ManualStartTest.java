/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.bridge;

import static org.assertj.core.api.Assertions.assertThat;

import io.bascule.api.BridgeStatus.State;
import io.bascule.api.Broker;
import io.bascule.bridge.link.BrokerIds;
import io.bascule.resource.Lease;
import io.bascule.transport.EventLoop;
import io.bascule.transport.Transport;
import java.lang.reflect.Proxy;
import java.time.Clock;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What an edit leaves of what was asked of a bridge that waits to be started. */
class ManualStartTest {
    private static final Lease LEASE = stub(Lease.class, (method, arguments) -> null);

    private final LastValid lastValid = new LastValid();
    private final Residues residues = new Residues();
    private final Map<String, String> file = new HashMap<>(
            Map.of("server", "mqtt://one", "start.type", "manual", "clean.start", "true", "forward.a", "a/#"));

    @AfterEach
    void closeHistory() {
        residues.deactivate();
    }

    @Test
    void restsUntilItIsStarted() {
        BridgeInstance bridge = open();
        assertThat(bridge.status().state()).isEqualTo(State.STOPPED);

        assertThat(bridge.start()).isCompleted();

        assertThat(bridge.status().state()).isEqualTo(State.CONNECTING);
    }

    @Test
    void goesOnWhenItsFileIsEdited() {
        BridgeInstance bridge = open();
        bridge.start();

        assertThat(edit(bridge, "keepalive", "5s").status().state()).isEqualTo(State.CONNECTING);
    }

    @Test
    void goesOnWhereTheEditDoesNotValidate() {
        BridgeInstance bridge = open();
        bridge.start();

        assertThat(edit(bridge, "keepalive", "5").status().state()).isEqualTo(State.CONNECTING);
    }

    @Test
    void staysStoppedWhenItsFileIsEdited() {
        BridgeInstance bridge = open();
        bridge.start();
        bridge.stop();

        assertThat(edit(bridge, "keepalive", "5s").status().state()).isEqualTo(State.STOPPED);
    }

    @Test
    void restsWhereNobodyHasStartedItButItsFile() {
        file.remove("start.type");
        BridgeInstance bridge = open();
        bridge.start();

        assertThat(edit(bridge, "start.type", "manual").status().state()).isEqualTo(State.STOPPED);
    }

    @Test
    void restsAgainOnceItWasDeletedForGood() {
        BridgeInstance bridge = open();
        bridge.start();
        bridge.close();
        lastValid.forget("test", lastValid.get("test").orElseThrow());

        assertThat(open().status().state()).isEqualTo(State.STOPPED);
    }

    private BridgeInstance edit(BridgeInstance bridge, String key, String value) {
        bridge.close();
        file.put(key, value);
        return open();
    }

    private BridgeInstance open() {
        BridgeInstance bridge = new BridgeInstance(
                "test",
                file,
                transport(),
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
        bridge.open();
        return bridge;
    }

    /** Runs everything at once, as if the caller were the event loop, and never gets round to connecting. */
    private static Transport transport() {
        EventLoop eventLoop = stub(EventLoop.class, (method, arguments) -> {
            if (method.equals("execute")) {
                ((Runnable) arguments[0]).run();
            }
            return method.equals("inEventLoop") ? true : method.equals("schedule") ? LEASE : null;
        });
        return stub(Transport.class, (method, arguments) -> method.equals("connect") ? LEASE : eventLoop);
    }

    private static Broker broker() {
        return stub(
                Broker.class,
                (method, arguments) ->
                        method.equals("session") ? Optional.empty() : CompletableFuture.completedFuture(true));
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
