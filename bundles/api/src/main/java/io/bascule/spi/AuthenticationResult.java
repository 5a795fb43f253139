/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.spi;

import io.bascule.api.Identity;
import io.bascule.mqtt.ReasonCode;
import java.time.Instant;
import java.util.Optional;

/** What an {@link Authenticator} says of a client. */
public sealed interface AuthenticationResult {

    /**
     * It is who it says it is.
     *
     * @param expires until when, for what is valid for a time only, such as a token; its connection ends then, with 0x87 for a 5.0 client
     */
    record Accepted(Identity identity, Optional<Instant> expires) implements AuthenticationResult {

        /** Accepted for as long as it is connected. */
        public Accepted(Identity identity) {
            this(identity, Optional.empty());
        }
    }

    /**
     * It may not connect.
     *
     * @param reason a failure that CONNACK may carry (MQTT 5.0, section 3.2.2.2); 0x86 and 0x87 count as a failed login, 0x88 and 0x89 say that it
     *     could not be found out
     * @param reasonString for the client to read; nothing that helps to guess a password
     */
    record Rejected(ReasonCode reason, Optional<String> reasonString) implements AuthenticationResult {
        public Rejected {
            if (!reason.isFailure()) {
                throw new IllegalArgumentException("a client is not rejected with " + reason);
            }
        }

        /** Rejected without a word. */
        public static Rejected with(ReasonCode reason) {
            return new Rejected(reason, Optional.empty());
        }
    }

    /** This one knows nothing of such clients: the next one is asked. */
    record Abstained() implements AuthenticationResult {}
}
