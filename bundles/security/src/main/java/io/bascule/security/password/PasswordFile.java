/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.security.password;

import io.bascule.security.file.BadFileException;
import io.bascule.security.file.FileFormat;
import io.bascule.security.users.UserFile;
import io.bascule.security.users.UserLines;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;

/** What a password file says: a line {@code user:hash} for each user, empty lines, and lines that begin with {@code #}. Immutable. */
final class PasswordFile implements UserFile {
    static final FileFormat<PasswordFile> FORMAT = new Format();

    private static final byte[] KEY = new byte[16];

    static {
        new SecureRandom().nextBytes(KEY);
    }

    private final Map<String, PasswordHash> hashes;
    /** The hashes once more, for who is not in it. */
    private final List<PasswordHash> others;

    private PasswordFile(Map<String, PasswordHash> hashes) {
        this.hashes = hashes;
        this.others = hashes.isEmpty() ? List.of(Argon2idHash.ofNobody()) : List.copyOf(hashes.values());
    }

    @Override
    public List<String> userNames() {
        return List.copyOf(hashes.keySet());
    }

    /** The hash of a user. */
    Optional<PasswordHash> hashOf(String userName) {
        return Optional.ofNullable(hashes.get(userName));
    }

    /**
     * A hash of somebody else to be tried in vain, so that who is not in the file takes as long as who is. The same one for the same name, and
     * nobody can tell which: where the hashes of a file cost differently, a name that were tried with another one each time would be known.
     */
    PasswordHash decoyFor(String userName) {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            digest.update(KEY);
            byte[] hash = digest.digest(userName.getBytes(StandardCharsets.UTF_8));
            int number = (hash[0] & 0xff) << 16 | (hash[1] & 0xff) << 8 | hash[2] & 0xff;
            return others.get(number % others.size());
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }

    private static final class Format implements FileFormat<PasswordFile> {
        @Override
        public String kind() {
            return "password-file";
        }

        @Override
        public boolean secret() {
            return true;
        }

        @Override
        public PasswordFile parse(String text) throws BadFileException {
            return new PasswordFile(UserLines.parse(text, UnaryOperator.identity(), PasswordHash::parse));
        }

        @Override
        public String describe(PasswordFile content) {
            return UserLines.describe(content);
        }
    }

    @Override
    public String toString() {
        return FORMAT.describe(this);
    }
}
