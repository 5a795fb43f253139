/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.broker.extension;

import io.bascule.mqtt.Message;
import io.bascule.mqtt.ReasonCode;
import java.util.Optional;

/**
 * What becomes of a message that somebody publishes.
 *
 * @param message to go on with, empty when it goes no further
 * @param refusal why its publisher is refused, empty when it is not
 */
public record Admission(Optional<Message> message, Optional<ReasonCode> refusal) {
    static final Admission INTERCEPTED = new Admission(Optional.empty(), Optional.empty());
    static final Admission NOT_AUTHORIZED = new Admission(Optional.empty(), Optional.of(ReasonCode.NOT_AUTHORIZED));

    static Admission of(Message message) {
        return new Admission(Optional.of(message), Optional.empty());
    }
}
