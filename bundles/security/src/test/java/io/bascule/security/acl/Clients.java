/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.security.acl;

import io.bascule.api.Identity;
import io.bascule.mqtt.MqttVersion;
import io.bascule.spi.Client;
import java.net.InetSocketAddress;
import java.util.Optional;
import java.util.Set;

/** Clients for tests. */
final class Clients {
    private Clients() {}

    /** A client on listener {@code main}, from 10.1.2.3. */
    static Client of(String clientId, Optional<String> userName, String... groups) {
        return new Client(
                clientId,
                new Identity(userName, Set.of(groups)),
                Optional.of(MqttVersion.MQTT_5),
                Optional.of("main"),
                Optional.of(new InetSocketAddress("10.1.2.3", 4711)));
    }

    static Client user(String name, String... groups) {
        return of("client-of-" + name, Optional.of(name), groups);
    }

    static Client anonymous(String clientId) {
        return of(clientId, Optional.empty());
    }

    /** A session of a bundle. */
    static Client inProcess(String clientId, String userName) {
        return new Client(clientId, Identity.of(userName), Optional.empty(), Optional.empty(), Optional.empty());
    }
}
