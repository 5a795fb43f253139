/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.broker.session;

import java.time.Duration;
import java.util.Optional;

/** What is to happen while nobody is attached to a session: the will after its delay, the end after the Session Expiry Interval. */
final class Absence {
    private Will delayed;
    private AutoCloseable willTimer;
    private AutoCloseable expiryTimer;

    /** Publishes the will after its delay, unless somebody comes back before. */
    void delayWill(Will will, long delaySeconds, BrokerLoop loop, Runnable publish) {
        delayed = will;
        willTimer = loop.eventLoop().schedule(Duration.ofSeconds(delaySeconds), publish);
    }

    /** Ends the session after this time, unless somebody comes back before. */
    void expireAfter(long seconds, BrokerLoop loop, Runnable end) {
        expiryTimer = loop.eventLoop().schedule(Duration.ofSeconds(seconds), end);
    }

    /** Whether there is a will that is delayed. */
    boolean hasDelayedWill() {
        return delayed != null;
    }

    /** Takes the will that is delayed, so that it is not published again. */
    Optional<Will> takeDelayedWill() {
        Will due = delayed;
        delayed = null;
        willTimer = cancel(willTimer);
        return Optional.ofNullable(due);
    }

    void cancelExpiry() {
        expiryTimer = cancel(expiryTimer);
    }

    private static AutoCloseable cancel(AutoCloseable timer) {
        if (timer != null) {
            try {
                timer.close();
            } catch (Exception e) {
                throw new IllegalStateException("a timer cannot be cancelled", e);
            }
        }
        return null;
    }
}
