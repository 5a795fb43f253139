/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.spi;

import java.util.concurrent.CompletionStage;
import org.osgi.annotation.versioning.ConsumerType;

/**
 * Says who a client is, by its User Name and Password or by whatever else CONNECT shows. A service: the broker picks it up and lets go of it
 * while it runs.
 *
 * <p>The authenticators are asked in the order of their {@code service.ranking}, the highest first, until one accepts or rejects. Where each
 * abstains the client is rejected with 0x86 or 0x87. Where there is no authenticator at all, nor an {@link EnhancedAuthenticator}, every client is anonymous, and it is for the
 * listener to say whether those may come.
 *
 * <p>Called on an event loop, which it must not block: what takes time completes the stage from a thread of its own. A stage that fails, or
 * takes longer than the broker's {@code connect.timeout}, is a rejection.
 */
@ConsumerType
public interface Authenticator {

    /** Judges one client. */
    CompletionStage<AuthenticationResult> authenticate(ConnectingClient client);
}
