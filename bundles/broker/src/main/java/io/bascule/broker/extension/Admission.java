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
    /** Nobody can say whether it may go on: it is to be asked again. */
    static final Admission UNDECIDED = new Admission(Optional.empty(), Optional.of(ReasonCode.SERVER_BUSY));

    static final Admission NOT_AUTHORIZED = new Admission(Optional.empty(), Optional.of(ReasonCode.NOT_AUTHORIZED));

    /** Whether it is not known yet. */
    public boolean isUndecided() {
        return this == UNDECIDED;
    }

    static Admission of(Message message) {
        return new Admission(Optional.of(message), Optional.empty());
    }
}
