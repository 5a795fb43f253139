/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.store;

import io.bascule.api.Subscription;
import io.bascule.mqtt.Message;
import io.bascule.spi.Restoration;
import io.bascule.spi.SessionTerms;
import io.bascule.spi.StoredSession;
import io.bascule.spi.StoredSession.Queued;
import io.bascule.store.ReplayedMessages.Replayed;
import io.bascule.store.codec.Copy;
import java.time.Duration;
import java.util.AbstractList;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** Hands over what was replayed. */
final class Restorer {
    private final State state;
    private final Replayer replayer;
    private final long now;

    /** A message that waits for a session, and how it is to be delivered. */
    private record Waiting(Replayed message, Copy copy) {}

    /** A session, its face, and all that waits for it. */
    private record Found(KeptSession session, LogSession face, List<Waiting> waiting) {}

    Restorer(State state, Replayer replayer) {
        this.state = state;
        this.replayer = replayer;
        this.now = state.time().now();
    }

    void restore(Restoration into) {
        List<Message> retained;
        List<StoredSession> sessions;
        synchronized (state) {
            retained = retained();
            sessions = sessions();
        }
        retained.forEach(into::retained);
        sessions.forEach(into::session);
    }

    private List<Message> retained() {
        List<Message> unexpired = new ArrayList<>();
        for (LogMessage each : List.copyOf(state.retained().values())) {
            if (!each.isRetained()) {
                continue;
            }
            Message message = Messages.expiring(each.message().orElseThrow(), each.deadline(), state.time());
            each.unload();
            if (each.isExpiredAt(now)) {
                state.appendUnretained(message.topic());
            } else {
                unexpired.add(message);
            }
        }
        return unexpired;
    }

    private List<StoredSession> sessions() {
        List<StoredSession> sessions = new ArrayList<>();
        for (KeptSession each : List.copyOf(state.sessions().values())) {
            LogSession face = new LogSession(state, each);
            if (!each.isKept() && !each.hasWill()) {
                face.end();
                continue;
            }
            if (each.isAttached()) { // nothing says how long the process has lived on after its last record
                face.disconnectedAt(now);
            }
            sessions.add(stored(new Found(each, face, waiting(each))));
        }
        return sessions;
    }

    private StoredSession stored(Found found) {
        KeptSession session = found.session();
        SessionTerms terms = session.present(replayer.terms().get(session));
        List<Subscription> subscriptions = session.subscriptions().stream()
                .map(each -> replayer.subscriptions().get(each).subscription())
                .toList();
        List<StoredSession.InFlight> inFlight =
                session.inFlight().stream().map(this::inFlight).toList();
        return new StoredSession(
                session.clientId(),
                found.face(),
                terms,
                since(session.awaySince()),
                subscriptions,
                inFlight,
                queued(found.waiting()),
                session.accepted());
    }

    private StoredSession.InFlight inFlight(InFlight sent) {
        Replayed message = replayer.messages().get(sent.message().number());
        Copy copy = message.copies().stream()
                .filter(each -> each.session() == sent.session().number() && each.copy() == sent.copy())
                .findAny()
                .orElseThrow();
        return new StoredSession.InFlight(queued(new Waiting(message, copy)), sent.packetId(), sent.isReceived());
    }

    private List<Waiting> waiting(KeptSession session) {
        List<LogMessage> messages = new ArrayList<>(session.queue().open());
        messages.sort(Comparator.comparingLong(LogMessage::number)); // copies come late
        session.queue().reorder(messages);
        List<Waiting> waiting = new ArrayList<>();
        for (LogMessage each : messages) {
            Replayed message = replayer.messages().get(each.number());
            for (Copy copy : message.copies()) {
                if (copy.session() == session.number() && each.find(session.number(), copy.copy()) == session) {
                    waiting.add(new Waiting(message, copy));
                }
            }
        }
        return waiting;
    }

    /** Made one by one as somebody looks: a million at once would take more than all that stays of them. */
    private List<Queued> queued(List<Waiting> waiting) {
        return new AbstractList<>() {
            @Override
            public Queued get(int index) {
                return queued(waiting.get(index));
            }

            @Override
            public int size() {
                return waiting.size();
            }
        };
    }

    private Queued queued(Waiting one) {
        Copy copy = one.copy();
        LogMessage message = one.message().message();
        return new Queued(
                copy.copy() == 0 ? message : new FurtherCopy(message, copy.copy()),
                copy.qos(),
                copy.retain(),
                copy.subscriptionIdentifiers(),
                since(one.message().appendedAt()));
    }

    private Duration since(long logMillis) {
        return Duration.ofMillis(Math.max(0, now - logMillis));
    }
}
