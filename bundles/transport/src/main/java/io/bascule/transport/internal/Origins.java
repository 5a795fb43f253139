/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.transport.internal;

import io.netty.util.NetUtil;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * Whose web pages may open a WebSocket. A browser opens one for any page that its user looks at, to any address that it reaches, and says
 * where the page comes from: without a look at that each page could speak to a broker on loopback, or in the user's name.
 *
 * @param allowed origins as browsers write them, {@code scheme://host[:port]} in lower case; {@code *} for all; empty for pages of the
 *     host that the WebSocket is opened on
 * @param loopback whether the listener is on a loopback address: then that host is to be a loopback address too, since a name that somebody
 *     else gives to one is no proof (DNS rebinding)
 */
record Origins(List<String> allowed, boolean loopback) {
    static final String ANY = "*";

    /**
     * What stands in a configuration, separated by commas.
     *
     * @throws IllegalArgumentException with what is wrong, as a sentence without a full stop
     */
    static List<String> parse(String text) {
        List<String> origins = new ArrayList<>();
        for (String each : text.split(",", -1)) {
            String origin = each.strip().toLowerCase(Locale.ROOT);
            if (!origin.equals(ANY) && !origin.matches("[a-z][a-z0-9+.-]*://[^/?#@\\s]+")) {
                throw new IllegalArgumentException("\"" + each.strip() + "\" is not an origin");
            }
            origins.add(origin);
        }
        return List.copyOf(origins);
    }

    /** Whether a page of this origin may open a WebSocket on this host, as the headers say them. */
    boolean allow(String origin, String host) {
        String asked = origin.toLowerCase(Locale.ROOT);
        if (!allowed.isEmpty()) {
            return allowed.contains(ANY) || allowed.contains(asked);
        }
        int scheme = asked.indexOf("://");
        String name = nameOf(host.toLowerCase(Locale.ROOT));
        return scheme > 0 && nameOf(asked.substring(scheme + 3)).equals(name) && (!loopback || isLoopback(name));
    }

    /** A host without its port. */
    private static String nameOf(String host) {
        int colon = host.lastIndexOf(':');
        return colon > host.lastIndexOf(']') ? host.substring(0, colon) : host;
    }

    private static boolean isLoopback(String name) {
        byte[] address = NetUtil.createByteArrayFromIpAddressString(name);
        try {
            return address == null
                    ? name.equals("localhost")
                    : InetAddress.getByAddress(address).isLoopbackAddress();
        } catch (UnknownHostException e) {
            throw new IllegalArgumentException(name, e); // only for addresses of another length than 4 or 16
        }
    }
}
