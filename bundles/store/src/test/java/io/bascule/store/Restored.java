/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.store;

import io.bascule.mqtt.Message;
import io.bascule.spi.Restoration;
import io.bascule.spi.StoredSession;
import io.bascule.spi.StoredSession.Queued;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** What a store has handed over. */
final class Restored implements Restoration {
    private final List<Message> retained = new ArrayList<>();
    private final Map<String, StoredSession> sessions = new TreeMap<>();
    private final Map<String, List<Queued>> queued = new HashMap<>();

    static Restored of(LogMessageStore store) {
        Restored restored = new Restored();
        store.restore(restored);
        return restored;
    }

    @Override
    public void retained(Message message) {
        retained.add(message);
    }

    @Override
    public void session(StoredSession session) {
        if (sessions.put(session.clientId(), session) != null) {
            throw new AssertionError("twice: " + session.clientId());
        }
        queued.put(session.clientId(), session.queued().toList());
    }

    /** What waits for a session. */
    List<Queued> queued(String clientId) {
        return queued.get(session(clientId).clientId());
    }

    List<Message> retained() {
        return retained;
    }

    Map<String, StoredSession> sessions() {
        return sessions;
    }

    StoredSession session(String clientId) {
        StoredSession session = sessions.get(clientId);
        if (session == null) {
            throw new AssertionError("no session " + clientId);
        }
        return session;
    }
}
