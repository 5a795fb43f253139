/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.api;

import org.osgi.annotation.versioning.ProviderType;

/**
 * The durable store, for those who run a broker: an OSGi service while the component of the store's bundle is active, also while its folder
 * cannot be opened. Where there is none, the broker keeps everything in memory. Every method may be called from any thread.
 */
@ProviderType
public interface Store {

    /** How it stands. A snapshot, which waits for no disk. */
    StoreStatus status();
}
