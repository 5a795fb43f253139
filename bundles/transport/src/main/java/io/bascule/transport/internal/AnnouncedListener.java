/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.transport.internal;

import io.bascule.api.OpenListener;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.UnixDomainSocketAddress;
import java.nio.file.Path;
import java.util.NoSuchElementException;
import java.util.Optional;

/** What others are told of a listener that is open. */
record AnnouncedListener(SocketAddress where) implements OpenListener {
    @Override
    public InetSocketAddress address() {
        if (where instanceof InetSocketAddress address) {
            return address;
        }
        throw new NoSuchElementException("the listener is on the Unix domain socket " + where);
    }

    @Override
    public Optional<Path> socket() {
        return where instanceof UnixDomainSocketAddress unix ? Optional.of(unix.getPath()) : Optional.empty();
    }
}
