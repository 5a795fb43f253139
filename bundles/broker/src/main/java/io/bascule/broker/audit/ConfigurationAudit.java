/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.broker.audit;

import io.bascule.audit.Audit;
import io.bascule.audit.AuditEvent;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import org.osgi.framework.InvalidSyntaxException;
import org.osgi.service.cm.Configuration;
import org.osgi.service.cm.ConfigurationAdmin;
import org.osgi.service.cm.ConfigurationEvent;
import org.osgi.service.cm.ConfigurationListener;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells the audit log which keys of our configurations are changed, never what they are set to. What there is at the start is no change,
 * whatever it was before.
 *
 * <p>Called on Configuration Admin's thread, one event after the other: an event that comes late finds what is newer, and the one after it
 * nothing that has changed.
 */
@Component(immediate = true, service = ConfigurationListener.class)
public final class ConfigurationAudit implements ConfigurationListener {
    private static final Logger LOG = LoggerFactory.getLogger(ConfigurationAudit.class);
    private static final String OURS = "io.bascule.";

    private final ConfigurationAdmin admin;
    private final Fingerprints fingerprints = new Fingerprints();
    private final Map<String, Map<String, String>> known;

    /** Knows what there is when this returns. */
    @Activate
    public ConfigurationAudit(@Reference ConfigurationAdmin admin) {
        this.admin = admin;
        this.known = read(pid -> true);
    }

    @Override
    public synchronized void configurationEvent(ConfigurationEvent event) {
        String pid = event.getPid();
        if (!pid.startsWith(OURS)) {
            return;
        }
        if (event.getType() == ConfigurationEvent.CM_DELETED) {
            known.remove(pid);
            Audit.record(AuditEvent.CONFIGURATION_DELETED, entry -> entry.pid(pid));
        } else if (event.getType() == ConfigurationEvent.CM_UPDATED) {
            Map<String, String> now = read(pid::equals).get(pid);
            if (now != null) { // else it is deleted by now, which is the next event
                updated(pid, now);
            }
        }
    }

    private void updated(String pid, Map<String, String> now) {
        Map<String, String> before = known.put(pid, now);
        if (before == null) {
            Audit.record(AuditEvent.CONFIGURATION_ADDED, entry -> entry.pid(pid).keys("added", now.keySet()));
            return;
        }
        List<String> added =
                now.keySet().stream().filter(key -> !before.containsKey(key)).toList();
        List<String> removed =
                before.keySet().stream().filter(key -> !now.containsKey(key)).toList();
        List<String> changed = now.keySet().stream()
                .filter(key -> before.containsKey(key) && !before.get(key).equals(now.get(key)))
                .toList();
        if (!added.isEmpty() || !removed.isEmpty() || !changed.isEmpty()) {
            Audit.record(
                    AuditEvent.CONFIGURATION_CHANGED,
                    entry -> entry.pid(pid)
                            .keys("added", added)
                            .keys("changed", changed)
                            .keys("removed", removed));
        }
    }

    /** What there is now of these PIDs. */
    private Map<String, Map<String, String>> read(Predicate<String> pids) {
        Map<String, Map<String, String>> read = new HashMap<>();
        try {
            Configuration[] found = admin.listConfigurations("(service.pid=" + OURS + "*)");
            for (Configuration each : found == null ? new Configuration[0] : found) {
                read(each, pids, read);
            }
            return read;
        } catch (IOException e) {
            throw new UncheckedIOException("configurations cannot be read", e);
        } catch (InvalidSyntaxException e) {
            throw new IllegalStateException("a filter of ours", e);
        }
    }

    private void read(Configuration configuration, Predicate<String> pids, Map<String, Map<String, String>> into) {
        try {
            String pid = configuration.getPid();
            if (pids.test(pid)) {
                into.put(pid, fingerprints.of(configuration.getProperties()));
            }
        } catch (IllegalStateException e) {
            LOG.debug("a configuration was deleted as it was read: {}", e.getMessage());
        }
    }
}
