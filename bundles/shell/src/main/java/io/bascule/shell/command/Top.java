/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.shell.command;

import io.bascule.shell.view.Screen;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Supplier;

/** {@code mqtt:top}: what goes through the broker and its busiest sessions, anew every second. */
public final class Top implements OngoingCommand {
    /** For the help of both shells. */
    public static final String SUMMARY = "Shows live rates and the busiest sessions, anew every second until Ctrl-C.";
    /** For the help of both shells. */
    public static final String EXAMPLE = "mqtt:top --count 5";
    /** For the help of both shells. */
    public static final String COUNT = "Shows them so many times; until Ctrl-C by default.";

    private static final Duration INTERVAL = Duration.ofSeconds(1);
    private static final int HIGHEST_COUNT = 1_000_000_000;

    private final Optional<Integer> count;
    private final Time time;

    private Top(Optional<Integer> count, Time time) {
        this.count = count;
        this.time = time;
    }

    /**
     * As often as was typed.
     *
     * @param count null when it was left out
     * @throws CommandFailure when it is not a count
     */
    public static Top of(String count) {
        return of(count, Time.REAL);
    }

    static Top of(String count, Time time) {
        return new Top(Input.number("--count", count, HIGHEST_COUNT), time);
    }

    @Override
    public void run(Supplier<Services> services, Console console) {
        Screen screen = console.screen();
        TrafficSample before = sample(services);
        int shown = 0;
        try {
            while (count.isEmpty() || shown < count.get()) {
                time.sleep(INTERVAL.toNanos());
                if (!console.wanted().getAsBoolean()) {
                    return;
                }
                TrafficSample now = sample(services);
                screen.show(now.since(before));
                before = now;
                shown++;
                if (console.hasGone()) {
                    return;
                }
            }
        } catch (InterruptedException e) {
            // Ctrl-C: what ends this command, and not the shell's thread.
        }
    }

    private TrafficSample sample(Supplier<Services> services) {
        return TrafficSample.take(services.get().runningBroker(), time.nanos());
    }
}
