/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.bridge.link;

import io.bascule.resource.Lease;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Holds this end to its {@link Budget} over one connection: once that is used up nothing more is sent until the next day or month. The message that
 * uses it up is sent whole; what is beyond waits in the local session, in order.
 */
final class SendBudget {
    private static final Logger LOG = LoggerFactory.getLogger(Link.class);

    /** How often it is looked whether the day has come: the clock may be set meanwhile. */
    private static final Duration LOOK = Duration.ofMinutes(1);

    /** What was sent within this time a process that is killed forgets. */
    private static final Duration KEEP = Duration.ofSeconds(10);

    private static final Duration AT_ONCE = Duration.ofMillis(1);

    private final Lasting link;
    private final Budget budget; // null where there is none
    private final Runnable changed;
    private boolean heldBack;
    private Lease keeping;
    private Lease waiting;

    /**
     * For one connection.
     *
     * @param changed hears when {@link #isHeldBack} has changed
     */
    SendBudget(Lasting link, Runnable changed) {
        this.link = link;
        this.budget = link.budget().orElse(null);
        this.changed = changed;
        if (budget != null) {
            budget.usedUpUntil().ifPresent(until -> {
                budget.problem().ifPresent(problem -> LOG.info("bridge {}: {}", link.name(), problem));
                hold(until);
            });
        }
    }

    /** A message has been sent. */
    void count(int bytes) {
        if (budget == null) {
            return;
        }
        budget.sent(bytes);
        if (keeping == null) {
            keeping = link.eventLoop().schedule(link.scope(), KEEP, this::keep);
        }
        Optional<Instant> until = heldBack ? Optional.empty() : budget.usedUpUntil();
        if (until.isPresent()) {
            budget.problem().ifPresent(problem -> LOG.warn("bridge {}: {}", link.name(), problem));
            budget.keep();
            hold(until.get());
            changed.run();
        }
    }

    private void keep() {
        keeping = null;
        budget.keep();
    }

    private void hold(Instant until) {
        heldBack = true;
        Duration left = Duration.between(budget.now(), until);
        boolean isSoon = left.compareTo(LOOK) < 0 && left.compareTo(AT_ONCE) > 0; // past by a clock that is not set
        waiting = link.eventLoop().schedule(link.scope(), isSoon ? left : LOOK, this::look);
    }

    private void look() {
        Optional<Instant> until = budget.usedUpUntil();
        if (until.isPresent()) {
            hold(until.get());
            return;
        }
        heldBack = false;
        LOG.info("bridge {} has a budget again, and forwards what has waited", link.name());
        changed.run();
    }

    /** Whether nothing more is to be sent for now. */
    boolean isHeldBack() {
        return heldBack;
    }

    void close() {
        if (keeping != null) {
            keeping.close();
            budget.keep();
        }
        if (waiting != null) {
            waiting.close();
        }
    }
}
