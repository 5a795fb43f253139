/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.shell.command;

import io.bascule.api.BridgePacket;
import io.bascule.api.PacketTrace;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/** {@code mqtt:bridge-trace}: prints what a bridge exchanges with its remote broker, for a while. */
public final class BridgeTrace implements OngoingCommand {
    /** For the help of both shells. */
    public static final String SUMMARY =
            "Prints the packets that a bridge exchanges with the remote broker, without payloads.";

    /** For the help of both shells. */
    public static final String EXAMPLE = "mqtt:bridge-trace emqx --seconds 60";

    /** For the help of both shells. */
    public static final String SECONDS = "For so long, 1 to 600; 10 by default.";

    /** How soon it notices that nobody wants it any more. */
    private static final Duration GLANCE = Duration.ofMillis(500);

    private static final int BATCH = 256;
    private static final int LONGEST_SECONDS = 600;
    private static final int USUAL_SECONDS = 10;

    private final String name;
    private final int seconds;

    private BridgeTrace(String name, int seconds) {
        this.name = name;
        this.seconds = seconds;
    }

    /**
     * The bridge that is to be traced.
     *
     * @param name as typed, null when it was left out
     * @param seconds as typed, null when it was left out
     * @throws CommandFailure when one of them cannot be used
     */
    public static BridgeTrace of(String name, String seconds) {
        return new BridgeTrace(
                Input.bridge(name),
                Input.number("--seconds", seconds, LONGEST_SECONDS).orElse(USUAL_SECONDS));
    }

    @Override
    public void run(Supplier<Services> services, Console console) {
        PacketBuffer buffer = new PacketBuffer();
        try (PacketTrace trace = trace(services.get(), buffer)) {
            print(trace, buffer, console);
        } catch (InterruptedException e) {
            // Ctrl-C: what ends this command, and not the shell's thread.
        }
        if (buffer.passedOver() > 0 && !console.json()) {
            console.out().println(buffer.passedOver() + " packets came faster than they could be shown.");
        }
    }

    private PacketTrace trace(Services services, PacketBuffer buffer) {
        try {
            return Input.bridge(services, name).trace(buffer);
        } catch (IllegalStateException e) {
            throw new CommandFailure("The bridge " + name + " cannot be traced: " + e.getMessage() + ".");
        }
    }

    private void print(PacketTrace trace, PacketBuffer buffer, Console console) throws InterruptedException {
        PacketPrinter printer = new PacketPrinter(console.json());
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(seconds);
        int printed = 0;
        while (console.wanted().getAsBoolean()) {
            long left = end - System.nanoTime();
            boolean over = left <= 0 || !trace.isOpen();
            Duration patience = over ? Duration.ZERO : Duration.ofNanos(Math.min(left, GLANCE.toNanos()));
            Optional<BridgePacket> next = buffer.next(patience);
            if (next.isPresent()) {
                console.out().println(printer.line(next.get()));
                printed++;
            }
            // When nothing more waits, and now and then in a flood.
            boolean pause = buffer.isEmpty() || printed % BATCH == 0;
            if (left <= 0 || over && next.isEmpty() || pause && console.hasGone()) {
                return;
            }
        }
    }
}
