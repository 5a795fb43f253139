/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.transport.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import io.netty.channel.Channel;
import io.netty.channel.IoEvent;
import io.netty.channel.IoHandle;
import io.netty.channel.IoHandler;
import io.netty.channel.IoHandlerContext;
import io.netty.channel.IoOps;
import io.netty.channel.IoRegistration;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollIoEvent;
import io.netty.channel.epoll.EpollIoHandle;
import io.netty.channel.epoll.EpollIoOps;
import io.netty.channel.unix.FileDescriptor;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Who is served when, with a script in place of the kernel. */
class EstablishedFirstTest {
    private final Kernel kernel = new Kernel();
    private final List<String> served = new ArrayList<>();
    private IoHandler handler;

    @BeforeEach
    void needsEpoll() {
        assumeThat(Epoll.isAvailable()).isTrue();
        handler = EstablishedFirst.over(executor -> kernel).newHandler(null);
    }

    @Test
    void servesThoseThatAreThereBeforeThoseThatComeAndGo() throws Exception {
        Socket there = established("there");
        Socket leaves = established("leaves");
        Socket comes = socket("comes");
        turn(Map.of(leaves, EpollIoOps.EPOLLIN.with(EpollIoOps.EPOLLRDHUP), comes, EpollIoOps.EPOLLIN));
        turnsUntilServed(2);
        assertThat(served).containsExactlyInAnyOrder("leaves", "comes"); // nobody else is there to wait
        served.clear();

        Map<Socket, EpollIoOps> ready = new LinkedHashMap<>();
        ready.put(leaves, EpollIoOps.EPOLLIN.with(EpollIoOps.EPOLLERR));
        ready.put(comes, EpollIoOps.EPOLLIN);
        ready.put(there, EpollIoOps.EPOLLIN);
        turn(ready);
        assertThat(served).containsExactly("there");
        turnsUntilServed(3);
        assertThat(served).containsExactly("there", "leaves", "comes");
    }

    /** A turn has a millisecond for them, of which a machine that does other things may leave room for one. */
    private void turnsUntilServed(int count) throws Exception {
        for (int turns = 0; turns < count && served.size() < count; turns++) {
            turn(Map.of());
        }
    }

    @Test
    void spendsABoundedShareOfATurnOnThem() throws Exception {
        Socket there = established("there");
        Map<Socket, EpollIoOps> ready = new LinkedHashMap<>();
        for (int i = 0; i < 100; i++) {
            Socket leaves = established("leaves");
            leaves.busyNanos = 100_000;
            ready.put(leaves, EpollIoOps.EPOLLERR);
        }
        ready.put(there, EpollIoOps.EPOLLIN);
        turn(ready);
        int left = 100;
        while (left > 0) {
            served.clear();
            turn(Map.of(there, EpollIoOps.EPOLLIN));
            assertThat(served).hasSizeBetween(2, 11).endsWith("there");
            left -= served.size() - 1;
            assertThat(kernel.mayBlock).isEqualTo(left == 0);
        }
    }

    @Test
    void servesEachWithWhatIsReadyThenAndNoneThatHasGone() throws Exception {
        Socket there = established("there");
        Socket leaves = established("leaves");
        Socket gone = established("gone");
        turn(Map.of(there, EpollIoOps.EPOLLIN, leaves, EpollIoOps.EPOLLRDHUP, gone, EpollIoOps.EPOLLERR));
        gone.valid = false;
        turnsUntilServed(2);
        turn(Map.of());
        turn(Map.of());
        assertThat(served).containsExactly("there", "leaves");
        assertThat(kernel.mayBlock).isTrue();
    }

    @Test
    void outlivesAChannelThatThrows() throws Exception {
        Socket broken = socket("broken");
        broken.fails = true;
        turn(Map.of(broken, EpollIoOps.EPOLLIN));
        Socket comes = socket("comes");
        turn(Map.of(comes, EpollIoOps.EPOLLIN));
        assertThat(served).containsExactly("broken", "comes");
    }

    /** A handshake takes several turns, and is over only when the client has said what it wants. */
    @Test
    void doesNotCountHandshakes() throws Exception {
        Socket there = established("there");
        EmbeddedChannel channel = new EmbeddedChannel();
        HandshakeSteps steps = new HandshakeSteps(channel, Runnable::run);
        Socket shakes = new Socket("shakes");
        handler.register(ofChannel(shakes, channel));
        shakes.registered = kernel.registered;
        for (int i = 0; i < 10; i++) {
            turn(Map.of(shakes, EpollIoOps.EPOLLIN));
        }
        served.clear();
        turn(ordered(shakes, there));
        assertThat(served).containsExactly("there");

        steps.over();
        for (int i = 0; i < 3; i++) {
            turn(Map.of(shakes, EpollIoOps.EPOLLIN));
        }
        served.clear();
        turn(ordered(shakes, there));
        assertThat(served).containsExactly("shakes", "there");
        assertThat(channel.finish()).isFalse();
    }

    private static Map<Socket, EpollIoOps> ordered(Socket first, Socket second) {
        Map<Socket, EpollIoOps> ready = new LinkedHashMap<>();
        ready.put(first, EpollIoOps.EPOLLIN);
        ready.put(second, EpollIoOps.EPOLLIN);
        return ready;
    }

    /** The socket as Netty's channels are: what epoll knows of one belongs to it. */
    private static EpollIoHandle ofChannel(Socket socket, Channel channel) {
        return (EpollIoHandle) Proxy.newProxyInstance(
                Socket.class.getClassLoader(),
                new Class<?>[] {EpollIoHandle.class, Channel.Unsafe.class},
                (proxy, method, arguments) -> method.getName().equals("voidPromise")
                        ? channel.voidPromise()
                        : method.invoke(socket, arguments));
    }

    private Socket socket(String name) throws Exception {
        Socket socket = new Socket(name);
        handler.register(socket);
        socket.registered = kernel.registered;
        return socket;
    }

    private Socket established(String name) throws Exception {
        Socket socket = socket(name);
        for (int i = 0; i < 10; i++) {
            turn(Map.of(socket, EpollIoOps.EPOLLIN));
        }
        assertThat(served).hasSize(10);
        served.clear();
        return socket;
    }

    private void turn(Map<Socket, EpollIoOps> ready) {
        kernel.ready = ready;
        handler.run(kernel);
    }

    private final class Socket implements EpollIoHandle, IoRegistration {
        private final String name;
        private IoHandle registered;
        private boolean valid = true;
        private boolean fails;
        private long busyNanos;

        Socket(String name) {
            this.name = name;
        }

        @Override
        public void handle(IoRegistration registration, IoEvent event) {
            served.add(name);
            long begin = System.nanoTime();
            while (System.nanoTime() - begin < busyNanos) {
                Thread.onSpinWait();
            }
            if (fails) {
                throw new IllegalStateException("seeded");
            }
        }

        @Override
        public FileDescriptor fd() {
            throw new UnsupportedOperationException("there is none");
        }

        @Override
        public void close() {
            valid = false;
        }

        @Override
        public <T> T attachment() {
            throw new UnsupportedOperationException("there is none");
        }

        @Override
        public long submit(IoOps ops) {
            return 0;
        }

        @Override
        public boolean isValid() {
            return valid;
        }

        @Override
        public boolean cancel() {
            valid = false;
            return true;
        }
    }

    /** Reports what the test says. */
    private static final class Kernel implements IoHandler, IoHandlerContext {
        private Map<Socket, EpollIoOps> ready = Map.of();
        private IoHandle registered;
        private boolean mayBlock;

        @Override
        public int run(IoHandlerContext context) {
            mayBlock = context.canBlock();
            ready.forEach((socket, ops) -> socket.registered.handle(socket, (EpollIoEvent) () -> ops));
            return ready.size();
        }

        @Override
        public IoRegistration register(IoHandle handle) {
            registered = handle;
            return null;
        }

        @Override
        public void wakeup() {}

        @Override
        public boolean isCompatible(Class<? extends IoHandle> handleType) {
            return true;
        }

        @Override
        public boolean canBlock() {
            return true;
        }

        @Override
        public long delayNanos(long currentTimeNanos) {
            return 0;
        }

        @Override
        public long deadlineNanos() {
            return -1;
        }
    }
}
