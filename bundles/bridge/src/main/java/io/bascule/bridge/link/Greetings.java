/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.bridge.link;

import io.bascule.mqtt.MqttVersion;
import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;

/**
 * The ways in which CONNECT may begin, the one that is wanted most first: with each protocol version that may be spoken and, before 5.0, as a
 * bridge, which is the bit 0x80 of its protocol level. No specification has that bit; Mosquitto, and our own broker, do not send a
 * bridge its own messages and keep RETAIN as it was published. A broker that does not know a level refuses it [MQTT-3.1.2-2] or
 * closes the connection. What is closed for another reason looks the same, so that only a connection that comes about in another way shows that
 * the ways before it are of no use; and a version is given up for good only where the broker has said that it does not take it, since much
 * is lost with 5.0. On one event loop alone.
 */
final class Greetings {
    /** Found to be of no use meanwhile, over another connection. */
    private static final int GONE = -1;

    private final List<Greeting> all = new ArrayList<>();
    /** Those that the remote broker has refused in so many words. */
    private final Set<Greeting> refused = Collections.newSetFromMap(new IdentityHashMap<>());
    /** Those that it has accepted. */
    private final Set<Greeting> understood = Collections.newSetFromMap(new IdentityHashMap<>());
    /** The next or the last that is used. */
    private int current;

    /**
     * One of them.
     *
     * @param bit whether it says that a bridge comes; 5.0 has Subscription Options instead
     */
    record Greeting(MqttVersion version, boolean bit) {
        @Override
        public String toString() {
            return (bit ? "the bridge bit of " : "") + "MQTT " + version;
        }
    }

    private Greetings() {}

    /** For a bridge with these versions. */
    static Greetings asBridge(List<MqttVersion> versions) {
        Greetings greetings = new Greetings();
        for (MqttVersion version : versions) {
            if (version != MqttVersion.MQTT_5) {
                greetings.all.add(new Greeting(version, true));
            }
            greetings.all.add(new Greeting(version, false));
        }
        return greetings;
    }

    /** For one that only comes to end its session. */
    static Greetings asClient(List<MqttVersion> versions) {
        Greetings greetings = new Greetings();
        versions.forEach(version -> greetings.all.add(new Greeting(version, false)));
        return greetings;
    }

    Greeting current() {
        return all.get(current);
    }

    /**
     * The remote broker has accepted this one, which may not be the current one any more; those before it that this shows to be of no use, which are
     * not used again.
     */
    List<Greeting> accepted(Greeting greeting) {
        understood.add(greeting);
        int index = index(greeting);
        if (index == GONE) {
            return List.of();
        }
        List<Greeting> before = all.subList(0, index);
        List<Greeting> useless =
                before.stream().filter(each -> isUseless(each, greeting)).toList();
        before.removeIf(each -> isUseless(each, greeting));
        current = index - useless.size();
        return useless;
    }

    /** Whether the remote broker has accepted this one before. */
    boolean isUnderstood(Greeting greeting) {
        return understood.contains(greeting);
    }

    private boolean isUseless(Greeting greeting, Greeting accepted) {
        return greeting.version() == accepted.version() || refused.contains(greeting);
    }

    /** Without {@code equals}, for what {@code Server.equals} says of a record's own. */
    private int index(Greeting greeting) {
        for (int i = 0; i < all.size(); i++) {
            if (all.get(i) == greeting) {
                return i;
            }
        }
        return GONE;
    }

    /**
     * The connection that began with this one is lost; whether the next attempt is to be made at once, in another way.
     *
     * @param notUnderstood whether that was the answer to CONNECT
     * @param inWords whether the remote broker has said that it does not support this version
     */
    boolean lost(Greeting greeting, boolean notUnderstood, boolean inWords) {
        if (inWords) {
            refused.add(greeting);
        }
        int index = index(greeting);
        boolean another = notUnderstood && index != GONE && index + 1 < all.size();
        current = another ? index + 1 : 0;
        return another;
    }
}
