/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.broker.routing;

import io.bascule.broker.DropReason;
import io.bascule.broker.retained.RetainedMessages;
import io.bascule.broker.session.BrokerLoop;
import io.bascule.broker.session.ClientSession;
import io.bascule.broker.session.Publisher;
import io.bascule.broker.session.QueueGate;
import io.bascule.broker.session.Routed;
import io.bascule.broker.session.SessionSubscription;
import io.bascule.broker.session.StoreRoom;
import io.bascule.mqtt.Message;
import io.bascule.mqtt.QoS;
import io.bascule.mqtt.ReasonCode;
import io.bascule.mqtt.Topic;
import io.bascule.spi.MessageStore;
import io.bascule.spi.MessageStore.Receipt;
import io.bascule.spi.MessageStore.Receiver;
import io.bascule.spi.StoredMessage;
import io.bascule.subscriptions.SubscriptionTree;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.Stream;

/**
 * Routes what is published on one event loop: matches, stores, delivers. Nothing is locked but the topic of what is retained: the tree may be read
 * by all at once, and a session of another loop gets its message through its inbox.
 *
 * <p>What matched a topic is kept until the tree changes: a publisher that stays with its topics costs one look-up a message. The table has
 * {@value #SETS} places for two topics each; with one for each of twice as many, of 1,000 topics every ninth would be matched anew for each
 * message, since another one had its place.
 */
public final class Router implements Publisher {
    private static final int SETS = 4096;

    private final SubscriptionTree<ClientSession, SessionSubscription> tree;
    private final RetainedMessages retained;
    private final MessageStore store;
    private final RetainedLater retainedLater;
    private final StoreRoom room;
    private final Matches[] cache = new Matches[2 * SETS];
    private final Matches.Collector collector = new Matches.Collector();
    private BrokerLoop loop;

    /** What became of a message that is to be retained: nothing, or it is so, and the store is told of it by nobody or later, or now. */
    private enum Retention {
        NONE,
        UNTOLD,
        TO_STORE
    }

    /** A router that does not know its loop yet. */
    public Router(
            SubscriptionTree<ClientSession, SessionSubscription> tree,
            RetainedMessages retained,
            MessageStore store,
            StoreRoom room) {
        this.tree = tree;
        this.retained = retained;
        this.store = store;
        this.retainedLater = new RetainedLater(retained, store, room);
        this.room = room;
    }

    /** Says which loop it belongs to; once, before the first message. */
    public void belongTo(BrokerLoop its) {
        loop = its;
    }

    @Override
    public Routed publish(Message message, ClientSession from, int receivedId, boolean patient) {
        ReentrantLock turn = message.retain() ? retained.turn(message.topic()) : null;
        if (turn != null) {
            turn.lock();
        }
        try {
            return route(message, from, receivedId, patient);
        } finally {
            if (turn != null && turn.isHeldByCurrentThread()) { // the store has failed
                turn.unlock();
            }
        }
    }

    private Routed route(Message message, ClientSession from, int receivedId, boolean patient) {
        if (!room.isFor(message)) {
            return publishWithoutRoom(message, from, receivedId, patient);
        }
        Retention retention = message.retain() ? retain(message, from) : Retention.NONE;
        boolean toStore = retention == Retention.TO_STORE;
        Matches matches = match(message.topic());
        boolean variable = matches.variable;
        List<Target> targets = variable ? chosen(matches, from) : matches.targets;
        if (matches.raising && isUnbounded(message, from) && store.isCongested()) {
            return publishUnkept(targets, message, retention, from);
        }
        List<Receiver> receivers = message.qos() == QoS.AT_MOST_ONCE && !matches.raising
                ? List.of()
                : variable ? Matches.receivers(targets) : matches.receivers;
        // One call of either for all cases: with two the JIT compiler had all of the delivery twice in this method, and
        // took 1.6 s for it.
        Routed routed = deliver(targets, message, store(message, toStore, receivers, from, receivedId), patient);
        return message.retain() && targets.isEmpty() ? toNobody(routed, 0, message, retention) : routed;
    }

    /**
     * What its publisher is told of a message that nobody has got: it is refused where nothing else has come of it either, though somebody would have
     * got it or it was to be retained.
     */
    private static Routed toNobody(Routed routed, int matching, Message message, Retention retention) {
        if (retention != Retention.NONE) {
            return Routed.to(matching).at(routed.position());
        }
        return matching > 0 || message.retain() ? Routed.refused(ReasonCode.QUOTA_EXCEEDED) : routed;
    }

    /**
     * Whether nothing makes its publisher wait for the disk: a client is read no further then, and who publishes with QoS 1 or 2 has no more of them
     * unacknowledged than he may. An in-process publisher of QoS 0 would fill the memory with what waits to be written, as fast as he publishes.
     */
    private static boolean isUnbounded(Message message, ClientSession from) {
        return message.qos() == QoS.AT_MOST_ONCE && (from == null || from.isInProcess());
    }

    /** The same of such a message while too much waits to be written: only they get it for whom it is not to be kept. */
    private Routed publishUnkept(List<Target> matching, Message message, Retention retention, ClientSession from) {
        List<Target> targets = new ArrayList<>(matching.size());
        for (Target each : matching) {
            if (isToBeKept(each, message)) {
                each.session().dropUnkept(DropReason.QUEUE_FULL, loop);
            } else {
                targets.add(each);
            }
        }
        boolean toStore = retention == Retention.TO_STORE;
        Routed routed = deliver(targets, message, store(message, toStore, List.of(), from, 0), false);
        return targets.isEmpty() ? toNobody(routed, matching.size(), message, retention) : routed;
    }

    private static boolean isToBeKept(Target target, Message message) {
        return target.delivered(message.qos()) != QoS.AT_MOST_ONCE
                && target.session().store().isKept();
    }

    /**
     * The same where the store is full: of those for whom the message would have to be kept only they get it who keep up, or would rather
     * have publishers wait. It is refused when that leaves nobody; otherwise the publisher is told as little as of a full queue, since
     * what he is told is refused he may send again, to all.
     */
    private Routed publishWithoutRoom(Message message, ClientSession from, int receivedId, boolean patient) {
        boolean toRetain = message.retain() && needsNoRoom(message);
        if (message.retain() && !toRetain) {
            loop.counters().dropped(DropReason.STORE_FULL);
        }
        Retention retention = toRetain ? retain(message, from) : Retention.NONE;
        boolean toStore = retention == Retention.TO_STORE;
        Matches matches = match(message.topic());
        List<Target> matching = chosen(matches, from);
        boolean sparing = matches.raising && isUnbounded(message, from) && store.isCongested();
        List<Target> targets = matching.stream()
                .filter(target -> isServed(target, message, patient, sparing))
                .toList();
        List<Receiver> receivers =
                message.qos() == QoS.AT_MOST_ONCE && !matches.raising ? List.of() : Matches.receivers(targets);
        Routed routed = deliver(targets, message, store(message, toStore, receivers, from, receivedId), patient);
        return targets.isEmpty() ? toNobody(routed, matching.size(), message, retention) : routed;
    }

    /** Whether it does not make what is retained any larger. */
    private boolean needsNoRoom(Message message) {
        return message.payload().length == 0
                || message.topic().isReserved()
                || retained.get(message.topic(), System.nanoTime())
                        .filter(before -> before.sizeInBytes() >= message.sizeInBytes())
                        .isPresent();
    }

    /** {@code sparing}: not even the reserve is for it. */
    private boolean isServed(Target target, Message message, boolean patient, boolean sparing) {
        ClientSession session = target.session();
        boolean served = !isToBeKept(target, message)
                || patient && session.isToBlock()
                || !sparing && session.isInReserve(message);
        if (!served) {
            session.dropUnkept(DropReason.STORE_FULL, loop);
        }
        return served;
    }

    @Override
    public boolean isBlocked(Topic topic) {
        Matches matches = match(topic);
        return Stream.concat(matches.targets.stream(), Stream.of(matches.groups).flatMap(Group::members))
                .anyMatch(target -> target.session().isBlocked());
    }

    @Override
    public CompletionStage<Void> stop(long untilNanos) {
        return retainedLater.stop(loop, untilNanos);
    }

    private Matches match(Topic topic) {
        long version = tree.version();
        int hash = topic.hashCode();
        int set = 2 * ((hash ^ hash >>> 16) & SETS - 1);
        Matches first = cache[set];
        boolean current = first != null && first.treeVersion == version;
        if (current && first.topic.equals(topic)) {
            return first;
        }
        Matches second = cache[set + 1];
        if (second != null && second.treeVersion == version && second.topic.equals(topic)) {
            return second;
        }
        if (current) {
            cache[set + 1] = first;
        }
        tree.match(topic, collector);
        return cache[set] = collector.finish(topic, version);
    }

    private static List<Target> chosen(Matches matches, ClientSession from) {
        List<Target> chosen = new ArrayList<>();
        for (Target target : matches.targets) {
            target.forMessagesOf(from).ifPresent(chosen::add);
        }
        for (Group group : matches.groups) {
            Target one = group.choose();
            chosen.add(one.asCopy(Matches.copyBehind(chosen, one.session())));
        }
        return chosen;
    }

    /** Tells the store what it has to know of the message; null where that is nothing. */
    private StoredMessage store(
            Message message, boolean retained, List<Receiver> receivers, ClientSession from, int receivedId) {
        if (!retained && receivers.isEmpty()) {
            return null;
        }
        Optional<Receipt> receipt = receivedId == 0 || !from.store().isKept()
                ? Optional.empty()
                : Optional.of(new Receipt(from.store(), receivedId));
        return store.append(message, retained, receivers, receipt);
    }

    private Routed deliver(List<Target> targets, Message message, StoredMessage stored, boolean patient) {
        if (message.retain()) {
            retained.turn(message.topic()).unlock(); // the store knows, and a bundle that gets it may publish as well
        }
        Routed routed = Routed.to(targets.size()).at(stored == null ? 0 : stored.position());
        for (int i = 0; i < targets.size(); i++) {
            QueueGate full = deliver(targets.get(i), message, stored, patient);
            routed = full == null ? routed : routed.andFull(full);
        }
        return routed;
    }

    private QueueGate deliver(Target target, Message message, StoredMessage stored, boolean patient) {
        QoS qos = target.delivered(message.qos());
        boolean retain = message.retain() && target.retainAsPublished(); // [MQTT-3.3.1-12, MQTT-3.3.1-13]
        ClientSession session = target.session();
        StoredMessage itsCopy = qos == QoS.AT_MOST_ONCE || stored == null
                ? null
                : stored.forReceiver(session.store(), target.copy()).orElse(null);
        return session.deliver(message, itsCopy, qos, retain, target.identifiers(), patient, loop);
    }

    private Retention retain(Message message, ClientSession from) {
        boolean reserved = message.topic().isReserved(); // what the broker says of itself it says anew after a restart
        boolean later = !reserved && isUnbounded(message, from) && store.isCongested() && !retainedLater.isStopped();
        if (later) {
            return retainedLater.put(message, loop) ? Retention.UNTOLD : Retention.NONE;
        }
        if (retained.put(message)) {
            return reserved ? Retention.UNTOLD : Retention.TO_STORE;
        }
        loop.counters().dropped(DropReason.RETAINED_FULL);
        return Retention.NONE;
    }
}
