/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.transport.internal;

import java.net.SocketAddress;

/**
 * What carries the packets of one connection.
 *
 * @param remote who is at the other end; of a Unix domain socket, whose clients have no name, that socket
 * @param framing what stands around packets on their way out
 */
record Carrier(SocketAddress remote, Framing framing) {}
