/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.bridge.link;

import io.bascule.bridge.config.Server;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.osgi.service.component.annotations.Component;

/**
 * The ids that remote brokers have told the bridges of this one, by their address: a bridge of 3.1.1 is told none, and is to know the broker by
 * the same name as one of 5.0 that leads there. As many as there are servers in the files that there have been; from any thread.
 */
@Component(service = BrokerIds.class, immediate = true)
public final class BrokerIds {
    private final Map<String, String> byServer = new ConcurrentHashMap<>();

    void learn(Server server, String id) {
        byServer.put(server.toString(), id);
    }

    Optional<String> find(Server server) {
        return Optional.ofNullable(byServer.get(server.toString()));
    }
}
