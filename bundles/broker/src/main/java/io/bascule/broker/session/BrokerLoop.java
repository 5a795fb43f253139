/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.broker.session;

import io.bascule.broker.Counters;
import io.bascule.transport.EventLoop;

/**
 * One event loop with what the broker keeps for it alone, so that neither needs a lock.
 *
 * @param publisher the way in for messages; called on this loop
 * @param counters written on this loop
 * @param promises made and kept on this loop
 */
public record BrokerLoop(EventLoop eventLoop, Publisher publisher, Counters counters, Promises promises) {

    // By identity: there is one for each event loop, and it is compared for every message.
    @Override
    public boolean equals(Object other) {
        return this == other;
    }

    @Override
    public int hashCode() {
        return System.identityHashCode(this);
    }
}
