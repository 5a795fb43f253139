/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.bridge.config;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * The remote brokers of a bridge, of which it is connected to one at a time.
 *
 * @param all at least one, the one that is wanted most first; no two of them are the same broker
 * @param roundRobin whether the next one takes its turn when one is lost, and keeps it; otherwise those before it are preferred
 * @param failbackInterval how often those before it are tried while a later one is connected
 */
public record Servers(List<Server> all, boolean roundRobin, Duration failbackInterval) {
    private static final int MOST = 16;

    public Servers {
        all = List.copyOf(all);
    }

    /** The one that is tried first. */
    public Server first() {
        return all.get(0);
    }

    /** Whether one of them and one of the others are the same broker. */
    public boolean meet(Servers others) {
        return all.stream().anyMatch(server -> others.all.stream().anyMatch(server::isSameBroker));
    }

    /**
     * The servers of this text, which are separated by commas.
     *
     * @throws IllegalArgumentException when they are not; the message says which one, and why
     */
    static List<Server> parse(String text) {
        String[] parts = text.split(",", -1);
        if (parts.length > MOST) {
            throw new IllegalArgumentException(
                    "has " + parts.length + " addresses, of which at most " + MOST + " may be");
        }
        List<Server> servers = new ArrayList<>();
        for (String part : parts) {
            add(servers, part.strip(), parts.length == 1 ? "" : "address " + (servers.size() + 1) + " ");
        }
        return servers;
    }

    private static void add(List<Server> servers, String text, String which) {
        Server server;
        try {
            server = Server.parse(text);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(which + e.getMessage(), e);
        }
        for (Server other : servers) {
            if (other.isSameBroker(server)) {
                throw new IllegalArgumentException(which + "is the same broker as " + other);
            }
            if (other.scheme().isTls() != server.scheme().isTls()) {
                String difference = server.scheme().isTls()
                        ? "is over TLS and " + other + " is not"
                        : "is not over TLS and " + other + " is";
                throw new IllegalArgumentException(which + difference
                        + ", so that it would depend on which of them is down whether a password is sent in clear");
            }
        }
        servers.add(server);
    }
}
