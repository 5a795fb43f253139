/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.security.password;

import io.bascule.security.users.HashParts;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/** SHA-512 of password and salt, as Mosquitto wrote it before 2.0: {@code $6$salt$hash}. Weak, since it costs nothing to try. */
final class SaltedSha512Hash extends PasswordHash {
    private static final int HASH_BYTES = 64;

    private final byte[] salt;
    private final byte[] hash;

    private SaltedSha512Hash(byte[] salt, byte[] hash) {
        this.salt = salt;
        this.hash = hash;
    }

    static SaltedSha512Hash parse(String[] parts) {
        if (parts.length != 4) {
            throw new IllegalArgumentException("its hash is not $6$salt$hash");
        }
        return new SaltedSha512Hash(
                HashParts.bytes("salt", parts[2], 1, MOST_SALT_BYTES),
                HashParts.bytes("end", parts[3], HASH_BYTES, HASH_BYTES));
    }

    @Override
    boolean matches(byte[] password) {
        try {
            MessageDigest sha512 = MessageDigest.getInstance("SHA-512");
            sha512.update(password);
            return MessageDigest.isEqual(hash, sha512.digest(salt));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-512", e);
        }
    }

    @Override
    public String toString() {
        return "salted SHA-512";
    }
}
