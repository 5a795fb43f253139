/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.security.http;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import javax.net.ssl.TrustManagerFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class HttpsTest {
    private static final String PASSWORD = "changeit";

    @TempDir
    Path folder;

    /** Of a server at 127.0.0.1 whose certificate is its own authority, and of whoever trusts it. */
    private SSLContext context() throws Exception {
        Path file = folder.resolve("made.p12");
        Process keytool = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "keytool")
                                .toString(),
                        "-genkeypair",
                        "-alias",
                        "server",
                        "-keyalg",
                        "EC",
                        "-groupname",
                        "secp256r1",
                        "-dname",
                        "CN=server",
                        "-ext",
                        "san=ip:127.0.0.1",
                        "-storetype",
                        "PKCS12",
                        "-storepass",
                        PASSWORD,
                        "-keystore",
                        file.toString())
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
        assertThat(keytool.waitFor()).isZero();
        KeyStore store = KeyStore.getInstance("PKCS12");
        try (InputStream in = Files.newInputStream(file)) {
            store.load(in, PASSWORD.toCharArray());
        }
        KeyStore trusted = KeyStore.getInstance("PKCS12");
        trusted.load(null, null);
        trusted.setCertificateEntry("server", store.getCertificate("server"));
        KeyManagerFactory keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        keys.init(store, PASSWORD.toCharArray());
        TrustManagerFactory trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        trust.init(trusted);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(keys.getKeyManagers(), trust.getTrustManagers(), null);
        return context;
    }

    private static HttpResponse<byte[]> post(URI url) throws Exception {
        Callout callout = new Callout("test", url, Optional.empty(), Duration.ofSeconds(30));
        try {
            return callout.post(new byte[0]).get(40, SECONDS);
        } finally {
            callout.close();
        }
    }

    @Test
    void asksAServerThatTheJdkTrustsAndNoOther() throws Exception {
        SSLContext trusting = context();
        SSLContext before = SSLContext.getDefault();
        try (Decider decider = Decider.overTls(trusting)) {
            decider.answers(200, "{}");
            assertThatThrownBy(() -> post(decider.url()))
                    .isInstanceOf(ExecutionException.class)
                    .hasCauseInstanceOf(SSLException.class);
            assertThat(decider.questions()).isEmpty();

            SSLContext.setDefault(trusting);
            assertThat(post(decider.url()).statusCode()).isEqualTo(200);

            URI another = URI.create(decider.url().toString().replace("127.0.0.1", "localhost"));
            assertThatThrownBy(() -> post(another)).hasCauseInstanceOf(SSLException.class);
        } finally {
            SSLContext.setDefault(before);
        }
    }
}
