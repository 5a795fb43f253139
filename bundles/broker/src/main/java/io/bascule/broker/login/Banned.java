/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.broker.login;

import io.bascule.api.Ban;
import io.bascule.audit.AuditEntry;
import java.time.Duration;
import java.time.Instant;

/** Somebody who is banned. */
final class Banned {
    private final LoginOrigin origin;
    private final String listener;
    private final long sinceNanos;
    private final long untilNanos;
    private long refused;

    Banned(LoginOrigin origin, String listener, long nowNanos, Duration ban) {
        this.origin = origin;
        this.listener = listener;
        this.sinceNanos = nowNanos;
        this.untilNanos = nowNanos + ban.toNanos();
    }

    boolean isOver(long nowNanos) {
        return nowNanos - untilNanos >= 0;
    }

    void refuse() {
        refused++;
    }

    LoginOrigin origin() {
        return origin;
    }

    Ban toBan(long nowNanos, Instant now) {
        return new Ban(
                origin.user(),
                origin.client(),
                origin.address(),
                listener,
                now.minusNanos(nowNanos - sinceNanos),
                now.plusNanos(untilNanos - nowNanos),
                refused);
    }

    /** For the audit log. */
    AuditEntry describe(AuditEntry entry) {
        return origin.describe(entry).count(refused);
    }

    @Override
    public String toString() {
        return "the ban of " + origin + " is over; " + refused + " connections were refused";
    }
}
