/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.transport;

import io.netty.pkitesting.CertificateBuilder;
import io.netty.pkitesting.CertificateBuilder.KeyUsage;
import io.netty.pkitesting.X509Bundle;
import java.io.IOException;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.KeyStore;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.HashMap;
import java.util.Map;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;
import org.bouncycastle.asn1.x509.CRLReason;
import org.bouncycastle.cert.jcajce.JcaX509v2CRLBuilder;
import org.bouncycastle.openssl.jcajce.JcaPEMWriter;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;

/** An authority, what it issues, and the files of a listener in a folder. */
final class Pki {
    /** Whose TLS the listeners of this run have. */
    static final String PROVIDER = System.getProperty("tls.provider", "jdk");

    static final char[] PASSWORD = "s3cret".toCharArray();
    private static final Instant NOW = Instant.now();

    final Path folder;
    final X509Bundle authority;

    Pki(Path folder) throws Exception {
        this.folder = folder;
        this.authority = new CertificateBuilder()
                .subject("CN=authority")
                .setIsCertificateAuthority(true)
                .setKeyUsage(true, KeyUsage.keyCertSign, KeyUsage.cRLSign)
                .buildSelfSigned();
    }

    static CertificateBuilder named(String name) {
        return new CertificateBuilder()
                .subject("CN=" + name)
                .addSanDnsName(name)
                .notBefore(NOW.minus(Duration.ofDays(2)))
                .notAfter(NOW.plus(Duration.ofDays(2)));
    }

    X509Bundle issue(String name) throws Exception {
        return named(name).buildIssuedBy(authority);
    }

    X509Bundle issueExpired(String name) throws Exception {
        return named(name).notAfter(NOW.minus(Duration.ofDays(1))).buildIssuedBy(authority);
    }

    /** Writes a file as a careful administrator does. */
    String write(String name, byte[] content) throws IOException {
        Path temporary = Files.write(folder.resolve(name + ".tmp"), content);
        Path file = folder.resolve(name);
        Files.move(temporary, file, StandardCopyOption.ATOMIC_MOVE);
        return file.toString();
    }

    String write(String name, String content) throws IOException {
        return write(name, content.getBytes(java.nio.charset.StandardCharsets.US_ASCII));
    }

    /** The keys of a listener that is known by this, without those that say how clients are. */
    Map<String, Object> mqtts(X509Bundle identity) throws IOException {
        Map<String, Object> properties = new HashMap<>();
        properties.put("protocol", "mqtts");
        properties.put("tls.provider", PROVIDER);
        properties.put("tls.certificate", write("server.pem", identity.getCertificatePathPEM()));
        properties.put("tls.key", write("server.key", identity.getPrivateKeyPEM()));
        return properties;
    }

    /** The same for clients with certificates of the authority. */
    Map<String, Object> mutual(X509Bundle identity, String clientAuth) throws IOException {
        Map<String, Object> properties = mqtts(identity);
        properties.put("tls.client.auth", clientAuth);
        properties.put("tls.ca", write("ca.pem", authority.getCertificatePEM()));
        return properties;
    }

    /** A revocation list of the authority. */
    byte[] revoke(Duration validFor, X509Bundle... revoked) throws Exception {
        JcaX509v2CRLBuilder list = new JcaX509v2CRLBuilder(authority.getCertificate(), Date.from(NOW.minusSeconds(60)));
        list.setNextUpdate(Date.from(NOW.plus(validFor)));
        for (X509Bundle each : revoked) {
            list.addCRLEntry(each.getCertificate().getSerialNumber(), Date.from(NOW), CRLReason.keyCompromise);
        }
        return list.build(new JcaContentSignerBuilder("SHA256withECDSA")
                        .build(authority.getKeyPair().getPrivate()))
                .getEncoded();
    }

    static byte[] pkcs12(X509Bundle identity) throws Exception {
        KeyStore store = identity.toKeyStore(PASSWORD);
        java.io.ByteArrayOutputStream out = new java.io.ByteArrayOutputStream();
        store.store(out, PASSWORD);
        return out.toByteArray();
    }

    /** PEM of what BouncyCastle knows how to write. */
    static String pem(Object what) throws IOException {
        StringWriter text = new StringWriter();
        try (JcaPEMWriter writer = new JcaPEMWriter(text)) {
            writer.writeObject(what);
        }
        return text.toString();
    }

    /** A client that trusts the authority, with or without (null) a certificate of its own. */
    SSLContext client(X509Bundle own) throws Exception {
        KeyManager[] keys = own == null ? null : own.toKeyManagerFactory().getKeyManagers();
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(keys, new TrustManager[] {authority.toTrustManager()}, null);
        return context;
    }
}
