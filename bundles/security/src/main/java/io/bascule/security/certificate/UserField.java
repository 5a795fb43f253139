/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.security.certificate;

import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import javax.naming.InvalidNameException;
import javax.naming.NamingEnumeration;
import javax.naming.NamingException;
import javax.naming.directory.Attribute;
import javax.naming.ldap.LdapName;
import javax.naming.ldap.Rdn;
import javax.security.auth.x500.X500Principal;

/** What of a certificate is the user name. */
enum UserField {
    CN("common name (CN)") {
        @Override
        List<String> of(X509Certificate certificate) throws CertificateParsingException {
            return ofSubject(certificate, "CN");
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
        List<String> of(X509Certificate certificate) {
            String name = certificate.getSubjectX500Principal().getName(X500Principal.RFC2253);
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

    /** The values of an attribute of the subject, also where several share a relative name, as in {@code CN=a+OU=b}. */
    static List<String> ofSubject(X509Certificate certificate, String attribute) throws CertificateParsingException {
        try {
            List<String> values = new ArrayList<>();
            LdapName subject =
                    new LdapName(certificate.getSubjectX500Principal().getName(X500Principal.RFC2253));
            for (Rdn rdn : subject.getRdns()) {
                Attribute found = rdn.toAttributes().get(attribute);
                if (found == null) {
                    continue;
                }
                for (NamingEnumeration<?> all = found.getAll(); all.hasMore(); ) {
                    if (all.next() instanceof String text) {
                        values.add(text);
                    } else {
                        throw new CertificateParsingException("its " + attribute + " is no text");
                    }
                }
            }
            return values;
        } catch (InvalidNameException e) {
            throw new CertificateParsingException("its subject cannot be read", e);
        } catch (NamingException e) {
            throw new IllegalStateException("nothing is looked up", e);
        }
    }

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
