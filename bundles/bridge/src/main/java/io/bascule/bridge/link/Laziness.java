/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.bridge.link;

import io.bascule.api.Bridge.Direction;
import io.bascule.api.QueueInfo;
import io.bascule.api.QueueLimits;
import io.bascule.bridge.config.StartType;
import io.bascule.config.Durations;
import io.bascule.resource.Lease;
import java.time.Duration;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * When a lazy bridge connects, and when it leaves the remote broker: it looks once a second, while the bridge rests at what waits, and while it
 * is connected at what crosses. Nobody is told when a message is queued, or acknowledged to the end, and so nobody else pays for it. On the
 * event loop alone.
 */
final class Laziness {
    private static final Logger LOG = LoggerFactory.getLogger(Link.class);
    private static final Duration CHECK = Duration.ofSeconds(1);

    /** How soon it is seen that the bridge may subscribe to what it might not, for which the local session is opened each time. */
    private static final Duration ASK_AGAIN = Duration.ofSeconds(10);

    private final Lasting link;
    private final StartType.Lazy terms;
    private final Events events;
    private Lease timer;
    private long since;
    private long crossed;

    /** What is to be done; nothing, where it cannot be done just now, and then it is asked for again. */
    interface Events {
        /** Enough waits. */
        void wanted();

        /** Nothing has crossed for a while, and nothing waits or is on its way. */
        void idle();

        /** The local session does not collect what the routes take, or not all of it. */
        void deaf();
    }

    private Laziness(Lasting link, StartType.Lazy terms, Events events) {
        this.link = link;
        this.terms = terms;
        this.events = events;
    }

    /** That of a link, if it is lazy. */
    static Optional<Laziness> of(Lasting link, Events events) {
        return link.definition().startType() instanceof StartType.Lazy terms
                ? Optional.of(new Laziness(link, terms, events))
                : Optional.empty();
    }

    /** The bridge rests from now on: looks at what waits until it is closed. */
    void resting() {
        close();
        since = now();
        timer = in(this::checkWaiting);
    }

    private void checkWaiting() {
        timer = in(this::checkWaiting);
        if (!link.local().exists() || (!link.standing().denied().isEmpty() && hasPassed(ASK_AGAIN))) {
            events.deaf();
            return;
        }
        reasonToConnect(link.local().queue())
                .filter(reason -> !link.pauses().includes(Direction.FORWARD))
                .ifPresent(reason -> {
                    LOG.debug("bridge {} is idle no more: {}", link.name(), reason);
                    events.wanted();
                });
    }

    private Optional<String> reasonToConnect(QueueInfo queue) {
        if (queue.inFlight() > 0) {
            return Optional.of("what is half across is to be finished");
        }
        if (queue.queued() >= terms.threshold()) {
            return Optional.of(queue.queued() + " messages wait");
        }
        if (queue.oldest().filter(age -> age.compareTo(terms.age()) >= 0).isPresent()) {
            return Optional.of("a message has waited for " + Durations.format(terms.age()));
        }
        if (queue.withheld() > 0 || isFilling(queue)) {
            return Optional.of("the queue is filling up"); // with few messages that are large, or below the threshold
        }
        return Optional.empty();
    }

    /** The reader has seen to it that a limit of the bridge's own is no lower than its threshold; of the broker's it does not know. */
    private boolean isFilling(QueueInfo queue) {
        QueueLimits limits = link.local().limits();
        return queue.queuedBytes() > limits.bytes() / 2
                || link.local().isBoundByBroker() && queue.queued() > limits.messages() / 2;
    }

    /** Messages may cross from now on: looks whether they do until it is closed. */
    void flowing() {
        since = now();
        crossed = link.forwarded();
        timer = in(this::checkCrossing);
    }

    private void checkCrossing() {
        timer = in(this::checkCrossing);
        if (crossed != link.forwarded() || !isAtRest()) {
            since = now();
            crossed = link.forwarded();
        } else if (hasPassed(terms.idleTimeout())) {
            events.idle();
        }
    }

    /** While a direction is paused it is for whoever has paused it to say when the connection goes. */
    private boolean isAtRest() {
        return link.pauses().all().isEmpty()
                && link.local().isEmpty()
                && link.inFlight().isEmpty()
                && !link.subscribe().isWaiting();
    }

    /** Looks no more. */
    void close() {
        if (timer != null) {
            timer.close();
            timer = null;
        }
    }

    private Lease in(Runnable check) {
        return link.eventLoop().schedule(link.scope(), CHECK, check);
    }

    private boolean hasPassed(Duration time) {
        return now() - since >= time.toNanos();
    }

    private long now() {
        return link.nanoTime().getAsLong();
    }
}
