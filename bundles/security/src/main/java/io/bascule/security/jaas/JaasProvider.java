/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.security.jaas;

import io.bascule.api.SecurityProvider;
import io.bascule.resource.Lease;
import io.bascule.security.provider.ProviderServices;
import io.bascule.spi.Authenticator;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What there is to see of a realm's provider, whose authenticator is a service while the realm is there. Safe for use by several threads. */
final class JaasProvider implements SecurityProvider {
    private static final Logger LOG = LoggerFactory.getLogger(JaasProvider.class);

    private final JaasConfig config;
    private final Realm realm;
    private final ProviderServices services;
    private final JaasAuthenticator authenticator;
    private volatile String failure;
    private volatile Lease serving;

    JaasProvider(JaasConfig config, ProviderServices services, JaasAuthenticator authenticator) {
        this.config = config;
        this.realm = new Realm(config.realm());
        this.services = services;
        this.authenticator = authenticator;
    }

    /** Looks whether its realm is there, and begins to serve, or ends, where that is so. */
    synchronized void look() {
        Optional<String> problem =
                config.errors().isEmpty() ? realm.problem() : Optional.of(String.join("; ", config.errors()));
        problem.ifPresentOrElse(this::shut, this::serve);
    }

    private void serve() {
        failure = null;
        if (serving == null) {
            serving = services.register(Authenticator.class, authenticator);
            LOG.info("{} {}: the realm {} is there", kind(), name(), config.realm());
        }
    }

    private void shut(String why) {
        if (!why.equals(failure)) {
            failure = why;
            LOG.warn("{} {}: {}; it decides nothing", kind(), name(), why);
        }
        if (serving != null) {
            serving.close();
            serving = null;
        }
    }

    @Override
    public String name() {
        return ProviderServices.nameOf(config.pid());
    }

    @Override
    public String kind() {
        return "jaas-realm";
    }

    @Override
    public boolean serving() {
        return serving != null;
    }

    @Override
    public Optional<String> failure() {
        return Optional.ofNullable(failure);
    }

    @Override
    public Map<String, Long> figures() {
        return authenticator.figures();
    }
}
