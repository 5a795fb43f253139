/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.bridge.route;

import io.bascule.api.LocalOptions.Priority;

/**
 * How the messages of a forward route wait.
 *
 * @param offline what becomes of those that cross with QoS 0 while the bridge is not connected
 * @param priority when it is their turn among those of the other routes
 */
public record Queueing(Offline offline, Priority priority) {
    /** As they do where a route says nothing. */
    static final Queueing ORDINARY = new Queueing(Offline.DROP, Priority.NORMAL);

    /** What becomes of QoS 0 messages while the bridge is not connected. */
    public enum Offline {
        DROP,
        /** Of each topic the last waits. */
        LATEST,
        /** All wait, as those of QoS 1. */
        QUEUE
    }
}
