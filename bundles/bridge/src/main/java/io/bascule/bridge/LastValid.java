/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.bridge;

import io.bascule.bridge.config.Asked;
import io.bascule.bridge.config.BridgeDefinition;
import io.bascule.bridge.config.RemoteIdentity;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.osgi.service.component.annotations.Component;

/**
 * The last valid configuration of every bridge, which outlives the bridge's component: an edit that does not validate puts it in force again; and
 * which of them somebody has started, for those that wait for that, so that an edit does not stop them. Kept in memory, so that after a restart a
 * bridge without a valid file stays down, and one that waits to be started waits.
 */
@Component(service = LastValid.class, immediate = true)
public final class LastValid {
    private final Map<String, Configuration> byName = new ConcurrentHashMap<>();
    private final Set<String> started = ConcurrentHashMap.newKeySet();

    /** A definition and the lines it was read from. */
    record Configuration(BridgeDefinition definition, Asked lines) {

        // As what it is, for what Server.equals says of a record's own.
        @Override
        public boolean equals(Object other) {
            return this == other;
        }

        @Override
        public int hashCode() {
            return System.identityHashCode(this);
        }
    }

    void put(String name, Configuration configuration) {
        byName.put(name, configuration);
    }

    Optional<Configuration> get(String name) {
        return Optional.ofNullable(byName.get(name));
    }

    /** Forgets this configuration of a bridge that was deleted, unless another has taken its place; whether it did. */
    boolean forget(String name, Configuration deleted) {
        boolean forgotten = byName.remove(name, deleted);
        if (forgotten) {
            started.remove(name);
        }
        return forgotten;
    }

    /** Notes that somebody has started a bridge, or stopped it. */
    void started(String name, boolean isStarted) {
        if (isStarted) {
            started.add(name);
        } else {
            started.remove(name);
        }
    }

    /** Whether somebody has started the bridge and nobody has stopped it since. */
    boolean isStarted(String name) {
        return started.contains(name);
    }

    /** Whether a bridge has this session. */
    boolean hasRemoteSession(RemoteIdentity session) {
        return byName.values().stream().anyMatch(each -> each.definition().has(session));
    }
}
