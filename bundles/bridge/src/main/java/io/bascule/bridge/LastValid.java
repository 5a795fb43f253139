/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.bridge;

import io.bascule.bridge.config.Asked;
import io.bascule.bridge.config.BridgeDefinition;
import io.bascule.bridge.config.RemoteIdentity;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.osgi.service.component.annotations.Component;

/**
 * The last valid configuration of every bridge, which outlives the bridge's component: an edit that does not validate puts it in force again.
 * Kept in memory, so that after a restart a bridge without a valid file stays down.
 */
@Component(service = LastValid.class, immediate = true)
public final class LastValid {
    private final Map<String, Configuration> byName = new ConcurrentHashMap<>();

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
        return byName.remove(name, deleted);
    }

    /** Whether a bridge has this session. */
    boolean hasRemoteSession(RemoteIdentity session) {
        return byName.values().stream().anyMatch(each -> each.definition().has(session));
    }
}
