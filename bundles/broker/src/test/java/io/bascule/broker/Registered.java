/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.broker;

import java.lang.reflect.Proxy;
import java.util.Dictionary;
import java.util.Hashtable;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import org.osgi.framework.Bundle;
import org.osgi.framework.Constants;
import org.osgi.framework.ServiceReference;

/** A reference to a service as if a bundle {@code test.bundle} had registered it with these properties, which may be modified. */
public final class Registered<S> implements ServiceReference<S> {
    private static final AtomicLong IDS = new AtomicLong(100);

    private final long id = IDS.incrementAndGet();
    private volatile Map<String, ?> properties;

    public Registered(Map<String, ?> properties) {
        this.properties = properties;
    }

    /** The same service with other properties. */
    public void modify(Map<String, ?> other) {
        properties = other;
    }

    @Override
    public Object getProperty(String key) {
        return key.equals(Constants.SERVICE_ID) ? id : properties.get(key);
    }

    @Override
    public String[] getPropertyKeys() {
        return properties.keySet().toArray(new String[0]);
    }

    @Override
    public Dictionary<String, Object> getProperties() {
        return new Hashtable<>(properties);
    }

    @Override
    public Bundle getBundle() {
        return (Bundle) Proxy.newProxyInstance(
                Registered.class.getClassLoader(),
                new Class<?>[] {Bundle.class},
                (proxy, method, arguments) -> method.getName().equals("getSymbolicName") ? "test.bundle" : null);
    }

    @Override
    public Bundle[] getUsingBundles() {
        return new Bundle[0];
    }

    @Override
    public boolean isAssignableTo(Bundle bundle, String className) {
        return true;
    }

    @Override
    public int compareTo(Object other) {
        return Long.compare(((Registered<?>) other).id, id); // the same ranking: the older service is the greater
    }

    @Override
    public <A> A adapt(Class<A> type) {
        return null;
    }
}
