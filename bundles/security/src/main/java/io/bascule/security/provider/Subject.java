/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.security.provider;

import java.nio.ByteBuffer;
import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;
import javax.naming.InvalidNameException;
import javax.naming.NamingEnumeration;
import javax.naming.NamingException;
import javax.naming.directory.Attribute;
import javax.naming.ldap.LdapName;
import javax.naming.ldap.Rdn;
import javax.security.auth.x500.X500Principal;

/**
 * The subject of a certificate, as text that is the same on every JDK. What is a BMPString is refused: JDK 17 reads its UTF-16 as UTF-8, so that
 * another name comes of it. RFC 5280, section 4.1.2.4, has new subjects do without.
 */
public final class Subject {
    private static final byte BMP_STRING = 0x1e;

    private Subject() {}

    /** Attributes by their object identifiers (RFC 5280, appendix A.1), as DER has them. */
    public enum Field {
        CN(new byte[] {0x55, 4, 3}),
        OU(new byte[] {0x55, 4, 11});

        private final byte[] identifier;

        Field(byte[] identifier) {
            this.identifier = identifier;
        }
    }

    /**
     * As RFC 2253 writes it; empty where there is none.
     *
     * @throws CertificateParsingException where it has a BMPString
     */
    public static String of(X509Certificate certificate) throws CertificateParsingException {
        if (!bmpStrings(certificate).isEmpty()) {
            throw new CertificateParsingException("its subject has a BMPString");
        }
        return written(certificate);
    }

    /**
     * The values of one of its attributes, also where several share a relative name, as in {@code CN=a+OU=b}.
     *
     * @throws CertificateParsingException where one is no text, or a BMPString
     */
    public static List<String> values(X509Certificate certificate, Field field) throws CertificateParsingException {
        if (bmpStrings(certificate).contains(ByteBuffer.wrap(field.identifier))) {
            throw new CertificateParsingException("its " + field + " is a BMPString");
        }
        try {
            List<String> values = new ArrayList<>();
            for (Rdn rdn : new LdapName(written(certificate)).getRdns()) {
                Attribute found = rdn.toAttributes().get(field.name());
                if (found == null) {
                    continue;
                }
                for (NamingEnumeration<?> all = found.getAll(); all.hasMore(); ) {
                    if (all.next() instanceof String text) {
                        values.add(text);
                    } else {
                        throw new CertificateParsingException("its " + field + " is no text");
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

    private static String written(X509Certificate certificate) {
        return certificate.getSubjectX500Principal().getName(X500Principal.RFC2253);
    }

    /** The identifiers of the attributes that are one. No form of the name as text tells that: what is in a value can look like the end of it. */
    private static List<ByteBuffer> bmpStrings(X509Certificate certificate) {
        List<ByteBuffer> found = new ArrayList<>();
        ByteBuffer subject =
                content(ByteBuffer.wrap(certificate.getSubjectX500Principal().getEncoded()));
        while (subject.hasRemaining()) {
            ByteBuffer relativeName = content(subject);
            while (relativeName.hasRemaining()) {
                ByteBuffer attribute = content(relativeName);
                ByteBuffer identifier = content(attribute);
                if (attribute.get() == BMP_STRING) {
                    found.add(identifier);
                }
            }
        }
        return found;
    }

    /** What is in the next element of DER, which the JDK has written, behind which {@code der} then stands. */
    private static ByteBuffer content(ByteBuffer der) {
        der.get();
        int length = der.get();
        if (length < 0) {
            int bytes = length & 0x7f;
            length = 0;
            for (int i = 0; i < bytes; i++) {
                length = length << 8 | der.get() & 0xff;
            }
        }
        ByteBuffer content = der.slice(der.position(), length);
        der.position(der.position() + length);
        return content;
    }
}
