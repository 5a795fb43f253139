/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.security.scram;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import javax.crypto.Mac;
import javax.crypto.SecretKeyFactory;
import javax.crypto.spec.PBEKeySpec;
import javax.crypto.spec.SecretKeySpec;

/** The functions of RFC 5802, section 2.2, with SHA-256. */
final class Crypto {
    /** Of a key, a proof and a signature. */
    static final int KEY_BYTES = 32;

    private static final String HMAC = "HmacSHA256";

    private Crypto() {}

    static byte[] hmac(byte[] key, String text) {
        try {
            Mac mac = Mac.getInstance(HMAC);
            mac.init(new SecretKeySpec(key, HMAC));
            return mac.doFinal(text.getBytes(UTF_8));
        } catch (GeneralSecurityException e) {
            throw missing(e);
        }
    }

    static byte[] hash(byte[] bytes) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(bytes);
        } catch (GeneralSecurityException e) {
            throw missing(e);
        }
    }

    /** SaltedPassword: PBKDF2 with HMAC-SHA-256 of the password's UTF-8. */
    static byte[] saltedPassword(String password, byte[] salt, int iterations) {
        PBEKeySpec spec = new PBEKeySpec(password.toCharArray(), salt, iterations, KEY_BYTES * Byte.SIZE);
        try {
            return SecretKeyFactory.getInstance("PBKDF2WithHmacSHA256")
                    .generateSecret(spec)
                    .getEncoded();
        } catch (GeneralSecurityException e) {
            throw missing(e);
        } finally {
            spec.clearPassword();
        }
    }

    /** The exclusive or of two keys. */
    static byte[] xor(byte[] one, byte[] other) {
        byte[] result = new byte[KEY_BYTES];
        for (int i = 0; i < KEY_BYTES; i++) {
            result[i] = (byte) (one[i] ^ other[i]);
        }
        return result;
    }

    private static IllegalStateException missing(GeneralSecurityException e) {
        return new IllegalStateException("every JDK has SHA-256", e);
    }
}
