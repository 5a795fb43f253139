/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.transport.internal.tls;

import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.Signature;
import java.security.cert.CertificateExpiredException;
import java.security.cert.CertificateNotYetValidException;
import java.security.cert.X509Certificate;
import java.security.interfaces.EdECKey;
import java.util.Date;
import java.util.List;

/**
 * By what this end is known: its private key, and the certificates that say so, its own first.
 *
 * @param source the file that the certificates come from
 */
record Identity(Path source, PrivateKey key, List<X509Certificate> chain) {
    private static final byte[] CHALLENGE = new byte[32];

    /** This identity, when somebody who trusts its authority would take it at this moment. */
    Identity checked(Date now) throws UnusableFileException {
        if (!keyBelongsToCertificate()) {
            throw new UnusableFileException(source, "has a certificate that another private key belongs to");
        }
        for (int i = 1; i < chain.size(); i++) {
            if (!chain.get(i - 1).getIssuerX500Principal().equals(chain.get(i).getSubjectX500Principal())) {
                throw new UnusableFileException(
                        source, "has certificates out of order: each is followed by that of its issuer");
            }
        }
        checkValidity(now);
        return this;
    }

    /** That no certificate has expired. */
    void checkValidity(Date now) throws UnusableFileException {
        for (X509Certificate certificate : chain) {
            String name = "has a certificate, of "
                    + certificate.getSubjectX500Principal().getName() + ", that ";
            try {
                certificate.checkValidity(now);
            } catch (CertificateExpiredException e) {
                throw new UnusableFileException(
                        source,
                        name + "has expired on " + certificate.getNotAfter().toInstant(),
                        e);
            } catch (CertificateNotYetValidException e) {
                throw new UnusableFileException(
                        source,
                        name + "is not valid before "
                                + certificate.getNotBefore().toInstant(),
                        e);
            }
        }
    }

    private boolean keyBelongsToCertificate() {
        try {
            Signature signature = Signature.getInstance(signatureAlgorithm());
            signature.initSign(key);
            signature.update(CHALLENGE);
            byte[] signed = signature.sign();
            signature.initVerify(chain.get(0).getPublicKey());
            signature.update(CHALLENGE);
            return signature.verify(signed);
        } catch (GeneralSecurityException e) {
            return false; // a key of another kind, or one that cannot sign
        }
    }

    private String signatureAlgorithm() {
        if (key instanceof EdECKey) {
            return "EdDSA";
        }
        return switch (key.getAlgorithm()) {
            case "EC" -> "SHA256withECDSA";
            case "RSA" -> "SHA256withRSA";
            default -> key.getAlgorithm();
        };
    }
}
