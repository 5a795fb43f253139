/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.api;

import java.time.Duration;
import java.util.Optional;

/**
 * How full a session is at one moment.
 *
 * @param queued messages that wait to be sent
 * @param queuedBytes a bound on the memory they hold
 * @param oldest how long the one of them that came first has waited; empty when none does
 * @param inFlight messages sent and not yet acknowledged to the end
 * @param dropped messages that did not fit, expired or were replaced, since the session began
 * @param withheld acknowledgements that publishers wait for until it is within its limits; 0 unless it is to make them wait
 *     ({@link QueueLimits.Overflow#BLOCK})
 */
public record QueueInfo(
        int queued, long queuedBytes, Optional<Duration> oldest, int inFlight, long dropped, int withheld) {
    /** That of a session that is not there. */
    public static final QueueInfo NONE = new QueueInfo(0, 0, Optional.empty(), 0, 0, 0);
}
