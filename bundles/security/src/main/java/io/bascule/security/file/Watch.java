/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.security.file;

import io.bascule.api.SecurityProvider;
import io.bascule.resource.ResourceKind;
import io.bascule.resource.ResourceScope;
import io.bascule.security.provider.ProviderServices;
import java.util.concurrent.Executor;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.osgi.framework.BundleContext;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Looks at a provider's file twice a second, on a thread of its own, and registers the provider's service as soon as there is a whole one.
 * All that it holds is in the scope.
 *
 * @param <S> what the provider is to the broker
 */
public final class Watch<S> {
    private static final Logger LOG = LoggerFactory.getLogger(Watch.class);
    private static final long PERIOD_MILLIS = 500;
    private static final long CLOSE_TIMEOUT_MILLIS = 1000;

    private final ProviderServices services;
    private final ResourceScope scope;
    private final FileProvider<?> provider;
    private final Class<S> type;
    private final S service;
    private boolean registered;

    /**
     * Begins, and has had the first look when it returns.
     *
     * @param type what {@code service} is registered as
     */
    public Watch(BundleContext context, ResourceScope scope, FileProvider<?> provider, Class<S> type, S service) {
        this.services = new ProviderServices(
                context, scope, provider.config().pid(), provider.config().ranking());
        this.scope = scope;
        this.provider = provider;
        this.type = type;
        this.service = service;
    }

    /**
     * Registers what is there from now on, and begins to watch where the configuration is valid.
     *
     * @return runs what changes the file, on the thread that watches it
     */
    public Executor start() {
        register(SecurityProvider.class, provider);
        String name = "bascule-" + provider.kind() + "-" + provider.name();
        ScheduledThreadPoolExecutor executor = new ScheduledThreadPoolExecutor(1, task -> {
            Thread thread = new Thread(task, name);
            thread.setDaemon(true);
            return thread;
        });
        scope.hold(ResourceKind.THREAD, () -> {
            executor.shutdownNow();
            executor.awaitTermination(CLOSE_TIMEOUT_MILLIS, TimeUnit.MILLISECONDS);
        });
        if (provider.config().errors().isEmpty()) {
            look();
            executor.scheduleWithFixedDelay(this::look, PERIOD_MILLIS, PERIOD_MILLIS, TimeUnit.MILLISECONDS);
        }
        return task -> executor.execute(() -> {
            task.run();
            serve();
        });
    }

    private void look() {
        try {
            provider.look();
            serve();
        } catch (RuntimeException | Error e) { // also for want of memory: else it would be the last look
            if (!scope.isClosed()) {
                LOG.error("{} {}: an error of its own; it looks again", provider.kind(), provider.name(), e);
            }
        }
    }

    private synchronized void serve() {
        if (provider.serving() && !registered) {
            registered = true;
            register(type, service);
        }
    }

    /** Registers a service by the provider's name, PID and ranking, as long as the scope is open. */
    public <R> void register(Class<R> as, R what) {
        services.register(as, what);
    }
}
