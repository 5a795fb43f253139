/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.api;

import java.util.List;
import org.osgi.annotation.versioning.ProviderType;

/** One listener, as an OSGi service: there while its configuration is, whether its socket is open or not. */
@ProviderType
public interface Listener {

    /** How it stands now. */
    ListenerStatus status();

    /** What its clients are held to, and how often that was needed since it was configured. */
    List<LimitInfo> limits();
}
