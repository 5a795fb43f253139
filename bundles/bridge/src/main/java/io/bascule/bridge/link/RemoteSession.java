/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.bridge.link;

import io.bascule.mqtt.TopicFilter;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.Set;

/**
 * What a bridge knows of its session at the remote broker, which MQTT has no way to ask for. It is to outlive the connection and the
 * component. Written on one event loop, read from anywhere.
 */
public final class RemoteSession {
    /** All Packet Identifiers there are: {@link #released} where none is stale. */
    public static final int ALL = 65_535;

    private final Set<TopicFilter> subscribed = new LinkedHashSet<>();
    private int released;

    /** Of which so much is known. */
    public RemoteSession(Collection<TopicFilter> subscribed, int released) {
        this.subscribed.addAll(subscribed);
        this.released = released;
    }

    /** Of which nothing is known. */
    public static RemoteSession unknown() {
        return new RemoteSession(Set.of(), ALL);
    }

    /** The same as it may be found after a crash, by a bridge that is about to subscribe it to these as well. */
    public RemoteSession before(Collection<TopicFilter> subscribing) {
        Set<TopicFilter> all = subscribed();
        all.addAll(subscribing);
        // Which identifiers were used since would not be known: a message that is on its way must not be released.
        return new RemoteSession(all, ALL);
    }

    /** What it may be subscribed to. */
    public synchronized Set<TopicFilter> subscribed() {
        return new LinkedHashSet<>(subscribed);
    }

    /**
     * Up to which Packet Identifier it holds no QoS 2 message of an earlier local session. Those above are not in use by the present one.
     */
    public synchronized int released() {
        return released;
    }

    /** It has just come into being. */
    synchronized void begun() {
        subscribed.clear();
        released = ALL;
    }

    /** The local session has just come into being, and does not know which identifiers its forerunner has used. */
    synchronized void localSessionBegun() {
        released = 0;
    }

    synchronized void subscribing(Collection<TopicFilter> filters) {
        subscribed.addAll(filters);
    }

    synchronized void unsubscribed(TopicFilter filter) {
        subscribed.remove(filter);
    }

    synchronized void released(int upTo) {
        released = upTo;
    }
}
