/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.broker.session;

import io.bascule.broker.extension.Principal;
import io.bascule.mqtt.Message;
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

    /** The message as it is published now. */
    Message messageNow() {
        return messageExpiryInterval.isPresent()
                ? message.expiringIn(Duration.ofSeconds(messageExpiryInterval.getAsLong()))
                : message;
    }
}
