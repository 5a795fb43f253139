/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.broker.audit;

import io.bascule.config.ConfigReader;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.Collections;
import java.util.Dictionary;
import java.util.HexFormat;
import java.util.Map;
import java.util.TreeMap;

/**
 * What tells whether the value of a key is another one than before, without the value: hashes with a salt that is as old as the process and kept
 * nowhere else.
 */
final class Fingerprints {
    private final byte[] salt = new byte[16];

    Fingerprints() {
        new SecureRandom().nextBytes(salt);
    }

    /** A fingerprint for each key of the operator's, in the order of the keys. */
    Map<String, String> of(Dictionary<String, Object> properties) {
        Map<String, String> prints = new TreeMap<>();
        for (String key : Collections.list(properties.keys())) {
            if (!ConfigReader.isFrameworkKey(key)) {
                prints.put(key, print(key, properties.get(key)));
            }
        }
        return prints;
    }

    private String print(String key, Object value) {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            digest.update(salt);
            digest.update(key.getBytes(StandardCharsets.UTF_8));
            digest.update((byte) 0);
            digest.update(text(value).getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(digest.digest());
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }

    /** An array says by itself where it is, not what is in it. */
    private static String text(Object value) {
        return Arrays.deepToString(new Object[] {value});
    }
}
