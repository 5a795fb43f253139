/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.security.scram;

import io.bascule.security.users.HashParts;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What is kept of a password, as PostgreSQL writes it: {@code SCRAM-SHA-256$iterations:salt$StoredKey:ServerKey}. Who has it can try
 * passwords, and pretend to be the server; he cannot log in. Immutable; {@code toString} tells nothing of the keys.
 */
final class ScramSecret {
    /** What RFC 7677 asks for at least (section 4). */
    static final int FEWEST_ITERATIONS = 4096;

    /** The client does that work; one of a small device is not to be kept busy for minutes. */
    static final int MOST_ITERATIONS = 1_000_000;

    private static final String PREFIX = "SCRAM-SHA-256$";
    private static final Pattern PARTS = Pattern.compile("([^$:]*):([^$:]*)\\$([^$:]*):([^$:]*)");
    private static final int NEW_SALT_BYTES = 16;
    private static final int FEWEST_SALT_BYTES = 8;
    private static final int MOST_SALT_BYTES = Crypto.KEY_BYTES;
    private static final SecureRandom RANDOM = new SecureRandom();

    private final int iterations;
    private final byte[] salt;
    private final byte[] storedKey;
    private final byte[] serverKey;

    ScramSecret(int iterations, byte[] salt, byte[] storedKey, byte[] serverKey) {
        this.iterations = iterations;
        this.salt = salt;
        this.storedKey = storedKey;
        this.serverKey = serverKey;
    }

    /** That of a new password. */
    static ScramSecret of(String password, int iterations) {
        byte[] salt = new byte[NEW_SALT_BYTES];
        RANDOM.nextBytes(salt);
        byte[] salted = Crypto.saltedPassword(password, salt, iterations);
        return new ScramSecret(
                iterations, salt, Crypto.hash(Crypto.hmac(salted, "Client Key")), Crypto.hmac(salted, "Server Key"));
    }

    /** @throws IllegalArgumentException with half a sentence that leaves out what stands there */
    static ScramSecret parse(String text) {
        if (!text.startsWith(PREFIX)) {
            throw new IllegalArgumentException("its hash does not begin with " + PREFIX);
        }
        Matcher parts = PARTS.matcher(text.substring(PREFIX.length()));
        if (!parts.matches()) {
            throw new IllegalArgumentException("its hash is not " + PREFIX + "iterations:salt$StoredKey:ServerKey");
        }
        return new ScramSecret(
                HashParts.number("number of iterations", parts.group(1), FEWEST_ITERATIONS, MOST_ITERATIONS),
                HashParts.bytes("salt", parts.group(2), FEWEST_SALT_BYTES, MOST_SALT_BYTES),
                HashParts.bytes("StoredKey", parts.group(3), Crypto.KEY_BYTES, Crypto.KEY_BYTES),
                HashParts.bytes("ServerKey", parts.group(4), Crypto.KEY_BYTES, Crypto.KEY_BYTES));
    }

    /** As it stands in a file. */
    String written() {
        Base64.Encoder base64 = Base64.getEncoder();
        return PREFIX + iterations + ":" + base64.encodeToString(salt) + "$" + base64.encodeToString(storedKey) + ":"
                + base64.encodeToString(serverKey);
    }

    int iterations() {
        return iterations;
    }

    int saltBytes() {
        return salt.length;
    }

    /** For the client, in Base64. */
    String saltText() {
        return Base64.getEncoder().encodeToString(salt);
    }

    /** Whether only somebody who knows the password could have proved it so. Takes the same time whatever the answer. */
    boolean proves(byte[] proof, String authMessage) {
        byte[] clientKey = Crypto.xor(proof, Crypto.hmac(storedKey, authMessage));
        return MessageDigest.isEqual(storedKey, Crypto.hash(clientKey));
    }

    /** By which the client sees that the server knows it too. */
    byte[] serverSignature(String authMessage) {
        return Crypto.hmac(serverKey, authMessage);
    }

    /** Whether it is of the same password, with the same salt. */
    boolean same(ScramSecret other) {
        return MessageDigest.isEqual(storedKey, other.storedKey);
    }

    @Override
    public String toString() {
        return "SCRAM-SHA-256 iterations=" + iterations;
    }
}
