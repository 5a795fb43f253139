/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.broker.login;

import io.bascule.audit.AuditEntry;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Optional;

/**
 * Who tries to log in, and where from. Who has one IPv6 address has 2^64 of them, so what counts of it is the network (/64). A name that is long
 * stands shortened, with its hash, since anybody may make up as many as he likes.
 */
public final class LoginOrigin {
    private static final int LONGEST_NAME = 64;
    private static final int KEPT_OF_LONG_NAME = 24;
    private static final int HASH_BYTES = 16;
    private static final int NETWORK_BYTES = 8;

    private final Optional<String> user;
    private final Optional<String> client;
    private final String address;
    private final boolean shared;

    private LoginOrigin(Optional<String> user, Optional<String> client, SocketAddress from) {
        this.user = user;
        this.client = client;
        this.address = address(from);
        this.shared = isShared(from);
    }

    /**
     * The login of a CONNECT.
     *
     * @param userName who it is about
     * @param clientId who it is about where there is no user name; may be empty, then it is about nobody but its address
     * @param from as the PROXY protocol says, where that is spoken
     */
    public static LoginOrigin of(Optional<String> userName, String clientId, SocketAddress from) {
        Optional<String> client =
                userName.isPresent() || clientId.isEmpty() ? Optional.empty() : Optional.of(shortened(clientId));
        return new LoginOrigin(userName.map(LoginOrigin::shortened), client, from);
    }

    /** The address as a whole. */
    static LoginOrigin of(SocketAddress from) {
        return new LoginOrigin(Optional.empty(), Optional.empty(), from);
    }

    LoginOrigin wholeAddress() {
        return new LoginOrigin(this);
    }

    private LoginOrigin(LoginOrigin origin) {
        this.user = Optional.empty();
        this.client = Optional.empty();
        this.address = origin.address;
        this.shared = origin.shared;
    }

    private static String shortened(String name) {
        if (name.length() <= LONGEST_NAME) {
            return name;
        }
        try {
            byte[] hash = MessageDigest.getInstance("SHA-256").digest(name.getBytes(StandardCharsets.UTF_8));
            return name.substring(0, KEPT_OF_LONG_NAME) + "…" + HexFormat.of().formatHex(hash, 0, HASH_BYTES);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }

    private static String address(SocketAddress from) {
        if (!(from instanceof InetSocketAddress internet)) {
            return String.valueOf(from);
        }
        InetAddress host = internet.getAddress();
        if (!(host instanceof Inet6Address) || host.isLoopbackAddress()) {
            return host.getHostAddress();
        }
        byte[] network = Arrays.copyOf(Arrays.copyOf(host.getAddress(), NETWORK_BYTES), host.getAddress().length);
        try {
            return InetAddress.getByAddress(network).getHostAddress() + "/64";
        } catch (UnknownHostException e) {
            throw new IllegalStateException("an address of 16 bytes is none", e);
        }
    }

    /** Whether all clients of a machine, or of a proxy on it, may have this address: it is never banned as a whole. */
    private static boolean isShared(SocketAddress from) {
        return !(from instanceof InetSocketAddress internet)
                || internet.getAddress().isLoopbackAddress();
    }

    Optional<String> user() {
        return user;
    }

    /** Where there is no user name. */
    Optional<String> client() {
        return client;
    }

    /** An address, an IPv6 network, or the path of a Unix domain socket. */
    String address() {
        return address;
    }

    boolean mayBeBannedAsAWhole() {
        return !shared;
    }

    Optional<String> name() {
        return user.or(() -> client);
    }

    /** Of the user or client at this address. No name has U+0000 in it [MQTT-1.5.4-2]. */
    Optional<String> pairKey() {
        return name().map(name -> (user.isPresent() ? "u" : "c") + name + '\0' + address);
    }

    /** For the audit log. */
    AuditEntry describe(AuditEntry entry) {
        return entry.client(client.orElse("")).user(user).address(address);
    }

    /** For the log, without what a terminal would obey. */
    @Override
    public String toString() {
        String who = user.map(name -> "user " + name + " at ")
                .or(() -> client.map(name -> "client " + name + " at "))
                .orElse("");
        return printable(who + address);
    }

    static String printable(String text) {
        return text.replaceAll("\\p{Cc}", "?");
    }
}
