/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.bridge.link;

import java.time.Duration;
import java.util.Optional;

/**
 * Sees that the remote broker closes one connection after the other over the same message: it does not take it, has no word for that, or nobody here
 * listens to it. The message is the first that it has not answered, since it answers in order. It outlives a connection. On the event loop alone.
 */
final class RepeatedLoss {
    /** Once and twice may be chance. */
    private static final int MANY = 3;

    /** A connection that stands for longer after a message is not closed over it. */
    private static final Duration SOON = Duration.ofSeconds(5);

    private static final int MOST_CHARACTERS = 200;
    private static final long NONE = 0;

    private long message = NONE;
    private int times;
    private boolean on;

    /** Whether it was so with the last connection. */
    boolean isOn() {
        return on;
    }

    /**
     * A connection is lost. Returns one sentence where it looks as if it were over the same message as those before.
     *
     * @param first the first of what was sent over it that is not answered
     * @param hasAnswers whether something else is
     * @param silence how long the remote broker took from there
     */
    Optional<String> lost(Optional<InFlight.Sent> first, boolean hasAnswers, Duration silence, boolean byPeer) {
        on = false;
        if (first.isEmpty()) {
            return Optional.empty(); // it tells nothing
        }
        if (!byPeer || silence.compareTo(SOON) > 0) {
            message = NONE;
            times = 0;
            return Optional.empty();
        }
        times = first.get().message() == message && !hasAnswers ? times + 1 : 1;
        message = first.get().message();
        on = times >= MANY;
        return on
                ? Optional.of(
                        "the remote broker has closed the connection " + times + " times in a row after the message to "
                                + shortened(first.get().topic().name()))
                : Optional.empty();
    }

    private static String shortened(String topic) {
        String line = topic.replaceAll("\\p{Cntrl}", "?");
        return line.length() <= MOST_CHARACTERS ? line : line.substring(0, MOST_CHARACTERS) + "…";
    }
}
