/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.api;

import io.bascule.mqtt.QoS;
import java.util.List;
import java.util.Optional;

/**
 * A session that a message at a topic would go to, and why.
 *
 * @param clientId whose it is
 * @param connected whether it would be sent at once; otherwise it waits, or is gone with QoS 0 where no subscription has {@link LocalOptions}
 *     that say otherwise
 * @param shareName of the Shared Subscription; then one of those with the same share name and filter gets it
 * @param maximumQos what it would be delivered with at most
 * @param subscriptions those that match
 */
public record Receiver(
        String clientId,
        boolean connected,
        Optional<String> shareName,
        QoS maximumQos,
        List<Subscription> subscriptions) {}
