/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.broker.session;

import io.bascule.broker.retained.RetainedMessages;
import io.bascule.mqtt.Message;
import io.bascule.spi.Restoration;
import io.bascule.spi.SessionTerms;
import io.bascule.spi.StoredSession;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Takes what the store has kept into a broker that has just begun and serves nobody yet. Used by one thread. */
public final class Restorer implements Restoration {
    private final SessionRegistry registry;
    private final RetainedMessages retained;
    private final List<BrokerLoop> loops;
    private final List<Runnable> resumptions = new ArrayList<>();
    private int retainedMessages;
    private int notRetained;

    /** Hands sessions out to the loops in turn. */
    public Restorer(SessionRegistry registry, RetainedMessages retained, List<BrokerLoop> loops) {
        this.registry = registry;
        this.retained = retained;
        this.loops = loops;
    }

    @Override
    public void retained(Message message) {
        if (retained.put(message)) {
            retainedMessages++;
        } else {
            notRetained++;
        }
    }

    @Override
    public void session(StoredSession stored) {
        ClientSession session = registry.restore(stored, loops.get(resumptions.size() % loops.size()));
        Duration away = stored.away();
        Optional<SessionTerms.Will> will = stored.terms().will();
        resumptions.add(() -> session.onEventLoop(() -> session.resume(away, will)));
    }

    /** Lets time go on, and publishes the wills that are due, now that everybody is there who may be waiting for them. */
    public void resume() {
        resumptions.forEach(Runnable::run);
    }

    /** How many sessions there were. */
    public int sessions() {
        return resumptions.size();
    }

    /** How many retained messages there were that are retained again. */
    public int retainedMessages() {
        return retainedMessages;
    }

    /** How many retained messages there is no room for any more, as the broker is configured. */
    public int notRetained() {
        return notRetained;
    }
}
