/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.api;

import org.osgi.annotation.versioning.ProviderType;

/** A trace of the packets of a bridge, from {@link Bridge#trace} until it is closed. */
@ProviderType
public interface PacketTrace extends AutoCloseable {

    /** Whether there may be more to come; not any more once the bridge has closed, or the consumer has thrown something. */
    boolean isOpen();

    /** Ends it; callable from any thread. A packet that is being shown is shown to the end. The second call does nothing. */
    @Override
    void close();
}
