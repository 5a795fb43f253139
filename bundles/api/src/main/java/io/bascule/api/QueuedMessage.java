/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.api;

import io.bascule.mqtt.Message;
import io.bascule.mqtt.QoS;
import java.time.Duration;
import java.util.Optional;

/**
 * A message that waits in a session, at one moment.
 *
 * @param number its place among all that ever waited in the session, from 0; the one whose turn is next has the next number. Where subscriptions
 *     have classes ({@link LocalOptions.Priority}) one that comes and goes first moves the others by one
 * @param message as it was published
 * @param qos what it is to be delivered with
 * @param retain the RETAIN flag it is to be delivered with
 * @param sizeInBytes what it counts against {@link QueueLimits#bytes()}
 * @param age how long it has waited
 * @param expiresIn how long until it is dropped as expired, for its own Message Expiry Interval or {@link QueueLimits#age()}; empty for
 *     never, zero where it is dropped as soon as it is its turn
 */
public record QueuedMessage(
        long number,
        Message message,
        QoS qos,
        boolean retain,
        int sizeInBytes,
        Duration age,
        Optional<Duration> expiresIn) {}
