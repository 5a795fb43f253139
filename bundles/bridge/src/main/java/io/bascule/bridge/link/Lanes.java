/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.bridge.link;

import io.bascule.api.Session;
import io.bascule.bridge.route.Route;
import io.bascule.mqtt.QoS;
import io.bascule.mqtt.Topic;
import java.util.List;

/**
 * Shares out what leaves among several connections by its topic, so that messages of one topic stay in their order. The first one alone has a
 * session that outlives it and subscriptions: it takes QoS 2, which needs the one, and what may come back by a subscribe route, which No Local keeps
 * from that over the same connection alone.
 */
final class Lanes {
    private final LoopGuard loops;
    private final List<Lane> byTopic;

    /** These; one may stand several times, in place of others that are not there. */
    Lanes(List<Lane> byTopic, LoopGuard loops) {
        this.byTopic = List.copyOf(byTopic);
        this.loops = loops;
    }

    /** The one that has a session and subscriptions. */
    Lane first() {
        return byTopic.get(0);
    }

    /** The one for a message of this route with the topic that it has at the remote broker. */
    Lane of(Topic topic, Route route, QoS qos) {
        if (qos == QoS.EXACTLY_ONCE || loops.mayComeBack(route)) {
            return first();
        }
        int hash = topic.name().hashCode(); // the same in every process
        return byTopic.get(Math.floorMod(hash ^ (hash >>> 16), byTopic.size()));
    }

    /** How many messages of QoS 1 and 2 may be on their way in all. */
    int receiveMaximum() {
        return byTopic.stream().distinct().mapToInt(Lane::receiveMaximum).sum();
    }

    /** How many the local session is to deliver at a time: with as many as that the others have room while some wait for the fullest. */
    int deliveries() {
        return Math.min(2 * receiveMaximum(), Session.HIGHEST_PACKET_ID);
    }

    /** How many connections there are. */
    int size() {
        return (int) byTopic.stream().distinct().count();
    }
}
