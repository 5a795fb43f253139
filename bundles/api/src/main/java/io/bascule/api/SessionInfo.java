/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.api;

import java.time.Instant;
import java.util.Optional;

/**
 * A session at one moment.
 *
 * @param clientId whose it is
 * @param connected whether a client is attached now
 * @param userName who the client has proved to be; empty for anonymous, in-process, and when nobody is attached
 * @param origin the protocol version and remote address, or {@code in-process}; empty when nobody is attached
 * @param listener the listener that the client came through
 * @param since when it was attached, or detached when it is not
 * @param keepAlive in seconds, 0 for none
 * @param sessionExpiryInterval in seconds
 * @param subscriptions how many it has
 * @param queue how full it is
 * @param received messages that its client has published, since the session began
 * @param delivered messages that were sent to its client, since the session began
 * @param withheld acknowledgements that its client waits for, since its messages went to a queue that is full, or came after one that did
 */
public record SessionInfo(
        String clientId,
        boolean connected,
        Optional<String> userName,
        Optional<String> origin,
        Optional<String> listener,
        Instant since,
        int keepAlive,
        long sessionExpiryInterval,
        int subscriptions,
        QueueInfo queue,
        long received,
        long delivered,
        int withheld) {}
