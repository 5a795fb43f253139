/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.security.password;

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
}
