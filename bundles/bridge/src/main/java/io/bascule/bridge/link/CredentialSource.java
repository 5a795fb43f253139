/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.bridge.link;

import io.bascule.bridge.config.Server;
import io.bascule.spi.Credentials;
import java.util.function.Consumer;

/** Where a bridge has from what it says to its remote brokers. */
public interface CredentialSource {
    /**
     * Calls one of the two, on any thread: with what is good at this server now, or a sentence that says why there is nothing.
     *
     * @return lets go of both, which are not called any more: who is asked may never answer, and holds on to whatever he is to tell
     */
    Runnable next(Server server, Consumer<Credentials> good, Consumer<String> bad);
}
