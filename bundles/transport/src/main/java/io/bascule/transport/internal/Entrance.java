/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.transport.internal;

import io.netty.channel.Channel;

/** What a new connection has to pass before its handlers are there, such as a TLS handshake. */
interface Entrance {
    /** Nothing to pass. */
    Entrance NONE = (channel, passed) -> passed.run();

    /**
     * Lets a connection in, or closes it. Called on its event loop, before it is active.
     *
     * @param passed adds the connection's handlers behind what is in the pipeline; whoever calls it after the channel has become active tells
     *     them so
     */
    void enter(Channel channel, Runnable passed);
}
