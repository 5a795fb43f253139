/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.transport.internal.tls;

import io.bascule.transport.IdentityFiles;
import io.netty.handler.ssl.ClientAuth;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslProvider;
import io.netty.handler.ssl.SupportedCipherSuiteFilter;
import io.netty.util.DomainWildcardMappingBuilder;
import io.netty.util.Mapping;
import java.security.interfaces.EdECKey;
import java.util.ArrayList;
import java.util.Date;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import javax.net.ssl.SSLException;

/** What handshakes of one listener use: one state of its files, read and checked. Immutable; a session outlives it. */
public final class TlsContexts implements TlsWatch.Contents {
    /** Those with forward secrecy and authenticated encryption: all of 1.3, and of 1.2 what RFC 9325, section 4.2, recommends. */
    static final List<String> CIPHERS = List.of(
            "TLS_AES_128_GCM_SHA256",
            "TLS_AES_256_GCM_SHA384",
            "TLS_CHACHA20_POLY1305_SHA256",
            "TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256",
            "TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256",
            "TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384",
            "TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384",
            "TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256",
            "TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256");

    private final Mapping<String, SslContext> byHost;
    private final List<Identity> identities;
    private final Optional<Trust> trust;

    private TlsContexts(Mapping<String, SslContext> byHost, List<Identity> identities, Optional<Trust> trust) {
        this.byHost = byHost;
        this.identities = identities;
        this.trust = trust;
    }

    /** Reads and checks all files. */
    static TlsContexts read(TlsConfig config, Date now) throws UnusableFileException {
        Optional<Trust> trust = config.clientAuth() == ClientAuth.NONE
                ? Optional.empty()
                : Optional.of(Trust.read(config.authorities().orElseThrow(), config.revocations(), now));
        List<Identity> identities = new ArrayList<>();
        DomainWildcardMappingBuilder<SslContext> byHost =
                new DomainWildcardMappingBuilder<>(context(config, config.identity(), trust, now, identities));
        for (Map.Entry<String, IdentityFiles> host : config.byHost().entrySet()) {
            byHost.add(host.getKey(), context(config, host.getValue(), trust, now, identities));
        }
        return new TlsContexts(byHost.build(), List.copyOf(identities), trust);
    }

    private static SslContext context(
            TlsConfig config, IdentityFiles source, Optional<Trust> trust, Date now, List<Identity> identities)
            throws UnusableFileException {
        Identity identity = IdentityReader.read(source).checked(now);
        if (config.provider() == SslProvider.OPENSSL && identity.key() instanceof EdECKey) {
            // Netty does not have it sign with anything but RSA and EC, and each handshake would fail.
            throw new UnusableFileException(
                    identity.source(), "is for an Ed25519 key, which boringssl does not take; allowed is RSA or EC");
        }
        identities.add(identity);
        try {
            return SslContextBuilder.forServer(identity.key(), identity.chain())
                    .sslProvider(config.provider())
                    .trustManager(trust.map(Trust::managers).orElse(null))
                    .clientAuth(config.clientAuth())
                    .protocols(config.versions())
                    .ciphers(CIPHERS, SupportedCipherSuiteFilter.INSTANCE)
                    .build();
        } catch (SSLException e) {
            throw new UnusableFileException(identity.source(), "cannot be used: " + e.getMessage(), e);
        }
    }

    /** For a client that names this host; null for one that names none. */
    public SslContext forHost(String host) {
        return byHost.map(host);
    }

    @Override
    public void checkValidity(Date now) throws UnusableFileException {
        for (Identity identity : identities) {
            identity.checkValidity(now);
        }
        if (trust.isPresent()) {
            trust.get().checkValidity(now);
        }
    }
}
