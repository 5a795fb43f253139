/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.store;

import io.bascule.api.Subscription;
import io.bascule.mqtt.Message;
import io.bascule.spi.Restoration;
import io.bascule.spi.SessionTerms;
import io.bascule.spi.StoredSession;
import io.bascule.spi.StoredSession.Queued;
import io.bascule.store.codec.Copy;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** Hands over what was replayed. */
final class Restorer {
    private final State state;
    private final Replayer replayer;
    private final long now;
    /** Whether there are messages for several receivers, which only the last of them needs no more. */
    private boolean several;

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
        if (several) {
            forgetCopies();
        }
    }

    private void forgetCopies() {
        synchronized (state) {
            for (Live each = state.live().first(); each != null; each = each.next) {
                if (each instanceof Replayed message) {
                    message.handedOver();
                }
            }
        }
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
            sessions.add(stored(each, face));
        }
        return sessions;
    }

    private StoredSession stored(KeptSession session, LogSession face) {
        SessionTerms terms = session.present(replayer.terms().get(session));
        List<Subscription> subscriptions = session.subscriptions().stream()
                .map(each -> replayer.subscriptions().get(each).subscription())
                .toList();
        List<StoredSession.InFlight> inFlight =
                session.inFlight().stream().map(this::inFlight).toList();
        return new StoredSession(
                session.clientId(),
                face,
                terms,
                since(session.awaySince()),
                subscriptions,
                inFlight,
                queued(session),
                session.accepted());
    }

    private StoredSession.InFlight inFlight(InFlight sent) {
        Replayed message = (Replayed) sent.message();
        Copy copy = message.copies().stream()
                .filter(each -> each.session() == sent.session().number() && each.copy() == sent.copy())
                .findAny()
                .orElseThrow();
        Queued queued = handOver(message, copy);
        return new StoredSession.InFlight(queued, sent.packetId(), sent.isReceived());
    }

    private Stream<Queued> queued(KeptSession session) {
        return session.queue().inOrder().mapMulti((message, out) -> {
            Replayed replayed = (Replayed) message;
            for (Copy copy : replayed.copies()) {
                if (copy.session() == session.number() && message.find(copy.session(), copy.copy()) == session) {
                    out.accept(handOver(replayed, copy));
                }
            }
        });
    }

    private Queued handOver(Replayed message, Copy copy) {
        if (message.copies().size() == 1) {
            message.handedOver();
        } else {
            several = true;
        }
        return new Queued(
                copy.copy() == 0 ? message : new FurtherCopy(message, copy.copy()),
                copy.qos(),
                copy.retain(),
                copy.subscriptionIdentifiers(),
                since(message.appendedAt()));
    }

    private Duration since(long logMillis) {
        return Duration.ofMillis(Math.max(0, now - logMillis));
    }
}
