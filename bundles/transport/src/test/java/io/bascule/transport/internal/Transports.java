/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.transport.internal;

import static org.assertj.core.api.Assumptions.assumeThat;

import java.util.Optional;

/** Transports on the sockets that a test wants. */
public enum Transports {
    /** Linux's, where they load. */
    EPOLL,
    /** Java's own. */
    NIO;

    /** One that has started. */
    public NettyTransport start() {
        Optional<NativeTransport> sockets =
                this == EPOLL ? NativeTransport.epoll() : Optional.of(NativeTransport.nio());
        assumeThat(sockets).as("%s loads", this).isPresent();
        return new NettyTransport(sockets.orElseThrow());
    }

    /** One that has started, as the framework property says. */
    public static NettyTransport named(String property) {
        return new NettyTransport(NativeTransport.named(property));
    }
}
