/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.api;

import java.util.List;
import org.osgi.annotation.versioning.ProviderType;

/**
 * What bridges hold, and what those that have closed gave back, as an OSGi service: there while the bridge bundle is started. It keeps
 * numbers only, and begins anew when the bundle is updated, refreshed or restarted.
 */
@ProviderType
public interface BridgeHistory {

    /** Every bridge that is open, and the last 256 that are not, by name. A snapshot; may be called from any thread. */
    List<BridgeResidue> residue();
}
