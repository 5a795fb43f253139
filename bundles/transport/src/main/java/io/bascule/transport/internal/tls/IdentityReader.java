/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.transport.internal.tls;

import io.bascule.transport.IdentityFiles;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.UnrecoverableKeyException;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Enumeration;
import java.util.List;

/** Reads the files of an {@link Identity}. */
final class IdentityReader {
    private IdentityReader() {}

    /** Nothing is checked but that they can be read. */
    static Identity read(IdentityFiles files) throws UnusableFileException {
        if (files instanceof IdentityFiles.Pem pem) {
            return new Identity(
                    pem.certificate(),
                    PrivateKeys.read(pem.key(), pem.password()),
                    Certificates.read(pem.certificate()));
        }
        IdentityFiles.KeyStore keyStore = (IdentityFiles.KeyStore) files;
        return read(keyStore.file(), keyStore.password());
    }

    private static Identity read(Path file, char[] password) throws UnusableFileException {
        byte[] bytes = BoundedFile.read(file, Pem.MOST_BYTES);
        try {
            KeyStore store = KeyStore.getInstance("PKCS12");
            store.load(new ByteArrayInputStream(bytes), password);
            String alias = alias(file, store);
            List<X509Certificate> chain = new ArrayList<>();
            for (Certificate certificate : store.getCertificateChain(alias)) {
                chain.add((X509Certificate) certificate);
            }
            return new Identity(file, (PrivateKey) store.getKey(alias, password), List.copyOf(chain));
        } catch (IOException e) {
            throw new UnusableFileException(
                    file,
                    e.getCause() instanceof UnrecoverableKeyException
                            ? "is encrypted with another password"
                            : "is no PKCS#12 file, or not all of it",
                    e);
        } catch (GeneralSecurityException e) {
            throw new UnusableFileException(file, "cannot be read: " + e.getMessage(), e);
        }
    }

    private static String alias(Path file, KeyStore store) throws GeneralSecurityException, UnusableFileException {
        List<String> found = new ArrayList<>();
        for (Enumeration<String> aliases = store.aliases(); aliases.hasMoreElements(); ) {
            String alias = aliases.nextElement();
            if (store.isKeyEntry(alias)) {
                found.add(alias);
            }
        }
        if (found.size() != 1) {
            throw new UnusableFileException(file, "has " + found.size() + " private keys; it must have one");
        }
        return found.get(0);
    }
}
