/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.broker.model;

import java.util.ArrayList;
import java.util.List;

/** The way of messages into a world, and of subscriptions. */
final class Routing {
    private final World world;

    Routing(World world) {
        this.world = world;
    }

    void subscribe(String clientId, Sub sub, int packetId) {
        Session session = world.sessions.get(clientId);
        boolean isNew = session.subs.put(sub.filter(), sub) == null;
        if (session.isKept()) {
            world.change();
            session.loggedSubs.put(sub.filter(), sub);
            session.noted = world.changes;
        }
        boolean served = !sub.isShared() && (sub.handling() == 0 || sub.handling() == 1 && isNew);
        session.owed.add(
                new Owed(Owed.Kind.SUBACK, packetId, session.noted, String.valueOf(sub.qos()), served ? sub : null));
    }

    /** What is retained for a subscription, in this order. */
    void serve(String clientId, Sub sub, List<String> topics) {
        Session session = world.sessions.get(clientId);
        for (String topic : topics) {
            Text text = world.retained.get(topic);
            int qos = Math.min(text.qos(), sub.qos());
            boolean logged = session.isKept() && qos > 0;
            if (logged) {
                world.change();
                session.noted = world.changes;
            }
            world.delivery.accept(session, new Out(world.number(), text, qos, true, identifiers(List.of(sub)), logged));
        }
    }

    List<String> retainedFor(Sub sub) {
        return world.retained.values().stream()
                .filter(each -> !each.isExpired(world.now) && sub.matches(each.topic()))
                .map(Text::topic)
                .toList();
    }

    void unsubscribe(String clientId, String filter, int packetId) {
        Session session = world.sessions.get(clientId);
        boolean known = session.subs.remove(filter) != null;
        if (session.loggedSubs.containsKey(filter) && known) {
            world.change();
            session.loggedSubs.remove(filter);
            session.noted = world.changes;
        }
        session.owed.add(new Owed(Owed.Kind.UNSUBACK, packetId, session.noted, known ? "0" : "17", null));
    }

    private static List<Integer> identifiers(List<Sub> subs) {
        return subs.stream()
                .map(Sub::identifier)
                .filter(each -> each > 0)
                .sorted()
                .toList();
    }

    /** PUBLISH from a client. */
    void publish(String clientId, Text text, int packetId) {
        Session from = world.sessions.get(clientId);
        if (text.qos() == 2 && from.in.contains(packetId)) {
            from.owed.add(new Owed(Owed.Kind.PUBREC, packetId, from.noted, "", null));
            return;
        }
        publish(from, text, packetId);
        if (text.qos() == 1) {
            from.owed.add(new Owed(Owed.Kind.PUBACK, packetId, from.noted, "", null));
        } else if (text.qos() == 2) {
            from.owed.add(new Owed(Owed.Kind.PUBREC, packetId, from.noted, "", null));
        }
    }

    private record Target(Session session, int qos, boolean asPublished, List<Integer> identifiers) {}

    void publish(Session from, Text text, int packetId) {
        List<Target> targets = targets(from, text);
        boolean empty = text.payload().isEmpty();
        boolean keeps = text.retain() && !(empty && !world.retained.containsKey(text.topic()));
        boolean receipt = text.qos() == 2 && packetId > 0 && from.isKept();
        boolean logged = keeps || receipt || targets.stream().anyMatch(each -> isLogged(text, each));
        if (logged) {
            world.change();
            if (packetId > 0) {
                from.noted = world.changes;
            }
        }
        if (text.retain() && empty) {
            world.retained.remove(text.topic());
        } else if (text.retain()) {
            world.retained.put(text.topic(), text);
        }
        if (text.qos() == 2 && packetId > 0) {
            from.in.add(packetId);
            if (receipt) {
                from.loggedIn.add(packetId);
            }
        }
        for (Target each : targets) {
            int qos = Math.min(text.qos(), each.qos());
            if (qos > 0 || each.session().isConnected()) {
                boolean retain = text.retain() && each.asPublished();
                Out out = new Out(world.number(), text, qos, retain, each.identifiers(), isLogged(text, each));
                world.delivery.accept(each.session(), out);
            }
        }
    }

    private static boolean isLogged(Text text, Target target) {
        return Math.min(text.qos(), target.qos()) > 0 && target.session().isKept();
    }

    private List<Target> targets(Session from, Text text) {
        List<Target> targets = new ArrayList<>();
        for (Session each : world.sessions.values()) {
            List<Sub> matching = each.subs.values().stream()
                    .filter(sub -> !sub.isShared() && sub.matches(text.topic()) && !(sub.noLocal() && each == from))
                    .toList();
            if (!matching.isEmpty()) {
                targets.add(target(each, matching));
            }
        }
        List<Target> members = new ArrayList<>();
        for (Session each : world.sessions.values()) {
            each.subs.values().stream()
                    .filter(sub -> sub.isShared() && sub.matches(text.topic()))
                    .forEach(sub -> members.add(target(each, List.of(sub))));
        }
        List<Target> connected =
                members.stream().filter(each -> each.session().isConnected()).toList();
        List<Target> candidates = connected.isEmpty() ? members : connected;
        if (!candidates.isEmpty()) {
            targets.add(candidates.get(world.choose(candidates.size())));
        }
        return targets;
    }

    private static Target target(Session session, List<Sub> subs) {
        return new Target(
                session,
                subs.stream().mapToInt(Sub::qos).max().orElseThrow(),
                subs.stream().anyMatch(Sub::asPublished),
                identifiers(subs));
    }

    /** PUBREL from a client. */
    void release(String clientId, int packetId) {
        Session from = world.sessions.get(clientId);
        from.in.remove(packetId);
        if (from.loggedIn.contains(packetId)) {
            world.change();
            from.loggedIn.remove(packetId);
            from.noted = world.changes;
        }
        from.owed.add(new Owed(Owed.Kind.PUBCOMP, packetId, from.noted, "", null));
    }
}
