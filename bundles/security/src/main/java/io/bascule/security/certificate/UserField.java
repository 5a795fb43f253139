/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.security.certificate;

import io.bascule.security.provider.Subject;
import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.util.Collection;
import java.util.List;

/** What of a certificate is the user name. */
enum UserField {
    CN("common name (CN)") {
        @Override
        List<String> of(X509Certificate certificate) throws CertificateParsingException {
            return Subject.values(certificate, Subject.Field.CN);
        }
    },
    SAN_DNS("DNS name (subject alternative name)") {
        @Override
        List<String> of(X509Certificate certificate) throws CertificateParsingException {
            return alternatives(certificate, 2);
        }
    },
    SAN_EMAIL("e-mail address (subject alternative name)") {
        @Override
        List<String> of(X509Certificate certificate) throws CertificateParsingException {
            return alternatives(certificate, 1);
        }
    },
    SAN_URI("URI (subject alternative name)") {
        @Override
        List<String> of(X509Certificate certificate) throws CertificateParsingException {
            return alternatives(certificate, 6);
        }
    },
    SUBJECT("subject") {
        @Override
        List<String> of(X509Certificate certificate) throws CertificateParsingException {
            String name = Subject.of(certificate);
            return name.isEmpty() ? List.of() : List.of(name);
        }
    };

    private final String label;

    UserField(String label) {
        this.label = label;
    }

    /** In words. */
    String label() {
        return label;
    }

    /**
     * All that the certificate has of it, in no particular order.
     *
     * @throws CertificateParsingException where it cannot be read
     */
    abstract List<String> of(X509Certificate certificate) throws CertificateParsingException;

    /** RFC 5280, section 4.2.1.6; the types are those of {@link X509Certificate#getSubjectAlternativeNames()}. */
    private static List<String> alternatives(X509Certificate certificate, int type) throws CertificateParsingException {
        Collection<List<?>> names = certificate.getSubjectAlternativeNames();
        return names == null
                ? List.of()
                : names.stream()
                        .filter(name -> name.get(0).equals(type))
                        .map(name -> String.valueOf(name.get(1)))
                        .toList();
    }
}
