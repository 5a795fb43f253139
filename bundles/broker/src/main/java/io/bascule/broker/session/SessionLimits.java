/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.broker.session;

/**
 * What one session may hold.
 *
 * @param queueMessages messages that may wait
 * @param queueBytes memory that waiting messages may take
 * @param overflow what gives way when either is reached
 * @param inFlight messages that may be sent and not yet acknowledged, 1 to 65,535, whatever more the client would allow
 * @param topicLevels levels that a topic or a filter may have
 * @param longestExpiry the longest Session Expiry Interval, in seconds
 */
public record SessionLimits(
        int queueMessages, long queueBytes, Overflow overflow, int inFlight, int topicLevels, long longestExpiry) {

    /** What gives way when a queue is full. */
    public enum Overflow {
        DROP_OLDEST,
        DROP_NEWEST
    }
}
