/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.resource;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * Everything that one component instance has acquired. Closing the scope releases it in reverse order, and {@link #live()} is then 0.
 *
 * <p>A component opens its scope first, acquires through it alone, and closes it when it is deactivated; an activation that fails half-way
 * closes the same scope, so that there is one way out. What ends by itself earlier is taken out through its {@link Lease}.
 *
 * <p>Safe for use by several threads. A release must not block for long: it runs on the thread that closes.
 */
public final class ResourceScope implements AutoCloseable {
    private final String owner;
    private final Deque<Held> held = new ArrayDeque<>();
    private final Map<ResourceKind, Integer> acquired = new EnumMap<>(ResourceKind.class);
    private final Map<ResourceKind, Integer> released = new EnumMap<>(ResourceKind.class);
    private final List<String> failures = new ArrayList<>();
    private boolean closed;

    /** A new, empty scope; the owner's name stands in what it reports, such as {@code bridge emqx}. */
    public ResourceScope(String owner) {
        this.owner = Objects.requireNonNull(owner, "owner");
    }

    /**
     * Takes charge of a resource and returns it.
     *
     * @throws IllegalStateException when the scope is closed; the resource has been closed by then
     */
    public <T extends AutoCloseable> T acquire(ResourceKind kind, T resource) {
        hold(kind, resource);
        return resource;
    }

    /**
     * Takes charge of what this action releases.
     *
     * @throws IllegalStateException when the scope is closed; the release has run by then
     */
    public Lease hold(ResourceKind kind, AutoCloseable release) {
        Held lease = new Held(kind, Objects.requireNonNull(release, "release"));
        synchronized (held) {
            if (!closed) {
                held.push(lease);
                acquired.merge(kind, 1, Integer::sum);
                return lease;
            }
        }
        lease.runRelease();
        throw new IllegalStateException(owner + " is closed, it acquires no " + kind.label());
    }

    /** How many things it holds now. */
    public int live() {
        synchronized (held) {
            return held.size();
        }
    }

    /** Whether {@link #close()} has been called. */
    public boolean isClosed() {
        synchronized (held) {
            return closed;
        }
    }

    /** What was acquired and released so far, by kind. */
    public ResourceLedger ledger() {
        synchronized (held) {
            return new ResourceLedger(owner, acquired, released, failures);
        }
    }

    /** Releases everything, the last acquired first. A release that throws is noted in the ledger and does not keep the others. */
    @Override
    public void close() {
        synchronized (held) {
            closed = true;
        }
        for (Held next = newest(); next != null; next = newest()) {
            next.close();
        }
    }

    private Held newest() {
        synchronized (held) {
            return held.peek();
        }
    }

    private final class Held implements Lease {
        private final ResourceKind kind;
        private final AutoCloseable release;

        Held(ResourceKind kind, AutoCloseable release) {
            this.kind = kind;
            this.release = release;
        }

        @Override
        public void close() {
            if (takeOut()) {
                runRelease();
            }
        }

        @Override
        public void ended() {
            takeOut();
        }

        private boolean takeOut() {
            synchronized (held) {
                boolean present = held.remove(this);
                if (present) {
                    released.merge(kind, 1, Integer::sum);
                }
                return present;
            }
        }

        private void runRelease() {
            try {
                release.close();
            } catch (Exception | LinkageError e) { // a class of a bundle that has just gone may be missing
                if (e instanceof InterruptedException) {
                    Thread.currentThread().interrupt();
                }
                synchronized (held) {
                    failures.add(kind.label() + ": " + e);
                }
            }
        }
    }
}
