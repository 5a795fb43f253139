/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.security.provider;

import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/** User names and groups that come from elsewhere than CONNECT, which MQTT has not checked. */
public final class Names {
    /** A UTF-8 Encoded String (MQTT 5.0, section 1.5.4). */
    private static final int MOST_BYTES = 65_535;

    /** What a decoder puts in the place of bytes that it cannot read. */
    private static final char UNREADABLE = '\uFFFD';

    private Names() {}

    /** What keeps a text from being a name, half a sentence such as {@code is empty}; empty where it is one. */
    public static Optional<String> against(String text) {
        if (text.isEmpty()) {
            return Optional.of("is empty");
        }
        if (text.chars().anyMatch(Character::isISOControl)) {
            return Optional.of("has a control character"); // U+0000 among them, where C programs end
        }
        if (text.indexOf(UNREADABLE) >= 0) {
            return Optional.of("has a character that cannot be read"); // whatever that was, others were too
        }
        try {
            int bytes = StandardCharsets.UTF_8
                    .newEncoder()
                    .encode(CharBuffer.wrap(text))
                    .remaining();
            return bytes > MOST_BYTES ? Optional.of("has more than " + MOST_BYTES + " bytes") : Optional.empty();
        } catch (CharacterCodingException e) {
            return Optional.of("is no Unicode text");
        }
    }
}
