/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.bridge.link;

import io.bascule.spi.Credentials;
import java.util.function.Consumer;

/** Where a bridge has from what it says to its remote broker. */
public interface CredentialSource {
    /** Calls one of the two, on any thread: with what is good now, or a sentence that says why there is nothing. Callers wait no longer than they like. */
    void next(Consumer<Credentials> good, Consumer<String> bad);
}
