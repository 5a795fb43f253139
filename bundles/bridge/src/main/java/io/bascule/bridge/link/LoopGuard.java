/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.bridge.link;

import io.bascule.bridge.route.Route;
import io.bascule.mqtt.Message;
import java.util.Optional;
import java.util.Set;

/**
 * Keeps messages from going round over one connection, where neither broker does.
 *
 * @param echoes where the remote broker may send back what it was sent
 * @param echoing the forward routes whose messages it may send back
 */
record LoopGuard(Hops hops, Optional<EchoFilter> echoes, Set<Route> echoing) {

    /** The message as it leaves, or empty when it must not. */
    Optional<Message> out(Message message) {
        return hops.out(message);
    }

    /** A message has left by this route, with the topic that it has at the remote broker, and for the first time. */
    void left(Message message, Route route) {
        if (echoes.isPresent() && echoing.contains(route)) {
            echoes.get().forwarded(message);
        }
    }

    /** Whether what leaves by this route may be taken by a subscribe route at the remote broker. */
    boolean mayComeBack(Route route) {
        return echoing.contains(route);
    }

    /** The message as it goes on here, or empty when it must not. */
    Optional<Message> in(Message message) {
        boolean echo = echoes.isPresent() && echoes.get().isEcho(message);
        return echo ? Optional.empty() : hops.in(message);
    }
}
