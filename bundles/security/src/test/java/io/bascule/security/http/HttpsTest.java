/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.security.http;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.InputStream;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLException;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509ExtendedTrustManager;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

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

    /** Holds whoever checks a certificate, as a name server that hangs would hold whoever looks up a name. */
    private static final class Hanging extends X509ExtendedTrustManager {
        private final CountDownLatch held = new CountDownLatch(2);
        private final CountDownLatch released = new CountDownLatch(1);

        private void hang() {
            held.countDown();
            boolean interrupted = true;
            while (interrupted) {
                try {
                    released.await();
                    interrupted = false;
                } catch (InterruptedException e) {
                    interrupted = true; // it hears nothing
                }
            }
        }

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type, Socket socket) {
            hang();
        }

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type, SSLEngine engine) {
            hang();
        }

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type) {
            hang();
        }

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String type, Socket socket) {
            hang();
        }

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String type, SSLEngine engine) {
            hang();
        }

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String type) {
            hang();
        }

        @Override
        public X509Certificate[] getAcceptedIssuers() {
            return new X509Certificate[0];
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void leavesNobodyWaitingThoughItsThreadsHang(boolean closes) throws Exception {
        Hanging hanging = new Hanging();
        SSLContext client = SSLContext.getInstance("TLS");
        client.init(null, new TrustManager[] {hanging}, null);
        SSLContext before = SSLContext.getDefault();
        try (Decider decider = Decider.overTls(context())) {
            SSLContext.setDefault(client);
            Callout callout =
                    new Callout("test", decider.url(), Optional.empty(), Duration.ofMillis(closes ? 600_000 : 2000));
            List<CompletableFuture<?>> waiting =
                    Stream.generate(() -> callout.post(new byte[0])).limit(4).collect(Collectors.toList());
            hanging.held.await();
            if (closes) {
                callout.close();
            }
            for (CompletableFuture<?> each : waiting) {
                Class<? extends Exception> failure = closes ? CancellationException.class : ExecutionException.class;
                assertThatThrownBy(() -> each.get(10, SECONDS)).isInstanceOf(failure);
            }
            hanging.released.countDown();
            callout.close();
        } finally {
            hanging.released.countDown();
            SSLContext.setDefault(before);
        }
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
