/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.broker.session;

import io.bascule.broker.extension.Principal;
import io.bascule.mqtt.Message;
import io.bascule.spi.SessionTerms;
import java.time.Duration;
import java.util.OptionalLong;

/**
 * What is to be published when the client vanishes.
 *
 * @param principal whose will it is
 * @param delaySeconds how long after the connection's end
 * @param messageExpiryInterval in seconds, counted from when it is published
 */
public record Will(Message message, Principal principal, long delaySeconds, OptionalLong messageExpiryInterval) {

    /** As the store keeps it. */
    SessionTerms.Will toStore() {
        return new SessionTerms.Will(
                message,
                principal.client(),
                principal.trusted(),
                principal.authorizers(),
                delaySeconds,
                messageExpiryInterval);
    }

    /** As the store has kept it. */
    static Will of(SessionTerms.Will stored) {
        return new Will(
                stored.message(),
                new Principal(stored.client(), stored.trusted(), stored.authorizers()),
                stored.delayInterval(),
                stored.messageExpiryInterval());
    }

    /** The message as it is published now. */
    Message messageNow() {
        return messageExpiryInterval.isPresent()
                ? message.expiringIn(Duration.ofSeconds(messageExpiryInterval.getAsLong()))
                : message;
    }
}
