/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.bridge.config;

import java.net.URI;
import java.net.URISyntaxException;

/**
 * Where the remote broker is.
 *
 * @param host a name or an address, an IPv6 address without brackets
 * @param port 1 to 65,535
 */
public record Server(String host, int port) {
    static final String ALLOWED = "mqtt://<host> or mqtt://<host>:<port>";
    private static final int DEFAULT_PORT = 1883;

    /**
     * The server of this text. What it says of a wrong one never repeats it, since there may be a password in it.
     *
     * @throws IllegalArgumentException when it is not one; the message says why
     */
    static Server parse(String text) {
        URI uri;
        try {
            uri = new URI(text);
        } catch (URISyntaxException e) {
            throw new IllegalArgumentException("is no address", e);
        }
        if (!"mqtt".equalsIgnoreCase(uri.getScheme()) || uri.isOpaque()) {
            throw new IllegalArgumentException("does not begin with mqtt://");
        }
        if (uri.getRawUserInfo() != null) {
            throw new IllegalArgumentException("has credentials in it; they go into user and password");
        }
        boolean hasMore = !uri.getRawPath().isEmpty() && !uri.getRawPath().equals("/") || uri.getRawQuery() != null;
        if (uri.getHost() == null || hasMore) {
            throw new IllegalArgumentException("is no host and port");
        }
        if (uri.getPort() == 0 || uri.getPort() > 65_535) {
            throw new IllegalArgumentException("has a port out of bounds, 1 to 65535");
        }
        String host = uri.getHost().replaceAll("^\\[|\\]$", "");
        return new Server(host, uri.getPort() < 0 ? DEFAULT_PORT : uri.getPort());
    }

    /**
     * By hand, since the one that a record is given has the JDK hold on to the class of the last record that was compared in the JVM, and so
     * to the class loader of its bundle: {@code java.lang.runtime.ObjectMethods.OBJECT_EQ} caches its last type, on JDK 17 at least.
     */
    @Override
    public boolean equals(Object other) {
        return other instanceof Server server && host.equals(server.host) && port == server.port;
    }

    @Override
    public int hashCode() {
        return 31 * host.hashCode() + port;
    }

    @Override
    public String toString() {
        return "mqtt://" + (host.indexOf(':') >= 0 ? "[" + host + "]" : host) + ":" + port;
    }
}
