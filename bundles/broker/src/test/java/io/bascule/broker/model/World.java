/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.broker.model;

import io.bascule.api.SessionOptions;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * What a broker must have, as plainly as it can be said. Each change of something that outlives the process is announced before it is made,
 * so that whoever wants to can remember what there was.
 */
final class World {

    final Map<String, Session> sessions = new TreeMap<>();
    final Map<String, Text> retained = new TreeMap<>();
    /** Which change has ended the last session of somebody who has no other yet. */
    private final Map<String, Long> ends = new TreeMap<>();

    /** In seconds. */
    long now;
    /** How many changes there were. */
    long changes;

    private long numbers;
    final Routing routing = new Routing(this);
    final Delivery delivery = new Delivery(this);

    private Before before = world -> {};
    private Choice choice = several -> 0;

    /** Is told before each change. */
    interface Before {
        void changing(World world);
    }

    /** Says which of several it is, where the broker is free. */
    interface Choice {
        int of(int several);
    }

    void before(Before its) {
        before = its;
    }

    void choice(Choice its) {
        choice = its;
    }

    World copy() {
        World copy = new World();
        sessions.forEach((clientId, session) -> copy.sessions.put(clientId, session.copy()));
        copy.retained.putAll(retained);
        copy.ends.putAll(ends);
        copy.now = now;
        copy.changes = changes;
        copy.numbers = numbers;
        return copy;
    }

    int choose(int several) {
        return choice.of(several);
    }

    long number() {
        return numbers++;
    }

    void change() {
        before.changing(this);
        changes++;
    }

    // ---------------------------------------------------------------- connections

    /** CONNECT from a client. */
    void connect(Action.Connect connect, String clientId) {
        Session session = sessions.get(clientId);
        boolean over = session != null && connect.clean();
        if (session != null && session.isConnected()) {
            leave(session);
            over |= session.expiry == 0;
        }
        if (over) {
            end(session);
        }
    }

    /** The client is accepted; which change must be safe for that, 0 for none. */
    long accepted(Action.Connect connect, String clientId, Optional<Text> willText, boolean present) {
        Session session = sessions.get(clientId);
        if (present != (session != null)) {
            throw new AssertionError("CONNACK" + (present ? ", present" : "") + ": " + session);
        }
        if (session == null) {
            session = new Session(clientId);
            sessions.put(clientId, session);
        }
        boolean keptBefore = session.isKept();
        long expiry = connect.v5() ? connect.expiry() : connect.clean() ? 0 : SessionOptions.NEVER;
        if (expiry > 0 || willText.isPresent() || session.logged) {
            change();
            session.logged = true;
        }
        session.expiry = expiry;
        session.receiveMaximum = connect.v5() ? connect.receiveMaximum() : 65_535;
        session.awaySince = Session.ATTACHED;
        session.expiresAt = Session.NEVER;
        long delay = connect.v5() && connect.will() != null ? connect.will().delay() : 0;
        session.will = willText.map(text -> new Will(text, delay)).orElse(null);
        session.willAt = Session.NEVER;
        if (!keptBefore && session.isKept()) {
            keep(session);
        }
        session.wasKept |= session.isKept();
        attach(session);
        Long over = ends.remove(clientId);
        return over == null ? 0 : over;
    }

    /** It is to last from now on. */
    private void keep(Session session) {
        long first = changes;
        session.partial = !session.subs.isEmpty();
        change();
        session.loggedSubs.putAll(session.subs);
        change();
        session.partial = false;
        for (int packetId : session.in) {
            change();
            session.loggedIn.add(packetId);
        }
        for (Out each : session.out) {
            if (!each.logged && each.qos > 0) {
                change();
                each.logged = true;
                if (each.state == Out.State.RECEIVED) {
                    each.state = Out.State.SENT;
                    change();
                    each.state = Out.State.RECEIVED;
                }
            }
        }
        if (!session.subs.isEmpty() || changes > first + 2) {
            session.noted = changes;
        }
    }

    private void attach(Session session) {
        for (Out each : session.out) {
            each.sentNow = false;
            each.seenNow = false;
        }
        for (Out each : session.out) {
            if (each.state == Out.State.RECEIVED) {
                each.sentNow = true;
                session.owed.add(new Owed(Owed.Kind.PUBREL, each.packetId, 0, "", null));
            }
        }
        delivery.drain(session);
    }

    void disconnect(Action.Disconnect disconnect, String clientId, boolean mayChangeExpiry, boolean withWill) {
        Session session = sessions.get(clientId);
        if (mayChangeExpiry && disconnect.expiry() >= 0) {
            if (session.logged) {
                change();
            }
            session.expiry = disconnect.expiry();
        }
        gone(session, withWill);
    }

    /** The connection is at its end. */
    void gone(String clientId) {
        gone(sessions.get(clientId), true);
    }

    private void gone(Session session, boolean withWill) {
        if (!withWill && session.will != null) {
            change();
            session.will = null;
        }
        leave(session);
        if (session.expiry == 0) {
            end(session);
        } else if (session.expiry != SessionOptions.NEVER) {
            expireAt(session, now + session.expiry);
        }
    }

    private void expireAt(Session session, long when) {
        session.expiresAt = when;
        session.expiryNumber = numbers++;
    }

    private void leave(Session session) {
        if (session.logged) {
            change();
        }
        session.awaySince = now;
        session.owed.clear();
        session.out.forEach(each -> each.sentNow = false);
        if (session.will != null) {
            publishWillAfter(session, Math.min(session.will.delay(), session.expiry));
        }
    }

    private void publishWillAfter(Session session, long delay) {
        if (delay <= 0) {
            publishWill(session);
        } else {
            session.willAt = now + delay;
            session.willNumber = numbers++;
        }
    }

    private void publishWill(Session session) {
        session.willAt = Session.NEVER;
        routing.publish(session, session.will.text(), 0);
        if (session.logged) {
            change();
        }
        session.will = null;
    }

    private void end(Session session) {
        session.expiresAt = Session.NEVER;
        if (session.willAt != Session.NEVER) {
            publishWill(session);
        }
        if (session.logged) {
            change();
        }
        sessions.remove(session.clientId);
        if (session.wasKept) {
            ends.put(session.clientId, changes);
        }
    }

    /** The broker stops: nobody is connected any more, and wills are left to its next life. */
    void stop() {
        for (Session each : sessions.values()) {
            if (each.isConnected()) {
                each.awaySince = now;
            }
        }
    }

    // ---------------------------------------------------------------- time

    /** Does what is due by now. */
    void due() {
        for (Text each : List.copyOf(retained.values())) {
            if (each.isExpired(now)) {
                change();
                retained.remove(each.topic());
            }
        }
        Optional<Session> next = nextDue();
        while (next.isPresent()) {
            Session session = next.get();
            if (isWillFirst(session)) {
                publishWill(session);
            } else {
                end(session);
            }
            next = nextDue();
        }
    }

    private Optional<Session> nextDue() {
        return sessions.values().stream()
                .filter(each -> Math.min(each.willAt, each.expiresAt) <= now)
                .min(Comparator.comparingLong((Session each) -> Math.min(each.willAt, each.expiresAt))
                        .thenComparingLong(each -> isWillFirst(each) ? each.willNumber : each.expiryNumber));
    }

    private static boolean isWillFirst(Session session) {
        return session.willAt <= session.expiresAt && session.willAt != Session.NEVER;
    }

    // ---------------------------------------------------------------- another life

    /** What is left of it when a process has read it now, before anything happens. */
    World reread(long then) {
        World world = new World();
        world.now = then;
        world.changes = changes;
        world.numbers = numbers;
        retained.values().stream()
                .filter(each -> !each.isExpired(then))
                .forEach(each -> world.retained.put(each.topic(), each));
        for (Session each : sessions.values()) {
            if (each.logged && (each.isKept() || each.will != null)) {
                world.sessions.put(each.clientId, reread(each, then));
            }
        }
        return world;
    }

    private static Session reread(Session session, long then) {
        Session again = new Session(session.clientId);
        again.logged = true;
        again.wasKept = true;
        again.expiry = session.expiry;
        again.partial = session.partial;
        again.awaySince = session.isConnected() ? then : session.awaySince;
        again.will = session.will;
        again.subs.putAll(session.loggedSubs);
        again.loggedSubs.putAll(session.loggedSubs);
        again.in.addAll(session.loggedIn);
        again.loggedIn.addAll(session.loggedIn);
        session.out.stream()
                .filter(each -> each.logged && each.isInFlight())
                .forEach(each -> again.out.add(each.copy()));
        session.out.stream()
                .filter(each -> each.logged && !each.isInFlight())
                .forEach(each -> again.out.add(each.copy()));
        for (Out each : again.out) {
            each.restored = each.isInFlight();
            each.sentNow = false;
            each.seenNow = false;
        }
        return again;
    }

    /** Lets time go on after that. */
    void resume() {
        List<Session> left = new ArrayList<>(sessions.values());
        while (!left.isEmpty()) { // in any order
            boolean wills = left.stream().anyMatch(each -> each.will != null);
            Session each = left.remove(wills ? choose(left.size()) : 0);
            long away = now - each.awaySince;
            if (each.will != null) {
                publishWillAfter(each, Math.min(each.will.delay(), each.expiry) - away);
            }
            if (each.expiry == 0) {
                end(each);
            } else if (each.expiry != SessionOptions.NEVER) {
                expireAt(each, now + Math.max(0, each.expiry - away));
            }
        }
        due();
    }

    @Override
    public String toString() {
        StringBuilder text = new StringBuilder("retained " + retained.values());
        sessions.values().forEach(each -> text.append("\n  ").append(each));
        return text.toString();
    }
}
