/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.shell.view;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Optional;

/**
 * Bytes that may be text: what is in a message. In text what fits on a screen of it, as UTF-8 where it is that, else in
 * hexadecimal; in JSON all of it, as text or in Base64.
 */
public final class Payload {
    private static final int CHARACTERS = 2000;
    private static final int BYTES = 64;
    private static final int DIGITS_OF_A_BYTE = 3;
    private static final HexFormat HEX = HexFormat.ofDelimiter(" ");

    private final byte[] bytes;
    private final Optional<String> text;
    private final int characters;
    private final boolean counted;

    private Payload(byte[] bytes, int characters, boolean counted) {
        this.bytes = bytes;
        this.text = utf8(bytes);
        this.characters = characters;
        this.counted = counted;
    }

    /** These bytes, which are not copied. */
    public static Payload of(byte[] bytes) {
        return new Payload(bytes, CHARACTERS, true);
    }

    /** These bytes, of which a cell of a table has room for so many characters, beside one with their number. */
    public static Payload ofCell(byte[] bytes, int characters) {
        return new Payload(bytes, characters, false);
    }

    /** Whether they are UTF-8. */
    public boolean isText() {
        return text.isPresent();
    }

    /** The key that says how it is written in JSON: this one for text, {@code keyBase64} otherwise. */
    public String key(String key) {
        return text.isPresent() ? key : key + "Base64";
    }

    /** As JSON has it. */
    String json() {
        return text.orElseGet(() -> Base64.getEncoder().encodeToString(bytes));
    }

    /** As a terminal shows it, once {@link Text} has escaped it. */
    @Override
    public String toString() {
        return text.map(this::beginning).orElseGet(this::hex);
    }

    private String beginning(String all) {
        if (all.length() <= characters) {
            return all;
        }
        // Not between the halves of a character outside the basic plane.
        int end = Character.isHighSurrogate(all.charAt(characters - 1)) ? characters - 1 : characters;
        return all.substring(0, end) + "…" + (counted ? " (" + bytes.length + " bytes in all)" : "");
    }

    private String hex() {
        int shown = Math.min(BYTES, Math.max(1, characters / DIGITS_OF_A_BYTE));
        String digits = HEX.formatHex(bytes, 0, Math.min(bytes.length, shown));
        return (counted ? "(" + bytes.length + " bytes) " : "") + digits + (bytes.length > shown ? " …" : "");
    }

    private static Optional<String> utf8(byte[] bytes) {
        try {
            return Optional.of(StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes))
                    .toString());
        } catch (CharacterCodingException e) {
            return Optional.empty();
        }
    }
}
