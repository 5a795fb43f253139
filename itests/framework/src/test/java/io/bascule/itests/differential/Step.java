/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.itests.differential;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

/**
 * What one client does.
 *
 * @param client   0 or 1
 * @param version  4 or 5, the protocol level of a CONNECT; 0 for all other steps
 * @param holds    of a CONNECT: whether the client acknowledges nothing until it is told to
 * @param bytes    what it sends, with {@link #PREFIX} in place of what is the sequence's own
 * @param name     what it is, without what is random in it
 */
record Step(int client, Kind kind, int version, boolean holds, byte[] bytes, String name) {
    /** Names of clients and topics begin with it; it has as many characters as what takes its place. */
    static final String PREFIX = "@@@@@@";

    /** How it is done. */
    enum Kind {
        /** On a new connection. */
        CONNECT,
        /** On the connection that there is, if there is one. */
        SEND,
        /** Sends all acknowledgements that were held back, and holds back none from now on. */
        RELEASE,
        /** Closes the connection without a word. */
        CUT
    }

    private static final byte[] NOTHING = {};

    static Step connect(int client, int version, boolean holds, byte[] bytes, String name) {
        return new Step(client, Kind.CONNECT, version, holds, bytes, name);
    }

    static Step send(int client, byte[] bytes, String name) {
        return new Step(client, Kind.SEND, 0, false, bytes, name);
    }

    static Step release(int client) {
        return new Step(client, Kind.RELEASE, 0, false, NOTHING, "release");
    }

    static Step cut(int client) {
        return new Step(client, Kind.CUT, 0, false, NOTHING, "cut");
    }

    /** Behind a second CONNECT Mosquitto 2.0 has lost the session, behind a DISCONNECT with a wrong reason code the will. */
    boolean isLast() {
        return name.equals("second CONNECT") || name.matches("DISCONNECT .*reason code.*|DISCONNECT that .*");
    }

    /** The bytes for a sequence of this prefix. */
    byte[] bytes(String prefix) {
        return text().replace(PREFIX, prefix).getBytes(ISO_8859_1);
    }

    private String text() {
        return new String(bytes, ISO_8859_1);
    }

    @Override
    public String toString() {
        StringBuilder text = new StringBuilder(client == 0 ? "a " : "b ").append(name);
        if (kind == Kind.CONNECT) {
            text.append(version == 5 ? " (5.0" : " (3.1.1").append(holds ? ", acknowledges later)" : ")");
        }
        if (bytes.length > 0) {
            text.append("  ");
        }
        text().chars().forEach(c -> text.append(c > ' ' && c < 127 ? String.valueOf((char) c) : "\\%02x".formatted(c)));
        return text.toString();
    }
}
