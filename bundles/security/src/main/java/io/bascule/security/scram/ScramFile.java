/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.security.scram;

import io.bascule.security.file.BadFileException;
import io.bascule.security.file.FileFormat;
import io.bascule.security.users.UserFile;
import io.bascule.security.users.UserLines;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.Base64;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What a SCRAM file says: a line {@code user:hash} for each user, empty lines, and lines that begin with {@code #}, of which one may be the
 * key of the decoys. Immutable.
 */
final class ScramFile implements UserFile {
    static final FileFormat<ScramFile> FORMAT = new Format();

    private static final String DECOYS = "#decoys ";
    private static final int DECOY_KEY_BYTES = 32;
    private static final SecureRandom RANDOM = new SecureRandom();
    /** Where the file has none: the decoys are others after a restart then. */
    private static final byte[] FALLBACK_KEY = newKey();

    private static final int USUAL_SALT_BYTES = 16;

    private final Map<String, ScramSecret> secrets;
    private final byte[] decoyKey;
    /** By what one could tell a decoy, sorted. */
    private final ScramSecret[] byCost;

    private ScramFile(Map<String, ScramSecret> secrets, byte[] decoyKey) {
        this.secrets = secrets;
        this.decoyKey = decoyKey;
        this.byCost = secrets.values().toArray(ScramSecret[]::new);
        Arrays.sort(byCost, Comparator.comparingInt(ScramSecret::iterations).thenComparingInt(ScramSecret::saltBytes));
    }

    private static byte[] newKey() {
        byte[] key = new byte[DECOY_KEY_BYTES];
        RANDOM.nextBytes(key);
        return key;
    }

    @Override
    public List<String> userNames() {
        return List.copyOf(secrets.keySet());
    }

    /** What is kept of a user's password. */
    Optional<ScramSecret> secretOf(String userName) {
        return Optional.ofNullable(secrets.get(userName));
    }

    /**
     * What nobody knows a password of, for somebody who is not in the file: the same one each time he comes, so that one cannot tell that he is
     * not. As many decoys have few or many iterations as secrets do, and hardly any changes them when the file is edited.
     */
    ScramSecret decoyOf(String userName) {
        byte[] chance = Crypto.hmac(decoyKey, "cost " + userName);
        int iterations = ScramSecret.FEWEST_ITERATIONS;
        int saltBytes = USUAL_SALT_BYTES;
        if (byCost.length > 0) {
            long share = (chance[0] & 0xffL) << 16 | (chance[1] & 0xff) << 8 | chance[2] & 0xff;
            ScramSecret model = byCost[(int) (share * byCost.length >> 24)];
            iterations = model.iterations();
            saltBytes = model.saltBytes();
        }
        return new ScramSecret(
                iterations,
                Arrays.copyOf(Crypto.hmac(decoyKey, "salt " + userName), saltBytes),
                Crypto.hmac(decoyKey, "stored " + userName),
                Crypto.hmac(decoyKey, "server " + userName));
    }

    /** Adds the key of the decoys to lines that have none. */
    static void addDecoyKey(List<String> lines) {
        if (lines.stream().noneMatch(line -> line.startsWith(DECOYS))) {
            lines.add(0, DECOYS + Base64.getEncoder().encodeToString(newKey()));
        }
    }

    private static final class Format implements FileFormat<ScramFile> {
        @Override
        public String kind() {
            return "scram-file";
        }

        @Override
        public boolean secret() {
            return true;
        }

        @Override
        public ScramFile parse(String text) throws BadFileException {
            return new ScramFile(
                    UserLines.parse(text, name -> Prepared.of("user name", name), ScramSecret::parse), decoyKey(text));
        }

        private static byte[] decoyKey(String text) throws BadFileException {
            int number = 0;
            for (String line : text.lines().toList()) {
                number++;
                if (line.startsWith(DECOYS)) {
                    return decoyKey(number, line.substring(DECOYS.length()).strip());
                }
            }
            return FALLBACK_KEY;
        }

        private static byte[] decoyKey(int number, String base64) throws BadFileException {
            try {
                byte[] key = Base64.getDecoder().decode(base64);
                if (key.length == DECOY_KEY_BYTES) {
                    return key;
                }
            } catch (IllegalArgumentException e) {
                // said below
            }
            throw BadFileException.at(number, "its key of the decoys is not Base64 of " + DECOY_KEY_BYTES + " bytes");
        }

        @Override
        public String describe(ScramFile content) {
            return UserLines.describe(content);
        }
    }

    @Override
    public String toString() {
        return FORMAT.describe(this);
    }
}
