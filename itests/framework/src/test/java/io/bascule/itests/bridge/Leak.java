/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.itests.bridge;

import io.bascule.api.Broker;
import io.bascule.api.Delivery;
import io.bascule.api.Session;
import io.bascule.api.SessionListener;
import io.bascule.api.SessionOptions;
import io.bascule.api.Subscription;
import io.bascule.mqtt.QoS;
import io.bascule.mqtt.TopicFilter;
import io.bascule.resource.Lease;
import io.bascule.resource.ResourceScope;
import io.bascule.transport.EventLoop;
import io.bascule.transport.Transport;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.PooledByteBufAllocator;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.channel.nio.NioIoHandler;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.lang.management.ManagementFactory;
import java.lang.reflect.Field;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.time.Duration;
import java.util.List;
import java.util.Timer;
import java.util.TimerTask;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import javax.management.MBeanServer;
import javax.management.ObjectName;
import org.osgi.framework.BundleContext;
import org.osgi.framework.ServiceRegistration;

/** What a bundle can take and forget to give back. */
enum Leak {
    NOTHING((services, forgotten) -> () -> {}),
    BUFFER(Leak::buffer),
    TASK(Leak::task),
    TIMER(Leak::timer),
    THREAD_LOCAL(Leak::threadLocal),
    SHUTDOWN_HOOK(Leak::shutdownHook),
    LISTENER(Leak::listener),
    SERVICE(Leak::service),
    MBEAN(Leak::mbean),
    THROWABLE(Leak::throwable),
    EVENT_LOOP_GROUP(Leak::eventLoopGroup),
    SOCKET(Leak::socket),
    HANDLER(Leak::handler);

    /** Where a class that is not the bundle's keeps the first of its throwables. */
    static final String CACHE = "io.bascule.itests.cached";

    private static final long HOUR_MILLIS = 3_600_000;
    private static final ThreadLocal<Idle> LOCAL = new ThreadLocal<>();

    private final Taking taking;

    Leak(Taking taking) {
        this.taking = taking;
    }

    private interface Taking {
        /** Takes it, and returns what gives it back. */
        AutoCloseable take(Services services, boolean forgotten) throws Exception;
    }

    private record Services(BundleContext context, Broker broker, Transport transport) {
        EventLoop eventLoop() {
            return transport.eventLoops().get(0);
        }

        /** Does it on the event loop. */
        <T> T onLoop(Callable<T> task) throws Exception {
            CompletableFuture<T> done = new CompletableFuture<>();
            eventLoop().execute(() -> {
                try {
                    done.complete(task.call());
                } catch (Exception e) {
                    done.completeExceptionally(e);
                }
            });
            return done.get(10, TimeUnit.SECONDS);
        }
    }

    /** Takes it, and returns what gives it back; what cannot be given back is taken only where it is to be forgotten. */
    AutoCloseable take(BundleContext context, boolean forgotten) throws Exception {
        Broker broker = context.getService(context.getServiceReference(Broker.class));
        Transport transport = context.getService(context.getServiceReference(Transport.class));
        return taking.take(new Services(context, broker, transport), forgotten);
    }

    /** From the transport's pool, which has no way out: a mistake in the transport itself. */
    private static AutoCloseable buffer(Services services, boolean forgotten) throws Exception {
        Field field = services.transport.getClass().getDeclaredField("allocator");
        field.setAccessible(true);
        PooledByteBufAllocator allocator = (PooledByteBufAllocator) field.get(services.transport);
        ByteBuf buffer = services.onLoop(() -> allocator.directBuffer(1000));
        return () -> services.onLoop(buffer::release);
    }

    private static AutoCloseable task(Services services, boolean forgotten) {
        Lease lease = services.eventLoop().schedule(new ResourceScope("leaky"), Duration.ofHours(1), new Idle());
        return lease::close;
    }

    private static AutoCloseable timer(Services services, boolean forgotten) {
        Timer timer = new Timer("leaky-1", true);
        timer.schedule(new Tick(), HOUR_MILLIS, HOUR_MILLIS);
        return timer::cancel;
    }

    private static AutoCloseable threadLocal(Services services, boolean forgotten) throws Exception {
        services.onLoop(() -> {
            LOCAL.set(new Idle());
            return null;
        });
        return () -> services.onLoop(() -> {
            LOCAL.remove();
            return null;
        });
    }

    private static AutoCloseable shutdownHook(Services services, boolean forgotten) {
        Thread hook = new Thread(new Idle(), "leaky hook");
        Runtime.getRuntime().addShutdownHook(hook);
        return () -> Runtime.getRuntime().removeShutdownHook(hook);
    }

    private static AutoCloseable listener(Services services, boolean forgotten) throws Exception {
        String clientId = "leaky-" + UUID.randomUUID();
        Session session = services.broker
                .open(SessionOptions.temporary(clientId), new Deaf())
                .toCompletableFuture()
                .get();
        session.subscribe(List.of(Subscription.of(TopicFilter.of(clientId + "/#"), QoS.AT_LEAST_ONCE)))
                .toCompletableFuture()
                .get();
        return session::end;
    }

    /** With the framework's own context: what is registered with the bundle's goes with the bundle. */
    private static AutoCloseable service(Services services, boolean forgotten) {
        BundleContext framework = services.context.getBundle(0).getBundleContext();
        ServiceRegistration<Runnable> registration = framework.registerService(Runnable.class, new Idle(), null);
        return registration::unregister;
    }

    private static AutoCloseable mbean(Services services, boolean forgotten) throws Exception {
        MBeanServer server = ManagementFactory.getPlatformMBeanServer();
        ObjectName name = new ObjectName("leaky:id=" + UUID.randomUUID());
        server.registerMBean(new Idle(), name);
        return () -> server.unregisterMBean(name);
    }

    private static AutoCloseable throwable(Services services, boolean forgotten) {
        System.getProperties().putIfAbsent(CACHE, new IllegalStateException("thrown here, kept elsewhere"));
        return () -> System.getProperties().remove(CACHE);
    }

    private static AutoCloseable eventLoopGroup(Services services, boolean forgotten) throws Exception {
        MultiThreadIoEventLoopGroup group = new MultiThreadIoEventLoopGroup(
                1, new DefaultThreadFactory("leaky-loop", true), NioIoHandler.newFactory());
        group.submit(() -> {}).get();
        return () -> group.shutdownGracefully(0, 1, TimeUnit.SECONDS).await();
    }

    private static AutoCloseable socket(Services services, boolean forgotten) throws Exception {
        ServerSocketChannel socket = ServerSocketChannel.open();
        socket.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
        return socket::close;
    }

    /** Netty looks the type parameter up by reflection, and the event loop's thread remembers the class for it. */
    private static AutoCloseable handler(Services services, boolean forgotten) throws Exception {
        services.onLoop(() -> forgotten ? new Silent() : new Silent(String.class));
        return () -> {};
    }

    /** Management interface of {@link Idle}. */
    public interface IdleMBean {}

    /** Does nothing, and keeps this class loader alive as long as somebody knows it. */
    public static final class Idle implements Runnable, IdleMBean {
        @Override
        public void run() {
            // Nothing.
        }
    }

    /** Does nothing, again and again: a timer without a task would end by itself. */
    static final class Tick extends TimerTask {
        @Override
        public void run() {
            // Nothing.
        }
    }

    /** Hears nothing. */
    static final class Deaf implements SessionListener {
        @Override
        public void message(Delivery delivery) {
            // Nobody publishes to it.
        }
    }

    /** Says nothing. */
    static final class Silent extends SimpleChannelInboundHandler<String> {
        Silent() {}

        Silent(Class<String> type) {
            super(type);
        }

        @Override
        protected void channelRead0(ChannelHandlerContext ctx, String message) {
            // It is in no pipeline.
        }
    }
}
