/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.security.acl;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.UnknownHostException;
import java.util.regex.Pattern;

/** An address or a network in CIDR notation, such as {@code 10.0.0.0/8} or {@code fd00::/8}. */
final class Network {
    /** Nothing that would be looked up as a name. */
    private static final Pattern ADDRESS = Pattern.compile("[0-9.]+|[0-9a-fA-F:.]*:[0-9a-fA-F:.]*");

    private final byte[] address;
    private final int bits;

    private Network(byte[] address, int bits) {
        this.address = address;
        this.bits = bits;
    }

    /** @throws IllegalArgumentException when it is neither; the message is half a sentence */
    static Network parse(String text) {
        int slash = text.indexOf('/');
        String address = slash < 0 ? text : text.substring(0, slash);
        if (!ADDRESS.matcher(address).matches()) {
            throw notOne(text, null);
        }
        try {
            byte[] bytes = InetAddress.getByName(address).getAddress();
            int bits = slash < 0 ? bytes.length * Byte.SIZE : Integer.parseInt(text.substring(slash + 1));
            if (bits < 0 || bits > bytes.length * Byte.SIZE) {
                throw notOne(text, null);
            }
            return new Network(bytes, bits);
        } catch (UnknownHostException | NumberFormatException e) {
            throw notOne(text, e);
        }
    }

    private static IllegalArgumentException notOne(String text, Exception cause) {
        return new IllegalArgumentException(
                "\"" + text + "\" is neither an address nor a network such as 10.0.0.0/8", cause);
    }

    /** Whether it is in there. What has no IP address, such as a session of this process, is in no network. */
    boolean contains(SocketAddress other) {
        if (!(other instanceof InetSocketAddress inet) || inet.getAddress() == null) {
            return false;
        }
        byte[] bytes = inet.getAddress().getAddress();
        if (bytes.length != address.length) {
            return false;
        }
        for (int i = 0; i < bits; i += Byte.SIZE) {
            int mask = bits - i >= Byte.SIZE ? 0xff : 0xff << Byte.SIZE - (bits - i);
            if (((bytes[i / Byte.SIZE] ^ address[i / Byte.SIZE]) & mask) != 0) {
                return false;
            }
        }
        return true;
    }
}
