/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.bridge.link;

import io.bascule.api.Bridge.Direction;
import io.bascule.api.BridgePacket;
import io.bascule.api.BridgeStatus;
import io.bascule.api.Broker;
import io.bascule.api.PacketTrace;
import io.bascule.bridge.config.BridgeDefinition;
import io.bascule.bridge.config.Server;
import io.bascule.bridge.retained.Remembered;
import io.bascule.bridge.route.RouteTable;
import io.bascule.resource.ResourceScope;
import io.bascule.transport.EventLoop;
import io.bascule.transport.Transport;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps a local session and a remote one joined, as far as others do not ask it to rest.
 *
 * <p>Everything happens on one event loop, which both sessions use. Every method may be called from any thread.
 */
public final class Link {
    private static final Logger LOG = LoggerFactory.getLogger(Link.class);

    private final Lasting lasting;
    private final LinkStatus status;
    private final Course course;
    private final Control control;

    /**
     * A link that does nothing until it is started; what it acquires is the scope's.
     *
     * @param keep writes down, in the background, what is known of the remote sessions
     * @param remembered what is known of retained messages there; empty where no route needs it
     */
    public Link(
            BridgeDefinition definition,
            KnownSessions known,
            Supplier<CompletionStage<Void>> keep,
            BrokerIds brokerIds,
            Transport transport,
            Broker broker,
            CredentialSource credentials,
            Interception interception,
            Optional<Budget> budget,
            Optional<Remembered> remembered,
            ResourceScope scope) {
        this(
                definition,
                known,
                keep,
                brokerIds,
                transport,
                broker,
                credentials,
                interception,
                budget,
                remembered,
                scope,
                System::nanoTime);
    }

    Link(
            BridgeDefinition definition,
            KnownSessions known,
            Supplier<CompletionStage<Void>> keep,
            BrokerIds brokerIds,
            Transport transport,
            Broker broker,
            CredentialSource credentials,
            Interception interception,
            Optional<Budget> budget,
            Optional<Remembered> remembered,
            ResourceScope scope,
            LongSupplier nanoTime) {
        EventLoop eventLoop = transport.nextEventLoop();
        RemoteBrokers remotes = new RemoteBrokers(definition, known, keep);
        LocalSide local = new LocalSide(definition, broker, scope, eventLoop, this::localSessionBegun, this::settle);
        remembered.ifPresent(it -> it.scheduler((delay, task) -> later(eventLoop, scope, delay, task)));
        this.lasting = new Lasting(
                definition,
                transport,
                new WayOut(definition, transport, eventLoop, scope, this::renewConnection),
                credentials,
                interception,
                budget,
                eventLoop,
                scope,
                nanoTime,
                new Standing(definition.name()),
                new Pauses(),
                new Traces(scope),
                local,
                remotes,
                new Demand(definition, broker, eventLoop, scope, nanoTime),
                new RouteTable(definition.name(), Direction.FORWARD, definition.routes()),
                new RouteTable(definition.name(), Direction.SUBSCRIBE, definition.routes()),
                new InFlight(),
                new RepeatedLoss(),
                new DeadLetters(definition, broker, local::onLoop, eventLoop, scope),
                remembered,
                new Loops(definition, brokerIds, nanoTime));
        this.status = new LinkStatus(lasting);
        this.course = new Course(lasting, status, this::proceed);
        this.control = new Control(lasting, course);
    }

    private static void later(EventLoop eventLoop, ResourceScope scope, Duration delay, Runnable task) {
        try {
            eventLoop.schedule(scope, delay, task);
        } catch (IllegalStateException e) {
            LOG.debug("the scope is closed, and what was to be done later is done then", e);
        }
    }

    /** It is another one than before, or the first: the identifiers of what was on its way are free, and nobody delivers that again. */
    private void localSessionBegun() {
        lasting.inFlight().lost();
        lasting.deadLetters().forgetAll();
        lasting.remotes().localSessionBegun();
        lasting.remembered()
                .ifPresent(it -> it.localSessionBegun(lasting.local().brokerId()));
    }

    private void settle() {
        course.settle();
    }

    private void renewConnection() {
        course.renewConnection();
    }

    private void proceed() {
        control.proceed();
    }

    /** Begins to collect messages for the remote broker, and to connect to it. */
    public void start() {
        lasting.loops().warnings().forEach(warning -> LOG.warn("bridge {}: {}", lasting.name(), warning));
        lasting.eventLoop().execute(() -> {
            lasting.demand().open();
            course.begin();
        });
    }

    /** By which others stop it, and start it again. */
    public Control control() {
        return control;
    }

    /**
     * Shows each packet that is exchanged with the remote broker, on the event loop.
     *
     * @throws IllegalStateException when its scope is closed
     */
    public PacketTrace trace(Consumer<BridgePacket> consumer) {
        return lasting.traces().open(consumer);
    }

    /** How it stands, with what the component knows beside it. */
    public BridgeStatus status(Optional<String> configurationError, List<String> warnings) {
        return status.status(configurationError, warnings);
    }

    /** Ends both sessions' attachment for good. Completes on the event loop when nothing is on its way to this link any more. */
    public CompletableFuture<Void> close() {
        lasting.local().onLoop(course::close);
        return course.closed();
    }

    /**
     * The same where the configuration is deleted: both sessions, and what waits in them, end when its grace has passed, unless a bridge takes
     * them up before.
     *
     * @return completes with the server at which the remote session ends by itself, if any; otherwise {@link RemoteEnd} is needed
     */
    public CompletableFuture<Optional<Server>> delete() {
        lasting.local().onLoop(course::delete);
        return course.closed().thenApply(nothing -> course.remoteEndsByItself());
    }

    /** Whether the caller is the event loop that {@link #close} needs to complete. */
    public boolean inEventLoop() {
        return lasting.eventLoop().inEventLoop();
    }
}
