/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.transport.internal;

import java.util.Optional;

/**
 * The services that a listener names, of whom it is shut as long as one is not there. It only looks whether they are, and uses none of them: that
 * is for the broker. Safe for use by several threads.
 */
interface NamedServices extends AutoCloseable {

    /** Looks from now on, and says each time that something has changed, on any thread, also before this returns. */
    void open(Runnable changed);

    /** Who is not there, and why, as far as it can be told; empty when all are. */
    Optional<String> missing();

    @Override
    void close();
}
