/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.security.password;

import java.util.Base64;

/** What is kept of a password. Immutable; {@code toString} tells what it costs, and nothing by which the password could be guessed. */
abstract sealed class PasswordHash permits Argon2idHash, Pbkdf2Hash, SaltedSha512Hash {
    static final int MOST_SALT_BYTES = 64;

    /**
     * The hash of this text.
     *
     * @throws IllegalArgumentException when it is none, or would cost too much to verify; the message is half a sentence and leaves out what
     *     stands in it
     */
    static PasswordHash parse(String text) {
        String[] parts = text.split("\\$", -1);
        String kind = parts.length > 1 && parts[0].isEmpty() ? parts[1] : "";
        return switch (kind) {
            case "argon2id" -> Argon2idHash.parse(parts);
            case "7" -> Pbkdf2Hash.parse(parts);
            case "6" -> SaltedSha512Hash.parse(parts);
            default ->
                throw new IllegalArgumentException(
                        "its hash begins neither with $argon2id$ nor with $7$ or $6$, as mosquitto_passwd writes it");
        };
    }

    /** Whether it is that of this password. Takes the time that it takes, whatever the answer. */
    abstract boolean matches(byte[] password);

    /** @throws IllegalArgumentException when it is not Base64 of so many bytes */
    static byte[] bytes(String what, String base64, int fewest, int most) {
        byte[] bytes;
        try {
            bytes = Base64.getDecoder().decode(base64);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("the " + what + " of its hash is not Base64", e);
        }
        if (bytes.length < fewest || bytes.length > most) {
            throw new IllegalArgumentException("the " + what + " of its hash has " + bytes.length
                    + " bytes; allowed is " + (fewest == most ? String.valueOf(fewest) : fewest + " to " + most));
        }
        return bytes;
    }

    /** @throws IllegalArgumentException when it is not a whole number within these bounds */
    static int number(String what, String text, int lowest, int highest) {
        try {
            int number = Integer.parseInt(text);
            if (number >= lowest && number <= highest) {
                return number;
            }
        } catch (NumberFormatException e) {
            // said below
        }
        throw new IllegalArgumentException(
                "the " + what + " of its hash is out of bounds; allowed is " + lowest + " to " + highest);
    }
}
