/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.broker.session;

import io.bascule.api.QueueInfo;
import io.bascule.api.QueuedMessage;
import io.bascule.api.SessionInfo;
import io.bascule.api.SessionOptions;
import io.bascule.api.SessionOptions.Overlap;
import io.bascule.api.Subscription;
import io.bascule.broker.DropReason;
import io.bascule.broker.extension.Principal;
import io.bascule.broker.extension.Waiting;
import io.bascule.mqtt.Message;
import io.bascule.mqtt.QoS;
import io.bascule.mqtt.ReasonCode;
import io.bascule.mqtt.Topic;
import io.bascule.mqtt.TopicFilter;
import io.bascule.spi.SessionStore;
import io.bascule.spi.SessionTerms;
import io.bascule.spi.StoredMessage;
import io.bascule.spi.StoredSession;
import io.bascule.transport.EventLoop;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.IntConsumer;

/**
 * The state of one client (MQTT 5.0, section 4.1): subscriptions, what waits, what is in flight either way, the will.
 *
 * <p>It is touched on its event loop alone, without locks. The loop is that of whoever is attached, and may change with a take-over: then
 * the old loop lets go first and the new one goes on. Messages from other loops come through the inbox.
 */
public final class ClientSession {
    private static final int[] NO_IDENTIFIERS = {};
    /** After so many messages from other loops it is the turn of the others on this one, and what was sent is flushed. */
    private static final int INBOX_BATCH = 512;

    /** How long a message that has expired may keep publishers waiting. */
    private static final Duration EXPIRY_CHECK = Duration.ofSeconds(1);

    private static final int PURGE_BATCH = 10_000;
    /**
     * What may be on its way from other loops even where the queue may hold less: what gives way is for the queue and its policy to say, and
     * not for how busy the loops are.
     */
    private static final long INBOX_BYTES = 1024 * 1024;

    private final String clientId;
    private final SessionEnvironment environment;
    private final SessionStore store;
    private final SessionInbox inbox = new SessionInbox();
    private final SubscriptionSet subscriptions;
    private final IncomingFlow incoming;
    private final OutgoingFlow outgoing;
    private final Absence absence = new Absence();

    private volatile BrokerLoop home;
    private volatile Newcomer expected;
    private volatile boolean ended;
    private volatile Instant since = Instant.now();
    private volatile Overlap overlap = Overlap.ONE_COPY;

    private boolean handedOver;
    private boolean seesToExpiry;
    private long sessionExpiryInterval;
    private long noted;
    private boolean wasKept;
    private long endsAt;
    private Will will;
    private int heldWills; // due, and nobody can say yet whether they may be published
    private boolean overdue; // it is over for everybody else, and ends when they are out

    ClientSession(String clientId, BrokerLoop home, SessionEnvironment environment) {
        this.clientId = clientId;
        this.home = home;
        this.environment = environment;
        this.store = environment.store().session(clientId);
        this.subscriptions = new SubscriptionSet(this, environment);
        this.incoming = new IncomingFlow(this, environment);
        this.outgoing = new OutgoingFlow(this, environment);
    }

    /** Whose session it is. */
    public String clientId() {
        return clientId;
    }

    /** What the store keeps of it. */
    public SessionStore store() {
        return store;
    }

    /** The event loop it is touched on now; from any thread, and so perhaps another one by the time of use. */
    public BrokerLoop home() {
        return home;
    }

    /** Whether somebody is attached; from any thread, and so perhaps no longer true. */
    public boolean isConnected() {
        return outgoing.peer() != null;
    }

    /** Whether messages wait for it; from any thread, and so perhaps no longer true. */
    public boolean isBehind() {
        return outgoing.isBehind();
    }

    /** What it receives when several subscriptions match; from any thread. */
    public Overlap overlap() {
        return overlap;
    }

    // ---------------------------------------------------------------- attach and detach

    /** Runs the task on the session's event loop, also when the session moves meanwhile. */
    public void onEventLoop(Runnable task) {
        EventLoop current = home.eventLoop();
        if (current.inEventLoop()) {
            task.run();
        } else {
            current.execute(() -> onEventLoop(task));
        }
    }

    /** The same, and never within this call. */
    void onEventLoopLater(Runnable task) {
        home.eventLoop().execute(() -> onEventLoop(task));
    }

    /**
     * Hands the session to a newcomer on another event loop: whoever is attached leaves, and the newcomer goes on over there. A clean start
     * ends the session, and the newcomer asks for a new one, as does one who comes while somebody has a session that is not to outlive the
     * connection; so does one whom the next newcomer has overtaken on the way. Called on the session's event loop; the welcome comes on the
     * new one.
     */
    void handOver(BrokerLoop newHome, boolean cleanStart, Newcomer newcomer) {
        if (handedOver && (cleanStart || overdue || endsWithItsConnection())) {
            end(ReasonCode.SESSION_TAKEN_OVER); // [MQTT-3.1.2-4], [MQTT-3.1.4-3], 3.1.1 [MQTT-3.1.2-6]
        }
        if (ended) {
            whenOver(newcomer::askAgain);
            return;
        }
        sendAway(ReasonCode.SESSION_TAKEN_OVER); // [MQTT-3.1.4-3]
        absence.cancelExpiry();
        absence.takeDelayedWill(); // [MQTT-3.1.3-9]
        boolean present = handedOver;
        handedOver = true;
        expected = newcomer;
        home = newHome; // from here on all of it belongs to the new loop
        EventLoop newLoop = newHome.eventLoop();
        if (newLoop.inEventLoop()) {
            welcome(newcomer, present);
        } else {
            newLoop.execute(() -> welcome(newcomer, present));
        }
    }

    private boolean endsWithItsConnection() {
        return outgoing.peer() != null && sessionExpiryInterval == 0;
    }

    private void welcome(Newcomer newcomer, boolean present) {
        if (expected == newcomer) {
            expected = null;
            newcomer.welcome(present);
        } else {
            newcomer.askAgain(); // the session has ended meanwhile, or has gone on to somebody else
        }
    }

    /** Sends away whoever is attached and lets the session run out; false when nobody was. Called on the session's event loop. */
    public boolean disconnect(ReasonCode why) {
        boolean attached = sendAway(why);
        if (attached) {
            expireWhenDue(0);
        }
        return attached;
    }

    /** Sends away whoever is attached; false when nobody was. */
    private boolean sendAway(ReasonCode why) {
        Peer old = outgoing.peer();
        if (old == null) {
            return false;
        }
        leave();
        old.detached(why);
        return true;
    }

    /** Attaches a peer and sends what is unacknowledged, then what waits. */
    public void attach(Attachment attachment) {
        since = Instant.now();
        sessionExpiryInterval = attachment.sessionExpiryInterval();
        will = attachment.will().orElse(null);
        overlap = attachment.overlap();
        keepOn(attachment);
        outgoing.queueLimits(attachment.queue());
        outgoing.attach(
                attachment.peer(), attachment.receiveMaximum(), attachment.limited(), attachment.highestPacketId());
    }

    private void keepOn(Attachment attachment) {
        boolean keptBefore = store.isKept();
        store.connected(new SessionTerms(
                sessionExpiryInterval, attachment.will().map(Will::toStore), attachment.queue(), overlap));
        wasKept |= store.isKept();
        if (!keptBefore && store.isKept()) {
            subscriptions.keep();
            incoming.keep();
            outgoing.keep();
        }
    }

    /** Takes what an earlier life of the broker has left, before anybody else knows of the session; {@link #resume} is to follow. */
    void restore(StoredSession stored) {
        handedOver = true;
        wasKept = true;
        since = Instant.now().minus(stored.away());
        sessionExpiryInterval = stored.terms().sessionExpiryInterval();
        overlap = stored.terms().overlap();
        outgoing.queueLimits(stored.terms().queue());
        subscriptions.restore(stored.subscriptions());
        incoming.restore(stored.accepted());
        outgoing.restore(stored.inFlight(), stored.queued());
    }

    /** Lets time go on for a session that was restored, after it was left for so long, and publishes its will where that is due. */
    void resume(Duration left, Optional<SessionTerms.Will> itsWill) {
        if (outgoing.peer() != null) {
            return; // somebody was quicker
        }
        long away = left.toSeconds();
        itsWill.map(Will::of).ifPresent(due -> publishAfter(due, away));
        if (!ended) {
            expireWhenDue(away);
        }
    }

    /** The peer has gone; its will is published unless it said goodbye. Does nothing when it is not attached any more. */
    public void detach(Peer leaving, boolean withWill) {
        if (outgoing.peer() != leaving) {
            return;
        }
        if (!withWill && will != null) {
            will = null; // [MQTT-3.14.4-3]
            store.willDone();
        }
        leave();
        expireWhenDue(0);
    }

    private void expireWhenDue(long away) {
        if (sessionExpiryInterval == 0) {
            endWhenWillsAreOut();
        } else if (sessionExpiryInterval != SessionOptions.NEVER) {
            absence.expireAfter(Math.max(0, sessionExpiryInterval - away), home, this::expire); // [MQTT-4.1.0-2]
        }
    }

    private void expire() {
        home.counters().expired();
        endWhenWillsAreOut();
    }

    /** The store keeps a will with its session, and is to keep it until it is published. */
    private void endWhenWillsAreOut() {
        if (heldWills > 0) {
            overdue = true;
            subscriptions.removeAll();
        } else {
            end();
        }
    }

    private void leave() {
        since = Instant.now(); // before anybody sees that it has left
        outgoing.detach();
        incoming.disconnected();
        store.disconnected();
        Will due = will;
        will = null;
        if (due != null) {
            publishAfter(due, 0);
        }
    }

    private void publishAfter(Will due, long away) {
        long delay = Math.min(due.delaySeconds(), sessionExpiryInterval) - away; // [MQTT-3.1.2-8]
        if (delay <= 0) {
            publish(due);
        } else {
            absence.delayWill(due, delay, home, this::publishDelayedWill);
        }
    }

    private void publishDelayedWill() {
        absence.takeDelayedWill().ifPresent(this::publish);
    }

    private void publish(Will due) {
        if (incoming.publish(due)) {
            store.willDone();
        } else {
            hold(due);
        }
    }

    /** Nobody can say whether it may be published: it is due until somebody can, also when the session has ended meanwhile. */
    private void hold(Will due) {
        heldWills++;
        waiting().await(due.principal(), () -> onEventLoopLater(() -> publishHeld(due)));
    }

    private void publishHeld(Will due) {
        heldWills--;
        if (!incoming.publish(due)) {
            hold(due);
            return;
        }
        boolean isThatOfTheStore = will == null && heldWills == 0 && !absence.hasDelayedWill();
        if (!ended && isThatOfTheStore) {
            store.willDone();
        }
        if (overdue && heldWills == 0) {
            end();
        }
    }

    /** Changes the Session Expiry Interval, as a DISCONNECT may. */
    public void sessionExpiryInterval(long seconds) {
        sessionExpiryInterval = seconds;
        store.expiry(seconds);
    }

    /** The Session Expiry Interval in force, in seconds. */
    public long sessionExpiryInterval() {
        return sessionExpiryInterval;
    }

    /** Ends the session: whoever is attached leaves, and everything it held is gone. */
    public void end() {
        end(ReasonCode.ADMINISTRATIVE_ACTION);
    }

    private void end(ReasonCode why) {
        if (ended) {
            return;
        }
        sendAway(why);
        ended = true;
        expected = null;
        absence.cancelExpiry();
        publishDelayedWill(); // [MQTT-3.1.2-8]
        long position = store.end();
        endsAt = wasKept ? position : 0;
        subscriptions.removeAll();
        outgoing.close();
        inbox.clear();
        incoming.forgetReceived();
        whenOver(() -> environment.ended(this));
    }

    /**
     * Does this on the event loop when a crash cannot bring it back any more: whoever had begun anew by then would have Packet Identifiers
     * that mean something else to it.
     */
    private void whenOver(Runnable action) {
        home.promises().when(endsAt, () -> onEventLoop(action));
    }

    /** Whether it is over; from any thread. */
    boolean isEnded() {
        return ended;
    }

    /** Lets go of the peer when the broker stops; what the session holds stays for the store to keep. */
    void stop() {
        Peer old = outgoing.peer();
        if (old != null) {
            will = null; // the store has it, for the next life
            outgoing.detach();
            store.disconnected();
            old.detached(ReasonCode.SERVER_SHUTTING_DOWN);
        }
        absence.cancelExpiry();
        absence.takeDelayedWill();
        subscriptions.detach();
    }

    // ---------------------------------------------------------------- what the store has to have first

    /** Something of the session is at this position in the store. */
    void note(long position) {
        noted = Math.max(noted, position);
    }

    /** Up to which position there is something of the session. */
    long noted() {
        return noted;
    }

    /**
     * Does this when the store has made durable whatever it was told of this session so far, and so what is to be acknowledged: on the
     * session's event loop, in the order of the calls, at once where it has.
     */
    public void whenKept(Runnable action) {
        if (noted == 0) {
            action.run();
        } else {
            home.promises().when(noted, () -> onEventLoop(action));
        }
    }

    /** Whether what is published with QoS 0 has gone into the store, and may again. */
    public boolean hasStoredQos0() {
        return incoming.hasStoredQos0();
    }

    /** Whether whoever is attached is a bundle, which is not read any slower while the store is congested. */
    public boolean isInProcess() {
        Peer who = outgoing.peer();
        return who != null && who.listener() == null;
    }

    /** Whether the store has so much to make durable that the session should not publish more. */
    public boolean isStoreCongested() {
        return environment.store().isCongested();
    }

    /** Does this on the session's event loop when it is not so any more. */
    public void whenStoreRelieved(Runnable action) {
        environment.store().whenRelieved(() -> onEventLoop(action));
    }

    /** Where to wait until it can be decided again what somebody may do. */
    Waiting waiting() {
        return environment.waiting();
    }

    // ---------------------------------------------------------------- subscriptions

    /**
     * What came of a subscription.
     *
     * @param answer the reason code of SUBACK
     * @param isNew whether there was none to this filter before
     */
    public record Subscribed(Subscription subscription, ReasonCode answer, boolean isNew) {}

    /**
     * Subscribes, if somebody may; {@link #sendRetained} is to follow once that is answered. Empty when it cannot be told yet whether he may, and
     * nothing has come of it.
     */
    public Optional<Subscribed> subscribe(Principal principal, Subscription asked) {
        return subscriptions.add(principal, asked);
    }

    /** Sends what is retained, as a subscription that was made asks for. */
    public void sendRetained(Subscribed subscribed) {
        Subscription subscription = subscribed.subscription();
        TopicFilter filter = subscription.filter();
        boolean wanted = switch (subscription.retainHandling()) { // [MQTT-3.3.1-9, MQTT-3.3.1-10, MQTT-3.3.1-11]
            case SEND -> true;
            case SEND_IF_NEW -> subscribed.isNew();
            case DO_NOT_SEND -> false;
        };
        if (subscribed.answer().isFailure() || !wanted || filter.isShared()) { // section 4.8.2
            return;
        }
        emptyInbox(Integer.MAX_VALUE); // a retained message is not to arrive before those that it has replaced
        int[] identifiers = identifiers(subscription);
        environment
                .retained()
                .match(filter, environment.nanoTime(), message -> sendRetained(message, subscription, identifiers));
    }

    /** Sends what is retained at a topic, or that nothing is, behind all that waits, as a subscription to this filter would have brought it. */
    public void sendRetained(TopicFilter subscribed, Topic topic) {
        Subscription subscription = subscriptions.get(subscribed);
        if (subscription == null || subscribed.isShared() || !subscribed.matches(topic)) {
            return;
        }
        emptyInbox(Integer.MAX_VALUE); // as there
        Message message = environment
                .retained()
                .get(topic, environment.nanoTime())
                .orElseGet(() -> Message.empty(topic, QoS.AT_LEAST_ONCE, true));
        sendRetained(message, subscription, identifiers(subscription));
    }

    private void sendRetained(Message message, Subscription subscription, int[] identifiers) {
        QoS qos = subscription.delivered(message.qos());
        if (isRoomFor(message, qos)) {
            outgoing.accept(message, null, qos, true, identifiers); // it is stored when it comes to that
        } else {
            dropUnkept(DropReason.STORE_FULL, home);
        }
    }

    private boolean isRoomFor(Message message, QoS qos) {
        return qos == QoS.AT_MOST_ONCE || !store.isKept() || environment.room().isFor(message) || isInReserve(message);
    }

    /** Unsubscribes. */
    public ReasonCode unsubscribe(TopicFilter filter) {
        return subscriptions.remove(filter);
    }

    /** What it is subscribed to; from any thread. */
    public List<Subscription> subscriptions() {
        return subscriptions.all();
    }

    /** What the subscriptions say of what waits is something else. */
    void rulesHaveChanged() {
        outgoing.rulesHaveChanged();
    }

    static int[] identifiers(Subscription subscription) {
        return subscription.identifier() == 0 ? NO_IDENTIFIERS : new int[] {subscription.identifier()};
    }

    /** How many of them are shared; from any thread. */
    public int sharedSubscriptions() {
        return subscriptions.shared();
    }

    // ---------------------------------------------------------------- from the client

    /**
     * A PUBLISH from the client. A QoS 2 message whose identifier was received and not released is here already, and is only acknowledged
     * once more [MQTT-4.3.3-10].
     *
     * @param principal who publishes it
     * @param packetId 0 for QoS 0
     * @param dup whether the client may have sent it before
     * @param acknowledged called on the session's event loop when the store has the message, and no full queue keeps its publisher waiting;
     *     for QoS 0 only with the reason why it is refused
     * @return false when it cannot be told yet whether he may, and nothing has come of it
     */
    public boolean publish(Principal principal, Message message, int packetId, boolean dup, Acknowledged acknowledged) {
        return incoming.publish(principal, message, packetId, dup, acknowledged);
    }

    /** Takes the outcome of {@link #publish}. */
    public interface Acknowledged {
        /** The message is the broker's responsibility now, or was refused. */
        void acknowledged(int packetId, ReasonCode reason);
    }

    /** Those who are to say what somebody may do here and are not there, by their names; from any thread. */
    public List<String> missingAuthorizers(Principal principal) {
        return environment.extensions().missingAuthorizers(principal);
    }

    /** Whether a message came over this connection under this identifier whose acknowledgement is withheld. */
    public boolean isAwaited(int packetId) {
        return incoming.isAwaited(packetId);
    }

    /** Whether a QoS 2 message of this identifier was received and is not released. */
    public boolean isReceived(int packetId) {
        return incoming.isReceived(packetId);
    }

    /** PUBREL from the client; false when the identifier was not known. */
    public boolean release(int packetId) {
        return incoming.release(packetId);
    }

    /** Forgets which QoS 2 identifiers were received. */
    public void forgetReceived() {
        incoming.forgetReceived();
    }

    /** PUBACK from the client. */
    public void puback(int packetId) {
        outgoing.puback(packetId);
    }

    /** PUBREC from the client. */
    public void pubrec(int packetId, ReasonCode reason) {
        outgoing.pubrec(packetId, reason);
    }

    /** PUBCOMP from the client. */
    public void pubcomp(int packetId) {
        outgoing.pubcomp(packetId);
    }

    /** The peer may take more. */
    public void drain() {
        outgoing.drain();
    }

    // ---------------------------------------------------------------- to the client

    /**
     * A message for this session, from any event loop.
     *
     * @param stored null for QoS 0
     * @param patient whether the publisher waits where the queue is full
     * @param from where the caller runs
     * @return what the publisher has to wait for, null where he has not
     */
    public QueueGate deliver(
            Message message,
            StoredMessage stored,
            QoS qos,
            boolean retain,
            int[] identifiers,
            boolean patient,
            BrokerLoop from) {
        QueueGate gate = outgoing.gate();
        if (gate == null && from == home && inbox.isEmpty()) {
            outgoing.accept(message, stored, qos, retain, identifiers);
            return null;
        }
        return deliver(new Outgoing(message, stored, qos, retain, identifiers, patient), gate, from);
    }

    /** Whether a message may be kept for it although the store is full, since it keeps up; from any event loop. */
    public boolean isInReserve(Message message) {
        return isConnected() && !isBehind() && environment.room().isInReserveFor(message);
    }

    /** The store does not take a message that it would have had to keep for this session; from any event loop. */
    public void dropUnkept(DropReason reason, BrokerLoop from) {
        outgoing.notKept(reason, from);
    }

    private QueueGate deliver(Outgoing arriving, QueueGate gate, BrokerLoop from) {
        if (from == home && inbox.isEmpty()) {
            outgoing.accept(arriving);
            seeToExpiry();
        } else { // also on its own loop while there is something from elsewhere, which stays before what comes now
            arrive(arriving, gate, from);
        }
        return gate != null && arriving.isPatient() && gate.isShut() ? gate : null;
    }

    private void arrive(Outgoing arriving, QueueGate gate, BrokerLoop from) {
        boolean counted = gate != null && gate.isBlocking() && arriving.isPatient();
        if (counted) {
            arriving.count();
            gate.entered(arriving.sizeInBytes());
        }
        // Who waits bounds what is on its way by that.
        long most = counted
                ? Long.MAX_VALUE
                : Math.max(INBOX_BYTES, outgoing.queueLimits().bytes());
        if (!inbox.offer(arriving, most)) {
            outgoing.droppedOutside(arriving, DropReason.QUEUE_FULL, from); // it does not keep up with other loops
        } else if (inbox.claim()) {
            home.eventLoop().execute(this::runInbox);
        }
    }

    /** While publishers wait nothing comes that would have the queue look for what has expired, and perhaps nobody who would take it. */
    private void seeToExpiry() {
        if (!seesToExpiry && isBlocked()) {
            seesToExpiry = true;
            home.eventLoop().schedule(EXPIRY_CHECK, () -> onEventLoop(this::dropExpired));
        }
    }

    private void dropExpired() {
        seesToExpiry = false;
        outgoing.dropExpired();
        seeToExpiry();
    }

    /** Whether its queue makes publishers wait now; from any thread. */
    public boolean isBlocked() {
        QueueGate gate = outgoing.gate();
        return gate != null && gate.isShut();
    }

    /** Whether it is its policy that publishers wait rather than that a message is dropped; from any thread. */
    public boolean isToBlock() {
        QueueGate gate = outgoing.gate();
        return gate != null && gate.isBlocking();
    }

    private void runInbox() {
        EventLoop current = home.eventLoop();
        if (!current.inEventLoop()) {
            current.execute(this::runInbox);
            return;
        }
        if (!emptyInbox(INBOX_BATCH) || inbox.hasMoreAfterRelease()) {
            current.execute(this::runInbox);
        }
    }

    private boolean emptyInbox(int atMost) {
        return inbox.empty(atMost, this::arrived);
    }

    private void arrived(Outgoing next) {
        outgoing.accept(next);
        seeToExpiry();
        if (next.isCounted()) {
            outgoing.gate().left(next.sizeInBytes()); // not before it is counted where it waits now
        }
    }

    // ---------------------------------------------------------------- for people

    /** Hands over what waits, from this number on, with what is on its way from other event loops as far as that fits a turn. */
    public void queued(long from, int atMost, Consumer<List<QueuedMessage>> then) {
        emptyInbox(INBOX_BATCH);
        outgoing.queued(from, atMost, then);
    }

    /** Drops what waits now, in turns with the others on its event loop, and tells at last how many messages that were. */
    public void purge(IntConsumer purged) {
        emptyInbox(INBOX_BATCH);
        purge(environment.nanoTime(), 0, purged);
    }

    private void purge(long beforeNanos, int before, IntConsumer purged) {
        int more = outgoing.purge(beforeNanos, PURGE_BATCH);
        if (more < PURGE_BATCH) {
            purged.accept(before + more);
        } else {
            onEventLoopLater(() -> purge(beforeNanos, before + more, purged));
        }
    }

    /** How full it is; from any thread. */
    public QueueInfo queueInfo() {
        return outgoing.info();
    }

    /** A snapshot for people; from any thread. */
    public SessionInfo info() {
        Optional<Peer> who = Optional.ofNullable(outgoing.peer());
        return new SessionInfo(
                clientId,
                who.isPresent(),
                who.flatMap(peer -> peer.principal().client().identity().userName()),
                who.map(Peer::origin),
                who.map(Peer::listener),
                since,
                who.map(Peer::keepAlive).orElse(0),
                sessionExpiryInterval,
                subscriptions.size(),
                queueInfo(),
                incoming.received(),
                outgoing.delivered(),
                incoming.withheld());
    }

    @Override
    public String toString() {
        return clientId;
    }
}
