/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.itests.karaf;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** As much of MQTT as it takes to see that somebody serves it. */
final class Mqtt {
    private static final int TIMEOUT_MILLIS = 10_000;
    private static final byte[] CONNECT = "\u0010\u0010\u0000\u0004MQTT\u0004\u0002\u0000\u003c\u0000\u0004test"
            .getBytes(StandardCharsets.ISO_8859_1);
    private static final byte[] ACCEPTED = {0x20, 2, 0, 0};

    private Mqtt() {}

    /** Whether a 3.1.1 client is accepted on this port of the loopback address. */
    static boolean answers(int port) {
        try (Socket socket = new Socket()) {
            socket.setSoTimeout(TIMEOUT_MILLIS);
            socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), TIMEOUT_MILLIS);
            socket.getOutputStream().write(CONNECT);
            return Arrays.equals(socket.getInputStream().readNBytes(ACCEPTED.length), ACCEPTED);
        } catch (IOException e) {
            return false;
        }
    }
}
