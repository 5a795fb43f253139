/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.shell.command;

import io.bascule.shell.view.Sentence;
import io.bascule.shell.view.Text;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;

/** {@code mqtt:bridge-drain}: empties a bridge and stops it. */
public final class BridgeDrain implements OngoingCommand {
    /** For the help of both shells. */
    public static final String SUMMARY =
            "Forwards what waits for a bridge, takes nothing more, and stops it when nothing is left.";

    /** For the help of both shells. */
    public static final String EXAMPLE = "mqtt:bridge-drain emqx";

    /** How soon it notices that nobody wants to wait any more. */
    private static final Duration GLANCE = Duration.ofSeconds(1);

    private final String name;

    private BridgeDrain(String name) {
        this.name = name;
    }

    /**
     * The bridge that is to be drained.
     *
     * @param name as typed, null when it was left out
     * @throws CommandFailure when it was
     */
    public static BridgeDrain of(String name) {
        return new BridgeDrain(Input.bridge(name));
    }

    /** Waits until it is drained; it is drained also when nobody waits any more. */
    @Override
    public void run(Supplier<Services> services, Console console) {
        BridgeRequest request = BridgeRequest.of(services.get(), name);
        CompletableFuture<Long> drained = request.bridge().drain().toCompletableFuture();
        try {
            while (console.wanted().getAsBoolean() && !console.hasGone()) {
                try {
                    print(drained.get(GLANCE.toMillis(), TimeUnit.MILLISECONDS), console);
                    return;
                } catch (TimeoutException e) {
                    // There is more to be forwarded.
                }
            }
        } catch (ExecutionException e) {
            throw new CommandFailure(
                    request.failure("drained") + ": " + e.getCause().getMessage() + ".");
        } catch (InterruptedException e) {
            // Ctrl-C: what ends this command, and not the shell's thread.
            console.print(request.answer("The bridge " + name + " is drained further; mqtt:bridge-info " + name
                    + " shows what waits, mqtt:bridge-stop " + name + " ends it."));
        }
    }

    private void print(long forwarded, Console console) {
        Map<String, Object> data = new LinkedHashMap<>();
        data.put("name", name);
        data.put("forwarded", forwarded);
        console.print(new Sentence(
                "Drained the bridge " + name + ": " + Text.count(forwarded, "message") + " forwarded; it is stopped.",
                data));
    }
}
