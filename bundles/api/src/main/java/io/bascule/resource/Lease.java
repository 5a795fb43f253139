/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.resource;

/** One thing held in a {@link ResourceScope}. */
public interface Lease extends AutoCloseable {

    /** Gives the thing back before its scope closes. The second call does nothing. */
    @Override
    void close();

    /** Says that the thing ended by itself (a timer that ran, a channel that the peer closed), so that there is nothing left to release. */
    void ended();
}
