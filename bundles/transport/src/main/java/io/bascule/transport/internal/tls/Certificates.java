/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.transport.internal.tls;

import java.io.ByteArrayInputStream;
import java.nio.file.Path;
import java.security.cert.CRLException;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509CRL;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;

/** Reads certificates and revocation lists. */
final class Certificates {
    private static final int MOST_CRL_BYTES = 64 * 1024 * 1024;

    private Certificates() {}

    /** All certificates of a PEM file, one at least, in their order. */
    static List<X509Certificate> read(Path file) throws UnusableFileException {
        List<X509Certificate> certificates = new ArrayList<>();
        for (Pem block : Pem.read(file)) {
            if (block.label().equals("CERTIFICATE")) {
                certificates.add(certificate(file, block.content()));
            }
        }
        if (certificates.isEmpty()) {
            throw new UnusableFileException(file, "has no PEM block CERTIFICATE");
        }
        return certificates;
    }

    private static X509Certificate certificate(Path file, byte[] der) throws UnusableFileException {
        try {
            return (X509Certificate) x509().generateCertificate(new ByteArrayInputStream(der));
        } catch (CertificateException e) {
            throw new UnusableFileException(file, "has a certificate that cannot be read: " + e.getMessage(), e);
        }
    }

    /** All revocation lists of a PEM file, or the one of a DER file. */
    static List<X509CRL> readRevocations(Path file) throws UnusableFileException {
        byte[] bytes = BoundedFile.read(file, MOST_CRL_BYTES);
        List<byte[]> lists = new ArrayList<>();
        if (bytes.length > 0 && bytes[0] == Der.SEQUENCE) {
            lists.add(bytes);
        } else {
            for (Pem block : Pem.parse(file, bytes)) {
                if (block.label().equals("X509 CRL")) {
                    lists.add(block.content());
                }
            }
        }
        if (lists.isEmpty()) {
            throw new UnusableFileException(file, "is no certificate revocation list, neither PEM (X509 CRL) nor DER");
        }
        List<X509CRL> read = new ArrayList<>();
        for (byte[] list : lists) {
            read.add(revocations(file, list));
        }
        return read;
    }

    private static X509CRL revocations(Path file, byte[] der) throws UnusableFileException {
        try {
            return (X509CRL) x509().generateCRL(new ByteArrayInputStream(der));
        } catch (CRLException e) {
            throw new UnusableFileException(file, "has a revocation list that cannot be read: " + e.getMessage(), e);
        }
    }

    private static CertificateFactory x509() {
        try {
            return CertificateFactory.getInstance("X.509");
        } catch (CertificateException e) {
            throw new IllegalStateException("every Java runtime reads X.509", e);
        }
    }
}
