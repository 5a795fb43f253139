/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.store;

import io.bascule.spi.SessionTerms;
import io.bascule.store.codec.Encoder;
import io.bascule.store.codec.RecordType;
import io.bascule.store.codec.SessionRecord;
import java.nio.ByteBuffer;
import java.util.BitSet;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What the log has of a session. What is called here when a record is appended is called again when it is replayed, so that both lead to
 * the same. Guarded by the lock of the {@link State}, unless it is said otherwise.
 */
final class KeptSession extends Live implements Recipient {
    private final State state;
    private final SessionQueue queue;
    private final Map<String, KeptSubscription> subscriptions = new HashMap<>(0);
    private final Map<Integer, InFlight> inFlight = new HashMap<>(0);
    private final Map<Integer, Accepted> accepted = new HashMap<>(0);
    private String clientId;
    private long number;
    private long sessionExpiryInterval;
    private long awaySince;
    private boolean will;
    private boolean ended;
    /** Read by any thread; set when the number is. */
    private volatile boolean kept;

    /** A session that is not in the log. */
    KeptSession(State state, String clientId) {
        this.state = state;
        this.queue = new SessionQueue(state, this);
        this.clientId = clientId;
    }

    /** One that a record refers to; what else is known of it is to follow, or it has ended. */
    KeptSession(State state, long number) {
        this.state = state;
        this.queue = new SessionQueue(state, this);
        this.number = number;
    }

    @Override
    public KeptSession session() {
        return this;
    }

    /** Null as long as no record has said it. */
    String clientId() {
        return clientId;
    }

    /** By which records refer to it, 0 while it is not in the log. Never changes after that. */
    long number() {
        return number;
    }

    boolean isLogged() {
        return number != 0;
    }

    /** Whether what comes for it is kept. From any thread. */
    boolean isKept() {
        return kept;
    }

    boolean isEnded() {
        return ended;
    }

    boolean hasWill() {
        return will;
    }

    /** Whether somebody is attached, or was when the process ended. */
    boolean isAttached() {
        return awaySince == SessionRecord.ATTACHED;
    }

    /** Log time. */
    long awaySince() {
        return awaySince;
    }

    SessionQueue queue() {
        return queue;
    }

    // ---------------------------------------------------------------- terms

    /** As this record says, of this sequence. */
    void described(SessionRecord record, long sequence) {
        clientId = record.clientId();
        number = record.number() == 0 ? sequence : record.number();
        awaySince = record.awaySince();
        will = record.terms().will().isPresent();
        expiry(record.terms().sessionExpiryInterval());
    }

    void expiry(long seconds) {
        sessionExpiryInterval = seconds;
        kept = seconds > 0 && !ended;
    }

    void disconnected(long at) {
        awaySince = at;
    }

    void willDone() {
        will = false;
    }

    /** These terms as they are now. */
    SessionTerms present(SessionTerms recorded) {
        return new SessionTerms(
                sessionExpiryInterval, will ? recorded.will() : Optional.empty(), recorded.queue(), recorded.overlap());
    }

    // ---------------------------------------------------------------- subscriptions

    void subscribed(String filter, KeptSubscription subscription) {
        KeptSubscription before = subscriptions.put(filter, subscription);
        if (before != null) {
            state.remove(before);
        }
    }

    boolean isSubscribed(String filter) {
        return subscriptions.containsKey(filter);
    }

    void unsubscribed(String filter) {
        KeptSubscription subscription = subscriptions.remove(filter);
        if (subscription != null) {
            state.remove(subscription);
        }
    }

    /** In the order in which they were made, or replaced. */
    List<KeptSubscription> subscriptions() {
        return subscriptions.values().stream()
                .sorted(Comparator.comparingLong(KeptSubscription::number))
                .toList();
    }

    // ---------------------------------------------------------------- messages for it

    /** It is to receive this message, whose receivers include it. */
    void queued(LogMessage message) {
        queue.add(message);
    }

    /** This copy, which waits, is on its way as of the record of this sequence. */
    InFlight sent(LogMessage message, int copy, int packetId, long sequence) {
        completed(packetId);
        InFlight sent = new InFlight(this, message, copy, packetId, sequence);
        inFlight.put(packetId, sent);
        return sent;
    }

    /** Null when nothing is on its way under this Packet Identifier. */
    InFlight inFlight(int packetId) {
        return inFlight.get(packetId);
    }

    /** In the order in which they were sent. */
    List<InFlight> inFlight() {
        return inFlight.values().stream()
                .sorted(Comparator.comparingLong(InFlight::sentAt))
                .toList();
    }

    void completed(int packetId) {
        InFlight sent = inFlight.remove(packetId);
        if (sent != null) {
            settle(sent.message(), sent.copy());
        }
    }

    /** It is done with this copy, which waits. */
    void settle(LogMessage message, int copy) {
        message.settle(this, copy);
        if (!message.isFor(this)) {
            queue.settled();
        }
        state.mayBeOver(message);
    }

    /** It is done with all of the message. */
    void settle(LogMessage message) {
        inFlight.values().removeIf(sent -> sent.message() == message);
        message.settle(this);
        queue.settled();
        state.mayBeOver(message);
    }

    // ---------------------------------------------------------------- messages of its client

    /** Null when it has not come, or is released. */
    Accepted accepted(int packetId) {
        return accepted.get(packetId);
    }

    void accepted(int packetId, Accepted one) {
        Accepted before = accepted.put(packetId, one);
        if (before != null) {
            state.remove(before);
        }
    }

    void released(int packetId) {
        Accepted one = accepted.remove(packetId);
        if (one != null) {
            state.remove(one);
        }
    }

    BitSet accepted() {
        BitSet identifiers = new BitSet();
        accepted.keySet().forEach(identifiers::set);
        return identifiers;
    }

    // ---------------------------------------------------------------- end

    void ended() {
        ended = true;
        kept = false;
        for (LogMessage message : queue.open()) {
            message.settle(this);
            state.mayBeOver(message);
        }
        queue.clear();
        inFlight.clear();
        removeAll(subscriptions.values());
        removeAll(accepted.values());
        state.remove(this);
    }

    private void removeAll(Collection<? extends Live> things) {
        things.forEach(state::remove);
        things.clear();
    }

    // ---------------------------------------------------------------- copied

    @Override
    RecordType type() {
        return RecordType.SESSION;
    }

    @Override
    Encoder copy(ByteBuffer record) {
        SessionRecord recorded = SessionRecord.decode(type().decoder(record));
        return new SessionRecord(number, clientId, present(recorded.terms()), awaySince).encode();
    }
}
