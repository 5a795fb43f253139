/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.transport;

import java.util.Optional;

/**
 * Somebody who connects on our behalf, and who resolves host names for us.
 *
 * @param host a name or an address
 * @param port 1 to 65,535
 * @param user what it asks for: Basic authentication over HTTP, RFC 1929 over SOCKS, either in clear
 */
public record Proxy(Kind kind, String host, int port, Optional<User> user) {

    /** What is spoken with it. */
    public enum Kind {
        /** CONNECT (RFC 9110, section 9.3.6). */
        HTTP,
        /** RFC 1928. */
        SOCKS5
    }

    /** Somebody whom it knows. */
    public record User(String name, String password) {
        @Override
        public String toString() {
            return name;
        }
    }

    /** {@code host:port}, with brackets round an IPv6 address. */
    @Override
    public String toString() {
        return Remote.authority(host, port);
    }
}
