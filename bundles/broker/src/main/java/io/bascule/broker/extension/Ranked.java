/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.broker.extension;

import io.bascule.api.SecurityProvider;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicBoolean;
import org.osgi.framework.ServiceReference;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The services of one kind that are there, the highest ranking first. Changed by the framework's threads, read by any. */
final class Ranked<S> {
    private static final Logger LOG = LoggerFactory.getLogger(Ranked.class);

    private final String kind;
    private final Map<ServiceReference<S>, Entry<S>> byReference = new TreeMap<>(Collections.reverseOrder());
    private volatile List<Entry<S>> entries = List.of();
    private volatile Map<String, Entry<S>> named = Map.of();

    /** A service, and whether it was complained of. */
    record Entry<S>(S service, String name, AtomicBoolean complained) {}

    Ranked(String kind) {
        this.kind = kind;
    }

    synchronized void add(ServiceReference<S> reference, S service) {
        String name = service.getClass().getName();
        byReference.put(reference, new Entry<>(service, name, new AtomicBoolean()));
        changed();
        LOG.info("{} {} comes, there are {}", kind, name, entries.size());
    }

    synchronized void remove(ServiceReference<S> reference) {
        Entry<S> gone = byReference.remove(reference);
        changed();
        if (gone != null) {
            LOG.info("{} {} goes, there are {}", kind, gone.name(), entries.size());
        }
    }

    private void changed() {
        entries = List.copyOf(byReference.values());
        Map<String, Entry<S>> first = new HashMap<>();
        byReference.forEach((reference, entry) -> {
            if (reference.getProperty(SecurityProvider.NAME) instanceof String name) {
                first.putIfAbsent(name, entry);
            }
        });
        named = Map.copyOf(first);
    }

    /** The one of this name. */
    Optional<Entry<S>> named(String name) {
        return Optional.ofNullable(named.get(name));
    }

    boolean isEmpty() {
        return entries.isEmpty();
    }

    List<Entry<S>> entries() {
        return entries;
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
