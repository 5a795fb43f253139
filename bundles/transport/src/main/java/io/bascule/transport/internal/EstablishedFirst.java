/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.transport.internal;

import io.netty.channel.Channel;
import io.netty.channel.IoEvent;
import io.netty.channel.IoHandle;
import io.netty.channel.IoHandler;
import io.netty.channel.IoHandlerContext;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.IoRegistration;
import io.netty.channel.ServerChannel;
import io.netty.channel.epoll.EpollIoEvent;
import io.netty.channel.epoll.EpollIoHandle;
import io.netty.channel.epoll.EpollIoOps;
import io.netty.channel.unix.FileDescriptor;
import java.util.ArrayDeque;
import java.util.Deque;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Serves the clients that are there before those that come or go: when ten thousand drop and return at once, the others' messages do not
 * stand in line behind them. The kernel reports ready sockets in the order in which they became so, hence all of them are fetched in each
 * turn, and accepting, what a new connection sends first, and connections that end get a bounded share of the turn.
 */
final class EstablishedFirst implements IoHandler {
    private static final Logger LOG = LoggerFactory.getLogger(EstablishedFirst.class);
    /** What a turn spends on those that come and go while others wait. Fetching the ones left over again costs about as much for thousands. */
    private static final long SHARE_NANOS = 1_000_000;
    /** How often a new connection must have been ready before it counts as established: a CONNECT and what the client sets up then. A TLS handshake comes before these. */
    private static final int SETTLING_EVENTS = 2;

    private final IoHandler sockets;
    private final Deque<Handle> waiting = new ArrayDeque<>();
    private final Context context = new Context();
    private boolean establishedServed;

    private EstablishedFirst(IoHandler sockets) {
        this.sockets = sockets;
    }

    /** Over handlers of epoll. */
    static IoHandlerFactory over(IoHandlerFactory sockets) {
        return executor -> new EstablishedFirst(sockets.newHandler(executor));
    }

    @Override
    public int run(IoHandlerContext netty) {
        int handled = serveWaiting(); // first, since what the others sent in the turn before has left by now
        establishedServed = false;
        context.netty = netty;
        handled += sockets.run(context);
        if (!establishedServed) {
            handled += serveWaiting();
        }
        return handled;
    }

    private int serveWaiting() {
        if (waiting.isEmpty()) {
            return 0;
        }
        int served = 0;
        long begin = System.nanoTime();
        do {
            waiting.remove().serve();
            served++;
        } while (!waiting.isEmpty() && System.nanoTime() - begin < SHARE_NANOS);
        return served;
    }

    @Override
    public IoRegistration register(IoHandle handle) throws Exception {
        return sockets.register(new Handle((EpollIoHandle) handle));
    }

    @Override
    public boolean isCompatible(Class<? extends IoHandle> handleType) {
        return sockets.isCompatible(handleType);
    }

    @Override
    public void initialize() {
        sockets.initialize();
    }

    @Override
    public void wakeup() {
        sockets.wakeup();
    }

    @Override
    public void prepareToDestroy() {
        sockets.prepareToDestroy();
    }

    @Override
    public void destroy() {
        sockets.destroy();
    }

    /** A channel as epoll knows it. */
    @SuppressWarnings("try") // close() throws what Netty declares
    private final class Handle implements EpollIoHandle {
        private final EpollIoHandle channel;
        private final boolean accepts;
        private int settling = SETTLING_EVENTS;
        private boolean waits;
        private IoRegistration registration;
        private IoEvent event;

        Handle(EpollIoHandle channel) {
            this.channel = channel;
            this.accepts = channel instanceof Channel.Unsafe unsafe
                    && unsafe.voidPromise().channel() instanceof ServerChannel;
        }

        @Override
        public void handle(IoRegistration registration, IoEvent event) {
            if (waits) {
                this.event = event; // epoll is level-triggered: what it says now holds all that it said before
            } else if (settling > 0 || ends(event)) {
                waits = true;
                this.registration = registration;
                this.event = event;
                enqueue(accepts);
            } else {
                establishedServed = true;
                channel.handle(registration, event);
            }
        }

        /** Accepting comes first: a client that finds the kernel's queue full tries again after a second, and then after ever longer. */
        private void enqueue(boolean first) {
            if (first) {
                waiting.addFirst(this);
            } else {
                waiting.addLast(this);
            }
        }

        private boolean ends(IoEvent event) {
            EpollIoOps ops = ((EpollIoEvent) event).ops();
            return ops.contains(EpollIoOps.EPOLLERR) || ops.contains(EpollIoOps.EPOLLRDHUP);
        }

        private boolean isInHandshake() {
            return channel instanceof Channel.Unsafe unsafe
                    && HandshakeSteps.underWay(unsafe.voidPromise().channel());
        }

        void serve() {
            waits = false;
            if (settling > 0 && !accepts && !isInHandshake()) {
                settling--;
            }
            if (registration.isValid()) {
                try {
                    channel.handle(registration, event);
                } catch (RuntimeException e) {
                    LOG.error("unexpected failure of a channel", e);
                }
            }
        }

        @Override
        public FileDescriptor fd() {
            return channel.fd();
        }

        @Override
        public void registered() {
            channel.registered();
        }

        @Override
        public void unregistered() {
            channel.unregistered();
        }

        @Override
        public void close() throws Exception {
            channel.close();
        }
    }

    /** Netty's, but for one thing: nobody blocks while somebody waits. */
    private final class Context implements IoHandlerContext {
        private IoHandlerContext netty;

        @Override
        public boolean canBlock() {
            return waiting.isEmpty() && netty.canBlock();
        }

        @Override
        public long delayNanos(long currentTimeNanos) {
            return netty.delayNanos(currentTimeNanos);
        }

        @Override
        public long deadlineNanos() {
            return netty.deadlineNanos();
        }

        @Override
        public void reportActiveIoTime(long activeNanos) {
            netty.reportActiveIoTime(activeNanos);
        }

        @Override
        public boolean shouldReportActiveIoTime() {
            return netty.shouldReportActiveIoTime();
        }
    }
}
