/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.itests.client;

import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/** A CONNECT with any User Name and any Password, those among them that no library of clients would send. */
public final class LoginAttempt {
    /** Who fails to log in is told so up to 8 s late. */
    private static final int TIMEOUT_MILLIS = 30_000;

    private static final int CLEAN_START = 0x02;
    private static final int PASSWORD = 0x40;
    private static final int USER_NAME = 0x80;
    private static final int CONNECT = 0x10;
    private static final int CONNACK = 0x20;
    private static final int SEVEN_BITS = 0x7F;

    private LoginAttempt() {}

    /** What the server answers: the code of its CONNACK, 0 for a client that is accepted; -1 where it closes without a word. */
    public static int code(int port, Version version, Optional<String> userName, Optional<String> password)
            throws IOException {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            socket.setSoTimeout(TIMEOUT_MILLIS);
            socket.getOutputStream().write(connect(version, userName, password));
            InputStream in = socket.getInputStream();
            int type = in.read();
            if (type < 0) {
                return -1;
            }
            byte[] rest = in.readNBytes(in.read());
            if (type != CONNACK) {
                throw new AssertionError("no CONNACK, but packet type " + type);
            }
            return rest[1] & 0xFF;
        }
    }

    private static byte[] connect(Version version, Optional<String> userName, Optional<String> password)
            throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        DataOutputStream body = new DataOutputStream(bytes);
        body.writeUTF("MQTT");
        body.writeByte(version.level());
        body.writeByte(CLEAN_START | (userName.isPresent() ? USER_NAME : 0) | (password.isPresent() ? PASSWORD : 0));
        body.writeShort(0);
        if (version == Version.MQTT_5) {
            body.writeByte(0); // no properties
        }
        body.writeUTF("somebody");
        if (userName.isPresent()) {
            body.writeUTF(userName.get());
        }
        if (password.isPresent()) {
            byte[] binary = password.get().getBytes(StandardCharsets.UTF_8);
            body.writeShort(binary.length);
            body.write(binary);
        }
        ByteArrayOutputStream packet = new ByteArrayOutputStream();
        packet.write(CONNECT);
        int length = bytes.size();
        while (length > SEVEN_BITS) {
            packet.write(length & SEVEN_BITS | SEVEN_BITS + 1);
            length >>= 7;
        }
        packet.write(length);
        bytes.writeTo(packet);
        return packet.toByteArray();
    }
}
