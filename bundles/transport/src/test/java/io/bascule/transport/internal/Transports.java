/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.transport.internal;

import static org.assertj.core.api.Assumptions.assumeThat;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Transports on the sockets that a test wants. */
public enum Transports {
    /** Linux's, where they load. */
    EPOLL,
    /** Java's own. */
    NIO;

    /** One that has started. */
    public NettyTransport start() {
        return new NettyTransport(sockets());
    }

    /** One that has started, and to which these names have these addresses; it knows no others. */
    public NettyTransport start(Map<String, List<InetAddress>> names) {
        return new NettyTransport(sockets(), host -> {
            if (!names.containsKey(host)) {
                throw new UnknownHostException(host);
            }
            return names.get(host).toArray(InetAddress[]::new);
        });
    }

    private NativeTransport sockets() {
        Optional<NativeTransport> sockets =
                this == EPOLL ? NativeTransport.epoll() : Optional.of(NativeTransport.nio());
        assumeThat(sockets).as("%s loads", this).isPresent();
        return sockets.orElseThrow();
    }

    /** One that has started, as the framework property says. */
    public static NettyTransport named(String property) {
        return new NettyTransport(NativeTransport.named(property));
    }
}
