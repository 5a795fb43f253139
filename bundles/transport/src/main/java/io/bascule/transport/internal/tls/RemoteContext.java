/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.transport.internal.tls;

import io.bascule.transport.IdentityFiles;
import io.bascule.transport.TlsOptions;
import io.netty.buffer.ByteBufAllocator;
import io.netty.handler.ssl.ApplicationProtocolConfig;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslHandler;
import io.netty.handler.ssl.SslProvider;
import io.netty.handler.ssl.SupportedCipherSuiteFilter;
import io.netty.util.NetUtil;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Date;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Executor;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLParameters;

/**
 * What handshakes with another broker use: one state of its files, read and checked. Immutable; a connection outlives it.
 */
public final class RemoteContext implements TlsWatch.Contents {
    private static final String VERIFIED_AS_HTTPS = "HTTPS";

    private final SslContext context;
    private final Optional<String> serverName;
    private final Optional<Identity> identity;

    private RemoteContext(SslContext context, Optional<String> serverName, Optional<Identity> identity) {
        this.context = context;
        this.serverName = serverName;
        this.identity = identity;
    }

    /** Every file that it is read from. */
    static List<Path> files(TlsOptions options) {
        List<Path> files = new ArrayList<>();
        options.authorities().ifPresent(files::add);
        options.identity().map(IdentityFiles::files).ifPresent(files::addAll);
        return files;
    }

    /** Reads and checks all files. */
    static RemoteContext read(TlsOptions options, Date now) throws UnusableFileException {
        SslContextBuilder builder = SslContextBuilder.forClient()
                .sslProvider(SslProvider.JDK)
                .protocols(options.versions())
                .ciphers(TlsContexts.CIPHERS, SupportedCipherSuiteFilter.INSTANCE)
                .endpointIdentificationAlgorithm(options.verifiesHostName() ? VERIFIED_AS_HTTPS : null);
        if (options.authorities().isPresent()) {
            builder.trustManager(Trust.read(options.authorities().get(), Optional.empty(), now)
                    .managers());
        }
        Optional<Identity> identity = Optional.empty();
        if (options.identity().isPresent()) {
            Identity own = IdentityReader.read(options.identity().get()).checked(now);
            builder.keyManager(own.key(), own.chain());
            identity = Optional.of(own);
        }
        if (!options.applicationProtocols().isEmpty()) {
            builder.applicationProtocolConfig(new ApplicationProtocolConfig(
                    ApplicationProtocolConfig.Protocol.ALPN,
                    ApplicationProtocolConfig.SelectorFailureBehavior.NO_ADVERTISE,
                    ApplicationProtocolConfig.SelectedListenerFailureBehavior.ACCEPT,
                    options.applicationProtocols()));
        }
        try {
            return new RemoteContext(builder.build(), options.serverName(), identity);
        } catch (SSLException e) {
            throw new UnusableFileException(files(options), "cannot be used: " + e.getMessage(), e);
        }
    }

    /** The end of one connection to this host. */
    public SslHandler handler(ByteBufAllocator allocator, String host, int port, Executor delegated) {
        String name = serverName.orElse(host);
        SslHandler handler = context.newHandler(allocator, name, port, delegated);
        if (!NetUtil.isValidIpV4Address(name) && !NetUtil.isValidIpV6Address(name)) { // RFC 6066, section 3
            askFor(name, handler.engine());
        }
        return handler;
    }

    /** By itself the JDK asks for nobody by a name without a dot, such as those of a plant. */
    private static void askFor(String name, SSLEngine engine) {
        SSLParameters parameters = engine.getSSLParameters();
        try {
            parameters.setServerNames(List.of(new SNIHostName(name)));
        } catch (IllegalArgumentException e) {
            return; // it is none that DNS allows, as with an underscore
        }
        engine.setSSLParameters(parameters);
    }

    @Override
    public void checkValidity(Date now) throws UnusableFileException {
        if (identity.isPresent()) {
            identity.get().checkValidity(now);
        }
    }
}
