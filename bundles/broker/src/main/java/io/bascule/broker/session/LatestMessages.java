/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.broker.session;

import io.bascule.mqtt.QoS;
import io.bascule.mqtt.Topic;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;

/**
 * The QoS 0 messages that wait, by topic, while nobody is attached: of each topic and subscription there is one. What leaves the queue leaves this as well,
 * so that it is no larger than that.
 */
final class LatestMessages {
    private final Map<Key, Outgoing> byTopic = new HashMap<>();

    private record Key(Topic topic, int[] identifiers) {
        static Key of(Outgoing outgoing) {
            return new Key(outgoing.message().orElseThrow().topic(), outgoing.subscriptionIdentifiers());
        }

        @Override
        public boolean equals(Object other) {
            return other instanceof Key it && topic.equals(it.topic) && Arrays.equals(identifiers, it.identifiers);
        }

        @Override
        public int hashCode() {
            return 31 * topic.hashCode() + Arrays.hashCode(identifiers);
        }
    }

    private static boolean isAny(Outgoing outgoing, WaitingRules rules) {
        return outgoing.qos() == QoS.AT_MOST_ONCE && rules.keepsLatest(outgoing.subscriptionIdentifiers());
    }

    /** One has come; returns the one that it replaces, null for none. */
    Outgoing put(Outgoing outgoing, WaitingRules rules) {
        return isAny(outgoing, rules) ? byTopic.put(Key.of(outgoing), outgoing) : null;
    }

    /** One has gone. */
    void remove(Outgoing outgoing) {
        if (outgoing.qos() == QoS.AT_MOST_ONCE) {
            byTopic.remove(Key.of(outgoing), outgoing);
        }
    }
}
