/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.mqtt;

import java.nio.charset.StandardCharsets;

/** What MQTT allows in a UTF-8 Encoded String (MQTT 5.0, section 1.5.4). */
final class Utf8 {
    static final int MAX_BYTES = 65_535;

    private Utf8() {}

    /** The encoded bytes of a string, which is refused when it could not stand in an MQTT packet. */
    static byte[] encode(String what, String text) {
        checkCharacters(what, text);
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        if (bytes.length > MAX_BYTES) {
            throw new IllegalArgumentException(
                    what + " takes " + bytes.length + " bytes, at most " + MAX_BYTES + " are allowed");
        }
        return bytes;
    }

    /** Refuses what {@link #encode} refuses. */
    static void check(String what, String text) {
        if (text.length() * 3 > MAX_BYTES) {
            encode(what, text);
        } else {
            checkCharacters(what, text);
        }
    }

    private static void checkCharacters(String what, String text) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == 0) {
                throw new IllegalArgumentException(what + " contains U+0000 at index " + i); // [MQTT-1.5.4-2]
            }
            if (Character.isSurrogate(c)) {
                boolean pair = Character.isHighSurrogate(c)
                        && i + 1 < text.length()
                        && Character.isLowSurrogate(text.charAt(i + 1));
                if (!pair) {
                    throw new IllegalArgumentException(
                            what + " contains half a surrogate pair at index " + i); // [MQTT-1.5.4-1]
                }
                i++;
            }
        }
    }
}
