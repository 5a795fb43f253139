/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.security.scram;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.util.Base64;

/** The attributes of a message, separated by commas: a letter, {@code =} and a value each (RFC 5802, section 7). */
final class Attributes {
    /** More than any client needs. */
    private static final int MOST_BYTES = 4096;

    private Attributes() {}

    /** The text of a message. */
    static String text(byte[] message) throws BadMessageException {
        if (message.length > MOST_BYTES) {
            throw new BadMessageException("it has more than " + MOST_BYTES + " bytes");
        }
        try {
            String text = UTF_8.newDecoder().decode(ByteBuffer.wrap(message)).toString();
            if (text.indexOf('\0') < 0) {
                return text;
            }
        } catch (CharacterCodingException e) {
            // said below
        }
        throw new BadMessageException("it is not UTF-8 without NUL");
    }

    /** The value of the attribute of this name, which is to be there. */
    static String value(String[] parts, int at, char name) throws BadMessageException {
        if (at >= parts.length || parts[at].length() < 2 || parts[at].charAt(0) != name || parts[at].charAt(1) != '=') {
            throw new BadMessageException("there is no " + name + "= where it should be");
        }
        return parts[at].substring(2);
    }

    /** Looks whether these are attributes, which we need not know, and none is {@code m=}, which says that we have to (RFC 5802, section 5.1). */
    static void checkExtensions(String[] parts, int from, int to) throws BadMessageException {
        for (int i = from; i < to; i++) {
            String part = parts[i];
            refuseMandatory(part);
            boolean wellFormed = part.length() > 2
                    && Character.isLetter(part.charAt(0))
                    && part.charAt(0) < 0x80
                    && part.charAt(1) == '=';
            if (!wellFormed) {
                throw new BadMessageException("an extension is no attribute");
            }
        }
    }

    static void refuseMandatory(String part) throws BadMessageException {
        if (part.startsWith("m=")) {
            throw new BadMessageException("it has an extension that is mandatory");
        }
    }

    /** A name, in which {@code =2C} is a comma and {@code =3D} an equals sign, prepared. */
    static String name(String written) throws BadMessageException {
        StringBuilder name = new StringBuilder();
        for (int i = 0; i < written.length(); i++) {
            char c = written.charAt(i);
            if (c != '=') {
                name.append(c);
            } else if (written.startsWith("=2C", i)) {
                name.append(',');
                i += 2;
            } else if (written.startsWith("=3D", i)) {
                name.append('=');
                i += 2;
            } else {
                throw new BadMessageException("a name has an = that stands for nothing");
            }
        }
        return prepared(name.toString());
    }

    /** A name as it is compared. */
    static String prepared(String name) throws BadMessageException {
        try {
            return Prepared.of("name", name);
        } catch (IllegalArgumentException e) {
            throw new BadMessageException("a name has characters that SASLprep does not allow, or none");
        }
    }

    /** The bytes of a value of so many, written in the one way that there is: another way would be another message with the same proof. */
    static byte[] base64(String text, int length) throws BadMessageException {
        try {
            byte[] bytes = Base64.getDecoder().decode(text);
            if (bytes.length == length
                    && Base64.getEncoder().encodeToString(bytes).equals(text)) {
                return bytes;
            }
        } catch (IllegalArgumentException e) {
            // said below
        }
        throw new BadMessageException("a value is not Base64 of " + length + " bytes");
    }
}
