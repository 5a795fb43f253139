/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.bridge;

import io.bascule.api.BridgeHistory;
import io.bascule.api.BridgeResidue;
import io.bascule.resource.ResourceLedger;
import io.bascule.resource.ResourceScope;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What every bridge holds, and what those that have closed gave back. Of an instance that has closed it keeps its ledger, which is numbers:
 * a reference to the instance would be the leak that this is to rule out.
 */
@Component(
        immediate = true,
        service = {BridgeHistory.class, Residues.class})
public final class Residues implements BridgeHistory {
    private static final Logger LOG = LoggerFactory.getLogger(Residues.class);
    private static final int LATEST = 16;
    private static final int CLOSED_BRIDGES = 256;

    private final ResourceScope scope = new ResourceScope("bridge history");
    /** Those without an open instance in the order in which they closed. */
    private final Map<String, Entry> byName = new LinkedHashMap<>();

    private boolean shown;

    /** Empty. */
    @Activate
    public Residues() {}

    @Deactivate
    void deactivate() {
        scope.close();
        LOG.info("bridge history closed: {}", scope.ledger());
    }

    /** An instance begins to acquire. */
    synchronized void opened(String name, ResourceScope instance) {
        if (!shown) {
            shown = true;
            show();
        }
        byName.computeIfAbsent(name, Entry::new).open = instance;
    }

    /**
     * To JMX, where there is such a thing. Not before there is something to show: a JVM's first MBean brings 300 classes along, and
     * takes a twentieth of the time that a broker needs to start.
     */
    private void show() {
        try {
            ResidueMBean.register(this, scope);
        } catch (LinkageError e) { // its packages are imported optionally
            LOG.debug("no MBean of what bridges hold: {}", e.toString());
        }
    }

    /** An instance has given back what it will; returns its ledger. */
    synchronized ResourceLedger closed(String name, ResourceScope instance) {
        ResourceLedger ledger = instance.ledger();
        Entry entry = byName.remove(name);
        byName.put(name, entry); // the last one now
        entry.close(instance, ledger);
        List<String> closed = byName.keySet().stream()
                .filter(each -> byName.get(each).open == null)
                .toList();
        if (closed.size() > CLOSED_BRIDGES) {
            byName.remove(closed.get(0));
        }
        return ledger;
    }

    @Override
    public synchronized List<BridgeResidue> residue() {
        Map<String, BridgeResidue> sorted = new TreeMap<>();
        byName.forEach((name, entry) -> sorted.put(name, entry.residue()));
        return List.copyOf(sorted.values());
    }

    private static final class Entry {
        private final String name;
        private final Deque<BridgeResidue.Closing> latest = new ArrayDeque<>();
        private ResourceScope open;
        private ResourceLedger closed;
        private long closings;

        Entry(String name) {
            this.name = name;
            this.closed = ResourceLedger.empty("bridge " + name);
        }

        void close(ResourceScope instance, ResourceLedger ledger) {
            open = open == instance ? null : open;
            closed = closed.plus(ledger);
            closings++;
            latest.push(new BridgeResidue.Closing(Instant.now(), ledger));
            if (latest.size() > LATEST) {
                latest.removeLast();
            }
        }

        BridgeResidue residue() {
            return new BridgeResidue(
                    name, Optional.ofNullable(open).map(ResourceScope::ledger), closings, closed, List.copyOf(latest));
        }
    }
}
