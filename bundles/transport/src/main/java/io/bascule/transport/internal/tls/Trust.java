/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.transport.internal.tls;

import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.cert.CertStore;
import java.security.cert.CollectionCertStoreParameters;
import java.security.cert.PKIXBuilderParameters;
import java.security.cert.TrustAnchor;
import java.security.cert.X509CRL;
import java.security.cert.X509CertSelector;
import java.security.cert.X509Certificate;
import java.util.Date;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import javax.net.ssl.CertPathTrustManagerParameters;
import javax.net.ssl.TrustManagerFactory;

/**
 * Whose certificates the other end may show, and which of these have been revoked.
 *
 * @param revocations the file that the lists come from, if there are any
 */
record Trust(TrustManagerFactory managers, Optional<Path> revocations, List<X509CRL> lists) {

    /**
     * Reads the files. With revocation lists every certificate between the other end and an authority of the file needs one that is up to date: what
     * cannot be looked up is refused, and nothing is fetched from the network.
     */
    static Trust read(Path authorities, Optional<Path> revocations, Date now) throws UnusableFileException {
        Set<TrustAnchor> anchors = new HashSet<>();
        List<X509Certificate> certificates = Certificates.read(authorities);
        if (certificates.stream().allMatch(authority -> authority.getNotAfter().before(now))) {
            throw new UnusableFileException(authorities, "has no certificate that has not expired");
        }
        certificates.forEach(authority -> anchors.add(new TrustAnchor(authority, null)));
        List<X509CRL> lists = revocations.isPresent() ? Certificates.readRevocations(revocations.get()) : List.of();
        try {
            PKIXBuilderParameters parameters = new PKIXBuilderParameters(anchors, new X509CertSelector());
            parameters.setRevocationEnabled(revocations.isPresent());
            parameters.addCertStore(CertStore.getInstance("Collection", new CollectionCertStoreParameters(lists)));
            TrustManagerFactory managers = TrustManagerFactory.getInstance("PKIX");
            managers.init(new CertPathTrustManagerParameters(parameters));
            Trust trust = new Trust(managers, revocations, lists);
            trust.checkValidity(now);
            return trust;
        } catch (GeneralSecurityException e) {
            throw new UnusableFileException(authorities, "cannot be used: " + e.getMessage(), e);
        }
    }

    /** That no list is out of date: it says nothing any more then, and every client is refused. */
    void checkValidity(Date now) throws UnusableFileException {
        for (X509CRL list : lists) {
            if (list.getNextUpdate() != null && list.getNextUpdate().before(now)) {
                throw new UnusableFileException(
                        revocations.orElseThrow(),
                        "has a list that was to be replaced by "
                                + list.getNextUpdate().toInstant());
            }
        }
    }
}
