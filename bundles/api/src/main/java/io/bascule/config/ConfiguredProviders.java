/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.config;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Hashtable;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.osgi.framework.BundleContext;
import org.osgi.framework.InvalidSyntaxException;
import org.osgi.framework.ServiceReference;
import org.osgi.framework.ServiceRegistration;
import org.osgi.service.cm.Configuration;
import org.osgi.service.cm.ConfigurationAdmin;
import org.osgi.service.cm.ConfigurationEvent;
import org.osgi.service.cm.SynchronousConfigurationListener;
import org.osgi.util.tracker.ServiceTracker;
import org.osgi.util.tracker.ServiceTrackerCustomizer;

/**
 * The providers of security of which there is a configuration, whether they work or not. Whoever has configured one wants it to be asked: where
 * its service is not there, which has the configuration's PID as {@code service.pid}, it is missing, and that is not the same as if there were
 * none.
 *
 * <p>While Configuration Admin is away the last that was known of it holds. Safe for use by several threads.
 */
public final class ConfiguredProviders implements AutoCloseable {
    private final BundleContext context;
    private final Runnable changed;
    private final ServiceTracker<ConfigurationAdmin, ConfigurationAdmin> admins;
    private volatile Map<String, Kind> configured = Map.of();
    private Set<String> heard = new HashSet<>(); // since the last list was asked for: events are newer than that
    private ServiceRegistration<SynchronousConfigurationListener> listener;

    /** What a provider is for. */
    public enum Kind {
        /** It says who clients are. */
        AUTHENTICATOR(
                "io.bascule.certificates",
                "io.bascule.http",
                "io.bascule.jaas",
                "io.bascule.jwt",
                "io.bascule.passwords",
                "io.bascule.scram"),
        /** It says what they may do. */
        AUTHORIZER("io.bascule.acl");

        private final List<String> factoryPids;

        Kind(String... factoryPids) {
            this.factoryPids = List.of(factoryPids);
        }

        private static Map<String, Kind> byFactoryPid() {
            Map<String, Kind> kinds = new HashMap<>();
            Stream.of(values()).forEach(kind -> kind.factoryPids.forEach(pid -> kinds.put(pid, kind)));
            return kinds;
        }
    }

    private static final Map<String, Kind> KINDS = Kind.byFactoryPid();

    /**
     * Those of no framework yet.
     *
     * @param changed called when there is one more or one less, on any thread, also the one that changes a configuration
     */
    public ConfiguredProviders(BundleContext context, Runnable changed) {
        this.context = context;
        this.changed = changed;
        this.admins = new ServiceTracker<>(context, ConfigurationAdmin.class, new Admins());
    }

    /** Knows them when this returns, where there is a Configuration Admin, and keeps up from then on: before its caller goes on. */
    public void open() {
        listener = context.registerService(SynchronousConfigurationListener.class, this::happened, new Hashtable<>());
        admins.open();
    }

    /** The PIDs of those of a kind. */
    public Set<String> pids(Kind kind) {
        return configured.entrySet().stream()
                .filter(each -> each.getValue() == kind)
                .map(Map.Entry::getKey)
                .collect(Collectors.toSet());
    }

    /** The name of the provider that has a configuration of this PID: what stands behind the tilde. */
    public static String name(String pid) {
        return pid.substring(pid.indexOf('~') + 1);
    }

    private void happened(ConfigurationEvent event) {
        Kind kind = event.getFactoryPid() == null ? null : KINDS.get(event.getFactoryPid());
        if (kind == null || event.getType() == ConfigurationEvent.CM_LOCATION_CHANGED) {
            return;
        }
        synchronized (this) {
            Map<String, Kind> next = new HashMap<>(configured);
            heard.add(event.getPid());
            if (event.getType() == ConfigurationEvent.CM_DELETED) {
                next.remove(event.getPid());
            } else {
                next.put(event.getPid(), kind);
            }
            configured = Map.copyOf(next);
        }
        changed.run();
    }

    private void read(ConfigurationAdmin admin) {
        synchronized (this) {
            heard = new HashSet<>();
        }
        Map<String, Kind> listed =
                list(admin); // without the lock: whoever holds those of Configuration Admin may want it
        synchronized (this) {
            listed.keySet().removeAll(heard);
            configured.forEach((pid, kind) -> {
                if (heard.contains(pid)) {
                    listed.put(pid, kind);
                }
            });
            configured = Map.copyOf(listed);
        }
        changed.run();
    }

    private static Map<String, Kind> list(ConfigurationAdmin admin) {
        String anyKind = KINDS.keySet().stream()
                .map(pid -> "(" + ConfigurationAdmin.SERVICE_FACTORYPID + "=" + pid + ")")
                .collect(Collectors.joining("", "(|", ")"));
        try {
            Configuration[] found = admin.listConfigurations(anyKind);
            return Stream.of(found == null ? new Configuration[0] : found)
                    .collect(Collectors.toMap(Configuration::getPid, each -> KINDS.get(each.getFactoryPid())));
        } catch (IOException e) {
            throw new UncheckedIOException("it cannot be read which providers of security are configured", e);
        } catch (InvalidSyntaxException e) {
            throw new IllegalStateException(anyKind, e);
        }
    }

    @Override
    public void close() {
        admins.close();
        if (listener != null) {
            listener.unregister();
            listener = null;
        }
    }

    private final class Admins implements ServiceTrackerCustomizer<ConfigurationAdmin, ConfigurationAdmin> {
        @Override
        public ConfigurationAdmin addingService(ServiceReference<ConfigurationAdmin> reference) {
            ConfigurationAdmin admin = context.getService(reference);
            if (admin != null) {
                read(admin);
            }
            return admin;
        }

        @Override
        public void modifiedService(ServiceReference<ConfigurationAdmin> reference, ConfigurationAdmin admin) {}

        @Override
        public void removedService(ServiceReference<ConfigurationAdmin> reference, ConfigurationAdmin admin) {
            context.ungetService(reference);
        }
    }
}
