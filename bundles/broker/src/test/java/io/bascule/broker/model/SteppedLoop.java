/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.broker.model;

import io.bascule.resource.Lease;
import io.bascule.resource.ResourceKind;
import io.bascule.resource.ResourceScope;
import io.bascule.transport.ConnectionHandler;
import io.bascule.transport.EventLoop;
import io.bascule.transport.Remote;
import io.bascule.transport.RemoteTls;
import io.bascule.transport.TlsOptions;
import io.bascule.transport.Traffic;
import io.bascule.transport.Transport;
import io.bascule.transport.TransportInfo;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;
import java.util.Queue;
import java.util.concurrent.Executor;

/** The one event loop of a transport without a network: it is the test's thread, and time passes for it when the test says so. */
public final class SteppedLoop implements EventLoop, Transport {
    private final Queue<Runnable> tasks = new ArrayDeque<>();
    private final PriorityQueue<Timer> timers =
            new PriorityQueue<>(Comparator.comparing(Timer::due).thenComparing(Timer::number));
    private Duration now = Duration.ZERO;
    private long scheduled;

    private record Timer(Duration due, long number, Runnable task) {}

    /** Does all that is to be done now. */
    public void run() {
        for (Runnable next = next(); next != null; next = next()) {
            next.run();
        }
    }

    private Runnable next() {
        if (tasks.isEmpty() && !timers.isEmpty() && timers.peek().due().compareTo(now) <= 0) {
            return timers.poll().task();
        }
        return tasks.poll();
    }

    void pass(Duration time) {
        now = now.plus(time);
    }

    @Override
    public boolean inEventLoop() {
        return true;
    }

    @Override
    public void execute(Runnable task) {
        tasks.add(task);
    }

    @Override
    public Lease schedule(ResourceScope scope, Duration delay, Runnable task) {
        AutoCloseable[] timer = new AutoCloseable[1];
        Lease lease = scope.hold(ResourceKind.TASK, () -> timer[0].close());
        timer[0] = schedule(delay, () -> {
            lease.ended();
            task.run();
        });
        return lease;
    }

    @Override
    public AutoCloseable schedule(Duration delay, Runnable task) {
        Timer timer = new Timer(now.plus(delay), scheduled++, task);
        timers.add(timer);
        return () -> timers.remove(timer);
    }

    @Override
    public List<EventLoop> eventLoops() {
        return List.of(this);
    }

    @Override
    public EventLoop nextEventLoop() {
        return this;
    }

    @Override
    public Lease connect(Remote remote, EventLoop eventLoop, ResourceScope scope, ConnectionHandler handler) {
        throw new UnsupportedOperationException("there is no network");
    }

    @Override
    public RemoteTls tls(TlsOptions options, String owner, EventLoop eventLoop, ResourceScope scope, Runnable changed) {
        throw new UnsupportedOperationException("there is no network");
    }

    @Override
    public Executor files() {
        throw new UnsupportedOperationException();
    }

    @Override
    public TransportInfo info() {
        return new TransportInfo("stepped", 0, 0, Traffic.NONE);
    }
}
