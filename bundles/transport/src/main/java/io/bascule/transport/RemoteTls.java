/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.transport;

import java.util.Optional;
import org.osgi.annotation.versioning.ProviderType;

/** TLS towards another broker, made from files that are watched: each handshake uses them as they were when they were good last. */
@ProviderType
public interface RemoteTls {
    /** Why the files are not in use as they are, one sentence; empty where they are. Callable from any thread. */
    Optional<String> problem();
}
