/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.spi;

import io.bascule.api.SecurityProvider;
import java.util.concurrent.CompletionStage;
import org.osgi.annotation.versioning.ConsumerType;

/**
 * Provides what bridges say to their remote brokers, where that is good for a time only: JSON Web Tokens, shared access signatures and the like. A
 * service with the property {@value #NAME}, by which the key {@code credentials} of a bridge names it; of several with one name the
 * one with the highest {@code service.ranking} is asked.
 *
 * <p>It is asked before each connection, and before what it gave last expires, in time for a second connection to take the place of the
 * first. Called on an event loop, which it must not block: what takes time completes the stage from a thread of its own. A stage that fails, or
 * takes longer than the bridge's {@code connect.timeout}, is an attempt that has failed; the message of its exception stands in the log.
 */
@ConsumerType
public interface CredentialProvider {
    /** The service property with its name. */
    String NAME = SecurityProvider.NAME;

    /** New ones for this bridge. */
    CompletionStage<Credentials> credentials(Bridge bridge);

    /**
     * Who asks.
     *
     * @param name of the bridge
     * @param clientId with which it connects
     * @param server the remote broker, such as {@code mqtts://broker.example.org:8883}
     */
    record Bridge(String name, String clientId, String server) {}
}
