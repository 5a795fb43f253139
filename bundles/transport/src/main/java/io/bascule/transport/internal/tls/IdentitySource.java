/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.transport.internal.tls;

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

/** The files that hold an {@link Identity}. */
sealed interface IdentitySource {
    /** All of them, to be watched. */
    List<Path> files();

    /** Reads them; nothing is checked but that they can be read. */
    Identity read() throws UnusableFileException;

    /**
     * Two PEM files.
     *
     * @param password of the key, empty when it has none
     */
    record PemFiles(Path certificate, Path key, char[] password) implements IdentitySource {
        @Override
        public List<Path> files() {
            return List.of(certificate, key);
        }

        @Override
        public Identity read() throws UnusableFileException {
            return new Identity(certificate, PrivateKeys.read(key, password), Certificates.read(certificate));
        }
    }

    /**
     * A PKCS#12 file with one private key.
     *
     * @param password of the file and of its key, empty when they have none
     */
    record KeyStoreFile(Path file, char[] password) implements IdentitySource {
        @Override
        public List<Path> files() {
            return List.of(file);
        }

        @Override
        public Identity read() throws UnusableFileException {
            byte[] bytes = BoundedFile.read(file, Pem.MOST_BYTES);
            try {
                KeyStore store = KeyStore.getInstance("PKCS12");
                store.load(new ByteArrayInputStream(bytes), password);
                String alias = alias(store);
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

        private String alias(KeyStore store) throws GeneralSecurityException, UnusableFileException {
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
}
