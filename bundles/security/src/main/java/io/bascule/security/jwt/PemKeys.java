/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.security.jwt;

import io.bascule.security.file.BadFileException;
import java.io.ByteArrayInputStream;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PublicKey;
import java.security.cert.CertificateFactory;
import java.security.spec.InvalidKeySpecException;
import java.security.spec.X509EncodedKeySpec;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Public keys in PEM (RFC 7468), as they are or in certificates; what stands between the blocks is passed over. */
final class PemKeys {
    private static final Pattern BLOCK =
            Pattern.compile("-----BEGIN ([A-Z0-9 ]+)-----([A-Za-z0-9+/=\\s]*+)-----END \\1-----");

    private static final Pattern BEGIN = Pattern.compile("-----BEGIN");

    private PemKeys() {}

    static List<PublicKey> parse(String text) throws BadFileException {
        List<PublicKey> keys = new ArrayList<>();
        long begun = BEGIN.matcher(text).results().count();
        for (Matcher block = BLOCK.matcher(text); block.find(); ) {
            keys.add(key(block.group(1), block.group(2)));
        }
        if (keys.isEmpty()) {
            throw new BadFileException("it is neither PEM nor a JWK Set");
        }
        if (keys.size() != begun) {
            throw new BadFileException("only " + keys.size() + " of its " + begun + " blocks can be read");
        }
        return keys;
    }

    private static PublicKey key(String label, String base64) throws BadFileException {
        try {
            byte[] der = Base64.getMimeDecoder().decode(base64);
            return switch (label) {
                case "PUBLIC KEY" -> publicKey(der);
                case "CERTIFICATE" ->
                    CertificateFactory.getInstance("X.509")
                            .generateCertificate(new ByteArrayInputStream(der))
                            .getPublicKey();
                default ->
                    throw new BadFileException(
                            "it has a block " + label + ", where PUBLIC KEY and CERTIFICATE are allowed");
            };
        } catch (GeneralSecurityException | IllegalArgumentException e) {
            throw new BadFileException("it has a block " + label + " that cannot be read");
        }
    }

    private static PublicKey publicKey(byte[] der) throws GeneralSecurityException {
        X509EncodedKeySpec spec = new X509EncodedKeySpec(der);
        try {
            return KeyFactory.getInstance("RSA").generatePublic(spec);
        } catch (InvalidKeySpecException e) {
            return KeyFactory.getInstance("EC").generatePublic(spec);
        }
    }
}
