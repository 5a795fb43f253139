/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.api;

import java.time.Duration;
import java.util.Objects;

/**
 * What may wait in a session.
 *
 * @param messages that may wait, 0 or more
 * @param bytes of memory that they may take, 0 or more
 * @param age how long a message may wait before it is dropped as expired, whatever its own Message Expiry Interval; {@link #ANY_AGE} for
 *     ever
 * @param overflow what gives way when there are too many or they take too much
 */
public record QueueLimits(int messages, long bytes, Duration age, Overflow overflow) {
    /** No message is too old. */
    public static final Duration ANY_AGE = Duration.ofNanos(Long.MAX_VALUE);

    /** What gives way when a queue is full. */
    public enum Overflow {
        DROP_OLDEST,
        DROP_NEWEST
    }

    public QueueLimits {
        Objects.requireNonNull(overflow, "overflow");
        if (messages < 0 || bytes < 0 || age.isNegative() || age.isZero()) {
            throw new IllegalArgumentException("a queue takes 0 or more messages and bytes of an age above 0, not "
                    + messages + ", " + bytes + " and " + age);
        }
    }
}
