/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.transport;

import java.time.Duration;
import java.util.Optional;

/**
 * A broker to connect to, and the way there.
 *
 * @param host a name or an address; where there is a proxy, as the proxy knows it
 * @param port 1 to 65,535
 * @param connectTimeout for all that comes before the first packet: name resolution, TCP, proxy, TLS and WebSocket together
 * @param maximumPacketSize the largest packet accepted from it, in bytes
 * @param tls empty for a connection in clear
 * @param webSocket the path, and query if any, at which it opens WebSockets, such as {@code /mqtt}; empty for MQTT without
 * @param proxy through which it is reached; empty for none
 * @param tcp what is asked of the socket
 */
public record Remote(
        String host,
        int port,
        Duration connectTimeout,
        int maximumPacketSize,
        Optional<RemoteTls> tls,
        Optional<String> webSocket,
        Optional<Proxy> proxy,
        TcpOptions tcp) {
    public Remote {
        if (host.isEmpty()) {
            throw new IllegalArgumentException("a broker has a host name or an address");
        }
        if (port < 1 || port > 65_535) {
            throw new IllegalArgumentException("a port is 1 to 65535, not " + port);
        }
    }

    /** One that is reached by TCP and nothing else. */
    public Remote(String host, int port, Duration connectTimeout, int maximumPacketSize) {
        this(
                host,
                port,
                connectTimeout,
                maximumPacketSize,
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                TcpOptions.NONE);
    }

    /** {@code host:port}, with brackets round an IPv6 address. */
    @Override
    public String toString() {
        return authority(host, port);
    }

    static String authority(String host, int port) {
        return (host.indexOf(':') >= 0 ? "[" + host + "]" : host) + ":" + port;
    }
}
