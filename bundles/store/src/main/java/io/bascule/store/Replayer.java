/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.store;

import io.bascule.mqtt.Message;
import io.bascule.spi.SessionTerms;
import io.bascule.store.codec.Copy;
import io.bascule.store.codec.Decoder;
import io.bascule.store.codec.MessageBody;
import io.bascule.store.codec.MessageHead;
import io.bascule.store.codec.RecordType;
import io.bascule.store.codec.SessionRecord;
import io.bascule.store.codec.SubscriptionRecord;
import io.bascule.store.log.Replay;
import io.bascule.store.log.SegmentedLog;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Leads a state to where a log is.
 *
 * <p>A record may speak of what is not known. A message that is not known is over, or a copy with its state as of then is still to
 * come; so what is said of it is passed over. A session is made up until the record that describes it comes; when none does, it has
 * ended.
 */
final class Replayer implements Replay {
    private final State state;
    private final KeptSession nobody;
    private final Map<Long, KeptSession> sessions = new HashMap<>();
    private final Map<KeptSession, SessionTerms> terms = new HashMap<>();
    private final Map<KeptSubscription, SubscriptionRecord> subscriptions = new HashMap<>();
    /** Null when all is replayed: nothing refers to them by number any more, and the table is large. */
    private ReplayedMessages messages = new ReplayedMessages();

    /** The one that the record before spoke of: most speak of the same one for a while. */
    private KeptSession last;

    private final SharedCopies sharedCopies = new SharedCopies();

    Replayer(State state) {
        this.state = state;
        this.nobody = new KeptSession(state, 0);
        this.last = nobody;
    }

    /** What the sessions' records say, as they were written. */
    Map<KeptSession, SessionTerms> terms() {
        return terms;
    }

    Map<KeptSubscription, SubscriptionRecord> subscriptions() {
        return subscriptions;
    }

    /** All is replayed. */
    void finish() {
        sessions.values().stream().filter(each -> each.clientId() == null).forEach(KeptSession::ended);
        messages = null;
    }

    @Override
    public void record(long sequence, byte type, ByteBuffer payload) {
        try {
            RecordType known = RecordType.of(type);
            int bytes = SegmentedLog.recordBytes(payload.remaining());
            replay(known, known.decoder(payload), sequence, bytes);
            state.replayed(sequence);
        } catch (RuntimeException e) {
            throw new UncheckedIOException(unreadable(sequence, e));
        }
    }

    static IOException unreadable(long sequence, RuntimeException reason) {
        return new IOException("record " + sequence + " of the store cannot be read: " + reason.getMessage(), reason);
    }

    private void replay(RecordType type, Decoder from, long sequence, int bytes) {
        switch (type) {
            case TICK -> {
                long wallMillis = from.number();
                long millis = from.number();
                state.time().ticked(wallMillis, millis);
                state.timeline().add(sequence, millis);
                state.live().put(state.tick(), sequence, bytes);
            }
            case SESSION -> describe(SessionRecord.decode(from), sequence, bytes);
            case SUBSCRIBED -> subscribe(SubscriptionRecord.decode(from), sequence, bytes);
            case MESSAGE -> message(from, sequence, bytes);
            case ACCEPTED -> accept(session(from.number()), from.packetId(), sequence, bytes);
            case UNRETAINED -> state.unretain(MessageBody.decodeTopic(from));
            default -> change(type, from, sequence);
        }
        if (type != RecordType.MESSAGE) {
            from.end();
        }
    }

    private void describe(SessionRecord record, long sequence, int bytes) {
        KeptSession session = session(record.number() == 0 ? sequence : record.number());
        session.described(record, sequence);
        state.sessions().put(record.clientId(), session);
        state.live().put(session, sequence, bytes);
        terms.put(session, record.terms());
        if (record.awaySince() != SessionRecord.ATTACHED) {
            state.time().seen(record.awaySince());
        }
    }

    private void subscribe(SubscriptionRecord record, long sequence, int bytes) {
        KeptSubscription subscription = new KeptSubscription();
        subscription.made(record.number() == 0 ? sequence : record.number());
        state.live().put(subscription, sequence, bytes);
        session(record.session()).subscribed(record.subscription().filter().text(), subscription);
        subscriptions.put(subscription, record);
    }

    private void accept(KeptSession session, int packetId, long sequence, int bytes) {
        Accepted accepted = new Accepted(session, packetId);
        state.live().put(accepted, sequence, bytes);
        session.accepted(packetId, accepted);
    }

    private void message(Decoder from, long sequence, int bytes) {
        MessageHead head = MessageHead.decode(from);
        state.time().seen(head.appendedAt());
        if (head.number() != 0) {
            forget(head.number());
        }
        long number = head.number() == 0 ? sequence : head.number();
        Replayed message = new Replayed(state.time(), number, head, sharedCopies.waiting(head.receivers()));
        List<KeptSession> receiving = new ArrayList<>(head.receivers().size());
        for (Copy each : head.receivers()) {
            receiving.add(session(each.session()));
        }
        Receivers receivers = new Receivers(head.receivers(), receiving);
        receivers.receive(message);
        if (head.retained()) {
            retain(message, MessageBody.decode(from));
        }
        if (message.isNeeded()) {
            state.live().put(message, sequence, bytes);
            if (head.number() == 0) {
                messages.add(message);
            } else {
                messages.replace(message);
            }
        }
        if (head.publisher() != 0) {
            KeptSession publisher = session(head.publisher());
            accept(publisher, head.receipt(), sequence, new Accepted(publisher, head.receipt()).ownBytes());
        }
    }

    private void retain(LogMessage message, Message body) {
        if (body.payload().length == 0) {
            state.unretain(body.topic());
        } else {
            message.load(body);
            state.retain(body.topic(), message);
        }
    }

    /** What is known of a message of which a copy comes; that has all of it. */
    private void forget(long number) {
        LogMessage message = known(number);
        if (message != null) {
            message.retain(false);
            for (Recipient each : message.left()) {
                if (message.isFor(each.session())) {
                    each.session().settle(message);
                }
            }
            state.mayBeOver(message);
        }
    }

    /** What a record says of a session alone; nothing where that is not known. */
    private void change(RecordType type, Decoder from, long sequence) {
        KeptSession session = sessions.getOrDefault(from.number(), nobody);
        switch (type) {
            case EXPIRY -> session.expiry(from.number());
            case DISCONNECTED -> {
                long at = from.number();
                state.time().seen(at);
                session.disconnected(at);
            }
            case WILL_DONE -> session.willDone();
            case ENDED -> end(session);
            case UNSUBSCRIBED -> session.unsubscribed(from.text());
            case SENT -> send(session, known(from.number()), from.integer(), from.packetId(), sequence);
            case RECEIVED -> receive(session.inFlight(from.packetId()));
            case COMPLETED -> session.completed(from.packetId());
            case DROPPED -> drop(session, known(from.number()), from.integer());
            case RELEASED -> session.released(from.packetId());
            default -> throw new IllegalStateException("what " + type + " says");
        }
    }

    private void end(KeptSession session) {
        session.ended();
        sessions.remove(session.number());
        last = nobody;
        state.sessions().remove(session.clientId(), session);
        terms.remove(session);
    }

    private static void send(KeptSession session, LogMessage message, int copy, int packetId, long sequence) {
        if (waits(session, message, copy)) {
            message.sent(session.sent(message, copy, packetId, sequence));
        }
    }

    private static void receive(InFlight sent) {
        if (sent != null) {
            sent.receive();
        }
    }

    private static void drop(KeptSession session, LogMessage message, int copy) {
        if (waits(session, message, copy)) {
            session.settle(message, copy);
        }
    }

    private static boolean waits(KeptSession session, LogMessage message, int copy) {
        return message != null && message.find(session.number(), copy) == session;
    }

    /** Null where it is not known, or over. */
    private LogMessage known(long number) {
        LogMessage message = messages.get(number);
        return message != null && message.isLive() ? message : null;
    }

    private KeptSession session(long number) {
        if (last.number() != number) {
            last = sessions.computeIfAbsent(number, unknown -> new KeptSession(state, unknown));
        }
        return last;
    }
}
