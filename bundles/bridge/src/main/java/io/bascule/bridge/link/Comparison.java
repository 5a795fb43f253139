/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.bridge.link;

import io.bascule.api.QueueInfo;
import io.bascule.api.Session;
import io.bascule.bridge.retained.Digest;
import io.bascule.bridge.retained.Remembered;
import io.bascule.bridge.retained.Values;
import io.bascule.bridge.route.Retain;
import io.bascule.bridge.route.Route;
import io.bascule.mqtt.Message;
import io.bascule.mqtt.Topic;
import io.bascule.mqtt.TopicFilter;
import io.bascule.resource.Lease;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Finds, once a connection, what is retained here and not there, and what is there of it and not retained here any more, and has the local session be
 * sent both: so they wait, and are acknowledged, as what is published now.
 *
 * <p>It begins when all that waited before the connection has been sent: what the remote broker has follows from the last of that.
 */
final class Comparison {
    private static final Logger LOG = LoggerFactory.getLogger(Link.class);

    private static final Duration SOON = Duration.ofMillis(20);
    /** For what may take hours, such as a backlog. */
    private static final Duration LATER = Duration.ofMillis(200);

    /** What is to cross waits here rather than in the queue, where it would take the room of what is new. */
    private static final int MOST_WAITING = 64;

    private static final long MOST_BYTES = 1 << 20;
    /** After so many it is the turn of the others on the event loop. */
    private static final int TURN = 500;
    /** A timer, since what is handed to an event loop may go on for a second before anything is read there. */
    private static final Duration NEXT_TURN = Duration.ofMillis(1);
    /** So many are compared before it is the turn of the others on their thread. */
    private static final int STEP = 2_000;

    private final Lasting link;
    private final int server;
    private final Limits limits;
    private final BooleanSupplier mayGoOn;
    private final Function<Message, Digest> digests;
    private final Remembered remembered;
    private final int mostWaiting;
    private Session session;
    private long begunNanos;
    private Lease timer;
    private volatile boolean over;

    private Queue<Due> due = new ArrayDeque<>();
    private int retained;
    private int sent;
    private int deleted;
    private int left;

    /** A topic that the remote broker is to be told of. */
    private record Due(Route route, TopicFilter filter, Topic topic) {}

    Comparison(Lasting link, int server, Limits limits, BooleanSupplier mayGoOn, Function<Message, Digest> digests) {
        this.link = link;
        this.server = server;
        this.limits = limits;
        this.mayGoOn = mayGoOn;
        this.digests = digests;
        this.remembered = link.remembered().orElseThrow();
        this.mostWaiting =
                Math.max(1, Math.min(MOST_WAITING, link.local().limits().messages() / 2));
    }

    /** Begins as soon as it may. */
    void begin(Session attached) {
        session = attached;
        begunNanos = link.nanoTime().getAsLong();
        await();
    }

    private void await() {
        if (mayGoOn.getAsBoolean() && isAllFromNow(session.queue())) {
            look();
        } else {
            in(LATER, this::await);
        }
    }

    private boolean isAllFromNow(QueueInfo queue) {
        Duration since = Duration.ofNanos(link.nanoTime().getAsLong() - begunNanos);
        return queue.queued() == 0
                || queue.oldest().filter(age -> age.compareTo(since) < 0).isPresent();
    }

    private void in(Duration time, Runnable task) {
        timer = link.eventLoop().schedule(link.scope(), time, task);
    }

    /** Goes through all that is retained, which may take a moment. */
    private void look() {
        Search search = new Search();
        link.forward().routes().stream()
                .filter(route -> route.retain() == Retain.DIFF)
                .forEach(search::add);
        goOn(search);
    }

    /** One step after the other: all bridges have one thread for this, on which others wait for the disk. */
    private void goOn(Search search) {
        try {
            link.transport().files().execute(() -> {
                if (over) {
                    return;
                }
                if (search.isOver()) {
                    link.local().onLoop(() -> found(search));
                } else {
                    search.step();
                    goOn(search);
                }
            });
        } catch (RejectedExecutionException e) {
            LOG.debug("bridge {}: the transport is going, and nothing is compared", link.name());
        }
    }

    /** What there is to do, and how many messages were looked at for that. */
    private final class Search {
        private final Deque<Runnable> steps = new ArrayDeque<>();
        private final Queue<Due> found = new ArrayDeque<>();
        private int retained;

        void add(Route route) {
            Set<String> here = new HashSet<>();
            for (TopicFilter filter : route.filters()) {
                steps.add(() -> list(route, filter, here));
            }
            steps.add(() -> findMissing(route, here));
        }

        boolean isOver() {
            return steps.isEmpty();
        }

        void step() {
            steps.remove().run();
        }

        private void list(Route route, TopicFilter filter, Set<String> here) {
            List<Message> all = link.local().retained(filter);
            retained += all.size();
            for (int end = all.size(); end > 0; end -= STEP) {
                List<Message> some = all.subList(Math.max(0, end - STEP), end);
                steps.addFirst(() -> some.forEach(message -> compare(route, filter, message, here)));
            }
        }

        private void compare(Route route, TopicFilter filter, Message message, Set<String> here) {
            Values values = values(route);
            String name = message.topic().name();
            here.add(name);
            boolean isThere = values.hasAny(name) && values.has(name, digests.apply(message));
            if (!isThere && route.map(message.topic()).isPresent()) {
                found.add(new Due(route, filter, message.topic()));
            }
        }

        private void findMissing(Route route, Set<String> here) {
            for (String name : values(route).topics()) {
                if (!here.contains(name)) {
                    Topic topic = Topic.of(name);
                    route.filters().stream()
                            .filter(filter -> filter.matches(topic))
                            .forEach(filter -> found.add(new Due(route, filter, topic)));
                }
            }
        }
    }

    private Values values(Route route) {
        return remembered.at(server, route);
    }

    private void found(Search search) {
        if (!over) {
            due = search.found;
            retained = search.retained;
            feed();
        }
    }

    private void feed() {
        int turn = 0;
        while (!over && !due.isEmpty() && hasRoom(session.queue())) {
            if (turn++ == TURN) {
                in(NEXT_TURN, this::feed);
                return;
            }
            tell(due.remove());
        }
        if (!over && due.isEmpty()) {
            done();
        } else if (!over) {
            in(turn > 0 ? SOON : LATER, this::feed);
        }
    }

    private boolean hasRoom(QueueInfo queue) {
        return queue.queued() < mostWaiting && queue.queuedBytes() < MOST_BYTES;
    }

    /** Much may have crossed since it was found: what holds is what is so now. */
    private void tell(Due each) {
        Values values = values(each.route());
        String name = each.topic().name();
        Optional<Message> now = link.local().retained(each.topic());
        if (now.isPresent()) {
            if (mayCross(each.route(), now.get()) && !values.has(name, digests.apply(now.get()))) {
                sent++;
                session.sendRetained(each.filter(), each.topic());
            }
        } else if (values.hasAny(name) && values.mayBeLostHere()) {
            left++;
            values.forget(name);
        } else if (values.hasAny(name)) {
            deleted++;
            session.sendRetained(each.filter(), each.topic());
        }
    }

    /** What will not cross, and has been given up once, is not to be given up at each connection. */
    private boolean mayCross(Route route, Message message) {
        return message.payload().length <= route.maximumPayload()
                && route.map(message.topic())
                        .filter(link.definition().topicLimits()::allow)
                        .isPresent()
                && limits.loops().out(message).isPresent();
    }

    private void done() {
        link.forward().routes().stream()
                .filter(route -> route.retain() == Retain.DIFF)
                .forEach(route -> values(route).compared(link.local().brokerId()));
        LOG.info(
                "bridge {}: of {} retained messages {} cross, since the remote broker has the others; {} are deleted there{}",
                link.name(),
                retained,
                sent,
                deleted,
                left == 0 ? "" : ", and " + left + " are left there that a restart of this broker has lost here");
    }

    void close() {
        over = true;
        if (timer != null) {
            timer.close();
        }
    }
}
