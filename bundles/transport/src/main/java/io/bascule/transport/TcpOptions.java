/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.transport;

import java.net.InetAddress;
import java.time.Duration;
import java.util.Optional;

/**
 * What is asked of the socket of a connection.
 *
 * @param bindAddress the address of this machine that it is to leave from; empty for the system's choice
 * @param keepAlive after how much silence TCP asks whether the other end is there (RFC 1122, section 4.2.3.6), in whole seconds, three times, each a sixth of
 *     this later; empty for never
 * @param userTimeout how long what was sent may go without TCP's acknowledgement (RFC 5482); empty for the system's choice. Linux has it,
 *     with the transport epoll; elsewhere it is left out
 */
public record TcpOptions(
        Optional<InetAddress> bindAddress, Optional<Duration> keepAlive, Optional<Duration> userTimeout) {
    /** All is the system's choice. */
    public static final TcpOptions NONE = new TcpOptions(Optional.empty(), Optional.empty(), Optional.empty());
}
