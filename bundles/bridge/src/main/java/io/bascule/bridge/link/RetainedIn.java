/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.bridge.link;

import io.bascule.api.Session;
import io.bascule.api.Subscription.RetainHandling;
import io.bascule.bridge.retained.Digest;
import io.bascule.bridge.retained.Remembered;
import io.bascule.bridge.retained.Values;
import io.bascule.bridge.route.Retain;
import io.bascule.bridge.route.Route;
import io.bascule.mqtt.Message;
import io.bascule.mqtt.MqttVersion;
import io.bascule.mqtt.QoS;
import io.bascule.mqtt.Topic;
import io.bascule.mqtt.UserProperty;
import io.bascule.resource.Lease;
import io.bascule.transport.Connection;
import io.bascule.transport.ControlPacket;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import java.util.function.BooleanSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells, over one connection, what this broker has already of what the remote one sends for the subscribe routes with {@code retain=diff}, and what that
 * one has no more.
 *
 * <p>MQTT has no end of the retained messages that a subscription brings. They are taken to be over when no topic has come for {@link #QUIET} of which
 * none had come before, nothing waited here meanwhile, and a PINGREQ that was sent then is answered.
 */
final class RetainedIn {
    private static final Logger LOG = LoggerFactory.getLogger(Link.class);

    static final Duration QUIET = Duration.ofSeconds(10);
    private static final Duration LOOK = Duration.ofSeconds(1);
    private static final int TURN = 500;
    /** A timer, since what is handed to an event loop may go on for a second before anything is read there. */
    private static final Duration NEXT_TURN = Duration.ofMillis(1);

    private static final long NEVER = Long.MAX_VALUE;

    private final Lasting link;
    private final int server;
    private final Remembered remembered;
    private final Connection connection;
    private final RemoteName there;
    private final Pulse pulse;
    private final BooleanSupplier isBusy;
    private final RemoteSubscriptions subscriptions;
    /** By route the topics that have come; none of those whose retained messages are not sent, or are over. */
    private final Map<Route, Set<String>> seen = new IdentityHashMap<>();
    /** How many of them have come as they were remembered. */
    private final Map<Route, Integer> asBefore = new IdentityHashMap<>();
    /** By route the topics whose deletion this broker was told last, and has not answered. */
    private final Map<Route, Set<String>> going = new IdentityHashMap<>();
    /** Whether it has not lost its session, and what it has retained with that. */
    private final boolean mayDelete;

    private Session session;
    private int topics;
    private long bytes;
    private long quietSince;
    private long ask = NEVER;
    private boolean incomplete;
    private Lease timer;
    private int deleting;
    private int deleted;

    /**
     * Over a connection to this server.
     *
     * @param isBusy whether what has come is not all published, or no more is read
     */
    RetainedIn(
            Lasting link,
            RemoteBroker broker,
            Connection connection,
            Limits limits,
            boolean remoteSessionPresent,
            Pulse pulse,
            BooleanSupplier isBusy,
            RemoteSubscriptions subscriptions) {
        this.link = link;
        this.server = broker.index();
        this.remembered = link.remembered().orElseThrow();
        this.connection = connection;
        this.there = limits.loops().hops().there();
        this.pulse = pulse;
        this.isBusy = isBusy;
        this.subscriptions = subscriptions;
        this.mayDelete = remoteSessionPresent || link.definition().cleanStart();
        boolean all = !remoteSessionPresent || limits.version() != MqttVersion.MQTT_5;
        for (Route route : link.subscribe().routes()) {
            boolean isSent = all || route.retainHandling() == RetainHandling.SEND;
            if (route.retain() == Retain.DIFF && isSent) {
                seen.put(route, new HashSet<>());
            }
        }
    }

    static boolean isNeeded(Lasting link) {
        return link.remembered().isPresent()
                && link.subscribe().routes().stream().anyMatch(route -> route.retain() == Retain.DIFF);
    }

    /** Messages flow, and the remote broker has answered every SUBSCRIBE. */
    void begin(Session attached) {
        session = attached;
        quietSince = link.nanoTime().getAsLong();
        if (!seen.isEmpty()) {
            timer = link.eventLoop().schedule(link.scope(), LOOK, this::look);
        }
    }

    /** Something that has come is not taken now, and perhaps never: what has not come is unknown. */
    void passedOver() {
        incomplete = true;
    }

    /**
     * Notes a message that has come with RETAIN, and tells whether it is retained here already as it would be published.
     *
     * @param mapped what would be published; empty where somebody has dropped it
     */
    boolean isUnchanged(Route route, Message came, Optional<Message> mapped) {
        if (route.retain() != Retain.DIFF) {
            return false;
        }
        String from = came.topic().name();
        Values values = remembered.at(server, route);
        if (came.payload().length == 0) {
            if (values.hasAny(from)
                    && mapped.filter(onward -> onward.payload().length == 0).isPresent()) {
                going(route).add(from);
            }
            return false;
        }
        going(route).remove(from);
        boolean first = isFirst(route, came.topic());
        if (mapped.isEmpty()) {
            return false;
        }
        Set<String> ignored = ignored(route);
        Digest digest = Digest.of(mapped.get(), ignored);
        if (first && values.get(from).filter(digest::isSame).isPresent()) {
            asBefore.merge(route, 1, Integer::sum);
        }
        values.cameFrom(there.current());
        values.brought(from, digest);
        return first && mayBeAnswer(route, came.topic()) && isHere(mapped.get().topic(), digest, ignored);
    }

    private Set<String> going(Route route) {
        return going.computeIfAbsent(route, unused -> new HashSet<>());
    }

    /** This broker has deleted what the route has brought from there, or has refused to. */
    void deleted(Route route, Topic from, boolean refused) {
        if (route.retain() == Retain.DIFF && going(route).remove(from.name()) && !refused) {
            remembered.at(server, route).forget(from.name());
        }
    }

    /** What the way here puts into a message is not its content. */
    private static Set<String> ignored(Route route) {
        Set<String> names = new HashSet<>(Set.of(Hops.PROPERTY));
        route.edits().properties().stream().map(UserProperty::name).forEach(names::add);
        return names;
    }

    /** What comes before the subscription is granted has waited for the bridge, and is an event. */
    private boolean mayBeAnswer(Route route, Topic topic) {
        return route.filters().stream().anyMatch(filter -> filter.matches(topic) && subscriptions.isGranted(filter));
    }

    private boolean isFirst(Route route, Topic topic) {
        Set<String> its = seen.get(route);
        if (its == null || !its.add(topic.name())) {
            return false; // an event: of each topic one message alone is sent because of the subscription
        }
        topics++;
        bytes += topic.utf8().length;
        quietSince = link.nanoTime().getAsLong();
        ask = NEVER;
        if (topics > Remembered.MOST_TOPICS || bytes > Remembered.MOST_BYTES) {
            end();
        }
        return true;
    }

    private boolean isHere(Topic topic, Digest digest, Set<String> ignored) {
        return link.local()
                        .retained(topic)
                        .filter(here -> Digest.of(here, ignored).isSame(digest))
                        .isPresent()
                && link.local().missingAuthorizers().isEmpty();
    }

    private void look() {
        timer = null;
        if (incomplete) {
            LOG.info(
                    "bridge {}: not all that the remote broker has retained was taken, and nothing is deleted here",
                    link.name());
            end();
            return;
        }
        if (isBusy.getAsBoolean()) {
            quietSince = link.nanoTime().getAsLong();
            ask = NEVER;
        } else if (ask != NEVER && pulse.answers() >= ask) {
            delete();
            return;
        } else if (ask == NEVER && link.nanoTime().getAsLong() - quietSince >= QUIET.toNanos()) {
            ask = pulse.asks() + 1;
            connection.send(new ControlPacket.PingReq());
            pulse.asked();
        }
        timer = link.eventLoop().schedule(link.scope(), LOOK, this::look);
    }

    private void end() {
        seen.clear();
    }

    private void delete() {
        Queue<Search> searches = new ArrayDeque<>();
        for (Route route : seen.keySet()) {
            if (route.filters().stream().noneMatch(subscriptions::isRefused)) {
                searches.add(
                        new Search(route, remembered.at(server, route).topics().iterator(), new ArrayList<>()));
            }
        }
        search(searches, new ArrayDeque<>());
    }

    /** Goes through what a route has brought, for what has not come again. */
    private record Search(Route route, Iterator<String> brought, List<String> missing) {}

    private void search(Queue<Search> searches, Queue<Gone> gone) {
        for (int turn = 0; !searches.isEmpty() && mayGoOn(); turn++) {
            if (turn == TURN) {
                nextTurn(() -> search(searches, gone));
                return;
            }
            Search first = searches.element();
            if (first.brought().hasNext()) {
                String topic = first.brought().next();
                if (!seen.get(first.route()).contains(topic)) {
                    first.missing().add(topic);
                }
            } else {
                searches.remove();
                if (!first.missing().isEmpty() && isBelieved(first.route(), first.missing())) {
                    first.missing().forEach(topic -> gone.add(new Gone(first.route(), topic)));
                }
            }
        }
        delete(gone);
    }

    private void nextTurn(Runnable rest) {
        timer = link.eventLoop().schedule(link.scope(), NEXT_TURN, rest);
    }

    /** Whether what has not come still counts for deleted: not when something is passed over meanwhile, or too much has come. */
    private boolean mayGoOn() {
        return session != null && !incomplete && !seen.isEmpty();
    }

    /** One that has sent less than half may have lost it, or does not send what is retained, and what has come is published just now. */
    private boolean isBelieved(Route route, List<String> missing) {
        int here = asBefore.getOrDefault(route, 0);
        boolean believed = mayDelete && here >= missing.size();
        if (!believed) {
            LOG.info(
                    "bridge {}: the remote broker has {} retained messages of route {} as before, and {} no more; it may have lost them, and nothing is deleted here",
                    link.name(),
                    here,
                    route.name(),
                    missing.size());
        }
        return believed;
    }

    /** A topic at which the remote broker has nothing any more. */
    private record Gone(Route route, String topic) {}

    private void delete(Queue<Gone> gone) {
        for (int turn = 0; !gone.isEmpty() && mayGoOn(); turn++) {
            if (turn == TURN) {
                nextTurn(() -> delete(gone));
                return;
            }
            delete(gone.remove());
        }
        end();
        if (session != null && deleting == 0) {
            tell();
        }
    }

    private void tell() {
        if (deleted > 0) {
            LOG.info(
                    "bridge {}: {} retained messages are deleted here that the remote broker has no more",
                    link.name(),
                    deleted);
        }
    }

    /** Deletes what the route has brought, and nothing that anybody else, such as another bridge, has put in its place. */
    private void delete(Gone gone) {
        if (seen.get(gone.route()).contains(gone.topic())) {
            return; // it has come meanwhile
        }
        Values values = remembered.at(server, gone.route());
        Optional<Digest> brought = values.get(gone.topic());
        Optional<Topic> topic = gone.route().map(Topic.of(gone.topic()));
        if (brought.isPresent() && topic.isPresent() && isFromThere(gone.route(), values, topic.get(), brought.get())) {
            deleting++;
            going(gone.route()).add(gone.topic());
            session.publish(
                    0,
                    Message.empty(topic.get(), QoS.AT_LEAST_ONCE, true),
                    reason -> answered(gone, reason.isFailure()));
        } else {
            values.forget(gone.topic());
        }
    }

    /** What is not deleted is tried again over another connection. */
    private void answered(Gone gone, boolean refused) {
        deleting--;
        if (!refused) {
            deleted++;
        }
        deleted(gone.route(), Topic.of(gone.topic()), refused);
        if (deleting == 0 && seen.isEmpty() && session != null) {
            tell();
        }
    }

    private boolean isFromThere(Route route, Values values, Topic topic, Digest brought) {
        return link.local()
                .retained(topic)
                .filter(here -> Hops.last(here)
                        .filter(name -> there.is(name) || values.hasComeFrom(name))
                        .isPresent())
                .filter(here -> Digest.of(here, ignored(route)).isSame(brought))
                .isPresent();
    }

    /** The connection is gone. */
    void close() {
        session = null;
        end();
        if (timer != null) {
            timer.close();
        }
    }
}
