/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.broker.session;

import io.bascule.api.QueueLimits;
import io.bascule.api.SessionOptions.Overlap;
import java.util.Optional;

/**
 * What a peer brings along when it is attached to a session.
 *
 * @param sessionExpiryInterval in seconds
 * @param receiveMaximum how many QoS 1 and 2 messages it takes at a time
 * @param limited whether {@code inflight.maximum} holds for it: whoever is in this process may say itself what it bears
 * @param highestPacketId up to which Packet Identifiers may be used for what is sent to it
 * @param will what to publish when it vanishes
 * @param overlap what it gets when several of its subscriptions match
 * @param queue what may wait from now on, if not what the broker's configuration says
 */
public record Attachment(
        Peer peer,
        long sessionExpiryInterval,
        int receiveMaximum,
        boolean limited,
        int highestPacketId,
        Optional<Will> will,
        Overlap overlap,
        Optional<QueueLimits> queue) {}
