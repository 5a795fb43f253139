/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.store;

import io.bascule.api.Store;
import io.bascule.config.LatestConfiguration;
import io.bascule.resource.Lease;
import io.bascule.resource.ResourceKind;
import io.bascule.resource.ResourceScope;
import io.bascule.spi.MessageStore;
import io.bascule.store.log.DiskFolder;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.osgi.annotation.bundle.Capability;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.PrototypeServiceFactory;
import org.osgi.framework.ServiceRegistration;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.metatype.annotations.Designate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Offers the store. A broker that takes it has it opened, and so reads what was kept; it is closed when that broker lets go. One that cannot
 * be opened is withdrawn and offered again: the broker waits for it, and takes no message in between.
 */
@Component(
        configurationPid = "io.bascule.store",
        immediate = true,
        service = {})
@Designate(ocd = StoreConfig.Form.class)
@Capability(
        namespace = "osgi.service",
        attribute = "objectClass:List<String>=\"io.bascule.api.Store,io.bascule.spi.MessageStore\"",
        effective = "active")
public final class StoreComponent {
    private static final Logger LOG = LoggerFactory.getLogger(StoreComponent.class);

    private static final String NOT_OPENED =
            "store {} cannot be opened, the broker waits for it; next attempt in {} s: {}";
    private static final long RETRY_SECONDS = 5;

    private final BundleContext context;
    private final StoreConfig config;
    private final ResourceScope scope = new ResourceScope("store");
    private final OperatorStore operators;
    private Lease offer;
    private Lease retry;

    /** Offers the store; nothing is opened yet. */
    @Activate
    public StoreComponent(BundleContext context, Map<String, Object> properties) {
        this.context = context;
        this.config = StoreConfig.read(LatestConfiguration.of(context, properties), base(context));
        this.operators = new OperatorStore(config, new Offering());
        config.errors().forEach(error -> LOG.warn("store configuration: {}; the default is in force", error));
        scope.hold(ResourceKind.SERVICE, context.registerService(Store.class, operators, null)::unregister);
        offer();
    }

    /** The data folder of the launcher or of Karaf; elsewhere it is in the working directory, since a bundle's own area goes with the bundle. */
    private static Path base(BundleContext context) {
        String data = context.getProperty("bascule.data");
        String base = data != null ? data : context.getProperty("karaf.data");
        return Path.of(base != null ? base : "data");
    }

    private synchronized void offer() {
        ServiceRegistration<MessageStore> registration =
                context.registerService(MessageStore.class, new Opening(), null);
        offer = scope.hold(ResourceKind.SERVICE, registration::unregister);
    }

    /** Without the lock: the broker stops in this, and whoever starts it may wait for the lock. */
    private void withdraw() {
        offered().close();
    }

    private synchronized Lease offered() {
        return offer;
    }

    /** On a thread of its own, since whoever asks for the store holds locks of the framework. */
    private synchronized void offerAgain() {
        Thread thread = new Thread(this::retry, "bascule-store-retry");
        thread.setDaemon(true);
        retry = scope.hold(ResourceKind.THREAD, thread::interrupt);
        thread.start();
    }

    private void retry() {
        try {
            withdraw();
            TimeUnit.SECONDS.sleep(RETRY_SECONDS);
            retryEnded();
            offer();
        } catch (InterruptedException | IllegalStateException e) {
            LOG.debug("store {}: not offered again", config.folder());
        }
    }

    private synchronized void retryEnded() {
        retry.ended();
    }

    @Deactivate
    void stop() {
        operators.close();
        scope.close();
    }

    private final class Offering implements OperatorStore.Offer {
        @Override
        public void withdraw() {
            StoreComponent.this.withdraw();
        }

        @Override
        public void again() {
            offer();
        }
    }

    private final class Opening implements PrototypeServiceFactory<MessageStore> {
        @Override
        public MessageStore getService(Bundle user, ServiceRegistration<MessageStore> registration) {
            long start = System.nanoTime();
            try {
                LogMessageStore store = LogMessageStore.open(DiskFolder.open(config.folder()), config.settings());
                LOG.info(
                        "store {} opened after {} ms",
                        config.folder(),
                        TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - start));
                operators.opened(store);
                return store;
            } catch (IOException e) {
                LOG.error(NOT_OPENED, config.folder(), RETRY_SECONDS, e.getMessage());
                operators.refused(e.getMessage());
            } catch (RuntimeException e) {
                LOG.error(NOT_OPENED, config.folder(), RETRY_SECONDS, "an error of its own", e);
                operators.refused("an error of its own, which the log has: " + e);
            }
            offerAgain();
            return null;
        }

        @Override
        public void ungetService(Bundle user, ServiceRegistration<MessageStore> registration, MessageStore store) {
            LogMessageStore opened = (LogMessageStore) store;
            operators.closed(opened);
            try {
                opened.close();
                LOG.info("store {} closed", config.folder());
            } catch (IOException e) {
                LOG.error("store {} closed: {}", config.folder(), e.getMessage());
            }
        }
    }
}
