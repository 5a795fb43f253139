/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.security.password;

import io.bascule.security.users.HashParts;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * PBKDF2 with HMAC-SHA-512 (RFC 8018, section 5.2), as Mosquitto writes it: {@code $7$iterations$salt$hash}. Not the JDK's own: that takes
 * characters, and a Password is bytes [MQTT-3.1.3.6].
 */
final class Pbkdf2Hash extends PasswordHash {
    private static final String ALGORITHM = "HmacSHA512";
    private static final int HASH_BYTES = 64;
    private static final int MOST_ITERATIONS = 1_000_000;
    /** The number of the only block: it is as long as the hash. */
    private static final byte[] FIRST_BLOCK = {0, 0, 0, 1};

    private final int iterations;
    private final byte[] salt;
    private final byte[] hash;

    private Pbkdf2Hash(int iterations, byte[] salt, byte[] hash) {
        this.iterations = iterations;
        this.salt = salt;
        this.hash = hash;
    }

    static Pbkdf2Hash parse(String[] parts) {
        if (parts.length != 5) {
            throw new IllegalArgumentException("its hash is not $7$iterations$salt$hash");
        }
        return new Pbkdf2Hash(
                HashParts.number("number of iterations", parts[2], 1, MOST_ITERATIONS),
                HashParts.bytes("salt", parts[3], 1, MOST_SALT_BYTES),
                HashParts.bytes("end", parts[4], HASH_BYTES, HASH_BYTES));
    }

    @Override
    boolean matches(byte[] password) {
        try {
            Mac mac = Mac.getInstance(ALGORITHM);
            // HMAC fills a short key up with zeros, so these are the same; the JDK takes no empty one.
            mac.init(new SecretKeySpec(password.length == 0 ? new byte[1] : password, ALGORITHM));
            mac.update(salt);
            byte[] last = mac.doFinal(FIRST_BLOCK);
            byte[] sum = last.clone();
            for (int i = 1; i < iterations; i++) {
                mac.update(last);
                mac.doFinal(last, 0);
                for (int j = 0; j < sum.length; j++) {
                    sum[j] ^= last[j];
                }
            }
            return MessageDigest.isEqual(hash, sum);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every JDK has " + ALGORITHM, e);
        }
    }

    @Override
    public String toString() {
        return "PBKDF2 iterations=" + iterations;
    }
}
