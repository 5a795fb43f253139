/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.transport;

import io.bascule.config.ConfigReader;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/** The files that hold a private key, and the certificates that say whose it is. */
public sealed interface IdentityFiles {
    /** What the keys of one end with. */
    Set<String> KEYS = new TreeSet<>(List.of("certificate", "key", "key.password", "keystore", "keystore.password"));

    /** All of them. */
    List<Path> files();

    /**
     * Two PEM files.
     *
     * @param certificate its own first, each followed by that of its issuer
     * @param password of the key, empty when it has none
     */
    record Pem(Path certificate, Path key, char[] password) implements IdentityFiles {
        @Override
        public List<Path> files() {
            return List.of(certificate, key);
        }
    }

    /**
     * A PKCS#12 file with one private key.
     *
     * @param password of the file and of its key, empty when they have none
     */
    record KeyStore(Path file, char[] password) implements IdentityFiles {
        @Override
        public List<Path> files() {
            return List.of(file);
        }
    }

    /**
     * The one whose keys begin with this, such as {@code tls.}; empty when there is none of these keys, and when what they say will not do, which is
     * an error of the reader then.
     */
    static Optional<IdentityFiles> optional(ConfigReader reader, String prefix) {
        return KEYS.stream().anyMatch(key -> reader.has(prefix + key)) ? required(reader, prefix) : Optional.empty();
    }

    /** The same where there has to be one. */
    static Optional<IdentityFiles> required(ConfigReader reader, String prefix) {
        Optional<Path> certificate = path(reader, prefix + "certificate");
        Optional<Path> key = path(reader, prefix + "key");
        Optional<Path> keyStore = path(reader, prefix + "keystore");
        Optional<String> keyPassword = reader.text(prefix + "key.password");
        Optional<String> keyStorePassword = reader.text(prefix + "keystore.password");
        if (keyStore.isPresent()) {
            for (String other : List.of("certificate", "key", "key.password")) {
                if (reader.has(prefix + other)) {
                    reader.error(
                            prefix + other,
                            "stands beside " + prefix + "keystore; allowed is one of the two, PEM or PKCS#12");
                }
            }
            return Optional.of(new KeyStore(keyStore.get(), chars(keyStorePassword)));
        }
        if (keyStorePassword.isPresent()) {
            reader.error(prefix + "keystore.password", "is of no use without " + prefix + "keystore");
        }
        reader.required(
                prefix + "certificate",
                "a PEM file with the certificate and those of its issuers, or a PKCS#12 file as " + prefix
                        + "keystore");
        reader.required(prefix + "key", "a PEM file with the private key of " + prefix + "certificate");
        return certificate.isPresent() && key.isPresent()
                ? Optional.of(new Pem(certificate.get(), key.get(), chars(keyPassword)))
                : Optional.empty();
    }

    /** The file that this key names; what is no path is an error of the reader. */
    static Optional<Path> path(ConfigReader reader, String key) {
        return Optional.ofNullable(reader.value(key, null, "the path of a file", text -> {
            try {
                return Path.of(text);
            } catch (InvalidPathException e) {
                throw new IllegalArgumentException("it is no path", e);
            }
        }));
    }

    private static char[] chars(Optional<String> password) {
        return password.map(String::toCharArray).orElse(new char[0]);
    }
}
