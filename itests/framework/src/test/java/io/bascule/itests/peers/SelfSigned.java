/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.itests.peers;

import io.bascule.itests.support.Folders;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.Base64;
import java.util.List;

/**
 * A certificate that is its own authority, made by the JDK's keytool.
 *
 * @param certificate PEM
 * @param key PEM, PKCS#8
 * @param keyStore both, PKCS#12
 */
public record SelfSigned(Path certificate, Path key, Path keyStore) {
    /** Of the key store. */
    public static final String PASSWORD = "changeit";

    private static final long LIMIT_SECONDS = 20;

    /** One for this name, which is at 127.0.0.1. */
    public static SelfSigned make(String name) throws IOException, GeneralSecurityException {
        Path folder = Folders.create("certificate-of-" + name);
        Path file = folder.resolve("made.p12");
        try (ChildProcess keytool = ChildProcess.start(
                "keytool",
                List.of(
                        Path.of(System.getProperty("java.home"), "bin", "keytool")
                                .toString(),
                        "-genkeypair",
                        "-alias",
                        name,
                        "-keyalg",
                        "EC",
                        "-groupname",
                        "secp256r1",
                        "-dname",
                        "CN=" + name,
                        "-ext",
                        "san=ip:127.0.0.1,dns:" + name,
                        "-storetype",
                        "PKCS12",
                        "-storepass",
                        PASSWORD,
                        "-keystore",
                        file.toString()))) {
            if (keytool.await(LIMIT_SECONDS) != 0) {
                throw new AssertionError(keytool.explain());
            }
        }
        KeyStore store = KeyStore.getInstance("PKCS12");
        try (InputStream in = Files.newInputStream(file)) {
            store.load(in, PASSWORD.toCharArray());
        }
        return new SelfSigned(
                write(
                        folder.resolve("certificate.pem"),
                        "CERTIFICATE",
                        store.getCertificate(name).getEncoded()),
                write(
                        folder.resolve("key.pem"),
                        "PRIVATE KEY",
                        store.getKey(name, PASSWORD.toCharArray()).getEncoded()),
                file);
    }

    private static Path write(Path file, String label, byte[] content) throws IOException {
        String base64 = Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(content);
        return Files.writeString(file, "-----BEGIN " + label + "-----\n" + base64 + "\n-----END " + label + "-----\n");
    }

    /** Takes the place of another one, in its PEM files. */
    public void replace(SelfSigned other) throws IOException {
        Files.copy(certificate, other.certificate, StandardCopyOption.REPLACE_EXISTING);
        Files.copy(key, other.key, StandardCopyOption.REPLACE_EXISTING);
    }

    /** What {@code mosquitto_pub} and {@code mosquitto_sub} are told to show this one to a server that shows the other. */
    public String[] optionsTowards(Path server) {
        return new String[] {"--cafile", server.toString(), "--cert", certificate.toString(), "--key", key.toString()};
    }
}
