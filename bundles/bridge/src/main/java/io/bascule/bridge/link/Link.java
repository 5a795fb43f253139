/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.bridge.link;

import io.bascule.api.Bridge.Direction;
import io.bascule.api.BridgeStatus;
import io.bascule.api.Broker;
import io.bascule.bridge.config.BridgeDefinition;
import io.bascule.bridge.route.RouteTable;
import io.bascule.config.Durations;
import io.bascule.resource.Lease;
import io.bascule.resource.ResourceScope;
import io.bascule.transport.EventLoop;
import io.bascule.transport.Transport;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps a local session and a remote one joined: makes one {@link Attempt} after the other, in which the local session is attached once the
 * remote one is up, and detached when that is lost, so that messages wait there and nowhere else. {@link LinkState} draws its states.
 *
 * <p>Everything happens on one event loop, which both sessions use; only {@link #start}, {@link #close}, {@link #control} and the status may
 * be called from elsewhere.
 */
public final class Link implements Attempt.Events {
    private static final Logger LOG = LoggerFactory.getLogger(Link.class);

    /** How long a stop waits for a connection that is being made. */
    private static final Duration PATIENCE = Duration.ofMillis(500);

    private final BridgeDefinition definition;
    private final ResourceScope scope;
    private final EventLoop eventLoop;
    private final LocalSide local;
    private final Standing standing;
    private final Pauses pauses = new Pauses();
    private final Lasting lasting;
    private final Backoff backoff;
    private final LinkStatus status;
    private final Control control;
    private final CompletableFuture<Void> closed = new CompletableFuture<>();

    private Attempt attempt;
    private Lease delay;
    private Lease patience;
    /** Where it is to come to rest; null while it is to run. */
    private LinkState goal;
    /** The connection is left for the next one. */
    private boolean reconnecting;

    private Drain drain;
    private boolean deleting;
    private boolean remoteEndsByItself;

    /** A link that does nothing until it is started; what it acquires is the scope's. */
    public Link(
            BridgeDefinition definition,
            RemoteSession remoteSession,
            Transport transport,
            Broker broker,
            ResourceScope scope) {
        this(definition, remoteSession, transport, broker, scope, System::nanoTime);
    }

    Link(
            BridgeDefinition definition,
            RemoteSession remoteSession,
            Transport transport,
            Broker broker,
            ResourceScope scope,
            LongSupplier nanoTime) {
        this.definition = definition;
        this.scope = scope;
        this.eventLoop = transport.nextEventLoop();
        this.standing = new Standing(definition.name());
        this.local =
                new LocalSide(definition, broker, scope, eventLoop, remoteSession::localSessionBegun, this::settle);
        this.lasting = new Lasting(
                definition,
                transport,
                eventLoop,
                scope,
                nanoTime,
                standing,
                pauses,
                local,
                remoteSession,
                new RouteTable(Direction.FORWARD, definition.routes()),
                new RouteTable(Direction.SUBSCRIBE, definition.routes()),
                new InFlight(),
                new Loops(definition, nanoTime));
        this.backoff = new Backoff(definition.reconnectMin(), definition.reconnectMax(), new SplittableRandom());
        this.status = new LinkStatus(lasting);
        this.control = new Control(definition.name(), this);
    }

    /** Begins to collect messages for the remote broker, and to connect to it. */
    public void start() {
        lasting.loops().warnings().forEach(warning -> LOG.warn("bridge {}: {}", definition.name(), warning));
        eventLoop.execute(this::begin);
    }

    /** By which others stop it, and start it again. */
    public Control control() {
        return control;
    }

    /** The status of this link, with what the component knows beside it; from any thread. */
    public BridgeStatus status(Optional<String> configurationError) {
        return status.status(configurationError);
    }

    LinkState state() {
        return standing.state();
    }

    /** Runs the task on the event loop: at once, when that is where it is called. */
    void onLoop(Runnable task) {
        local.onLoop(task);
    }

    // ---------------------------------------------------------------- to run

    private void begin() {
        if (standing.state() != LinkState.NEW) {
            return;
        }
        if (definition.cleanStart()) {
            // What an earlier configuration, which kept its session, has left: with a remote broker out of reach it
            // would collect for ever.
            local.end().whenComplete((had, trouble) -> onLoop(this::begun));
        } else {
            local.subscribe(localSubscriptions(), failure -> {
                failure.ifPresent(why -> standing.failed(why, "messages do not wait yet"));
                begun();
            });
        }
    }

    private LocalSubscriptions localSubscriptions() {
        return new LocalSubscriptions(drain == null ? lasting.forward().routes() : List.of(), standing);
    }

    private void begun() {
        if (standing.state() != LinkState.NEW) {
            return;
        }
        if (drain != null) {
            drain.sealed();
        }
        if (definition.enabled()) {
            connect();
        } else {
            standing.enter(LinkState.DISABLED);
        }
        control.proceed();
    }

    private void connect() {
        standing.enter(LinkState.CONNECTING);
        attempt = new Attempt(lasting, localSubscriptions(), this);
        if (reconnecting) {
            reconnecting = false;
            control.proceed();
        }
    }

    @Override
    public void joined() {
        if (goal != null) {
            rest();
            return;
        }
        attempt.flow();
        status.connected(attempt.remoteAddress(), attempt.pulse());
        if (drain != null) {
            seal();
        }
        catchUp();
    }

    @Override
    public void lost(String why, boolean ofUse, boolean withoutBit) {
        attempt = null;
        detached();
        if (goal != null) {
            rest();
            settle();
        } else if (reconnecting || withoutBit) {
            LOG.debug("bridge {}: {}; next attempt now", definition.name(), why);
            retryIn(Duration.ZERO);
        } else {
            Duration next = backoff.next(ofUse);
            standing.failed(why, "next attempt in " + Durations.format(next));
            retryIn(next);
        }
    }

    private void retryIn(Duration time) {
        standing.enter(LinkState.BACKOFF);
        delay = eventLoop.schedule(scope, time, this::retry);
    }

    private void retry() {
        if (drain != null && !drain.isSealed()) {
            standing.enter(LinkState.NEW);
            begin();
        } else {
            connect();
        }
    }

    /** The connection, or the local session's part in it, is gone. */
    private void detached() {
        status.disconnected();
        if (drain != null) {
            drain.detached();
        }
    }

    // ---------------------------------------------------------------- to rest

    /** Ends both sessions' attachment for good. Completes on the event loop when nothing is on its way to this link any more. */
    public CompletableFuture<Void> close() {
        onLoop(() -> comeToRest(LinkState.CLOSED));
        return closed;
    }

    /**
     * The same where the configuration is deleted: both sessions, and what waits in them, end when its grace has passed, unless a bridge takes
     * them up before.
     *
     * @return completes with whether the remote session ends by itself; otherwise {@link RemoteEnd} is needed
     */
    public CompletableFuture<Boolean> delete() {
        onLoop(() -> deleting = !definition.cleanStart());
        return close().thenApply(nothing -> remoteEndsByItself || definition.cleanStart());
    }

    /** Whether the caller is the event loop that {@link #close} needs to complete. */
    public boolean inEventLoop() {
        return eventLoop.inEventLoop();
    }

    /** Ends both sessions' attachment until it is renewed. */
    void halt() {
        comeToRest(LinkState.STOPPED);
    }

    /** Begins anew after a halt. */
    void renew() {
        goal = null;
        backoff.reset();
        standing.enter(LinkState.NEW);
        begin();
    }

    /**
     * Ends what there is, but lets a connection that is being made come about first. Mosquitto 2.0 breaks QoS 2 otherwise: what it was to
     * release when the connection is cut before it has said so, it publishes again on the next one (db__message_reconnect_reset_outgoing).
     */
    private void comeToRest(LinkState wanted) {
        goal = wanted;
        if (!standing.state().isRunning() || attempt == null || !attempt.isMidway()) {
            rest();
        } else if (patience == null) {
            patience = eventLoop.schedule(scope, PATIENCE, this::rest);
        }
    }

    private void rest() {
        if (standing.state() == goal) {
            return;
        }
        standing.enter(goal);
        reconnecting = false;
        close(patience);
        patience = null;
        close(delay);
        if (attempt != null) {
            attempt.detach();
        } else {
            local.detach();
        }
        detached();
        if (drain != null) {
            drain.giveUp("the bridge was " + (goal == LinkState.STOPPED ? "stopped" : "closed"));
            drain = null;
        }
        if (attempt != null && deleting) {
            remoteEndsByItself = attempt.closeForGood("the bridge is deleted", graceSeconds());
        } else if (attempt != null) {
            attempt.close("the bridge is stopped");
        }
        settle();
    }

    private static void close(Lease timer) {
        if (timer != null) {
            timer.close();
        }
    }

    private long graceSeconds() {
        return definition.deleteGrace().toSeconds();
    }

    private void settle() {
        if (goal == null || !isSettled()) {
            return;
        }
        if (deleting) {
            deleting = false;
            local.endAfter(graceSeconds());
            return;
        }
        if (goal == LinkState.CLOSED) {
            closed.complete(null);
        }
        control.proceed();
    }

    private boolean isSettled() {
        return standing.state() == goal && attempt == null && !local.isOpening();
    }

    // ---------------------------------------------------------------- as others ask

    /** Whether it is on its way into a state and not there yet. */
    boolean isBusy() {
        boolean comingToRest = goal != null && !isSettled();
        return standing.state() == LinkState.NEW || comingToRest || reconnecting;
    }

    boolean isPaused(Direction direction) {
        return pauses.includes(direction);
    }

    /** Holds back what goes one way, or lets it go on; the connection stays. */
    void pause(Direction direction, boolean pause) {
        pauses.set(direction, pause);
        if (attempt != null) {
            attempt.pace();
        }
        catchUp();
    }

    /** Takes what a pause has held back, here or at the remote broker. */
    private void catchUp() {
        boolean flowing = standing.state() == LinkState.CONNECTED && !pauses.includes(Direction.SUBSCRIBE);
        if (flowing && !attempt.catchUp()) {
            LOG.info("bridge {} connects again for what it could not hold while it was paused", definition.name());
            reconnect();
        }
    }

    /** Leaves the remote broker and connects again at once; a connection that is being made is left to come about. */
    void reconnect() {
        backoff.reset();
        if (standing.state() == LinkState.CONNECTED) {
            reconnecting = true;
            attempt.close("the bridge connects anew");
        } else if (standing.state() == LinkState.BACKOFF) {
            delay.close();
            retry();
        }
    }

    /** Takes in nothing more, and halts when what waits is forwarded; completes then. */
    CompletableFuture<Long> drain() {
        if (drain != null) {
            return drain.emptied();
        }
        Drain begun = new Drain(lasting, this::drained);
        drain = begun;
        if (standing.state() == LinkState.CONNECTED) {
            seal();
        } else if (standing.state() == LinkState.BACKOFF) {
            reconnect();
        } else if (!attempt.isMidway()) { // who knows when it comes about
            reconnecting = true;
            attempt.close("the bridge is drained");
        }
        return begun.emptied();
    }

    private void drained() {
        drain = null;
        halt();
    }

    private void seal() {
        Drain sealing = drain;
        attempt.subscribe(localSubscriptions())
                .whenComplete((done, trouble) -> onLoop(() -> {
                    if (drain == sealing && standing.state() == LinkState.CONNECTED) {
                        sealing.sealed();
                        sealing.attached();
                    }
                }));
    }
}
