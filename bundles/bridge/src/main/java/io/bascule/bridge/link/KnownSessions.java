/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.bridge.link;

import io.bascule.mqtt.TopicFilter;
import java.util.Collection;
import java.util.List;
import java.util.OptionalInt;

/**
 * What a bridge knows of its sessions at its remote brokers, and with which of them the local session was last joined: the Packet Identifiers
 * in the local session mean something there and nowhere else. Written on one event loop, read from anywhere.
 */
public final class KnownSessions {
    private final List<RemoteSession> sessions;
    private OptionalInt joined;
    private boolean goneOn;

    /**
     * Of which so much is known.
     *
     * @param sessions in the order of the servers
     * @param joined the index of the one that was joined last; empty where that is not known
     */
    public KnownSessions(List<RemoteSession> sessions, OptionalInt joined) {
        this.sessions = List.copyOf(sessions);
        this.joined = joined;
    }

    /** In the order of the servers. */
    public List<RemoteSession> all() {
        return sessions;
    }

    /** The index of the one that was joined last; empty where that is not known, or where another one is just being joined. */
    public synchronized OptionalInt joined() {
        return joined;
    }

    synchronized void joined(OptionalInt index) {
        joined = index;
        goneOn = true;
    }

    /**
     * Whether the local session is another one than when this was read, or has been joined, or was just to be. Else it is still joined with
     * the one that it was joined with then, also where that is none of these.
     */
    public synchronized boolean hasGoneOn() {
        return goneOn;
    }

    synchronized void localSessionBegun() {
        goneOn = true;
        sessions.forEach(RemoteSession::localSessionBegun);
    }

    /** The same as it may be found after a crash, by a bridge that is about to subscribe them to these as well. */
    public synchronized KnownSessions before(Collection<TopicFilter> subscribing) {
        KnownSessions after = new KnownSessions(
                sessions.stream()
                        .map(session -> isJoined(session) ? session.before(subscribing) : session.with(subscribing))
                        .toList(),
                joined);
        after.goneOn = goneOn;
        return after;
    }

    private boolean isJoined(RemoteSession session) {
        return joined.isPresent() && sessions.get(joined.getAsInt()) == session;
    }
}
