/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.shell.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.bascule.api.BridgeStatus;
import io.bascule.shell.command.Fakes.FakeBridge;
import io.bascule.shell.command.Fakes.FakeBroker;
import io.bascule.shell.view.Json;
import io.bascule.shell.view.Sentence;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

class BridgeControlTest {
    private final FakeBridge bridge = Fakes.bridge("emqx", BridgeStatus.State.STOPPED);
    private final Services services = Fakes.services(new FakeBroker(), bridge);

    @Test
    void asksTheBridgeAndSaysHowItStands() {
        Sentence stopped = (Sentence) BridgeStop.of("emqx").run(services);
        assertThat(stopped.text()).isEqualTo("Stopped the bridge emqx.");
        assertThat(Json.line(stopped))
                .isEqualTo("{\"name\":\"emqx\",\"state\":\"STOPPED\",\"paused\":[\"forward\"],\"queued\":4}");
        assertThat(text(BridgeStart.of("emqx"))).isEqualTo("Started the bridge emqx.");
        assertThat(text(BridgeReconnect.of("emqx"))).isEqualTo("The bridge emqx connects anew.");
        assertThat(bridge.calls).containsExactly("stop", "start", "reconnect");
    }

    @Test
    void pausesOneDirectionOrBoth() {
        assertThat(text(BridgePause.of("emqx", "subscribe"))).isEqualTo("Paused the bridge emqx: subscribe.");
        assertThat(text(BridgeResume.of("emqx", null))).isEqualTo("Resumed the bridge emqx: forward and subscribe.");
        assertThat(bridge.calls).containsExactly("pause subscribe", "resume forward", "resume subscribe");
    }

    @Test
    void saysHowMuchWasForwardedWhenItIsDrained() {
        assertThat(drain(false)).isEqualTo("Drained the bridge emqx: 5 messages forwarded; it is stopped.\n");
        assertThat(drain(true)).isEqualTo("{\n  \"name\": \"emqx\",\n  \"forwarded\": 5\n}\n");
    }

    @Test
    void leavesADrainToItselfWhenItIsInterrupted() {
        bridge.answer = new CompletableFuture<>();
        Thread.currentThread().interrupt();

        assertThat(drain(false))
                .isEqualTo("The bridge emqx is drained further; mqtt:bridge-info emqx shows what waits, "
                        + "mqtt:bridge-stop emqx ends it.\n");
        assertThat(Thread.interrupted()).isFalse();
    }

    @Test
    void saysWhyItCannotBe() {
        bridge.answer = CompletableFuture.failedFuture(new IllegalStateException("the bridge is disabled"));

        assertThatThrownBy(() -> BridgeStart.of("emqx").run(services))
                .hasMessage("The bridge emqx was not started: the bridge is disabled.");
        assertThatThrownBy(() -> BridgePause.of("emqx", null).run(services))
                .hasMessage("The bridge emqx was not paused: the bridge is disabled.");
        assertThatThrownBy(() -> drain(false)).hasMessage("The bridge emqx was not drained: the bridge is disabled.");
    }

    @Test
    void namesTheNearest() {
        assertThatThrownBy(() -> BridgeStop.of("emq").run(services))
                .hasMessage("There is no bridge emq; did you mean emqx?");
        assertThatThrownBy(() -> BridgeDrain.of(null))
                .hasMessage("The bridge's name is missing; mqtt:bridges lists them.");
        assertThatThrownBy(() -> BridgePause.of("emqx", "forwards"))
                .hasMessage("There is no direction forwards; did you mean forward?");
        assertThatThrownBy(() -> BridgePause.of("emqx", "x"))
                .hasMessage("There is no direction x; there is forward and subscribe, and both when it is left out.");
        assertThat(bridge.calls).isEmpty();
    }

    @Test
    void completesDirections() {
        assertThat(Suggestions.DIRECTIONS.of(services, "")).isEqualTo(List.of("forward", "subscribe"));
    }

    private String text(ConsoleCommand command) {
        return ((Sentence) command.run(services)).text();
    }

    private String drain(boolean json) {
        Printed printed = new Printed();
        Console console = printed.console(json, () -> true);
        BridgeDrain.of("emqx").run(() -> services, console);
        console.out().flush();
        return printed.text();
    }
}
