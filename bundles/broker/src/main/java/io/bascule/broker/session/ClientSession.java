/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.broker.session;

import io.bascule.api.QueueInfo;
import io.bascule.api.SessionInfo;
import io.bascule.api.SessionOptions;
import io.bascule.api.SessionOptions.Overlap;
import io.bascule.api.Subscription;
import io.bascule.api.Subscription.RetainHandling;
import io.bascule.broker.DropReason;
import io.bascule.mqtt.Message;
import io.bascule.mqtt.QoS;
import io.bascule.mqtt.ReasonCode;
import io.bascule.mqtt.TopicFilter;
import io.bascule.spi.SessionStore;
import io.bascule.spi.StoredMessage;
import io.bascule.transport.EventLoop;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.BitSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;

/**
 * The state of one client (MQTT 5.0, section 4.1): subscriptions, what waits, what is in flight either way, the will.
 *
 * <p>It is touched on its event loop alone, without locks. The loop is that of whoever is attached, and may change with a take-over: then
 * the old loop lets go first and the new one goes on. Messages from other loops come through {@link #inbox}, which belongs to the session
 * and not to a loop, so that they stay in the order of their publisher whichever loop empties it.
 */
public final class ClientSession {
    private static final int[] NO_IDENTIFIERS = {};
    /** After so many messages from other loops it is the turn of the others on this one, and what was sent is flushed. */
    private static final int INBOX_BATCH = 512;

    private final String clientId;
    private final SessionEnvironment environment;
    private final SessionStore store;

    private final Queue<Outgoing> inbox = new ConcurrentLinkedQueue<>();
    private final AtomicLong inboxBytes = new AtomicLong();
    private final AtomicBoolean inboxScheduled = new AtomicBoolean();
    private volatile BrokerLoop home;
    private volatile Newcomer expected;
    private volatile Peer peer;
    private volatile boolean ended;
    private volatile Instant since = Instant.now();

    private final Map<TopicFilter, Subscription> subscriptions = new ConcurrentHashMap<>(1);
    private final OutgoingQueue queue = new OutgoingQueue();
    private final OutgoingWindow window = new OutgoingWindow();
    private final ArrayDeque<Outgoing> resend = new ArrayDeque<>(1);
    private BitSet receivedIds = new BitSet(0);
    private volatile Overlap overlap = Overlap.ONE_COPY;
    private boolean handedOver;
    private int receiveMaximum;
    private long sessionExpiryInterval;
    private Will will;
    private AutoCloseable expiryTimer;
    private AutoCloseable willTimer;
    private volatile long dropped;
    private final LongAdder droppedFromInbox = new LongAdder();
    private boolean draining;

    ClientSession(String clientId, BrokerLoop home, SessionEnvironment environment) {
        this.clientId = clientId;
        this.home = home;
        this.environment = environment;
        this.store = environment.store().session(clientId);
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
        return peer != null;
    }

    /** Whether messages wait for it; from any thread, and so perhaps no longer true. */
    public boolean isBehind() {
        return !queue.isEmpty();
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

    /**
     * Hands the session to a newcomer on another event loop: whoever is attached leaves, and the newcomer goes on over there. A clean start
     * ends the session, and the newcomer asks for a new one; so does one whom the next newcomer has overtaken on the way. Called on the
     * session's event loop; the welcome comes on the new one.
     */
    void handOver(BrokerLoop newHome, boolean cleanStart, Newcomer newcomer) {
        if (cleanStart && handedOver) {
            end(ReasonCode.SESSION_TAKEN_OVER); // [MQTT-3.1.2-4], [MQTT-3.1.4-3]
        }
        if (ended) {
            newcomer.askAgain();
            return;
        }
        sendAway(ReasonCode.SESSION_TAKEN_OVER); // [MQTT-3.1.4-3]
        expiryTimer = cancel(expiryTimer);
        if (willTimer != null) {
            willTimer = cancel(willTimer);
            will = null; // [MQTT-3.1.3-9]
        }
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

    private void welcome(Newcomer newcomer, boolean present) {
        if (expected == newcomer) {
            expected = null;
            newcomer.welcome(present);
        } else {
            newcomer.askAgain(); // the session has ended meanwhile, or has gone on to somebody else
        }
    }

    private void sendAway(ReasonCode why) {
        Peer old = peer;
        if (old != null) {
            leave();
            old.detached(why);
        }
    }

    /** Attaches a peer and sends what is unacknowledged, then what waits. */
    public void attach(Attachment attachment) {
        peer = attachment.peer();
        since = Instant.now();
        sessionExpiryInterval = attachment.sessionExpiryInterval();
        store.expiry(sessionExpiryInterval);
        receiveMaximum =
                Math.min(attachment.receiveMaximum(), environment.limits().inFlight());
        will = attachment.will().orElse(null);
        overlap = attachment.overlap();
        resend.clear();
        resend.addAll(window.inOrder(window.size() > receiveMaximum));
        resend.forEach(each -> each.toBeResent(true));
        drain();
    }

    /** The peer has gone; its will is published unless it said goodbye. Does nothing when it is not attached any more. */
    public void detach(Peer leaving, boolean withWill) {
        if (peer != leaving) {
            return;
        }
        if (!withWill) {
            will = null; // [MQTT-3.14.4-3]
        }
        leave();
        if (sessionExpiryInterval == 0) {
            end();
        } else if (sessionExpiryInterval != SessionOptions.NEVER) {
            expiryTimer =
                    home.eventLoop().schedule(Duration.ofSeconds(sessionExpiryInterval), this::end); // [MQTT-4.1.0-2]
        }
    }

    private void leave() {
        peer = null;
        since = Instant.now();
        if (will == null) {
            return;
        }
        long delay = Math.min(will.delaySeconds(), sessionExpiryInterval); // [MQTT-3.1.2-8]
        if (delay == 0) {
            publishWill();
        } else {
            willTimer = home.eventLoop().schedule(Duration.ofSeconds(delay), this::publishWill);
        }
    }

    private void publishWill() {
        willTimer = cancel(willTimer);
        Will due = will;
        will = null;
        if (due != null) {
            home.publisher().publish(due.messageNow(), null, 0);
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
        expiryTimer = cancel(expiryTimer);
        if (willTimer != null) {
            publishWill(); // [MQTT-3.1.2-8]
        }
        List.copyOf(subscriptions.keySet()).forEach(this::unsubscribe);
        queue.clear();
        window.clear();
        resend.clear();
        inbox.clear();
        forgetReceived();
        store.end();
        environment.ended(this);
    }

    /** Lets go of the peer when the broker stops; what the session holds stays for the store to keep. */
    void stop() {
        Peer old = peer;
        if (old != null) {
            will = null;
            peer = null;
            old.detached(ReasonCode.SERVER_SHUTTING_DOWN);
        }
        expiryTimer = cancel(expiryTimer);
        willTimer = cancel(willTimer);
        subscriptions.keySet().forEach(filter -> environment.tree().unsubscribe(filter, this));
    }

    private static AutoCloseable cancel(AutoCloseable timer) {
        if (timer != null) {
            try {
                timer.close();
            } catch (Exception e) {
                throw new IllegalStateException("a timer cannot be cancelled", e);
            }
        }
        return null;
    }

    // ---------------------------------------------------------------- subscriptions

    /** What {@link #subscribe} will answer. */
    public ReasonCode check(Subscription subscription) {
        return subscription.filter().levelCount() > environment.limits().topicLevels()
                ? ReasonCode.TOPIC_FILTER_INVALID
                : ReasonCode.granted(subscription.maximumQos());
    }

    /** Subscribes, and sends what is retained as the subscription asks. */
    public ReasonCode subscribe(Subscription subscription) {
        TopicFilter filter = subscription.filter();
        ReasonCode answer = check(subscription);
        if (answer.isFailure()) {
            return answer;
        }
        boolean isNew = subscriptions.put(filter, subscription) == null;
        environment.tree().subscribe(filter, this, new SessionSubscription(this, subscription));
        store.subscribed(subscription);
        RetainHandling handling = subscription.retainHandling();
        boolean wanted = handling == RetainHandling.SEND || handling == RetainHandling.SEND_IF_NEW && isNew;
        if (wanted && !filter.isShared()) { // [MQTT-3.3.1-9, MQTT-3.3.1-10, MQTT-3.3.1-11], section 4.8.2
            emptyInbox(Integer.MAX_VALUE); // a retained message is not to arrive before those that it has replaced
            int[] identifiers = identifiers(subscription);
            environment.retained().match(filter, System.nanoTime(), message -> {
                QoS qos = message.qos().atMost(subscription.maximumQos());
                StoredMessage stored = qos == QoS.AT_MOST_ONCE
                        ? null
                        : environment.store().append(message, List.of(store), Optional.empty());
                accept(message, stored, qos, true, identifiers);
            });
        }
        return answer;
    }

    /** Unsubscribes. */
    public ReasonCode unsubscribe(TopicFilter filter) {
        if (subscriptions.remove(filter) == null) {
            return ReasonCode.NO_SUBSCRIPTION_EXISTED;
        }
        environment.tree().unsubscribe(filter, this);
        store.unsubscribed(filter);
        return ReasonCode.SUCCESS;
    }

    /** What it is subscribed to; from any thread. */
    public List<Subscription> subscriptions() {
        return List.copyOf(subscriptions.values());
    }

    static int[] identifiers(Subscription subscription) {
        return subscription.identifier() == 0 ? NO_IDENTIFIERS : new int[] {subscription.identifier()};
    }

    // ---------------------------------------------------------------- from the client

    /**
     * A PUBLISH from the client. A QoS 2 message whose identifier was received and not released is here already, and is only acknowledged
     * once more [MQTT-4.3.3-10].
     *
     * @param packetId 0 for QoS 0
     * @param acknowledged called on the session's event loop when the store has the message; never for QoS 0
     */
    public void publish(Message message, int packetId, Acknowledged acknowledged) {
        QoS qos = message.qos();
        if (qos == QoS.AT_MOST_ONCE) {
            home.publisher().publish(message, this, 0);
            return;
        }
        int receivers = 1;
        if (qos == QoS.AT_LEAST_ONCE) {
            receivers = home.publisher().publish(message, this, 0);
        } else if (!receivedIds.get(packetId)) {
            receivedIds.set(packetId);
            receivers = home.publisher().publish(message, this, packetId);
        }
        ReasonCode reason = receivers == 0 ? ReasonCode.NO_MATCHING_SUBSCRIBERS : ReasonCode.SUCCESS;
        environment.store().whenDurable(() -> onEventLoop(() -> acknowledged.acknowledged(packetId, reason)));
    }

    /** Takes the outcome of {@link #publish}. */
    public interface Acknowledged {
        /** The message is the broker's responsibility now, or was refused. */
        void acknowledged(int packetId, ReasonCode reason);
    }

    /** PUBREL from the client; false when the identifier was not known. */
    public boolean release(int packetId) {
        boolean known = receivedIds.get(packetId);
        receivedIds.clear(packetId);
        store.released(packetId);
        return known;
    }

    /** Forgets which QoS 2 identifiers were received. */
    public void forgetReceived() {
        receivedIds = new BitSet(0);
    }

    /** PUBACK from the client. */
    public void puback(int packetId) {
        Outgoing sent = window.get(packetId);
        if (sent != null && sent.qos() == QoS.AT_LEAST_ONCE) {
            complete(sent);
        }
    }

    /** PUBREC from the client: answered with PUBREL, unless it is a refusal, which ends the delivery [MQTT-4.4.0-2]. */
    public void pubrec(int packetId, ReasonCode reason) {
        Outgoing sent = window.get(packetId);
        if (sent == null || sent.qos() != QoS.EXACTLY_ONCE) {
            if (peer != null && !reason.isFailure()) {
                peer.pubrel(packetId, ReasonCode.PACKET_IDENTIFIER_NOT_FOUND);
            }
        } else if (reason.isFailure()) {
            complete(sent);
        } else {
            sent.markReceived();
            store.received(packetId);
            if (peer != null) {
                peer.pubrel(packetId, ReasonCode.SUCCESS);
            }
        }
    }

    /** PUBCOMP from the client. */
    public void pubcomp(int packetId) {
        Outgoing sent = window.get(packetId);
        if (sent != null && sent.qos() == QoS.EXACTLY_ONCE && sent.isReceived()) {
            complete(sent);
        }
    }

    private void complete(Outgoing sent) {
        window.remove(sent);
        store.completed(sent.packetId());
        if (sent.isToBeResent()) {
            resend.remove(sent); // acknowledged after all, as of the last connection
        }
        drain();
    }

    /** How many were sent over this connection and are not acknowledged to the end. */
    private int awaited() {
        return window.size() - resend.size();
    }

    /** The peer may take more. */
    public void drain() {
        if (draining) {
            return; // a peer that answers at once gets here again from within
        }
        draining = true;
        try {
            resendUnacknowledged();
            sendWaiting();
        } finally {
            draining = false;
        }
    }

    private void resendUnacknowledged() {
        while (peer != null && !resend.isEmpty() && peer.isWritable()) {
            if (!resend.peek().isReceived() && awaited() >= receiveMaximum) {
                return; // [MQTT-4.9.0-2]
            }
            Outgoing next = resend.poll();
            next.toBeResent(false);
            if (next.isReceived()) {
                peer.pubrel(next.packetId(), ReasonCode.SUCCESS); // [MQTT-4.4.0-1]
            } else if (!peer.publish(
                    next.message(), next.qos(), next.retain(), true, next.packetId(), next.subscriptionIdentifiers())) {
                tooLarge(next);
            }
        }
    }

    private void sendWaiting() {
        while (peer != null && resend.isEmpty() && !queue.isEmpty() && peer.isWritable()) {
            Outgoing next = queue.peek();
            boolean expired = next.message().isExpired(System.nanoTime());
            if (!expired && next.qos() != QoS.AT_MOST_ONCE && awaited() >= receiveMaximum) {
                return; // [MQTT-4.9.0-2]
            }
            queue.poll();
            if (expired) {
                drop(next, DropReason.EXPIRED);
            } else if (next.qos() == QoS.AT_MOST_ONCE) {
                sendOnce(next.message(), next.retain(), next.subscriptionIdentifiers());
            } else {
                send(next);
            }
        }
    }

    // ---------------------------------------------------------------- to the client

    /**
     * A message for this session, from any event loop.
     *
     * @param stored null for QoS 0
     * @param from where the caller runs
     */
    public void deliver(
            Message message, StoredMessage stored, QoS qos, boolean retain, int[] identifiers, BrokerLoop from) {
        if (from == home && inbox.isEmpty()) {
            accept(message, stored, qos, retain, identifiers);
            return;
        }
        // Also on its own loop while there is something from elsewhere, which stays before what comes now.
        Outgoing outgoing = new Outgoing(message, stored, qos, retain, identifiers);
        if (inboxBytes.addAndGet(outgoing.sizeInBytes()) > environment.limits().queueBytes()) {
            inboxBytes.addAndGet(-outgoing.sizeInBytes());
            inboxFull(outgoing, from);
            return;
        }
        inbox.add(outgoing);
        if (inboxScheduled.compareAndSet(false, true)) {
            home.eventLoop().execute(this::runInbox);
        }
    }

    // The session's loop does not keep up with those of its publishers.
    private void inboxFull(Outgoing outgoing, BrokerLoop from) {
        if (outgoing.stored() != null) {
            store.dropped(outgoing.stored());
        }
        from.counters().dropped(DropReason.QUEUE_FULL);
        droppedFromInbox.increment();
    }

    private void runInbox() {
        EventLoop current = home.eventLoop();
        if (!current.inEventLoop()) {
            current.execute(this::runInbox);
            return;
        }
        if (emptyInbox(INBOX_BATCH)) {
            inboxScheduled.set(false);
            if (inbox.isEmpty() || !inboxScheduled.compareAndSet(false, true)) {
                return;
            }
        }
        current.execute(this::runInbox);
    }

    /** Takes at most so many messages out of the inbox; true when it was empty in the end. */
    private boolean emptyInbox(int atMost) {
        long taken = 0;
        Outgoing next = null;
        for (int i = 0; i < atMost; i++) {
            next = inbox.poll();
            if (next == null) {
                break;
            }
            taken += next.sizeInBytes();
            accept(next.message(), next.stored(), next.qos(), next.retain(), next.subscriptionIdentifiers());
        }
        if (taken > 0) {
            inboxBytes.addAndGet(-taken);
        }
        return next == null;
    }

    private void accept(Message message, StoredMessage stored, QoS qos, boolean retain, int[] identifiers) {
        Peer to = peer;
        boolean once = qos == QoS.AT_MOST_ONCE;
        boolean direct = to != null
                && !draining
                && queue.isEmpty()
                && resend.isEmpty()
                && (once || awaited() < receiveMaximum)
                && to.isWritable();
        if (direct) {
            sendNow(message, stored, qos, retain, identifiers);
        } else if (to == null && once) {
            home.counters().dropped(DropReason.OFFLINE_QOS_0);
        } else if (!ended) {
            enqueue(new Outgoing(message, stored, qos, retain, identifiers));
        }
    }

    private void sendNow(Message message, StoredMessage stored, QoS qos, boolean retain, int[] identifiers) {
        draining = true; // what an in-process peer publishes in return waits until this has been sent
        try {
            if (qos == QoS.AT_MOST_ONCE) {
                sendOnce(message, retain, identifiers);
            } else {
                send(new Outgoing(message, stored, qos, retain, identifiers));
            }
        } finally {
            draining = false;
        }
        if (!queue.isEmpty()) {
            drain();
        }
    }

    private void enqueue(Outgoing outgoing) {
        queue.add(outgoing, environment.limits(), overflowing -> drop(overflowing, DropReason.QUEUE_FULL));
    }

    private void sendOnce(Message message, boolean retain, int[] identifiers) {
        if (peer.publish(message, QoS.AT_MOST_ONCE, retain, false, 0, identifiers)) {
            home.counters().delivered();
        } else {
            countDrop(DropReason.TOO_LARGE);
        }
    }

    private void send(Outgoing outgoing) {
        window.add(outgoing);
        store.sent(outgoing.stored(), outgoing.packetId());
        if (peer.publish(
                outgoing.message(),
                outgoing.qos(),
                outgoing.retain(),
                false,
                outgoing.packetId(),
                outgoing.subscriptionIdentifiers())) {
            home.counters().delivered();
        } else {
            tooLarge(outgoing);
        }
    }

    private void tooLarge(Outgoing outgoing) {
        window.remove(outgoing);
        store.completed(outgoing.packetId());
        countDrop(DropReason.TOO_LARGE); // [MQTT-3.1.2-25]
    }

    private void drop(Outgoing outgoing, DropReason reason) {
        if (outgoing.stored() != null) {
            store.dropped(outgoing.stored());
        }
        countDrop(reason);
    }

    private void countDrop(DropReason reason) {
        dropped = dropped + 1; // one writer: the session's event loop
        home.counters().dropped(reason);
    }

    // ---------------------------------------------------------------- for people

    /** How full it is. Read without a lock while the session works: each figure was true a moment ago. */
    public QueueInfo queueInfo() {
        return new QueueInfo(queue.size(), queue.bytes(), window.size(), dropped + droppedFromInbox.sum());
    }

    /** A snapshot for people, of the same kind. */
    SessionInfo info() {
        Peer attached = peer;
        Optional<Peer> who = Optional.ofNullable(attached);
        return new SessionInfo(
                clientId,
                attached != null,
                who.map(Peer::origin),
                who.map(Peer::listener),
                since,
                who.map(Peer::keepAlive).orElse(0),
                sessionExpiryInterval,
                subscriptions.size(),
                queueInfo());
    }

    @Override
    public String toString() {
        return clientId;
    }
}
