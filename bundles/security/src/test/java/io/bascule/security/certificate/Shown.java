/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.security.certificate;

import java.math.BigInteger;
import java.security.Principal;
import java.security.PublicKey;
import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.util.Collection;
import java.util.Date;
import java.util.List;
import java.util.Set;
import javax.security.auth.x500.X500Principal;

/** A certificate as far as it says who somebody is: with a subject that no program that makes certificates would let through. */
@SuppressWarnings("serial")
public class Shown extends X509Certificate {
    private final X500Principal subject;
    private final Collection<List<?>> alternatives;

    private Shown(X500Principal subject, Collection<List<?>> alternatives) {
        this.subject = subject;
        this.alternatives = alternatives;
    }

    public static Shown subject(String name) {
        return new Shown(new X500Principal(name), null);
    }

    public static Shown subject(byte[] der) {
        return new Shown(new X500Principal(der), null);
    }

    static Shown alternatives(List<?>... names) {
        return new Shown(new X500Principal("CN=common"), List.of(names));
    }

    static Shown unreadable() {
        return new Shown(new X500Principal("CN=common"), null) {
            @Override
            public Collection<List<?>> getSubjectAlternativeNames() throws CertificateParsingException {
                throw new CertificateParsingException("bad names");
            }
        };
    }

    @Override
    public X500Principal getSubjectX500Principal() {
        return subject;
    }

    @Override
    public Collection<List<?>> getSubjectAlternativeNames() throws CertificateParsingException {
        return alternatives;
    }

    // ---------------------------------------------------------------- what nobody asks for

    private static UnsupportedOperationException no() {
        return new UnsupportedOperationException();
    }

    @Override
    public void checkValidity() {
        throw no();
    }

    @Override
    public void checkValidity(Date date) {
        throw no();
    }

    @Override
    public int getVersion() {
        throw no();
    }

    @Override
    public BigInteger getSerialNumber() {
        throw no();
    }

    @Override
    @Deprecated
    public Principal getIssuerDN() {
        throw no();
    }

    @Override
    @Deprecated
    public Principal getSubjectDN() {
        throw no();
    }

    @Override
    public Date getNotBefore() {
        throw no();
    }

    @Override
    public Date getNotAfter() {
        throw no();
    }

    @Override
    public byte[] getTBSCertificate() {
        throw no();
    }

    @Override
    public byte[] getSignature() {
        throw no();
    }

    @Override
    public String getSigAlgName() {
        throw no();
    }

    @Override
    public String getSigAlgOID() {
        throw no();
    }

    @Override
    public byte[] getSigAlgParams() {
        throw no();
    }

    @Override
    public boolean[] getIssuerUniqueID() {
        throw no();
    }

    @Override
    public boolean[] getSubjectUniqueID() {
        throw no();
    }

    @Override
    public boolean[] getKeyUsage() {
        throw no();
    }

    @Override
    public int getBasicConstraints() {
        throw no();
    }

    @Override
    public byte[] getEncoded() {
        throw no();
    }

    @Override
    public void verify(PublicKey key) {
        throw no();
    }

    @Override
    public void verify(PublicKey key, String provider) {
        throw no();
    }

    @Override
    public String toString() {
        return "a certificate of " + subject;
    }

    @Override
    public PublicKey getPublicKey() {
        throw no();
    }

    @Override
    public boolean hasUnsupportedCriticalExtension() {
        throw no();
    }

    @Override
    public Set<String> getCriticalExtensionOIDs() {
        throw no();
    }

    @Override
    public Set<String> getNonCriticalExtensionOIDs() {
        throw no();
    }

    @Override
    public byte[] getExtensionValue(String oid) {
        throw no();
    }
}
