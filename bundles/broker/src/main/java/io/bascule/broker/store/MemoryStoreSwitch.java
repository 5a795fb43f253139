/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.broker.store;

import io.bascule.spi.MessageStore;
import java.util.Dictionary;
import java.util.Hashtable;
import java.util.List;
import org.osgi.annotation.bundle.Capability;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.BundleEvent;
import org.osgi.framework.Constants;
import org.osgi.framework.PrototypeServiceFactory;
import org.osgi.framework.ServiceRegistration;
import org.osgi.framework.wiring.BundleRevision;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.util.tracker.BundleTracker;

/**
 * Lets the broker run in memory while no bundle is installed that has a store. Where one is installed the broker waits for its service, also
 * while that bundle is stopped or updated: it must not take messages in between that it would keep nowhere.
 */
@Component(
        immediate = true,
        service = {})
@Capability(
        namespace = MemoryStoreSwitch.SERVICE_NAMESPACE,
        attribute = "objectClass:List<String>=\"io.bascule.spi.MessageStore\"",
        effective = "active")
public final class MemoryStoreSwitch {
    static final String SERVICE_NAMESPACE = "osgi.service";

    private static final int INSTALLED =
            Bundle.INSTALLED | Bundle.RESOLVED | Bundle.STARTING | Bundle.STOPPING | Bundle.ACTIVE;

    private final BundleContext context;
    private final BundleTracker<Bundle> stores;
    private ServiceRegistration<MessageStore> registration;

    /** Begins to look at the bundles of the framework. */
    @Activate
    public MemoryStoreSwitch(BundleContext context) {
        this.context = context;
        this.stores = new BundleTracker<>(context, INSTALLED, null) {
            @Override
            public Bundle addingBundle(Bundle bundle, BundleEvent event) {
                if (bundle.equals(context.getBundle()) || !hasStore(bundle)) {
                    return null;
                }
                unregister();
                return bundle;
            }

            @Override
            public void removedBundle(Bundle bundle, BundleEvent event, Bundle same) {
                registerWithoutStores();
            }
        };
        stores.open();
        registerWithoutStores();
    }

    private static boolean hasStore(Bundle bundle) {
        BundleRevision revision = bundle.adapt(BundleRevision.class);
        return revision != null
                && revision.getDeclaredCapabilities(SERVICE_NAMESPACE).stream()
                        .map(capability -> capability.getAttributes().get(Constants.OBJECTCLASS))
                        .anyMatch(
                                names -> names instanceof List<?> list && list.contains(MessageStore.class.getName()));
    }

    private synchronized void registerWithoutStores() {
        if (registration == null && stores.size() == 0) {
            Dictionary<String, Object> properties = new Hashtable<>();
            properties.put(Constants.SERVICE_RANKING, Integer.MIN_VALUE);
            registration = context.registerService(MessageStore.class, new InMemory(), properties);
        }
    }

    private synchronized void unregister() {
        if (registration != null) {
            registration.unregister();
            registration = null;
        }
    }

    @Deactivate
    void stop() {
        stores.close(); // which registers it once more where there was a bundle, for nobody
        unregister();
    }

    private static final class InMemory implements PrototypeServiceFactory<MessageStore> {
        @Override
        public MessageStore getService(Bundle user, ServiceRegistration<MessageStore> registration) {
            return new MemoryMessageStore();
        }

        @Override
        public void ungetService(Bundle user, ServiceRegistration<MessageStore> registration, MessageStore store) {
            // there is nothing to give back
        }
    }
}
