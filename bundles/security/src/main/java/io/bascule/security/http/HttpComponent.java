/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.security.http;

import io.bascule.api.SecurityProvider;
import io.bascule.config.LatestConfiguration;
import io.bascule.resource.ResourceKind;
import io.bascule.resource.ResourceScope;
import io.bascule.security.provider.ConfiguredProvider;
import io.bascule.security.provider.ProviderServices;
import io.bascule.spi.Authenticator;
import java.util.Map;
import java.util.Optional;
import org.osgi.annotation.bundle.Capability;
import org.osgi.framework.BundleContext;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.ConfigurationPolicy;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.metatype.annotations.Designate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One server that is asked: a factory configuration {@code io.bascule.http~NAME}, an {@link Authenticator} while it is valid. */
@Component(
        configurationPid = "io.bascule.http",
        configurationPolicy = ConfigurationPolicy.REQUIRE,
        immediate = true,
        service = {})
@Designate(ocd = HttpForm.class, factory = true)
@Capability(
        namespace = "osgi.service",
        attribute = "objectClass:List<String>=\"io.bascule.api.SecurityProvider,io.bascule.spi.Authenticator\"",
        effective = "active")
public final class HttpComponent {
    private static final String KIND = "http";
    private static final Logger LOG = LoggerFactory.getLogger(HttpComponent.class);

    private final ResourceScope scope;

    /** Is ready to ask. */
    @Activate
    public HttpComponent(BundleContext context, Map<String, Object> properties) {
        HttpConfig config = HttpConfig.read(LatestConfiguration.of(context, properties));
        scope = new ResourceScope("http " + config.name());
        try {
            ProviderServices services = new ProviderServices(context, scope, config.pid(), config.ranking());
            if (config.errors().isEmpty()) {
                serve(services, config);
            } else {
                services.register(
                        SecurityProvider.class,
                        new ConfiguredProvider(config.name(), KIND, config.errors(), Map::of, Optional::empty));
            }
        } catch (RuntimeException e) {
            scope.close();
            throw e;
        }
    }

    private void serve(ProviderServices services, HttpConfig config) {
        Callout callout =
                new Callout(config.name(), config.url().orElseThrow(), config.authorization(), config.timeout());
        scope.hold(ResourceKind.THREAD_POOL, callout::close);
        HttpAuthenticator authenticator = new HttpAuthenticator(
                config.name(),
                callout::post,
                new AnswerCache(config.cacheTtl(), System::nanoTime),
                config.maximumRequests());
        services.register(
                SecurityProvider.class,
                new ConfiguredProvider(
                        config.name(), KIND, config.errors(), authenticator::figures, authenticator::trouble));
        services.register(Authenticator.class, authenticator);
    }

    @Deactivate
    void stop() {
        scope.close();
        LOG.info("{}", scope.ledger());
    }
}
