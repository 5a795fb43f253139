/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.broker.session;

import io.bascule.api.SessionInfo;
import io.bascule.spi.StoredSession;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;

/** All sessions by client id: one each, whoever asks for it and from wherever [MQTT-3.1.3-2]. Safe for use by several threads. */
public final class SessionRegistry {
    private final ConcurrentMap<String, ClientSession> sessions = new ConcurrentHashMap<>();
    private final SessionEnvironment environment;
    private final int maximum;

    /** A registry without sessions, which may have so many. */
    public SessionRegistry(SessionEnvironment environment, int maximum) {
        this.environment = environment;
        this.maximum = maximum;
    }

    /** Called with the session once it has been handed over, on the event loop that asked. */
    public interface Opened {
        /** The session is there to be attached to, at once. */
        void opened(ClientSession session, boolean present);

        /** There would be too many sessions; on the event loop that asked. */
        void noRoom();
    }

    /**
     * Opens the session of a client id: makes it, or takes it from whoever has it. Two who ask for the same one are served one after the
     * other, on the session's event loop.
     */
    public void open(String clientId, boolean cleanStart, BrokerLoop loop, Opened then) {
        // Several loops may come to this at once and make one session each more than allowed, which does no harm.
        if (sessions.size() >= maximum && !sessions.containsKey(clientId)) {
            loop.eventLoop().execute(then::noRoom);
            return;
        }
        ClientSession session = sessions.computeIfAbsent(clientId, id -> new ClientSession(id, loop, environment));
        session.onEventLoop(() -> session.handOver(loop, cleanStart, new Newcomer() {
            @Override
            public void welcome(boolean present) {
                then.opened(session, present);
            }

            @Override
            public void askAgain() {
                open(clientId, cleanStart, loop, then);
            }
        }));
    }

    /** Takes a session that was kept, before anybody asks for one; {@link ClientSession#resume} has to follow on its event loop. */
    ClientSession restore(StoredSession stored, BrokerLoop loop) {
        ClientSession session = new ClientSession(stored.clientId(), loop, environment);
        session.restore(stored);
        sessions.put(stored.clientId(), session);
        return session;
    }

    /** The session of a client id, if there is one. */
    public Optional<ClientSession> find(String clientId) {
        return Optional.ofNullable(sessions.get(clientId)).filter(session -> !session.isEnded());
    }

    /** Takes out a session that has ended, and will not be back: until then nobody gets another of the same client id. */
    public void remove(ClientSession session) {
        sessions.remove(session.clientId(), session);
    }

    /** All sessions at this moment. */
    public Collection<ClientSession> all() {
        return List.copyOf(sessions.values());
    }

    /** All sessions for people, by client id. */
    public List<SessionInfo> infos() {
        return sessions.values().stream()
                .filter(session -> !session.isEnded())
                .map(ClientSession::info)
                .sorted(Comparator.comparing(SessionInfo::clientId))
                .toList();
    }

    /** How many there are. */
    public int size() {
        return sessions.size();
    }

    /** How many have somebody attached. */
    public int connected() {
        int count = 0;
        for (ClientSession session : sessions.values()) {
            if (session.isConnected()) {
                count++;
            }
        }
        return count;
    }

    /** Lets everybody go when the broker stops. Completes when each has been told. */
    public CompletableFuture<Void> stop() {
        return CompletableFuture.allOf(all().stream()
                .map(session -> {
                    CompletableFuture<Void> told = new CompletableFuture<>();
                    session.onEventLoop(() -> {
                        try {
                            session.stop();
                        } finally {
                            told.complete(null);
                        }
                    });
                    return told;
                })
                .toArray(CompletableFuture[]::new));
    }
}
