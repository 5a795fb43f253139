/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.broker.whiteboard;

import io.bascule.api.Broker;
import io.bascule.resource.Lease;
import io.bascule.resource.ResourceKind;
import io.bascule.resource.ResourceScope;
import io.bascule.spi.MessageSubscriber;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.osgi.framework.Bundle;
import org.osgi.framework.Constants;
import org.osgi.framework.ServiceReference;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Subscribes every {@link MessageSubscriber} service for as long as it is registered, each with a temporary session of its own. They share
 * threads, which come with the first message and go with the last service. Called by the framework's threads, several at a time.
 */
@Component(
        immediate = true,
        service = {})
public final class Whiteboard {
    private static final Logger LOG = LoggerFactory.getLogger(Whiteboard.class);

    /** So many services may block at a time before others wait for them. */
    private static final int MOST_THREADS = 64;

    private static final Duration IDLE = Duration.ofSeconds(10);

    private final Broker broker;
    private final ResourceScope scope = new ResourceScope("whiteboard");
    private final Map<ServiceReference<MessageSubscriber>, Held> subscribers = new HashMap<>();
    private Workers workers;
    private Lease workersLease;
    private int users;

    private record Held(Subscriber subscriber, Lease lease) {}

    /** Nobody is subscribed yet. */
    @Activate
    public Whiteboard(@Reference Broker broker) {
        this.broker = broker;
    }

    @Reference(cardinality = ReferenceCardinality.MULTIPLE, policy = ReferencePolicy.DYNAMIC)
    public void addSubscriber(ServiceReference<MessageSubscriber> reference, MessageSubscriber service) {
        wanted(reference).ifPresent(wanted -> subscribe(reference, service, wanted));
    }

    /** Its properties were modified. */
    public void updatedSubscriber(ServiceReference<MessageSubscriber> reference, MessageSubscriber service) {
        Optional<Wanted> wanted = wanted(reference);
        Optional<Subscriber> there = find(reference);
        if (wanted.isEmpty()) {
            removeSubscriber(reference);
        } else if (there.isPresent()) {
            there.get().want(wanted.get());
        } else {
            subscribe(reference, service, wanted.get());
        }
    }

    public void removeSubscriber(ServiceReference<MessageSubscriber> reference) {
        Held gone;
        synchronized (this) {
            gone = subscribers.remove(reference);
        }
        if (gone != null) {
            gone.lease().close(); // outside the lock: it may take a moment
            release();
        }
    }

    /** Ends all sessions. */
    @Deactivate
    public void close() {
        List<Held> all;
        synchronized (this) {
            all = List.copyOf(subscribers.values());
        }
        all.forEach(each -> each.subscriber().stop()); // so that all calls that still run end at the same time
        scope.close();
        LOG.info("whiteboard closed: {}", scope.ledger());
    }

    private static Optional<Wanted> wanted(ServiceReference<MessageSubscriber> reference) {
        try {
            return Optional.of(Wanted.of(reference));
        } catch (IllegalArgumentException e) {
            LOG.warn("{} receives nothing: {}", name(reference), e.getMessage());
            return Optional.empty();
        }
    }

    private synchronized Optional<Subscriber> find(ServiceReference<MessageSubscriber> reference) {
        return Optional.ofNullable(subscribers.get(reference)).map(Held::subscriber);
    }

    private synchronized void subscribe(
            ServiceReference<MessageSubscriber> reference, MessageSubscriber service, Wanted wanted) {
        if (users++ == 0) {
            workers = new Workers("bascule-subscriber", MOST_THREADS, IDLE);
            workersLease = scope.hold(ResourceKind.THREAD_POOL, workers);
        }
        Subscriber subscriber = new Subscriber(name(reference), clientId(reference), service, broker, workers);
        Lease lease = scope.hold(ResourceKind.SESSION, subscriber);
        subscribers.put(reference, new Held(subscriber, lease));
        subscriber.open(wanted);
    }

    private synchronized void release() {
        if (--users == 0) {
            workersLease.close();
        }
    }

    private static String name(ServiceReference<?> reference) {
        return "MessageSubscriber " + reference.getProperty(Constants.SERVICE_ID) + " of bundle " + bundle(reference);
    }

    private static String clientId(ServiceReference<?> reference) {
        return "subscriber:" + bundle(reference) + ":" + reference.getProperty(Constants.SERVICE_ID);
    }

    private static String bundle(ServiceReference<?> reference) {
        Bundle bundle = reference.getBundle();
        return bundle == null ? "(gone)" : String.valueOf(bundle.getSymbolicName());
    }
}
