/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.broker.extension;

import io.bascule.api.SecurityProvider;
import io.bascule.config.ConfiguredProviders;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Collectors;
import org.osgi.framework.Constants;
import org.osgi.framework.ServiceReference;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The services of one kind that are there, the highest ranking first. Changed by the framework's threads, read by any. */
final class Ranked<S> {
    private static final Logger LOG = LoggerFactory.getLogger(Ranked.class);

    private final String kind;
    private final Map<ServiceReference<S>, Entry<S>> byReference = new TreeMap<>(Collections.reverseOrder());
    private Set<String> configured = Set.of();
    private volatile Present<S> present = new Present<>(List.of(), Map.of(), Set.of(), Set.of());

    /** A service, and whether it was complained of. */
    record Entry<S>(S service, String name, AtomicBoolean complained) {}

    /**
     * Those who are there at one moment.
     *
     * @param entries the highest ranking first
     * @param named by their names, the highest ranking first
     * @param pids of the configurations that they come from
     * @param missing the names of those that are not there of which there is a configuration
     */
    record Present<S>(
            List<Entry<S>> entries, Map<String, List<Entry<S>>> named, Set<String> pids, Set<String> missing) {

        /** Whether nobody is there, and nobody is missing. */
        boolean isNobody() {
            return entries.isEmpty() && !lacking();
        }

        /** Whether one is missing. */
        boolean lacking() {
            return !missing.isEmpty();
        }

        /** Whether nobody of this name is there, or one of this name is missing. */
        boolean lacks(String name) {
            return !named.containsKey(name) || missing.contains(name);
        }
    }

    Ranked(String kind) {
        this.kind = kind;
    }

    synchronized void add(ServiceReference<S> reference, S service) {
        String name = service.getClass().getName();
        byReference.put(reference, new Entry<>(service, name, new AtomicBoolean()));
        changed();
        LOG.info("{} {} comes, there are {}", kind, name, byReference.size());
    }

    synchronized void remove(ServiceReference<S> reference) {
        Entry<S> gone = byReference.remove(reference);
        changed();
        if (gone != null) {
            LOG.info("{} {} goes, there are {}", kind, gone.name(), byReference.size());
        }
    }

    /** Those of these configurations are missing when they are not there. */
    synchronized void configured(Set<String> pids) {
        configured = pids;
        changed();
    }

    private void changed() {
        Map<String, List<Entry<S>>> named = new HashMap<>();
        Set<String> pids = new HashSet<>();
        byReference.forEach((reference, entry) -> {
            if (reference.getProperty(SecurityProvider.NAME) instanceof String name) {
                named.computeIfAbsent(name, key -> new ArrayList<>()).add(entry);
            }
            if (reference.getProperty(Constants.SERVICE_PID) instanceof String pid) {
                pids.add(pid);
            }
        });
        named.replaceAll((name, entries) -> List.copyOf(entries));
        present = new Present<>(
                List.copyOf(byReference.values()),
                Map.copyOf(named),
                Set.copyOf(pids),
                configured.stream()
                        .filter(pid -> !pids.contains(pid))
                        .map(ConfiguredProviders::name)
                        .collect(Collectors.toUnmodifiableSet()));
    }

    /** Those who are there now. */
    Present<S> present() {
        return present;
    }

    /** Those of this name, the highest ranking first. */
    List<Entry<S>> named(String name) {
        return present.named().getOrDefault(name, List.of());
    }

    boolean isEmpty() {
        return present.entries().isEmpty();
    }

    List<Entry<S>> entries() {
        return present.entries();
    }

    /** Says that a service has failed: once with all there is to find it, since it may fail for every message. */
    void failed(Entry<S> entry, Throwable failure) {
        if (entry.complained().compareAndSet(false, true)) {
            LOG.error("{} {} has failed; said once, further failures at debug", kind, entry.name(), failure);
        } else {
            LOG.debug("{} {} has failed: {}", kind, entry.name(), failure.toString());
        }
    }
}
