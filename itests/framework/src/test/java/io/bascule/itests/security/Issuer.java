/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.itests.security;

import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.Signature;
import java.security.interfaces.RSAPublicKey;
import java.time.Instant;
import java.util.Arrays;
import java.util.Base64;

/** Somebody who signs tokens (RS256), by the JDK alone. */
final class Issuer {
    private static final Base64.Encoder BASE64 = Base64.getUrlEncoder().withoutPadding();

    private final String keyId;
    private final KeyPair keys;

    Issuer(String keyId) throws GeneralSecurityException {
        KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
        generator.initialize(2048);
        this.keyId = keyId;
        this.keys = generator.generateKeyPair();
    }

    /** The JWK Set with its public key. */
    String keySet() {
        RSAPublicKey key = (RSAPublicKey) keys.getPublic();
        return "{\"keys\":[{\"kty\":\"RSA\",\"use\":\"sig\",\"kid\":\"%s\",\"n\":\"%s\",\"e\":\"%s\"}]}"
                .formatted(keyId, unsigned(key.getModulus()), unsigned(key.getPublicExponent()));
    }

    private static String unsigned(BigInteger number) {
        byte[] bytes = number.toByteArray();
        int zeros = bytes[0] == 0 ? 1 : 0;
        return BASE64.encodeToString(Arrays.copyOfRange(bytes, zeros, bytes.length));
    }

    /** A token that is good for so long. */
    String token(String user, long seconds) {
        long expires = Instant.now().getEpochSecond() + seconds;
        String signed = base64("{\"alg\":\"RS256\",\"kid\":\"" + keyId + "\"}") + "."
                + base64("{\"sub\":\"" + user + "\",\"exp\":" + expires + ",\"roles\":[\"staff\"]}");
        try {
            Signature signature = Signature.getInstance("SHA256withRSA");
            signature.initSign(keys.getPrivate());
            signature.update(signed.getBytes(StandardCharsets.US_ASCII));
            return signed + "." + BASE64.encodeToString(signature.sign());
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    private static String base64(String text) {
        return BASE64.encodeToString(text.getBytes(StandardCharsets.UTF_8));
    }
}
