/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.log;

import java.net.InetSocketAddress;
import java.net.SocketAddress;

/** Addresses as the log has them. */
public final class Addresses {
    private Addresses() {}

    /** Address and port, without looking a name up; the path of a Unix domain socket, empty where its client has none. */
    public static String text(SocketAddress address) {
        return address instanceof InetSocketAddress internet
                ? internet.getHostString() + ":" + internet.getPort()
                : String.valueOf(address);
    }
}
