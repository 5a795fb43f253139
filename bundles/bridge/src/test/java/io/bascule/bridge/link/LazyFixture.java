/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.bridge.link;

import io.bascule.api.QueueInfo;
import io.bascule.api.SessionInfo;
import io.bascule.api.SessionOptions;
import io.bascule.transport.ControlPacket.ServerProperties;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;

/** A lazy link, and what waits for it while nobody holds its session. */
abstract class LazyFixture extends LinkFixture {
    static final Duration IDLE_TIMEOUT = Duration.ofSeconds(20);
    static final QueueInfo TWO = waiting(2, Duration.ofSeconds(1), 0);
    static final QueueInfo THREE = waiting(3, Duration.ofSeconds(1), 0);

    void startLazy() {
        file.put("start.type", "lazy");
        file.putIfAbsent("threshold", "3");
        file.put("idle.timeout", "20s");
        start();
    }

    /** And lets it connect, with nothing left to do. */
    void connectLazy() {
        startLazy();
        rests(THREE);
        aMomentLater();
        rests(QueueInfo.NONE);
        establish(true, ServerProperties.NONE);
    }

    /** So much waits in the session while nobody holds it. */
    void rests(QueueInfo queue) {
        broker.sessions.clear();
        broker.sessions.add(new SessionInfo(
                "bridge:test",
                false,
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Instant.now(),
                0,
                SessionOptions.NEVER,
                1,
                queue,
                0,
                0,
                0));
    }

    void aMomentLater() {
        remote.loop.advance(Duration.ofSeconds(1));
    }

    static QueueInfo waiting(int messages, Duration oldest, int inFlight) {
        return new QueueInfo(messages, messages * 100L, Optional.ofNullable(oldest), inFlight, 0, 0);
    }

    <T> CompletableFuture<T> ask(Function<Control, CompletionStage<T>> request) {
        CompletionStage<T> stage = request.apply(link.control());
        remote.loop.runTasks();
        return stage.toCompletableFuture();
    }
}
