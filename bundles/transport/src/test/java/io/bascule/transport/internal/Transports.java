/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.transport.internal;

/** Transports on the sockets that a test wants. */
public enum Transports {
    /** What this machine has best. */
    NATIVE,
    /** Java's own. */
    NIO;

    /** One that has started. */
    public NettyTransport start() {
        return new NettyTransport(this == NIO ? NativeTransport.nio() : NativeTransport.best());
    }
}
