/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.security.jwt;

import io.bascule.api.SecurityProvider;
import io.bascule.config.ConfigReader;
import io.bascule.config.LatestConfiguration;
import io.bascule.resource.ResourceKind;
import io.bascule.resource.ResourceScope;
import io.bascule.security.file.FileProvider;
import io.bascule.security.file.ProviderConfig;
import io.bascule.security.file.Watch;
import io.bascule.security.provider.ConfiguredProvider;
import io.bascule.security.provider.ProviderServices;
import io.bascule.security.provider.Verifiers;
import io.bascule.spi.Authenticator;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import org.osgi.annotation.bundle.Capability;
import org.osgi.framework.BundleContext;
import org.osgi.framework.Constants;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.ConfigurationPolicy;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.metatype.annotations.Designate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One kind of tokens: a factory configuration {@code io.bascule.jwt~NAME}. It is an {@link Authenticator} while that is valid, with a file of
 * keys from when there is a whole one on, and tells why it is none.
 */
@Component(
        configurationPid = "io.bascule.jwt",
        configurationPolicy = ConfigurationPolicy.REQUIRE,
        immediate = true,
        service = {})
@Designate(ocd = JwtForm.class, factory = true)
@Capability(
        namespace = "osgi.service",
        attribute = "objectClass:List<String>=\"io.bascule.api.SecurityProvider,io.bascule.spi.Authenticator\"",
        effective = "active")
public final class JwtComponent {
    static final String KIND = "jwt";
    private static final Logger LOG = LoggerFactory.getLogger(JwtComponent.class);

    private final ResourceScope scope;

    /** Reads the keys, and begins to watch them. */
    @Activate
    public JwtComponent(BundleContext context, Map<String, Object> properties) {
        Map<String, Object> latest = LatestConfiguration.of(context, properties);
        String pid = String.valueOf(latest.get(Constants.SERVICE_PID));
        scope = new ResourceScope("jwt " + ProviderServices.nameOf(pid));
        try {
            ConfigReader reader = ConfigReader.of(latest);
            JwtConfig config = JwtConfig.read(reader);
            if (config.secret().isEmpty() && reader.has("keys")) {
                start(context, config, ProviderConfig.read(reader, latest, "keys", ProviderConfig.base(context)));
            } else {
                int ranking = reader.integer("ranking", 0, Integer.MIN_VALUE, Integer.MAX_VALUE);
                start(new ProviderServices(context, scope, pid, ranking), config, reader.errors());
            }
        } catch (RuntimeException e) {
            scope.close();
            throw e;
        }
    }

    /** With keys of a file. */
    private void start(BundleContext context, JwtConfig config, ProviderConfig file) {
        FileProvider<TokenKeys> provider = new FileProvider<>(file, new TokenKeysFormat(config.algorithms()));
        JwtAuthenticator authenticator =
                authenticator(file.name(), config, () -> provider.content().orElseThrow());
        new Watch<>(context, scope, provider.with(authenticator::figures), Authenticator.class, authenticator).start();
    }

    /** With a secret. */
    private void start(ProviderServices services, JwtConfig config, List<String> errors) {
        String name = ProviderServices.nameOf(services.pid());
        if (!errors.isEmpty()) {
            services.register(
                    SecurityProvider.class, new ConfiguredProvider(name, KIND, errors, Map::of, Optional::empty));
            return;
        }
        TokenKeys keys = TokenKeys.ofSecret(config.algorithms(), config.secret().orElseThrow());
        JwtAuthenticator authenticator = authenticator(name, config, () -> keys);
        services.register(
                SecurityProvider.class,
                new ConfiguredProvider(name, KIND, errors, authenticator::figures, Optional::empty));
        services.register(Authenticator.class, authenticator);
    }

    private JwtAuthenticator authenticator(String name, JwtConfig config, Supplier<TokenKeys> keys) {
        Verifiers verifiers = new Verifiers("jwt-" + name);
        scope.hold(ResourceKind.THREAD_POOL, verifiers::close);
        return new JwtAuthenticator(name, config, keys, verifiers, Clock.systemUTC());
    }

    @Deactivate
    void stop() {
        scope.close();
        LOG.info("{}", scope.ledger());
    }
}
