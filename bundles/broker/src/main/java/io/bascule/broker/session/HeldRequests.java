/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.broker.session;

import io.bascule.broker.extension.Principal;
import io.bascule.mqtt.QoS;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What somebody asks of a session while it cannot be decided whether he may: it is neither done nor refused, and gone through in order when it
 * can be. A request is true when it is done, and false when it is to be tried again. Touched on the session's event loop alone.
 */
public final class HeldRequests {
    private static final Logger LOG = LoggerFactory.getLogger(HeldRequests.class);
    /** As many as there are Packet Identifiers. */
    private static final int MOST = 65_535;

    private static final long MOST_BYTES = 64L << 20;
    /** What nobody sends again, and nothing but this bounds, leaves room for what is acknowledged. */
    private static final long MOST_BYTES_OF_QOS_0 = 16L << 20;

    private final ClientSession session;
    private final Supplier<Principal> principal;
    private final Runnable relieved;
    private final Runnable wake;
    private Queue<Held> held; // null while there is nothing
    private long bytes;

    private record Held(BooleanSupplier request, int bytes) {}

    /**
     * None yet.
     *
     * @param principal who asks
     * @param relieved called when nothing is held any more
     */
    public HeldRequests(ClientSession session, Supplier<Principal> principal, Runnable relieved) {
        this.session = session;
        this.principal = principal;
        this.relieved = relieved;
        this.wake = () -> session.onEventLoopLater(this::goOn);
    }

    /** Whether there are any, so that what comes now has to be held as well. */
    public boolean isHolding() {
        return held != null;
    }

    /** Whether there are so many, or so large ones, that no more is to come. */
    public boolean isFull() {
        return isFull(MOST, MOST_BYTES);
    }

    /** Whether there is so much that no message of this QoS is to come. */
    public boolean isFull(QoS qos) {
        return qos == QoS.AT_MOST_ONCE ? isFull(MOST / 2, MOST_BYTES_OF_QOS_0) : isFull(MOST, MOST_BYTES);
    }

    private boolean isFull(int most, long mostBytes) {
        return isHolding() && (held.size() >= most || bytes >= mostBytes);
    }

    /**
     * Does it now, unless it is to be held.
     *
     * @param size of what it keeps in memory, in bytes
     */
    public void serve(BooleanSupplier request, int size) {
        if (isHolding() || !request.getAsBoolean()) {
            hold(request, size);
        }
    }

    /** Holds it, after those that are held already; of a client there is no more than it had sent when it was not read any more. */
    public void hold(BooleanSupplier request) {
        hold(request, 0);
    }

    private void hold(BooleanSupplier request, int size) {
        boolean first = held == null;
        if (first) {
            held = new ArrayDeque<>();
        }
        held.add(new Held(request, size));
        bytes += size;
        if (first) {
            session.waiting().await(principal.get(), wake);
        }
    }

    private void goOn() {
        while (held != null && !held.isEmpty()) {
            Held next = held.peek();
            if (!isDone(next.request())) {
                session.waiting().await(principal.get(), wake);
                return;
            }
            if (held != null) {
                held.poll();
                bytes -= next.bytes();
            }
        }
        if (held != null) {
            held = null;
            relieved.run();
        }
    }

    /** One that fails is done with: it would fail again, and stand in the way of all that came later. */
    private boolean isDone(BooleanSupplier request) {
        try {
            return request.getAsBoolean();
        } catch (RuntimeException e) {
            LOG.error("session {}: what was held has failed", session.clientId(), e);
            return true;
        }
    }

    /** Nobody wants them any more: each is called once more, to find that out. */
    public void end() {
        Queue<Held> left = held;
        held = null;
        bytes = 0;
        if (left != null) {
            session.waiting().forget(wake);
            left.forEach(each -> each.request().getAsBoolean());
        }
    }
}
