/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.spi;

import io.bascule.api.Identity;
import io.bascule.mqtt.ReasonCode;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import org.osgi.annotation.versioning.ConsumerType;

/**
 * Says who a client is by an exchange of AUTH packets (MQTT 5.0, section 4.12): challenge and response, tickets and the like. A service: of
 * several that serve the same method the one of the highest {@code service.ranking} is asked. A method that none serves is refused with 0x8C. A client that
 * authenticates again is disconnected where it proves to be another user than before.
 */
@ConsumerType
public interface EnhancedAuthenticator {

    /** The Authentication Method that it serves, such as {@code SCRAM-SHA-256}. */
    String authenticationMethod();

    /** Begins an exchange: for a CONNECT, or for a client that authenticates again [MQTT-4.12.1-1]. Called on an event loop. */
    Exchange begin(ConnectingClient client);

    /** One exchange with one client. */
    @ConsumerType
    interface Exchange {

        /**
         * The client's next Authentication Data, empty where it sent none. Called on an event loop, which it must not block, and not again
         * before the stage has completed.
         */
        CompletionStage<Step> step(Optional<byte[]> authenticationData);

        /** The exchange is over, however it ended. Called once, on an event loop. */
        default void end() {}
    }

    /** What comes of a step. */
    sealed interface Step {

        /** The client is to go on with this Authentication Data: AUTH with 0x18 [MQTT-4.12.0-2]. */
        record Continue(Optional<byte[]> authenticationData) implements Step {}

        /** The client is who it says it is. */
        record Accepted(Identity identity, Optional<byte[]> authenticationData) implements Step {}

        /**
         * It is not; the connection is closed [MQTT-4.12.0-4, MQTT-4.12.1-2].
         *
         * @param reason a failure that CONNACK may carry (MQTT 5.0, section 3.2.2.2); 0x86 and 0x87 count as a failed login
         */
        record Rejected(ReasonCode reason, Optional<String> reasonString) implements Step {
            public Rejected {
                if (!reason.isFailure()) {
                    throw new IllegalArgumentException("a client is not rejected with " + reason);
                }
            }
        }
    }
}
