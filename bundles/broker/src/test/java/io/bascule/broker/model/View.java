/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.broker.model;

import io.bascule.api.QueuedMessage;
import io.bascule.api.SessionInfo;
import io.bascule.api.Subscription;
import io.bascule.api.SubscriptionInfo;
import io.bascule.broker.SteppedBroker;
import io.bascule.mqtt.Message;
import io.bascule.mqtt.TopicFilter;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/** What a broker says that it has. */
final class View {
    private final Map<String, Seen> sessions = new TreeMap<>();
    private final Map<String, String> retained = new TreeMap<>();

    private static final class Seen {
        private final SessionInfo info;
        private final Set<Sub> subs = new HashSet<>();
        private List<String> queue;

        Seen(SessionInfo info) {
            this.info = info;
        }

        @Override
        public String toString() {
            return info.clientId() + (info.connected() ? " connected" : " away") + ", expiry "
                    + info.sessionExpiryInterval() + ", subscriptions " + subs + ", "
                    + info.queue().inFlight() + " in flight, " + info.queue().queued() + " queued"
                    + (queue == null ? "" : " " + queue);
        }
    }

    static View of(SteppedBroker broker) {
        View view = new View();
        broker.broker().sessions().forEach(each -> view.sessions.put(each.clientId(), new Seen(each)));
        for (SubscriptionInfo each : broker.broker().subscriptions()) {
            view.sessions.get(each.clientId()).subs.add(sub(each.subscription()));
        }
        for (Message each : broker.retained(TopicFilter.of("#"))) {
            view.retained.put(each.topic().name(), each.text());
        }
        return view;
    }

    /** The same with what waits in the queues. */
    static View withQueues(SteppedBroker broker, Runnable loop) {
        View view = of(broker);
        view.sessions.forEach((clientId, seen) -> {
            List<String> queue = new ArrayList<>();
            broker.broker()
                    .queued(clientId, 0, 1_000)
                    .thenAccept(all -> all.stream().map(View::text).forEach(queue::add));
            loop.run();
            seen.queue = queue;
        });
        return view;
    }

    private static String text(QueuedMessage queued) {
        return text(queued.message().text(), queued.qos().level(), queued.retain());
    }

    private static String text(String payload, int qos, boolean retain) {
        return payload + " q" + qos + (retain ? " retain" : "");
    }

    private static Sub sub(Subscription sub) {
        return new Sub(
                sub.filter().text(),
                sub.maximumQos().level(),
                sub.noLocal(),
                sub.retainAsPublished(),
                sub.retainHandling().ordinal(),
                sub.identifier());
    }

    /** Takes what the log has of what may be there in parts; false when that cannot be. */
    boolean resolve(World world, Line line) {
        for (Session each : world.sessions.values()) {
            Seen seen = sessions.get(each.clientId);
            if (seen == null) {
                continue; // it may have ended by now
            }
            if (each.partial) {
                each.subs.values().removeIf(sub -> !seen.subs.contains(sub));
                each.loggedSubs.keySet().retainAll(each.subs.keySet());
                each.partial = false;
            }
            if (!resolve(each, seen.info.queue().inFlight(), line)) {
                return false;
            }
        }
        return true;
    }

    /** A message that was sent may be queued, as far as the log knows, and so what was sent after it, unless that must be safe. */
    private static boolean resolve(Session session, int inFlight, Line line) {
        int last = (int) session.out.stream().filter(Out::isInFlight).count() - 1;
        while (last + 1 > inFlight) {
            Out out = session.out.get(last);
            if (out.state != Out.State.SENT || line.isCertain(out)) {
                return false;
            }
            out.state = Out.State.QUEUED;
            out.packetId = 0;
            out.seen = false;
            out.restored = false;
            last--;
        }
        return last + 1 == inFlight;
    }

    /** What is not as it is in this world. */
    Optional<String> difference(World world) {
        if (!sessions.keySet().equals(world.sessions.keySet())) {
            return Optional.of("sessions");
        }
        for (Session each : world.sessions.values()) {
            Optional<String> difference = difference(each, sessions.get(each.clientId));
            if (difference.isPresent()) {
                return Optional.of(difference.get() + " of " + each.clientId);
            }
        }
        Map<String, String> expected = new TreeMap<>();
        world.retained.values().stream()
                .filter(each -> !each.isExpired(world.now))
                .forEach(each -> expected.put(each.topic(), each.payload()));
        return expected.equals(retained) ? Optional.empty() : Optional.of("what is retained");
    }

    private static Optional<String> difference(Session session, Seen seen) {
        int inFlight = (int) session.out.stream().filter(Out::isInFlight).count();
        int waiting = session.out.size() - inFlight;
        if (session.isConnected() != seen.info.connected()) {
            return Optional.of("whether somebody is there");
        } else if (session.expiry != seen.info.sessionExpiryInterval()) {
            return Optional.of("expiry");
        } else if (!seen.subs.equals(Set.copyOf(session.subs.values()))) {
            return Optional.of("subscriptions");
        } else if (inFlight != seen.info.queue().inFlight()) {
            return Optional.of("what is in flight");
        } else if (waiting != seen.info.queue().queued()) {
            return Optional.of("how much waits");
        }
        return seen.queue == null ? Optional.empty() : difference(session, seen.queue);
    }

    private static Optional<String> difference(Session session, List<String> queue) {
        List<String> expected = new ArrayList<>();
        for (Out each : session.out) {
            if (!each.isInFlight()) {
                expected.add(text(each.text.payload(), each.qos, each.retain));
            }
        }
        return expected.equals(queue) ? Optional.empty() : Optional.of("what waits");
    }

    @Override
    public String toString() {
        StringBuilder text = new StringBuilder("retained " + retained);
        sessions.values().forEach(each -> text.append("\n  ").append(each));
        return text.toString();
    }
}
