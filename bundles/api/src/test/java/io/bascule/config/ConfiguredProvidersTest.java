/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.config;

import static org.assertj.core.api.Assertions.assertThat;

import io.bascule.config.ConfiguredProviders.Kind;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Proxy;
import java.util.Hashtable;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.osgi.framework.BundleContext;
import org.osgi.framework.Filter;
import org.osgi.framework.FrameworkUtil;
import org.osgi.framework.ServiceEvent;
import org.osgi.framework.ServiceListener;
import org.osgi.framework.ServiceReference;
import org.osgi.framework.ServiceRegistration;
import org.osgi.service.cm.Configuration;
import org.osgi.service.cm.ConfigurationAdmin;
import org.osgi.service.cm.ConfigurationEvent;
import org.osgi.service.cm.SynchronousConfigurationListener;

class ConfiguredProvidersTest {
    private static final String ACL = "io.bascule.acl";
    private static final String PASSWORDS = "io.bascule.passwords";

    private final Map<String, String> configurations = new LinkedHashMap<>(); // factory PIDs by PID
    private final AtomicInteger changes = new AtomicInteger();
    private final ServiceReference<ConfigurationAdmin> reference =
            fake(ServiceReference.class, (proxy, method, arguments) -> null);
    private Runnable whileListing = () -> {};
    private boolean present = true;
    private ServiceListener services;
    private SynchronousConfigurationListener events;

    private final ConfigurationAdmin admin = fake(ConfigurationAdmin.class, (proxy, method, arguments) -> {
        Filter filter = FrameworkUtil.createFilter((String) arguments[0]);
        Configuration[] found = configurations.entrySet().stream()
                .filter(each -> filter.match(new Hashtable<>(Map.of("service.factoryPid", each.getValue()))))
                .map(each -> configuration(each.getKey(), each.getValue()))
                .toArray(Configuration[]::new);
        whileListing.run();
        return found.length == 0 ? null : found;
    });

    private final BundleContext context =
            fake(BundleContext.class, (proxy, method, arguments) -> switch (method.getName()) {
                case "createFilter" -> FrameworkUtil.createFilter((String) arguments[0]);
                case "addServiceListener" -> services = (ServiceListener) arguments[0];
                case "getServiceReferences" -> present ? new ServiceReference<?>[] {reference} : null;
                case "getService" -> admin;
                case "registerService" -> {
                    events = (SynchronousConfigurationListener) arguments[1];
                    yield fake(ServiceRegistration.class, (registration, unregister, none) -> events = null);
                }
                case "ungetService" -> true;
                default -> null;
            });

    private final ConfiguredProviders providers = new ConfiguredProviders(context, changes::incrementAndGet);

    @AfterEach
    void close() {
        providers.close();
        assertThat(events).isNull();
    }

    @SuppressWarnings("unchecked")
    private static <T> T fake(Class<?> type, InvocationHandler handler) {
        return (T) Proxy.newProxyInstance(
                type.getClassLoader(), new Class<?>[] {type}, (proxy, method, arguments) -> switch (method.getName()) {
                    case "hashCode" -> System.identityHashCode(proxy);
                    case "equals" -> proxy == arguments[0];
                    case "toString" -> type.getSimpleName();
                    default -> handler.invoke(proxy, method, arguments);
                });
    }

    private static Configuration configuration(String pid, String factoryPid) {
        return fake(
                Configuration.class,
                (proxy, method, arguments) -> method.getName().equals("getPid") ? pid : factoryPid);
    }

    private void happens(int type, String factoryPid, String pid) {
        events.configurationEvent(new ConfigurationEvent(reference, type, factoryPid, pid));
    }

    @Test
    void knowsThoseThatThereAreAndThoseThatComeAndGo() {
        configurations.put("io.bascule.acl~a", ACL);
        configurations.put("io.bascule.passwords~a", PASSWORDS);
        configurations.put("io.bascule.bridge~a", "io.bascule.bridge");
        providers.open();
        assertThat(providers.pids(Kind.AUTHORIZER)).containsExactly("io.bascule.acl~a");
        assertThat(providers.pids(Kind.AUTHENTICATOR)).containsExactly("io.bascule.passwords~a");

        int before = changes.get();
        happens(ConfigurationEvent.CM_UPDATED, "io.bascule.scram", "io.bascule.scram~b");
        happens(ConfigurationEvent.CM_DELETED, ACL, "io.bascule.acl~a");
        happens(ConfigurationEvent.CM_UPDATED, null, "io.bascule.broker");
        happens(ConfigurationEvent.CM_LOCATION_CHANGED, ACL, "io.bascule.acl~c");
        assertThat(providers.pids(Kind.AUTHORIZER)).isEmpty();
        assertThat(providers.pids(Kind.AUTHENTICATOR))
                .containsExactlyInAnyOrder("io.bascule.passwords~a", "io.bascule.scram~b");
        assertThat(changes.get() - before).isEqualTo(2);
    }

    @Test
    void believesWhatHappensMeanwhileMoreThanAList() {
        configurations.put("io.bascule.acl~gone", ACL);
        whileListing = () -> {
            happens(ConfigurationEvent.CM_DELETED, ACL, "io.bascule.acl~gone");
            happens(ConfigurationEvent.CM_UPDATED, ACL, "io.bascule.acl~new");
        };
        providers.open();
        assertThat(providers.pids(Kind.AUTHORIZER)).containsExactly("io.bascule.acl~new");
    }

    @Test
    void knowsTheLastOfAConfigurationAdminThatIsAway() {
        configurations.put("io.bascule.acl~a", ACL);
        providers.open();
        services.serviceChanged(new ServiceEvent(ServiceEvent.UNREGISTERING, reference));
        assertThat(providers.pids(Kind.AUTHORIZER)).containsExactly("io.bascule.acl~a");

        configurations.clear();
        configurations.put("io.bascule.acl~b", ACL);
        services.serviceChanged(new ServiceEvent(ServiceEvent.REGISTERED, reference));
        assertThat(providers.pids(Kind.AUTHORIZER)).containsExactly("io.bascule.acl~b");
    }

    @Test
    void knowsNobodyWithoutConfigurationAdmin() {
        present = false;
        providers.open();
        assertThat(providers.pids(Kind.AUTHORIZER)).isEmpty();
        assertThat(providers.pids(Kind.AUTHENTICATOR)).isEmpty();
    }
}
