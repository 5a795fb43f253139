/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.transport.internal;

import java.util.Optional;

/**
 * The services that a listener depends on, of whom it is shut as long as one is not there. It only looks whether they are, and uses none of
 * them to decide: that is for the broker. Safe for use by several threads.
 */
interface NamedServices extends AutoCloseable {

    /** Knows who is there when this returns, and says from then on each time that something has changed, on any thread. */
    void open(Runnable changed);

    /** Who is not there; empty when all are. Asks nobody else. */
    Optional<String> missing();

    /** The same, and why, as far as those tell who know; for people. */
    Optional<String> explained();

    @Override
    void close();
}
