/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.transport.internal.tls;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.spec.InvalidKeySpecException;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.List;
import javax.crypto.Cipher;
import javax.crypto.EncryptedPrivateKeyInfo;
import javax.crypto.SecretKey;
import javax.crypto.SecretKeyFactory;
import javax.crypto.spec.PBEKeySpec;

/** Reads private keys: PKCS#8, encrypted or not, and the traditional formats of RSA and EC keys. */
final class PrivateKeys {
    private static final List<String> ALGORITHMS = List.of("RSA", "EC", "EdDSA");
    private static final byte[] VERSION_0 = {Der.INTEGER, 1, 0};
    /** 1.2.840.113549.1.1.1 with its NULL parameter (RFC 8017, appendix A.1). */
    private static final byte[] RSA_ENCRYPTION = {
        0x06, 9, 0x2a, (byte) 0x86, 0x48, (byte) 0x86, (byte) 0xf7, 0x0d, 1, 1, 1, 0x05, 0
    };
    /** 1.2.840.10045.2.1 (RFC 5480, section 2.1.1). */
    private static final byte[] EC_PUBLIC_KEY = {0x06, 7, 0x2a, (byte) 0x86, 0x48, (byte) 0xce, 0x3d, 2, 1};

    private static final String ALLOWED =
            "allowed are PRIVATE KEY, ENCRYPTED PRIVATE KEY, RSA PRIVATE KEY and EC PRIVATE KEY";

    private PrivateKeys() {}

    /**
     * The first private key of a PEM file.
     *
     * @param password empty when there is none
     */
    static PrivateKey read(Path file, char[] password) throws UnusableFileException {
        for (Pem block : Pem.read(file)) {
            if (block.label().endsWith("PRIVATE KEY")) {
                return decode(file, block, password);
            }
        }
        throw new UnusableFileException(file, "has no PEM block with a private key; " + ALLOWED);
    }

    private static PrivateKey decode(Path file, Pem block, char[] password) throws UnusableFileException {
        if (block.headers()) {
            throw new UnusableFileException(
                    file,
                    "is encrypted in the traditional way; convert it with: openssl pkcs8 -topk8 -in old -out new");
        }
        try {
            return switch (block.label()) {
                case "PRIVATE KEY" -> key(file, new PKCS8EncodedKeySpec(block.content()));
                case "ENCRYPTED PRIVATE KEY" -> key(file, decrypt(file, block.content(), password));
                case "RSA PRIVATE KEY" -> key(file, pkcs8(RSA_ENCRYPTION, block.content()));
                case "EC PRIVATE KEY" -> key(file, ec(block.content()));
                default ->
                    throw new UnusableFileException(
                            file, "has a PEM block " + block.label() + ", which is not read; " + ALLOWED);
            };
        } catch (IllegalArgumentException e) {
            throw new UnusableFileException(file, "has a key that cannot be read: " + e.getMessage(), e);
        }
    }

    private static PrivateKey key(Path file, PKCS8EncodedKeySpec spec) throws UnusableFileException {
        for (String algorithm : ALGORITHMS) {
            try {
                return KeyFactory.getInstance(algorithm).generatePrivate(spec);
            } catch (InvalidKeySpecException e) {
                continue; // a key of another algorithm
            } catch (GeneralSecurityException e) {
                throw new UnusableFileException(file, "cannot be read here: " + e.getMessage(), e);
            }
        }
        throw new UnusableFileException(file, "has a key that is none of " + String.join(", ", ALGORITHMS));
    }

    private static PKCS8EncodedKeySpec decrypt(Path file, byte[] encrypted, char[] password)
            throws UnusableFileException {
        if (password.length == 0) {
            throw new UnusableFileException(file, "is encrypted, and there is no password for it");
        }
        PBEKeySpec passwordSpec = new PBEKeySpec(password);
        try {
            EncryptedPrivateKeyInfo info = new EncryptedPrivateKeyInfo(encrypted);
            // Of PBES2 (RFC 8018) the JDK has the algorithm in the text of its parameters, such as
            // PBEWithHmacSHA256AndAES_256.
            String algorithm =
                    info.getAlgParameters() == null || info.getAlgName().startsWith("PBEWith")
                            ? info.getAlgName()
                            : info.getAlgParameters().toString();
            SecretKey key = SecretKeyFactory.getInstance(algorithm).generateSecret(passwordSpec);
            Cipher cipher = Cipher.getInstance(algorithm);
            cipher.init(Cipher.DECRYPT_MODE, key, info.getAlgParameters());
            return info.getKeySpec(cipher);
        } catch (InvalidKeySpecException e) { // what comes out is no key
            throw new UnusableFileException(file, "is encrypted with another password", e);
        } catch (GeneralSecurityException | IOException e) {
            throw new UnusableFileException(
                    file, "cannot be decrypted: the password is another one, or the encryption is not known here", e);
        } finally {
            passwordSpec.clearPassword();
        }
    }

    /** ECPrivateKey (RFC 5915) names its curve itself; PKCS#8 has that beside it. */
    private static PKCS8EncodedKeySpec ec(byte[] traditional) {
        ByteBuffer fields = Der.content(ByteBuffer.wrap(traditional), Der.SEQUENCE);
        Der.content(fields, Der.INTEGER);
        Der.content(fields, Der.OCTET_STRING);
        ByteBuffer parameters = Der.content(fields, 0xa0);
        byte[] curve = new byte[parameters.remaining()];
        parameters.get(curve);
        byte[] algorithm = new byte[EC_PUBLIC_KEY.length + curve.length];
        System.arraycopy(EC_PUBLIC_KEY, 0, algorithm, 0, EC_PUBLIC_KEY.length);
        System.arraycopy(curve, 0, algorithm, EC_PUBLIC_KEY.length, curve.length);
        return pkcs8(algorithm, traditional);
    }

    /** PrivateKeyInfo (RFC 5208, section 5). */
    private static PKCS8EncodedKeySpec pkcs8(byte[] algorithm, byte[] traditional) {
        return new PKCS8EncodedKeySpec(Der.element(
                Der.SEQUENCE,
                VERSION_0,
                Der.element(Der.SEQUENCE, algorithm),
                Der.element(Der.OCTET_STRING, traditional)));
    }
}
