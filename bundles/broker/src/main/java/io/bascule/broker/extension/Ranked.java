/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.broker.extension;

import io.bascule.api.SecurityProvider;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicBoolean;
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
    private volatile Present<S> present = new Present<>(List.of(), Map.of(), Set.of(), false);

    /** A service, and whether it was complained of. */
    record Entry<S>(S service, String name, AtomicBoolean complained) {}

    /**
     * Those who are there at one moment.
     *
     * @param entries the highest ranking first
     * @param named by their names, of several of a name the highest ranking
     * @param pids of the configurations that they come from
     * @param lacking whether one is not there of which there is a configuration
     */
    record Present<S>(List<Entry<S>> entries, Map<String, Entry<S>> named, Set<String> pids, boolean lacking) {

        /** Whether nobody is there, and nobody is missing. */
        boolean isNobody() {
            return entries.isEmpty() && !lacking;
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
        Map<String, Entry<S>> first = new HashMap<>();
        Set<String> pids = new HashSet<>();
        byReference.forEach((reference, entry) -> {
            if (reference.getProperty(SecurityProvider.NAME) instanceof String name) {
                first.putIfAbsent(name, entry);
            }
            if (reference.getProperty(Constants.SERVICE_PID) instanceof String pid) {
                pids.add(pid);
            }
        });
        present = new Present<>(
                List.copyOf(byReference.values()), Map.copyOf(first), Set.copyOf(pids), !pids.containsAll(configured));
    }

    /** Those who are there now. */
    Present<S> present() {
        return present;
    }

    /** The one of this name. */
    Optional<Entry<S>> named(String name) {
        return Optional.ofNullable(present.named().get(name));
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
