/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.broker.session;

import io.bascule.broker.extension.Principal;
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

    private final ClientSession session;
    private final Supplier<Principal> principal;
    private final Runnable relieved;
    private final Runnable wake;
    private Queue<BooleanSupplier> held; // null while there is nothing

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

    /** Whether there are so many that no more is to come; of a client there is no more than it had sent when it was not read any more. */
    public boolean isFull() {
        return isHolding() && held.size() >= MOST;
    }

    /** Does it now, unless it is to be held. */
    public void serve(BooleanSupplier request) {
        if (isHolding() || !request.getAsBoolean()) {
            hold(request);
        }
    }

    /** Holds it, after those that are held already. */
    public void hold(BooleanSupplier request) {
        boolean first = held == null;
        if (first) {
            held = new ArrayDeque<>();
        }
        held.add(request);
        if (first) {
            session.waiting().await(principal.get(), wake);
        }
    }

    private void goOn() {
        while (held != null && !held.isEmpty()) {
            if (!isDone(held.peek())) {
                session.waiting().await(principal.get(), wake);
                return;
            }
            if (held != null) {
                held.poll();
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
        Queue<BooleanSupplier> left = held;
        held = null;
        if (left != null) {
            session.waiting().forget(wake);
            left.forEach(BooleanSupplier::getAsBoolean);
        }
    }
}
