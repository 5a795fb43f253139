/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.security.password;

import io.bascule.security.provider.Verifiers;
import io.bascule.security.users.HashParts;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.Base64;
import org.bouncycastle.crypto.generators.Argon2BytesGenerator;
import org.bouncycastle.crypto.params.Argon2Parameters;

/** Argon2id (RFC 9106), as in {@code $argon2id$v=19$m=19456,t=2,p=1$salt$hash}. */
final class Argon2idHash extends PasswordHash {
    /** What OWASP's Password Storage Cheat Sheet asks for at least. */
    private static final int KIBIBYTES = 19 * 1024;

    private static final int ITERATIONS = 2;
    private static final int LANES = 1;
    private static final int SALT_BYTES = 16;
    private static final int HASH_BYTES = 32;

    private static final int MOST_KIBIBYTES = 256 * 1024;
    private static final int MOST_ITERATIONS = 64;
    private static final int MOST_LANES = 16;
    /** Of memory written in all: about a second of work. */
    private static final int MOST_WORK_KIBIBYTES = 1024 * 1024;

    private static final SecureRandom RANDOM = new SecureRandom();
    private static final Argon2Memory MEMORY = new Argon2Memory(KIBIBYTES * Verifiers.THREADS);

    private final int kibibytes;
    private final int iterations;
    private final int lanes;
    private final byte[] salt;
    private final byte[] hash;

    private Argon2idHash(int kibibytes, int iterations, int lanes, byte[] salt, byte[] hash) {
        this.kibibytes = kibibytes;
        this.iterations = iterations;
        this.lanes = lanes;
        this.salt = salt;
        this.hash = hash;
    }

    /** That of a new password, as it is written. */
    static String of(byte[] password) {
        byte[] salt = new byte[SALT_BYTES];
        RANDOM.nextBytes(salt);
        Base64.Encoder base64 = Base64.getEncoder().withoutPadding();
        byte[] hash = hash(password, KIBIBYTES, ITERATIONS, LANES, salt, HASH_BYTES);
        return "$argon2id$v=19$m=" + KIBIBYTES + ",t=" + ITERATIONS + ",p=" + LANES + "$" + base64.encodeToString(salt)
                + "$" + base64.encodeToString(hash);
    }

    /** One that no password has, and that costs as much as a new one. */
    static Argon2idHash ofNobody() {
        return new Argon2idHash(KIBIBYTES, ITERATIONS, LANES, new byte[SALT_BYTES], new byte[HASH_BYTES]);
    }

    static Argon2idHash parse(String[] parts) {
        if (parts.length != 6 || !parts[2].equals("v=19")) {
            throw new IllegalArgumentException("its hash is not $argon2id$v=19$m=…,t=…,p=…$salt$hash");
        }
        String[] costs = parts[3].split(",", -1);
        if (costs.length != 3
                || !costs[0].startsWith("m=")
                || !costs[1].startsWith("t=")
                || !costs[2].startsWith("p=")) {
            throw new IllegalArgumentException("the costs of its hash are not m=…,t=…,p=…");
        }
        int lanes = HashParts.number("parallelism p", costs[2].substring(2), 1, MOST_LANES);
        int kibibytes = HashParts.number(
                "memory m in KiB", costs[0].substring(2), 8 * lanes, MOST_KIBIBYTES); // RFC 9106, section 3.1
        int iterations = HashParts.number("number t of passes", costs[1].substring(2), 1, MOST_ITERATIONS);
        if ((long) kibibytes * iterations > MOST_WORK_KIBIBYTES) {
            throw new IllegalArgumentException(
                    "its hash asks for too much work; allowed is m times t up to " + MOST_WORK_KIBIBYTES);
        }
        return new Argon2idHash(
                kibibytes,
                iterations,
                lanes,
                HashParts.bytes("salt", parts[4], 8, MOST_SALT_BYTES),
                HashParts.bytes("tag", parts[5], 16, 64));
    }

    @Override
    boolean matches(byte[] password) {
        return MessageDigest.isEqual(hash, hash(password, kibibytes, iterations, lanes, salt, hash.length));
    }

    private static byte[] hash(byte[] password, int kibibytes, int iterations, int lanes, byte[] salt, int length) {
        Argon2BytesGenerator generator = new Argon2BytesGenerator();
        generator.init(new Argon2Parameters.Builder(Argon2Parameters.ARGON2_id)
                .withVersion(Argon2Parameters.ARGON2_VERSION_13)
                .withMemoryAsKB(kibibytes)
                .withIterations(iterations)
                .withParallelism(lanes)
                .withSalt(salt)
                .withBlockPool(MEMORY.blocks())
                .build());
        byte[] hash = new byte[length];
        generator.generateBytes(password, hash);
        return hash;
    }

    @Override
    public String toString() {
        return "Argon2id m=" + kibibytes + " t=" + iterations + " p=" + lanes;
    }
}
