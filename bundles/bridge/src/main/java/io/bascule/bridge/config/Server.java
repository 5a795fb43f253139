/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.bridge.config;

import java.net.URI;
import java.net.URISyntaxException;
import java.util.Locale;
import java.util.stream.Stream;

/**
 * Where the remote broker is.
 *
 * @param host a name or an address, an IPv6 address without brackets
 * @param port 1 to 65,535
 * @param path at which it opens WebSockets, with its query if any; empty for MQTT without
 */
public record Server(Scheme scheme, String host, int port, String path) {
    static final String ALLOWED =
            "mqtt://<host>, mqtts://<host>, ws://<host>/<path> or wss://<host>/<path>, each with :<port> behind the host or without";
    /** Where brokers open them, if anywhere. */
    private static final String USUAL_PATH = "/mqtt";

    /** How MQTT is carried. */
    public enum Scheme {
        MQTT(1883, false, false),
        MQTTS(8883, true, false),
        WS(80, false, true),
        WSS(443, true, true);

        private final int port;
        private final boolean tls;
        private final boolean webSocket;

        Scheme(int port, boolean tls, boolean webSocket) {
            this.port = port;
            this.tls = tls;
            this.webSocket = webSocket;
        }

        /** Whether over TLS. */
        public boolean isTls() {
            return tls;
        }

        /** Whether in a WebSocket. */
        public boolean isWebSocket() {
            return webSocket;
        }

        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /**
     * The server of this text. What it says of a wrong one never repeats it, since there may be a password in it.
     *
     * @throws IllegalArgumentException when it is not one; the message says why
     */
    public static Server parse(String text) {
        URI uri;
        try {
            uri = new URI(text);
        } catch (URISyntaxException e) {
            throw new IllegalArgumentException("is no address", e);
        }
        Scheme scheme = Stream.of(Scheme.values())
                .filter(each -> each.toString().equalsIgnoreCase(uri.getScheme()) && !uri.isOpaque())
                .findFirst()
                .orElseThrow(
                        () -> new IllegalArgumentException("does not begin with mqtt://, mqtts://, ws:// or wss://"));
        if (uri.getRawUserInfo() != null) {
            throw new IllegalArgumentException("has credentials in it; they go into user and password");
        }
        if (uri.getHost() == null) {
            throw new IllegalArgumentException("is no host and port");
        }
        if (uri.getPort() == 0 || uri.getPort() > 65_535) {
            throw new IllegalArgumentException("has a port out of bounds, 1 to 65535");
        }
        String host = lowerCase(uri.getHost().replaceAll("^\\[|\\]$", ""));
        return new Server(scheme, host, uri.getPort() < 0 ? scheme.port : uri.getPort(), path(scheme, uri));
    }

    /** Names are the same in capitals (RFC 4343), but not that of the network interface behind an IPv6 address. */
    private static String lowerCase(String host) {
        int zone = host.indexOf('%');
        int end = zone < 0 ? host.length() : zone;
        return host.substring(0, end).toLowerCase(Locale.ROOT) + host.substring(end);
    }

    private static String path(Scheme scheme, URI uri) {
        String query = uri.getRawQuery() == null ? "" : "?" + uri.getRawQuery();
        if (uri.getRawFragment() != null) {
            throw new IllegalArgumentException("has a # in it, behind which nothing is sent");
        }
        if (scheme.isWebSocket()) {
            return (uri.getRawPath().isEmpty() ? USUAL_PATH : uri.getRawPath()) + query;
        }
        if (!uri.getRawPath().isEmpty() && !uri.getRawPath().equals("/") || !query.isEmpty()) {
            throw new IllegalArgumentException("has a path, which only WebSockets have");
        }
        return "";
    }

    /**
     * Whether the other is the same broker as far as its text tells: one that is reached in another way, over TLS or at another path, has the
     * same sessions.
     */
    public boolean isSameBroker(Server other) {
        return host.equals(other.host) && (port == other.port || scheme != other.scheme);
    }

    /** Whether it is this machine, on which there is something between the bridge and the remote broker, or a test. */
    boolean isHere() {
        return host.equals("localhost") || host.equals("::1") || host.matches("127([.][0-9]{1,3}){3}");
    }

    /**
     * By hand, since the one that a record is given has the JDK hold on to the class of the last record that was compared in the JVM, and so
     * to the class loader of its bundle: {@code java.lang.runtime.ObjectMethods.OBJECT_EQ} caches its last type, on JDK 17 at least.
     */
    @Override
    public boolean equals(Object other) {
        return other instanceof Server server
                && scheme == server.scheme
                && host.equals(server.host)
                && port == server.port
                && path.equals(server.path);
    }

    @Override
    public int hashCode() {
        return 31 * host.hashCode() + port;
    }

    /** Without what stands in the query, which may be a secret. */
    @Override
    public String toString() {
        String shown = path.replaceFirst("[?].*", "?***");
        return scheme + "://" + (host.indexOf(':') >= 0 ? "[" + host + "]" : host) + ":" + port + shown;
    }
}
