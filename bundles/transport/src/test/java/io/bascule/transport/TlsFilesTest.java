/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.transport;

import static org.assertj.core.api.Assertions.assertThat;

import io.bascule.api.ListenerStatus;
import io.bascule.api.ListenerStatus.State;
import io.netty.pkitesting.CertificateBuilder.Algorithm;
import io.netty.pkitesting.X509Bundle;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.PrivateKey;
import java.security.interfaces.ECPrivateKey;
import java.util.HashMap;
import java.util.Map;
import javax.net.ssl.SSLContext;
import org.bouncycastle.asn1.x509.AlgorithmIdentifier;
import org.bouncycastle.asn1.x509.SubjectPublicKeyInfo;
import org.bouncycastle.jce.provider.BouncyCastleProvider;
import org.bouncycastle.openssl.PKCS8Generator;
import org.bouncycastle.openssl.jcajce.JcaMiscPEMGenerator;
import org.bouncycastle.openssl.jcajce.JcaPKCS8Generator;
import org.bouncycastle.openssl.jcajce.JceOpenSSLPKCS8EncryptorBuilder;
import org.bouncycastle.openssl.jcajce.JcePEMEncryptorBuilder;
import org.bouncycastle.util.io.pem.PemObject;
import org.bouncycastle.util.io.pem.PemObjectGenerator;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The files that a listener is known by: in which formats they may be, what keeps it shut, and what becomes of them while it is open. */
@Timeout(60)
class TlsFilesTest {
    @TempDir
    private Path folder;

    private Pki pki;
    private SSLContext client;

    @BeforeEach
    void makeAuthority() throws Exception {
        pki = new Pki(folder);
        client = pki.client(null);
    }

    private void isServed(Map<String, Object> properties) throws Exception {
        try (TestServer server = new TestServer(properties);
                TlsClient connected = TlsClient.connect(client, server.port())) {
            assertThat(connected.mqtt().server()).isEqualTo("localhost");
        }
    }

    private void staysShut(Map<String, Object> properties, String... why) {
        try (TestServer server = new TestServer(Map.of())) {
            var listener = server.listen(properties);
            TestServer.eventually("a reason", () -> listener.status().reason().isPresent());
            assertThat(listener.status().state()).isEqualTo(State.RETRYING);
            assertThat(listener.status().reason().orElseThrow())
                    .contains(why)
                    .doesNotContain(String.valueOf(Pki.PASSWORD));
            listener.close();
        }
    }

    private static X509Bundle issue(Pki pki, Algorithm algorithm) throws Exception {
        return Pki.named("localhost").algorithm(algorithm).buildIssuedBy(pki.authority);
    }

    private static PrivateKey key(X509Bundle identity) {
        return identity.getKeyPair().getPrivate();
    }

    // ---------------------------------------------------------------- formats

    @ParameterizedTest
    @EnumSource(
            value = Algorithm.class,
            names = {"ecp256", "ecp384", "rsa2048"})
    void readsPkcs8(Algorithm algorithm) throws Exception {
        isServed(pki.mqtts(issue(pki, algorithm)));
    }

    @Test
    void readsEd25519WhereTheProviderTakesIt() throws Exception {
        Map<String, Object> properties = pki.mqtts(issue(pki, Algorithm.ed25519));
        if (Pki.PROVIDER.equals("jdk")) {
            isServed(properties);
        } else {
            staysShut(properties, "server.pem", "Ed25519", "RSA or EC");
        }
    }

    @ParameterizedTest
    @EnumSource(
            value = Algorithm.class,
            names = {"ecp256", "ecp384", "rsa2048"})
    void readsTraditionalKeys(Algorithm algorithm) throws Exception {
        X509Bundle identity = issue(pki, algorithm);
        Map<String, Object> properties = pki.mqtts(identity);
        String traditional =
                key(identity) instanceof ECPrivateKey key ? traditional(identity, key) : Pki.pem(key(identity));
        assertThat(traditional).contains(algorithm.name().startsWith("rsa") ? "RSA PRIVATE KEY" : "EC PRIVATE KEY");
        pki.write("server.key", "what stands outside is a remark\n" + traditional);

        isServed(properties);
    }

    /** With the name of the curve, as OpenSSL writes it and BouncyCastle does not. */
    private static String traditional(X509Bundle identity, ECPrivateKey key) throws IOException {
        AlgorithmIdentifier algorithm = SubjectPublicKeyInfo.getInstance(
                        identity.getKeyPair().getPublic().getEncoded())
                .getAlgorithm();
        byte[] content = new org.bouncycastle.asn1.sec.ECPrivateKey(
                        key.getParams().getOrder().bitLength(), key.getS(), algorithm.getParameters())
                .getEncoded();
        return Pki.pem(new PemObject("EC PRIVATE KEY", content));
    }

    private static String encrypted(X509Bundle identity) throws Exception {
        return Pki.pem(new JcaPKCS8Generator(
                key(identity),
                new JceOpenSSLPKCS8EncryptorBuilder(PKCS8Generator.AES_256_CBC)
                        .setPRF(PKCS8Generator.PRF_HMACSHA256)
                        .setProvider(new BouncyCastleProvider())
                        .setPassword(Pki.PASSWORD)
                        .build()));
    }

    @Test
    void readsAnEncryptedKey() throws Exception {
        X509Bundle identity = pki.issue("localhost");
        Map<String, Object> properties = new HashMap<>(pki.mqtts(identity));
        pki.write("server.key", encrypted(identity));
        staysShut(properties, "server.key is encrypted, and there is no password for it");
        properties.put("tls.key.password", "another");
        staysShut(properties, "server.key", "another");
        properties.put("tls.key.password", String.valueOf(Pki.PASSWORD));

        isServed(properties);
    }

    @Test
    void saysHowToConvertAKeyThatIsEncryptedInTheTraditionalWay() throws Exception {
        X509Bundle identity = pki.issue("localhost");
        Map<String, Object> properties = new HashMap<>(pki.mqtts(identity));
        PemObjectGenerator traditional = new JcaMiscPEMGenerator(
                key(identity),
                new JcePEMEncryptorBuilder("AES-128-CBC")
                        .setProvider(new BouncyCastleProvider())
                        .build(Pki.PASSWORD));
        pki.write("server.key", Pki.pem(traditional));
        properties.put("tls.key.password", String.valueOf(Pki.PASSWORD));

        staysShut(properties, "openssl pkcs8 -topk8");
    }

    private Map<String, Object> keyStore(X509Bundle identity, char[] password) throws Exception {
        return Map.of(
                "protocol",
                "mqtts",
                "tls.keystore",
                pki.write("server.p12", Pki.pkcs12(identity)),
                "tls.keystore.password",
                String.valueOf(password));
    }

    @Test
    void readsPkcs12() throws Exception {
        X509Bundle identity = pki.issue("localhost");
        isServed(keyStore(identity, Pki.PASSWORD));
        staysShut(keyStore(identity, "another".toCharArray()), "server.p12 is encrypted with another password");
        pki.write("server.p12", java.util.Arrays.copyOf(Pki.pkcs12(identity), 500));
        staysShut(
                Map.of(
                        "protocol",
                        "mqtts",
                        "tls.keystore",
                        folder.resolve("server.p12").toString()),
                "server.p12 is no PKCS#12 file, or not all of it");
    }

    @Test
    void sendsTheCertificatesOfIssuersToo() throws Exception {
        X509Bundle intermediate =
                Pki.named("intermediate").setIsCertificateAuthority(true).buildIssuedBy(pki.authority);
        X509Bundle identity = Pki.named("localhost").buildIssuedBy(intermediate);
        Map<String, Object> properties = pki.mqtts(identity);
        isServed(properties);

        pki.write("server.pem", intermediate.getCertificatePEM() + identity.getCertificatePEM());
        staysShut(properties, "server.pem", "another private key");
        pki.write("server.pem", identity.getCertificatePEM() + pki.authority.getCertificatePEM());
        staysShut(properties, "server.pem", "out of order");
    }

    // ---------------------------------------------------------------- what keeps it shut

    @Test
    void staysShutOnFilesThatWillNotDo() throws Exception {
        X509Bundle identity = pki.issue("localhost");
        Map<String, Object> properties = pki.mqtts(identity);
        String certificate = identity.getCertificatePathPEM();

        pki.write("server.pem", certificate.substring(0, certificate.length() / 2));
        staysShut(properties, "server.pem ends in the middle of a PEM block");
        pki.write("server.pem", "");
        staysShut(properties, "server.pem has no PEM block CERTIFICATE");
        pki.write("server.pem", certificate.replace("MII", "M!I"));
        staysShut(properties, "server.pem", "not Base64");
        pki.write("server.pem", certificate.replace("MII", "AAA"));
        staysShut(properties, "server.pem", "cannot be read");
        pki.write("server.pem", pki.issue("localhost").getCertificatePathPEM());
        staysShut(properties, "server.pem", "another private key");
        pki.write("server.pem", new byte[2 * 1024 * 1024]);
        staysShut(properties, "server.pem is longer than 1MiB");
        Files.delete(folder.resolve("server.pem"));
        staysShut(properties, "server.pem does not exist");
        Files.createDirectory(folder.resolve("server.pem"));
        staysShut(properties, "server.pem is not a file");
    }

    @Test
    void staysShutOnKeysThatWillNotDo() throws Exception {
        X509Bundle identity = pki.issue("localhost");
        Map<String, Object> properties = pki.mqtts(identity);
        pki.write("server.key", identity.getCertificatePEM());
        staysShut(properties, "server.key has no PEM block with a private key");
        pki.write("server.key", identity.getPrivateKeyPEM().replace("PRIVATE KEY", "DSA PRIVATE KEY"));
        staysShut(properties, "server.key", "DSA PRIVATE KEY", "allowed are");
        pki.write("server.key", identity.getPrivateKeyPEM().replace("PRIVATE KEY", "EC PRIVATE KEY"));
        staysShut(properties, "server.key has a key that cannot be read");
        pki.write("server.key", issue(pki, Algorithm.rsa2048).getPrivateKeyPEM());
        staysShut(properties, "server.pem", "another private key");
    }

    @Test
    void staysShutWhenItsCertificateHasExpired() throws Exception {
        staysShut(pki.mqtts(pki.issueExpired("localhost")), "CN=localhost", "has expired on ");
    }

    @Test
    void opensWhenItsFilesBecomeGood() throws Exception {
        X509Bundle identity = pki.issue("localhost");
        Map<String, Object> properties = pki.mqtts(identity);
        Files.delete(folder.resolve("server.key"));
        try (TestServer server = new TestServer(properties)) {
            TestServer.eventually("a reason", () -> status(server).reason().isPresent());
            assertThat(status(server).reason().orElseThrow()).endsWith("server.key does not exist");

            pki.write("server.key", identity.getPrivateKeyPEM());

            try (TlsClient connected = TlsClient.connect(client, server.port())) {
                assertThat(connected.mqtt().server()).isEqualTo("localhost");
            }
            assertThat(status(server).reason()).isEmpty();
            assertThat(status(server).state()).isEqualTo(State.OPEN);
        }
    }

    @Test
    void canBeClosedWhileItIsShut() throws Exception {
        try (TestServer server = new TestServer(pki.mqtts(pki.issueExpired("localhost")))) {
            TestServer.eventually("a reason", () -> status(server).reason().isPresent());
            long start = System.nanoTime();
            server.listener.close();
            assertThat(System.nanoTime() - start).isLessThan(2_000_000_000L);
        }
    }

    // ---------------------------------------------------------------- while it is open

    private static ListenerStatus status(TestServer server) {
        return server.listener.status();
    }

    private String servedBy(TestServer server) {
        try (TlsClient connected = TlsClient.connect(client, server.port())) {
            return connected.mqtt().server();
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void usesNewFilesFromTheNextHandshakeOn() throws Exception {
        try (TestServer server = new TestServer(pki.mqtts(pki.issue("first")));
                TlsClient session = TlsClient.connect(client, server.port())) {
            assertThat(session.mqtt().server()).isEqualTo("first");

            X509Bundle second = pki.issue("second");
            pki.write("server.pem", second.getCertificatePathPEM());
            TestServer.eventually("a reason", () -> status(server).reason().isPresent());
            assertThat(status(server).reason().orElseThrow()).contains("another private key", "stays in use");
            assertThat(status(server).state()).isEqualTo(State.OPEN);
            assertThat(servedBy(server)).isEqualTo("first");

            pki.write("server.key", second.getPrivateKeyPEM());
            TestServer.eventually("no reason", () -> status(server).reason().isEmpty());
            assertThat(servedBy(server)).isEqualTo("second");

            session.send(TlsClient.PINGREQ); // it has felt nothing
            Recorder recorder = server.recorder();
            recorder.next(ControlPacket.Connect.class);
            recorder.next(ControlPacket.PingReq.class);
        }
    }

    @Test
    void keepsWhatIsInUseWhenTheNewIsOfNoUse() throws Exception {
        X509Bundle first = pki.issue("first");
        try (TestServer server = new TestServer(keyStore(first, Pki.PASSWORD))) {
            assertThat(servedBy(server)).isEqualTo("first");

            pki.write("server.p12", Pki.pkcs12(pki.issueExpired("expired")));
            TestServer.eventually(
                    "expired", () -> status(server).reason().orElse("").contains("has expired on"));
            assertThat(servedBy(server)).isEqualTo("first");

            Files.delete(folder.resolve("server.p12"));
            TestServer.eventually(
                    "gone", () -> status(server).reason().orElse("").contains("does not exist"));
            assertThat(servedBy(server)).isEqualTo("first");
        }
    }

    /** As Kubernetes changes a secret: the files are links into a folder that is a link, which is turned to another folder. */
    @Test
    void followsLinks() throws Exception {
        X509Bundle first = pki.issue("first");
        X509Bundle second = pki.issue("second");
        for (X509Bundle each : new X509Bundle[] {first, second}) {
            Path version = Files.createDirectory(folder.resolve(each == first ? "..1" : "..2"));
            Files.writeString(version.resolve("server.pem"), each.getCertificatePathPEM());
            Files.writeString(version.resolve("server.key"), each.getPrivateKeyPEM());
        }
        Path data = Files.createSymbolicLink(folder.resolve("..data"), Path.of("..1"));
        Map<String, Object> properties = new HashMap<>(Map.of("protocol", "mqtts"));
        for (String name : new String[] {"certificate", "key"}) {
            String file = name.equals("key") ? "server.key" : "server.pem";
            Path link = Files.createSymbolicLink(folder.resolve(file), Path.of("..data", file));
            properties.put("tls." + name, link.toString());
        }
        try (TestServer server = new TestServer(properties)) {
            assertThat(servedBy(server)).isEqualTo("first");

            Path turned = Files.createSymbolicLink(folder.resolve("..data.tmp"), Path.of("..2"));
            Files.move(turned, data, StandardCopyOption.ATOMIC_MOVE);

            TestServer.eventually("the second", () -> servedBy(server).equals("second"));
        }
    }

    // ---------------------------------------------------------------- several

    @Test
    void showsTheCertificateOfTheHostThatAClientNames() throws Exception {
        Map<String, Object> properties = new HashMap<>(pki.mqtts(pki.issue("default")));
        X509Bundle a = pki.issue("a.example.org");
        properties.put("tls.sni.a.host", "A.example.org");
        properties.put("tls.sni.a.certificate", pki.write("a.pem", a.getCertificatePathPEM()));
        properties.put("tls.sni.a.key", pki.write("a.key", encrypted(a)));
        properties.put("tls.sni.a.key.password", String.valueOf(Pki.PASSWORD));
        properties.put("tls.sni.any.host", "*.example.org");
        properties.put("tls.sni.any.keystore", pki.write("any.p12", Pki.pkcs12(pki.issue("any"))));
        properties.put("tls.sni.any.keystore.password", String.valueOf(Pki.PASSWORD));
        try (TestServer server = new TestServer(properties)) {
            for (String[] each : new String[][] {
                {"a.example.org", "a.example.org"},
                {"b.example.org", "any"},
                {"b.a.example.org", "default"},
                {"example.com", "default"},
            }) {
                try (TlsClient connected = TlsClient.connectTo(each[0], pki.client(null), server.port())) {
                    assertThat(connected.mqtt().server()).as(each[0]).isEqualTo(each[1]);
                }
            }
            assertThat(servedBy(server)).isEqualTo("default");
        }
    }
}
