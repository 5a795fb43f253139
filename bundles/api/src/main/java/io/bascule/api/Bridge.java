/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.api;

import org.osgi.annotation.versioning.ProviderType;

/** One bridge, as an OSGi service: there while its configuration is, whether it is connected or not. */
@ProviderType
public interface Bridge {

    /** How it stands now. */
    BridgeStatus status();
}
