/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.bridge.link;

import io.bascule.api.Session;
import io.bascule.mqtt.TopicFilter;
import java.util.BitSet;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.Set;

/**
 * What a bridge knows of its session at one remote broker, which MQTT has no way to ask for. It is to outlive the connection and the
 * component. Written on one event loop, read from anywhere.
 */
public final class RemoteSession {
    /** All Packet Identifiers that the local session uses: {@link #released} where none is stale. */
    public static final int ALL = Session.HIGHEST_PACKET_ID;

    private final Set<TopicFilter> subscribed = new LinkedHashSet<>();
    private int released;
    /** The same as it was written down last, or is just being. */
    private int kept;

    private final HeldIdentifiers held;
    /** Filters of routes that are not granted there as they stand, though another one made room. */
    private final Set<TopicFilter> neverWhole = new HashSet<>();

    private volatile Runnable grown = () -> {};

    /** Of which so much is known. */
    public RemoteSession(Collection<TopicFilter> subscribed, int released, BitSet held) {
        this.subscribed.addAll(subscribed);
        this.released = released;
        this.kept = released;
        this.held = new HeldIdentifiers(held);
    }

    /** Of which nothing is known, where the bridge has not been before as far as is known. */
    public static RemoteSession unknown() {
        return new RemoteSession(Set.of(), ALL, new BitSet());
    }

    /** Of which nothing is known, where the bridge may have been before: it may hold a message under any identifier. */
    public static RemoteSession forgotten() {
        return new RemoteSession(Set.of(), ALL, everyIdentifier());
    }

    /** Every identifier that there is. */
    public static BitSet everyIdentifier() {
        BitSet every = new BitSet();
        every.set(1, ALL + 1);
        return every;
    }

    /** The same, perhaps subscribed to these as well, to be written down. */
    RemoteSession with(Collection<TopicFilter> subscribing) {
        return copy(subscribing, held());
    }

    /** The same as it may be found after a crash, by a bridge that is about to subscribe it to these as well, and to send to it. */
    RemoteSession before(Collection<TopicFilter> subscribing) {
        // Under those above that one nothing is sent before a higher one is written down: a message that is on its way
        // must not be released.
        return copy(subscribing, everyIdentifier());
    }

    private synchronized RemoteSession copy(Collection<TopicFilter> subscribing, BitSet mayHold) {
        kept = released;
        Set<TopicFilter> all = subscribed();
        all.addAll(subscribing);
        return new RemoteSession(all, released, mayHold);
    }

    /** Whether {@link #released} is written down as it is. */
    synchronized boolean isKept() {
        return kept == released;
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

    /** Whether it is as if the bridge had not been there. */
    public synchronized boolean isBlank() {
        return subscribed.isEmpty() && released == ALL && held.all().isEmpty();
    }

    /** Under which it may hold a QoS 2 message of the present local session. */
    public synchronized BitSet held() {
        return held.all();
    }

    /** It has just come into being. */
    synchronized void begun() {
        subscribed.clear();
        released = ALL;
        held.clear();
        neverWhole.clear();
    }

    /** This filter of a route is not granted as it stands, though another one made room for it. */
    synchronized void neverWhole(TopicFilter filter) {
        neverWhole.add(filter);
    }

    synchronized boolean isNeverWhole(TopicFilter filter) {
        return neverWhole.contains(filter);
    }

    /** The local session has just come into being, and does not know which identifiers its forerunner has used. */
    synchronized void localSessionBegun() {
        released = 0;
        held.clear();
    }

    /** Calls this, from now on, when it is about to be subscribed to something that it was not: a crash is not to make that unknown. */
    public void whenGrown(Runnable action) {
        grown = action;
    }

    /** It is about to be subscribed to these. */
    public void subscribing(Collection<TopicFilter> filters) {
        boolean isMore;
        synchronized (this) {
            isMore = subscribed.addAll(filters);
        }
        if (isMore) {
            grown.run();
        }
    }

    synchronized void unsubscribed(TopicFilter filter) {
        subscribed.remove(filter);
    }

    synchronized void released(int upTo) {
        released = upTo;
    }

    /** A message of QoS 2 has been sent under this identifier. */
    synchronized void holds(int packetId, long message) {
        held.sent(packetId, message);
    }

    /** What it holds under this identifier is being released. */
    synchronized void releasing(int packetId) {
        held.releasing(packetId);
    }

    /** It holds nothing under this identifier any more. */
    synchronized void holdsNot(int packetId) {
        held.released(packetId);
    }

    /** Whatever was on its way to it has been sent again. */
    synchronized void holdsNothingEarlier() {
        held.nothingEarlier();
    }

    /** Under which it may hold another message than the one that is on its way under it now, so that they are to be released before that is sent. */
    synchronized BitSet stale(InFlight inFlight) {
        BitSet stale = held.stale(inFlight);
        stale.set(released + 1, ALL + 1);
        return stale;
    }

    /** It holds nothing of an earlier local session under those below this one. */
    synchronized void releasedBelow(int packetId) {
        released = Math.max(released, packetId - 1);
    }

    /** All of these are released. */
    synchronized void releasedAll() {
        released = ALL;
    }
}
