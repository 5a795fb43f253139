/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.security.jaas;

import io.bascule.api.SecurityProvider;
import io.bascule.config.LatestConfiguration;
import io.bascule.resource.ResourceKind;
import io.bascule.resource.ResourceScope;
import io.bascule.security.provider.ProviderServices;
import io.bascule.spi.Authenticator;
import java.util.Map;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import org.osgi.annotation.bundle.Capability;
import org.osgi.framework.BundleContext;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.ConfigurationPolicy;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.metatype.annotations.Designate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One JAAS realm: a factory configuration {@code io.bascule.jaas~NAME}. It is an {@link Authenticator} while the realm is there, which it
 * looks for twice a second, and tells why it is none.
 */
@Component(
        configurationPid = "io.bascule.jaas",
        configurationPolicy = ConfigurationPolicy.REQUIRE,
        immediate = true,
        service = {})
@Designate(ocd = JaasForm.class, factory = true)
@Capability(
        namespace = "osgi.service",
        attribute = "objectClass:List<String>=\"io.bascule.api.SecurityProvider,io.bascule.spi.Authenticator\"",
        effective = "active")
public final class JaasComponent {
    private static final Logger LOG = LoggerFactory.getLogger(JaasComponent.class);
    private static final long PERIOD_MILLIS = 500;
    private static final long CLOSE_TIMEOUT_MILLIS = 1000;

    private final ResourceScope scope;

    /** Looks for the realm, and goes on looking. */
    @Activate
    public JaasComponent(BundleContext context, Map<String, Object> properties) {
        JaasConfig config = JaasConfig.read(LatestConfiguration.of(context, properties));
        scope = new ResourceScope("jaas " + ProviderServices.nameOf(config.pid()));
        try {
            start(new ProviderServices(context, scope, config.pid(), config.ranking()), config);
        } catch (RuntimeException e) {
            scope.close();
            throw e;
        }
    }

    private void start(ProviderServices services, JaasConfig config) {
        ThreadFactory threads = task -> thread(task, ProviderServices.nameOf(config.pid()));
        ScheduledThreadPoolExecutor clock = new ScheduledThreadPoolExecutor(1, threads);
        clock.setRemoveOnCancelPolicy(true);
        scope.hold(ResourceKind.THREAD, () -> {
            clock.shutdownNow();
            clock.awaitTermination(CLOSE_TIMEOUT_MILLIS, TimeUnit.MILLISECONDS);
        });
        Logins logins = new Logins(config.timeout(), clock, threads);
        scope.hold(ResourceKind.THREAD_POOL, logins::close);
        JaasProvider provider = new JaasProvider(config, services, new JaasAuthenticator(config, logins));
        clock.scheduleWithFixedDelay(() -> look(provider), 0, PERIOD_MILLIS, TimeUnit.MILLISECONDS);
        services.register(SecurityProvider.class, provider);
    }

    /**
     * Modules are found where the framework itself comes from, and so also what is on the class path: Karaf's module, which finds the others
     * in their bundles, is there.
     */
    private static Thread thread(Runnable task, String name) {
        Thread thread = new Thread(task, "bascule-jaas-" + name);
        thread.setDaemon(true);
        thread.setContextClassLoader(BundleContext.class.getClassLoader());
        return thread;
    }

    private void look(JaasProvider provider) {
        try {
            provider.look();
        } catch (RuntimeException | Error e) { // also for want of memory: else it would be the last look
            if (!scope.isClosed()) {
                LOG.error("{} {}: an error of its own; it looks again", provider.kind(), provider.name(), e);
            }
        }
    }

    @Deactivate
    void stop() {
        scope.close();
        LOG.info("{}", scope.ledger());
    }
}
