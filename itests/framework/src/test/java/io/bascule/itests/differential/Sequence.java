/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.itests.differential;

import io.bascule.itests.differential.Connection.Event;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Steps that are made on both brokers, each on both before the next one. */
final class Sequence implements AutoCloseable {
    /** What is on its way to a client of the slower one. Such a wait is for differences alone. */
    static final Duration LATE = Duration.ofMillis(200);
    /** The same until a machine that does other things has got round to it. */
    static final Duration VERY_LATE = Duration.ofSeconds(5);

    private final boolean overlapping;
    private final Duration late;
    private final Side bascule;
    private final Side mosquitto;
    private final List<Step> steps = new ArrayList<>();

    /**
     * Has made none.
     *
     * @param overlapping whether topics may match several subscriptions of a client
     * @param late for how long a difference that is not known may go away again
     */
    Sequence(Side bascule, Side mosquitto, boolean overlapping, Duration late) {
        this.late = late;
        this.bascule = bascule;
        this.mosquitto = mosquitto;
        this.overlapping = overlapping;
    }

    boolean isOpen(int client) {
        return bascule.isOpen(client);
    }

    /** Makes a step, and compares when nothing comes any more. */
    Optional<Difference> make(Step step) throws IOException {
        steps.add(step);
        bascule.perform(step);
        mosquitto.perform(step);
        settle();
        long start = System.nanoTime();
        while (!events(bascule).equals(events(mosquitto))) {
            Difference difference = Difference.between(steps, overlapping, events(bascule), events(mosquitto));
            boolean known = KnownDifference.of(difference).isPresent();
            if (System.nanoTime() - start > (known ? LATE : late).toNanos()) {
                return Optional.of(difference);
            }
            settle();
        }
        return Optional.empty();
    }

    private List<List<Event>> events(Side side) {
        List<List<Event>> events = side.events();
        return overlapping ? events.stream().map(Overlaps::collapse).toList() : events;
    }

    /** Two rounds at least, and no answer in the last: what a round has set off is sent before the next one is answered. */
    private void settle() {
        boolean more = true;
        for (int round = 0; more || round < 2; round++) {
            bascule.ping();
            mosquitto.ping();
            more = bascule.awaitPongs() | mosquitto.awaitPongs();
        }
    }

    @Override
    public void close() {
        bascule.close();
        mosquitto.close();
    }
}
