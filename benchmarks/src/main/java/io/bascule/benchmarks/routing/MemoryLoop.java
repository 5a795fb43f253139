/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.benchmarks.routing;

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
import java.util.List;
import java.util.Queue;
import java.util.concurrent.Executor;

/** The one event loop of a transport without a network: the thread that measures. No timer ever rings. */
final class MemoryLoop implements EventLoop, Transport {
    private final Queue<Runnable> tasks = new ArrayDeque<>();

    /** Does all that was put off. */
    void run() {
        for (Runnable next = tasks.poll(); next != null; next = tasks.poll()) {
            next.run();
        }
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
        return scope.hold(ResourceKind.TASK, () -> {});
    }

    @Override
    public AutoCloseable schedule(Duration delay, Runnable task) {
        return () -> {};
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
        return new TransportInfo("memory", 0, 0, Traffic.NONE);
    }
}
