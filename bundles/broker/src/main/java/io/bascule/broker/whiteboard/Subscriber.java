/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.broker.whiteboard;

import io.bascule.api.Broker;
import io.bascule.api.Delivery;
import io.bascule.api.Session;
import io.bascule.api.SessionListener;
import io.bascule.api.SessionOptions;
import io.bascule.api.Subscription;
import io.bascule.mqtt.ReasonCode;
import io.bascule.mqtt.TopicFilter;
import io.bascule.spi.MessageSubscriber;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One service that is subscribed: its session, and the calls of it. Safe for use by several threads. */
final class Subscriber implements SessionListener, AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Subscriber.class);

    /** How long a call that runs may go on when the service goes. */
    private static final Duration GRACE = Duration.ofSeconds(1);

    private final String name;
    private final String clientId;
    private final MessageSubscriber service;
    private final Broker broker;
    private final SerialExecutor executor;
    private Wanted wanted;
    private Session session;
    private int sessions;
    private Set<TopicFilter> subscribed = Set.of();
    private Thread calling;
    private boolean over;
    private long deadline;
    private boolean complained;

    /**
     * A service that is about to be subscribed.
     *
     * @param name for people
     * @param clientId of its session
     */
    Subscriber(String name, String clientId, MessageSubscriber service, Broker broker, Workers workers) {
        this.name = name;
        this.clientId = clientId;
        this.service = service;
        this.broker = broker;
        this.executor = new SerialExecutor(workers);
    }

    /** Opens its session and subscribes. */
    synchronized void open(Wanted what) {
        wanted = what;
        open();
    }

    private void open() {
        // A number of its own each time: with the same client id, whoever took the session over would be thrown out in
        // return.
        String id = sessions++ == 0 ? clientId : clientId + "." + sessions;
        broker.open(SessionOptions.temporary(id).on(executor), this).exceptionally(failure -> {
            LOG.warn("{} receives nothing: {}", name, failure.getMessage());
            return null;
        });
    }

    @Override
    public synchronized void opened(Session mine) {
        if (over) {
            mine.end();
        } else {
            session = mine;
            subscribed = Set.of();
            subscribe();
        }
    }

    /** Subscribes anew, to what it wants now; a filter that stays misses nothing. */
    synchronized void want(Wanted what) {
        if (!what.equals(wanted)) {
            wanted = what;
            if (session != null) {
                subscribe();
            }
        }
    }

    private void subscribe() {
        List<Subscription> subscriptions = wanted.subscriptions();
        List<TopicFilter> gone = subscribed.stream()
                .filter(filter -> !wanted.filters().contains(filter))
                .toList();
        subscribed = wanted.filters();
        session.subscribe(subscriptions).thenAccept(reasons -> answered(subscriptions, reasons));
        if (!gone.isEmpty()) {
            session.unsubscribe(gone);
        }
    }

    private void answered(List<Subscription> subscriptions, List<ReasonCode> reasons) {
        for (int i = 0; i < reasons.size(); i++) {
            TopicFilter filter = subscriptions.get(i).filter();
            if (reasons.get(i).isFailure()) {
                LOG.warn("{} is not subscribed to {}: {}", name, filter, reasons.get(i));
            } else {
                LOG.info("{} is subscribed to {}", name, filter);
            }
        }
    }

    // ---------------------------------------------------------------- calls

    @Override
    public void message(Delivery delivery) {
        if (!begin()) {
            return;
        }
        try {
            service.message(delivery.message());
        } catch (Throwable failure) { // whatever the code of another bundle comes to, its messages go on
            failed(failure);
        } finally {
            finish();
        }
        acknowledge(delivery);
    }

    private synchronized boolean begin() {
        if (!over) {
            calling = Thread.currentThread();
        }
        return !over;
    }

    private synchronized void finish() {
        calling = null;
        notifyAll();
    }

    /** Once with all there is to find it, since it may fail for every message. */
    private void failed(Throwable failure) {
        if (complained) {
            LOG.debug("{} has failed: {}", name, failure.toString());
        } else {
            complained = true;
            LOG.error("{} has failed; said once, further failures at debug", name, failure);
        }
    }

    private void acknowledge(Delivery delivery) {
        switch (delivery.qos()) {
            case AT_MOST_ONCE -> {}
            case AT_LEAST_ONCE -> current().puback(delivery.packetId(), ReasonCode.SUCCESS);
            case EXACTLY_ONCE -> current().pubrec(delivery.packetId(), ReasonCode.SUCCESS);
        }
    }

    @Override
    public void pubrel(int packetId) {
        current().pubcomp(packetId);
    }

    /** The session that calls: it is changed only on the executor that the calls are made on. */
    private synchronized Session current() {
        return session;
    }

    /** Somebody has ended or taken over the session. The service is still there, so it gets another one. */
    @Override
    public synchronized void closed(ReasonCode reason) {
        if (!over && reason != ReasonCode.SERVER_SHUTTING_DOWN) {
            LOG.warn("{}: its session was closed ({}), it gets another one", name, reason);
            session = null;
            open();
        }
    }

    // ---------------------------------------------------------------- the end

    /** Ends the session; no call begins any more. */
    void stop() {
        synchronized (this) {
            if (over) {
                return;
            }
            over = true;
            deadline = System.nanoTime() + GRACE.toNanos();
            if (session != null) {
                session.end();
            }
        }
        executor.close();
    }

    /** The same, and sees to the call that runs: it is waited for until 1 s after the end of the session, and then interrupted. */
    @Override
    public void close() {
        stop();
        boolean interrupted = false;
        synchronized (this) {
            while (isCalled() && deadline - System.nanoTime() > 0 && !interrupted) {
                try {
                    wait((deadline - System.nanoTime()) / 1_000_000 + 1);
                } catch (InterruptedException e) {
                    interrupted = true;
                }
            }
            if (isCalled()) {
                LOG.warn("{} has gone while it is called, and the call does not return: it is interrupted", name);
                calling.interrupt(); // under the lock, so that it meets this call and no other task of the thread
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    /** Not when it is the call itself that ends it. */
    private boolean isCalled() {
        return calling != null && calling != Thread.currentThread();
    }
}
