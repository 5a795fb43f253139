/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.store;

import io.bascule.api.SessionOptions.Overlap;
import io.bascule.api.Subscription;
import io.bascule.mqtt.TopicFilter;
import io.bascule.spi.SessionStore;
import io.bascule.spi.SessionTerms;
import io.bascule.spi.StoredMessage;
import io.bascule.store.codec.RecordType;
import io.bascule.store.codec.SessionRecord;
import io.bascule.store.codec.SubscriptionRecord;
import java.util.Optional;

/**
 * The way into the log for one session: each call appends what it says and does it.
 *
 * <p>A session without a Session Expiry Interval gets nothing new into the log, but a will, which is to be published when the process ends.
 * What the log has from when it had one stays valid, since it may have one again.
 */
final class LogSession implements SessionStore {
    private final State state;
    private final KeptSession session;
    /** Of a session that is not in the log. */
    private SessionTerms terms = new SessionTerms(0, Optional.empty(), Optional.empty(), Overlap.ONE_COPY);

    LogSession(State state, KeptSession session) {
        this.state = state;
        this.session = session;
    }

    KeptSession session() {
        return session;
    }

    @Override
    public boolean isKept() {
        return session.isKept();
    }

    @Override
    public void connected(SessionTerms newTerms) {
        synchronized (state) {
            if (session.isEnded()) {
                return;
            }
            boolean needed =
                    newTerms.sessionExpiryInterval() > 0 || newTerms.will().isPresent();
            if (needed || session.isLogged()) {
                describe(newTerms);
            } else {
                terms = newTerms;
            }
        }
    }

    private void describe(SessionTerms newTerms) {
        terms = null;
        KeptSession other = state.sessions().put(session.clientId(), session);
        if (other != null && other != session) {
            end(other);
        }
        SessionRecord record =
                new SessionRecord(session.number(), session.clientId(), newTerms, SessionRecord.ATTACHED);
        session.described(record, state.append(session, record.encode()));
    }

    @Override
    public void expiry(long sessionExpiryInterval) {
        synchronized (state) {
            if (session.isEnded()) {
                return;
            }
            if (session.isLogged()) {
                append(RecordType.EXPIRY, sessionExpiryInterval);
                session.expiry(sessionExpiryInterval);
            } else if (sessionExpiryInterval > 0) {
                describe(new SessionTerms(sessionExpiryInterval, terms.will(), terms.queue(), terms.overlap()));
            }
        }
    }

    @Override
    public void disconnected() {
        synchronized (state) {
            disconnectedAt(state.time().now());
        }
    }

    /** As of this log time. */
    void disconnectedAt(long logMillis) {
        if (isInLog()) {
            append(RecordType.DISCONNECTED, logMillis);
            session.disconnected(logMillis);
        }
    }

    @Override
    public void willDone() {
        synchronized (state) {
            if (isInLog() && session.hasWill()) {
                append(RecordType.WILL_DONE);
                session.willDone();
            }
        }
    }

    @Override
    public long subscribed(Subscription subscription) {
        synchronized (state) {
            if (!session.isKept()) {
                return 0;
            }
            SubscriptionRecord record = new SubscriptionRecord(0, session.number(), subscription);
            KeptSubscription kept = new KeptSubscription();
            long sequence = state.append(kept, record.encode());
            kept.made(sequence);
            session.subscribed(subscription.filter().text(), kept);
            return sequence;
        }
    }

    @Override
    public long unsubscribed(TopicFilter filter) {
        synchronized (state) {
            if (!session.isSubscribed(filter.text())) {
                return 0;
            }
            long sequence = state.append(
                    RecordType.UNSUBSCRIBED,
                    RecordType.UNSUBSCRIBED.encode(session.number()).text(filter.text()));
            session.unsubscribed(filter.text());
            return sequence;
        }
    }

    @Override
    public long sent(StoredMessage message, int packetId) {
        synchronized (state) {
            LogMessage sent = logged(message);
            int copy = copy(message);
            if (!waits(sent, copy)) {
                return 0;
            }
            long sequence = append(RecordType.SENT, sent.number(), copy, packetId);
            sent.sent(session.sent(sent, copy, packetId, sequence));
            return sequence;
        }
    }

    @Override
    public long received(int packetId) {
        synchronized (state) {
            InFlight sent = session.inFlight(packetId);
            if (sent == null) {
                return 0;
            }
            sent.receive();
            return append(RecordType.RECEIVED, packetId);
        }
    }

    @Override
    public void completed(int packetId) {
        synchronized (state) {
            if (session.inFlight(packetId) != null) {
                append(RecordType.COMPLETED, packetId);
                session.completed(packetId);
            }
        }
    }

    @Override
    public void dropped(StoredMessage message) {
        synchronized (state) {
            LogMessage dropped = logged(message);
            int copy = copy(message);
            if (waits(dropped, copy)) {
                append(RecordType.DROPPED, dropped.number(), copy);
                session.settle(dropped, copy);
            }
        }
    }

    /** Whether this copy of the message is for the session, and is not done. */
    boolean isFor(LogMessage message, int copy) {
        synchronized (state) {
            return message.find(session.number(), copy) != null;
        }
    }

    private boolean waits(LogMessage message, int copy) {
        return message != null && message.find(session.number(), copy) == session;
    }

    private static LogMessage logged(StoredMessage message) {
        if (message instanceof FurtherCopy copy) {
            return copy.of();
        }
        return message instanceof LogMessage logged ? logged : null;
    }

    private static int copy(StoredMessage message) {
        return message instanceof FurtherCopy further ? further.copy() : 0;
    }

    @Override
    public long accepted(int packetId) {
        synchronized (state) {
            if (!session.isKept()) {
                return 0;
            }
            Accepted known = session.accepted(packetId);
            if (known != null) {
                return known.sequence();
            }
            Accepted accepted = new Accepted(session, packetId);
            long sequence = state.append(accepted, accepted.copy(null));
            session.accepted(packetId, accepted);
            return sequence;
        }
    }

    @Override
    public long released(int packetId) {
        synchronized (state) {
            if (session.accepted(packetId) == null) {
                return 0;
            }
            long sequence = append(RecordType.RELEASED, packetId);
            session.released(packetId);
            return sequence;
        }
    }

    @Override
    public long end() {
        synchronized (state) {
            if (isInLog()) {
                state.sessions().remove(session.clientId());
            }
            return end(session);
        }
    }

    private long end(KeptSession one) {
        boolean inLog = one.isLogged() && !one.isEnded();
        long sequence = inLog ? state.append(RecordType.ENDED, RecordType.ENDED.encode(one.number())) : 0;
        one.ended();
        return sequence;
    }

    private boolean isInLog() {
        return session.isLogged() && !session.isEnded();
    }

    /** One of these numbers behind the session's. */
    private long append(RecordType type, long... numbers) {
        long[] all = new long[numbers.length + 1];
        all[0] = session.number();
        System.arraycopy(numbers, 0, all, 1, numbers.length);
        return state.append(type, type.encode(all));
    }
}
