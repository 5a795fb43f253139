/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.shell.command;

import io.bascule.api.Broker;
import io.bascule.mqtt.Message;
import io.bascule.mqtt.ReasonCode;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/**
 * Messages published one after the other, no more than {@value #WINDOW} of them unacknowledged at a time: what the
 * broker does not keep up with is not sent.
 */
final class Burst {
    /** Messages on their way to the broker: enough to keep it busy, and little memory. */
    static final int WINDOW = 1000;

    private final Supplier<Optional<Broker>> broker;
    private final Supplier<Message> messages;
    private final Repetition repetition;
    private final Duration patience;
    private final Time time;

    private final Semaphore window = new Semaphore(WINDOW);
    private final AtomicInteger acknowledged = new AtomicInteger();
    private final AtomicInteger unheard = new AtomicInteger();
    private final AtomicReference<String> failure = new AtomicReference<>();
    private int sent;

    /** @param broker asked before each message: it may be restarted meanwhile */
    Burst(
            Supplier<Optional<Broker>> broker,
            Supplier<Message> messages,
            Repetition repetition,
            Duration patience,
            Time time) {
        this.broker = broker;
        this.messages = messages;
        this.repetition = repetition;
        this.patience = patience;
        this.time = time;
    }

    /**
     * Sends them and waits for their acknowledgements; a Ctrl-C ends the first, and a second one the other.
     *
     * @throws CommandFailure when the broker refuses one, or does not acknowledge in time
     */
    BurstResult run(BooleanSupplier wanted) {
        long start = time.nanos();
        boolean whole = false;
        try {
            whole = send(start, wanted);
        } catch (InterruptedException e) {
            // Ctrl-C: what ends this command, and not the shell's thread.
        }
        boolean settled = settle();
        Duration taken = Duration.ofNanos(time.nanos() - start);
        BurstResult result = new BurstResult(sent, acknowledged.get(), unheard.get(), taken);
        String reason = failure.get();
        if (reason == null && whole && !settled) {
            reason = "The broker has not confirmed every message within " + patience.toSeconds() + " s";
        }
        if (reason != null) {
            throw new CommandFailure(reason + "; " + result.counts("") + ".");
        }
        return result;
    }

    /** Whether all were sent. */
    private boolean send(long start, BooleanSupplier wanted) throws InterruptedException {
        while (sent < repetition.count() && failure.get() == null && wanted.getAsBoolean()) {
            time.sleep(start + repetition.dueNanos(sent) - time.nanos());
            if (!window.tryAcquire(patience.toMillis(), TimeUnit.MILLISECONDS)) {
                failure.compareAndSet(
                        null, "The broker has not confirmed a message within " + patience.toSeconds() + " s");
                return false;
            }
            Optional<Broker> running = broker.get();
            if (running.isEmpty()) {
                failure.compareAndSet(null, "The broker has stopped");
                window.release();
                return false;
            }
            CompletionStage<ReasonCode> answer = running.get().publish(messages.get());
            sent++;
            answer.whenComplete(this::answered);
        }
        return sent == repetition.count();
    }

    /** On a thread of the broker's. */
    private void answered(ReasonCode reason, Throwable fault) {
        if (fault != null) {
            failure.compareAndSet(null, "The broker has not confirmed a message: " + fault.getMessage());
        } else if (reason.isFailure()) {
            failure.compareAndSet(null, "The broker refused a message: " + reason);
        } else {
            acknowledged.incrementAndGet();
            if (reason == ReasonCode.NO_MATCHING_SUBSCRIBERS) {
                unheard.incrementAndGet();
            }
        }
        window.release();
    }

    /** Waits for what is on its way, unless it has waited already; whether all of it was answered. */
    private boolean settle() {
        try {
            Duration enough = failure.get() == null ? patience : Duration.ZERO;
            return window.tryAcquire(WINDOW, enough.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            return false;
        }
    }
}
