/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.transport.internal;

import io.bascule.mqtt.Topic;
import java.util.HashMap;
import java.util.Map;

/**
 * The Topic Aliases under which one connection sends (MQTT 5.0, section 3.3.2.3.4). The topics that are sent first get one and keep it:
 * whoever has few topics has aliases for all of them, and whoever has many would gain nothing from aliases that change hands all the time.
 */
final class OutgoingAliases {
    /** Aliases of one connection, whatever its other end takes: what they cost it stays below 4 KiB, and with it what many clients cost us. */
    static final int MOST = 64;
    /** What an alias takes in a packet, in bytes. */
    static final int SIZE = 3;

    private final Map<Topic, Integer> aliases = new HashMap<>();

    /** The alias that the other end knows this topic by, 0 for none. */
    int of(Topic topic) {
        Integer alias = aliases.get(topic);
        return alias == null ? 0 : alias;
    }

    /** The alias that this topic can have, 0 for none: they have run out, or it is longer than the topic. */
    int next(Topic topic, int maximum) {
        int next = aliases.size() + 1;
        return next <= maximum && topic.utf8().length > SIZE ? next : 0;
    }

    /** From now on the other end knows the topic by this alias. */
    void sent(Topic topic, int alias) {
        aliases.put(topic, alias);
    }
}
