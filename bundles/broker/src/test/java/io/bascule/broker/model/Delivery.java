/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.broker.model;

import java.util.List;
import java.util.Optional;

/** The way of messages to the clients of a world. */
final class Delivery {
    private final World world;

    Delivery(World world) {
        this.world = world;
    }

    /** A message for the session: where others wait it does so too. */
    void accept(Session session, Out out) {
        boolean direct = session.out.stream().allMatch(each -> each.sentNow);
        session.out.add(out);
        if (direct) {
            drain(session);
        }
    }

    /** Sends what the window allows; what waits for the disk it passes over, but for QoS 0, which stays behind that. */
    void drain(Session session) {
        if (!session.isConnected()) {
            return;
        }
        long awaited = session.out.stream()
                .filter(each -> each.sentNow && each.qos > 0)
                .count();
        for (Out each : List.copyOf(session.out)) {
            if (each.sentNow) {
                continue;
            }
            if (each.state == Out.State.QUEUED && each.text.isExpired(world.now)) {
                if (each.logged) {
                    world.change();
                }
                session.out.remove(each);
                continue;
            }
            if (each.qos > 0
                    ? awaited++ >= session.receiveMaximum
                    : awaited(session).isPresent()) {
                return;
            }
            each.sentNow = true;
            if (each.state == Out.State.QUEUED && each.qos > 0) {
                each.state = Out.State.SENT;
                each.sentAfter = world.changes;
            }
        }
    }

    /** What the client is to get next. */
    static Optional<Out> awaited(Session session) {
        return session.out.stream()
                .filter(each -> each.sentNow && !each.seenNow && each.state != Out.State.RECEIVED)
                .findFirst();
    }

    /** The client has it. */
    void seen(String clientId, Out out, int packetId) {
        Session session = world.sessions.get(clientId);
        out.seen = true;
        out.seenNow = true;
        out.packetId = packetId;
        if (out.qos == 0) {
            session.out.remove(out);
        }
        drain(session);
    }

    /** Nothing waits for the disk: whatever is to come has come. */
    void settled() {
        for (Session each : world.sessions.values()) {
            if (awaited(each).isPresent() || !each.owed.isEmpty()) {
                throw new AssertionError("Something has not come: " + awaited(each) + each.owed + " " + each);
            }
        }
    }

    /** PUBACK, or PUBCOMP. */
    void completed(String clientId, int packetId) {
        Session session = world.sessions.get(clientId);
        Out out = find(session, packetId);
        if (out.logged) {
            world.change();
        }
        session.out.remove(find(session, packetId));
        drain(session);
    }

    /** PUBREC. */
    void received(String clientId, int packetId) {
        Session session = world.sessions.get(clientId);
        Out out = find(session, packetId);
        if (out.logged) {
            world.change();
            session.noted = world.changes;
        }
        out.state = Out.State.RECEIVED;
        session.owed.add(new Owed(Owed.Kind.PUBREL, packetId, session.noted, "", null));
    }

    private static Out find(Session session, int packetId) {
        return session.out.stream()
                .filter(each -> each.isInFlight() && each.packetId == packetId)
                .findAny()
                .orElseThrow(() -> new AssertionError("nothing in flight as " + packetId + ": " + session));
    }
}
