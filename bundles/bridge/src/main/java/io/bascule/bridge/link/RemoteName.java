/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.bridge.link;

import io.bascule.bridge.config.Server;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.Base64;

/**
 * What the remote broker is called on the way of a message: by its id, where any bridge of this broker has been told it, and otherwise by what
 * stands for it. It is known by both, since a message may have passed it before its id was known.
 */
final class RemoteName {
    private final Server server;
    private final BrokerIds ids;
    private final String standIn;

    RemoteName(String here, Server server, BrokerIds ids) {
        this.server = server;
        this.ids = ids;
        this.standIn = standIn(here, server);
    }

    /**
     * Stands for a remote broker that does not say its id: the same for all bridges of this broker that lead to this address, and for no
     * other broker's, since an address may mean something else there. It does not tell the address.
     */
    static String standIn(String here, Server server) {
        try {
            byte[] named = (here + " " + server).getBytes(StandardCharsets.UTF_8);
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(named);
            return Base64.getUrlEncoder().encodeToString(Arrays.copyOf(digest, 12));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java runtime has SHA-256", e);
        }
    }

    /** What it is called from now on. */
    String current() {
        return ids.find(server).orElse(standIn);
    }

    /** Whether this is, or was, its name. */
    boolean is(String broker) {
        return broker.equals(standIn) || broker.equals(current());
    }
}
