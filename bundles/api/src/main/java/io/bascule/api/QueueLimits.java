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
        /** What has waited longest is dropped. */
        DROP_OLDEST,
        /** What comes is dropped. */
        DROP_NEWEST,
        /**
         * Publishers wait: a QoS 1 or 2 message is taken beyond the limits, and its acknowledgement is withheld until the queue is within
         * them again, so that the publisher's Receive Maximum bounds what is beyond. While the store is full the limits are 0. What nobody
         * waits for (QoS 0, a will, what is retained when the session subscribes) is dropped as by {@link #DROP_NEWEST}. A publisher must
         * not need his acknowledgement to empty the queue.
         */
        BLOCK
    }

    public QueueLimits {
        Objects.requireNonNull(overflow, "overflow");
        if (messages < 0 || bytes < 0 || age.isNegative() || age.isZero()) {
            throw new IllegalArgumentException("a queue takes 0 or more messages and bytes of an age above 0, not "
                    + messages + ", " + bytes + " and " + age);
        }
    }
}
