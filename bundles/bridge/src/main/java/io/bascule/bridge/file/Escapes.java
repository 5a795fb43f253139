/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.bridge.file;

import java.nio.charset.Charset;
import java.nio.charset.CharsetEncoder;

/**
 * The backslashes of a .cfg file. File Install takes them away twice: as in Java source, and once more from before {@code {}, {@code }} and
 * {@code \} when it has filled placeholders.
 */
final class Escapes {
    private static final String ESCAPED = "\\\"\r\f\t\n\b";
    private static final String LETTERS = "\\\"rftnb";

    private Escapes() {}

    /** The text without the first kind. */
    static String undone(String text) {
        StringBuilder out = new StringBuilder(text.length());
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c != '\\' || i == text.length() - 1) {
                out.append(c);
                continue;
            }
            char escaped = text.charAt(++i);
            if (escaped != 'u') {
                int letter = LETTERS.indexOf(escaped);
                out.append(letter < 0 ? escaped : ESCAPED.charAt(letter));
            } else if (i + 4 < text.length()) {
                out.append(character(text.substring(i + 1, i + 5)));
                i += 4;
            } else {
                break; // as File Install has it
            }
        }
        return out.toString();
    }

    private static char character(String digits) {
        try {
            return (char) Integer.parseInt(digits, 16);
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException("\\u" + digits + " is no character; allowed are four hex digits", e);
        }
    }

    /** The text without the second kind. */
    static String undoneTwice(String text) {
        return text.replaceAll("\\\\([{}\\\\])", "$1");
    }

    /** A value with both kinds, in characters of this encoding. */
    static String value(String value, Charset charset) {
        return done(value.replaceAll("\\\\(?=[{}\\\\])|\\\\$", "\\\\\\\\"), charset)
                .replaceFirst("^ ", "\\\\ ");
    }

    /** A key with what it needs. */
    static String key(String key, Charset charset) {
        return done(key, charset).replaceAll("[=: ]|^[#!]", "\\\\$0");
    }

    private static String done(String text, Charset charset) {
        CharsetEncoder encoder = charset.newEncoder();
        StringBuilder out = new StringBuilder(text.length() + 16);
        text.codePoints().forEach(c -> {
            String character = Character.toString(c);
            int letter = ESCAPED.indexOf(c);
            if (letter >= 0) {
                out.append('\\').append(LETTERS.charAt(letter));
            } else if (c < ' ' || !encoder.canEncode(character)) {
                character.chars().forEach(unit -> out.append(String.format("\\u%04x", unit)));
            } else {
                out.append(character);
            }
        });
        return out.toString();
    }
}
