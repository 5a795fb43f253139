/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.api;

import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.Optional;
import org.osgi.annotation.versioning.ProviderType;

/**
 * A service that is there exactly while a listener accepts connections, so that a host can wait for it. Its property
 * {@value #NAME} is the listener's name.
 */
@ProviderType
public interface OpenListener {

    /** The service property with the listener's name. */
    String NAME = "listener.name";

    /**
     * Where it listens; the port is the one that the system chose where 0 was configured.
     *
     * @throws java.util.NoSuchElementException when it listens on a Unix domain socket
     */
    InetSocketAddress address();

    /** Its Unix domain socket, where it listens on that. */
    Optional<Path> socket();
}
