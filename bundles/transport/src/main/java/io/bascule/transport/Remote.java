/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.transport;

import java.time.Duration;

/**
 * A broker to connect to.
 *
 * @param host a name or an address
 * @param port 1 to 65,535
 * @param connectTimeout for name resolution and TCP together
 * @param maximumPacketSize the largest packet accepted from it, in bytes
 */
public record Remote(String host, int port, Duration connectTimeout, int maximumPacketSize) {
    public Remote {
        if (host.isEmpty()) {
            throw new IllegalArgumentException("a broker has a host name or an address");
        }
        if (port < 1 || port > 65_535) {
            throw new IllegalArgumentException("a port is 1 to 65535, not " + port);
        }
    }

    /** {@code host:port}, with brackets round an IPv6 address. */
    @Override
    public String toString() {
        return (host.indexOf(':') >= 0 ? "[" + host + "]" : host) + ":" + port;
    }
}
