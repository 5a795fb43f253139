/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.bridge.link;

import io.bascule.api.Bridge.Direction;
import io.bascule.audit.Audit;
import io.bascule.audit.AuditEvent;
import io.bascule.bridge.config.BridgeDefinition;
import io.bascule.bridge.config.Server;
import io.bascule.bridge.config.StartType;
import io.bascule.config.Durations;
import io.bascule.resource.Lease;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.function.BooleanSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The way of a link through its states, which {@link LinkState} draws: makes one {@link Attempt} after the other to join the two sessions, and
 * lets go of both when it is to rest, so that messages wait there and nowhere else. On the event loop alone.
 */
final class Course implements Attempt.Events {
    private static final Logger LOG = LoggerFactory.getLogger(Link.class);

    /** How long a stop waits for a connection that is being made. */
    private static final Duration PATIENCE = Duration.ofMillis(500);

    private final Lasting link;
    private final BridgeDefinition definition;
    private final LocalSide local;
    private final Standing standing;
    private final LinkStatus status;
    private final Backoff backoff;
    private final Replacement replacement;
    private final Runnable arrived;
    private final Optional<Laziness> laziness;
    private final CompletableFuture<Void> closed = new CompletableFuture<>();

    private Attempt attempt;
    /** The one before, of which something may be left. */
    private Attempt last;

    private long connectedNanos;

    /** What connections are made of has changed while one was being made. */
    private boolean renewing;

    private Lease delay;
    private Lease patience;
    /** Where it is to come to rest; null while it is to run. */
    private LinkState goal;
    /** The connection is left for the next one. */
    private boolean reconnecting;

    private Drain drain;
    /** Somebody has started it, whatever its start type says. */
    private boolean started;

    private boolean deleting;
    private Optional<Server> remoteEndsByItself = Optional.empty();

    /** {@code arrived} is called when {@link #isBusy} may have become false. */
    Course(Lasting link, LinkStatus status, Runnable arrived) {
        this.link = link;
        this.definition = link.definition();
        this.local = link.local();
        this.standing = link.standing();
        this.status = status;
        this.backoff = new Backoff(definition.reconnectMin(), definition.reconnectMax(), new SplittableRandom());
        this.replacement = new Replacement(link, this);
        this.arrived = arrived;
        this.laziness = Laziness.of(link, new Laziness.Events() {
            @Override
            public void wanted() {
                wake();
            }

            @Override
            public void idle() {
                goIdle();
            }

            @Override
            public void deaf() {
                listenAnew();
            }
        });
    }

    LinkState state() {
        return standing.state();
    }

    // ---------------------------------------------------------------- to run

    /** Subscribes the local session, and connects. */
    void begin() {
        if (standing.state() != LinkState.NEW) {
            return;
        }
        if (definition.cleanStart()) {
            // What an earlier configuration, which kept its session, has left: with a remote broker out of reach it
            // would collect for ever.
            local.end().whenComplete((had, trouble) -> local.onLoop(this::begun));
        } else {
            local.subscribe(localSubscriptions(), failure -> {
                failure.ifPresent(why -> standing.failed(why, "messages do not wait yet"));
                begun();
            });
        }
    }

    private LocalSubscriptions localSubscriptions() {
        return new LocalSubscriptions(drain == null ? link.forward().routes() : List.of(), standing);
    }

    private void begun() {
        if (standing.state() != LinkState.NEW) {
            return;
        }
        if (drain != null) {
            drain.sealed();
        }
        if (!definition.enabled()) {
            standing.enter(LinkState.DISABLED);
        } else if (started || drain != null || definition.startType() instanceof StartType.Automatic) {
            connect();
        } else if (laziness.isPresent()) {
            standing.enter(LinkState.IDLE);
            laziness.get().resting();
        } else {
            LOG.info("bridge {} collects, and connects when it is started", link.name());
            standing.enter(LinkState.STOPPED);
        }
        started = false;
        arrived.run();
    }

    private void connect() {
        standing.enter(LinkState.CONNECTING);
        Optional<Attempt> promoted = replacement.promote(reconnecting);
        if (promoted.isPresent()) {
            attempt = promoted.get();
            attempt.proceed(localSubscriptions());
        } else {
            renewing = false;
            attempt = new Attempt(link, link.remotes().current(), this);
            attempt.prepare();
        }
        if (reconnecting) {
            reconnecting = false;
            arrived.run();
        }
    }

    @Override
    public void prepared() {
        attempt.begin();
    }

    @Override
    public void accepted() {
        attempt.join(localSubscriptions());
    }

    @Override
    public void joined() {
        if (goal != null) {
            rest();
            return;
        }
        attempt.flow();
        connectedNanos = link.nanoTime().getAsLong();
        status.connected(
                attempt.broker().server(),
                attempt.remoteAddress(),
                attempt.version(),
                attempt.pulse(),
                attempt::silence);
        replacement.connected();
        laziness.ifPresent(Laziness::flowing);
        if (drain != null) {
            seal();
        }
        catchUp();
        if (renewing) {
            renewConnection();
        }
    }

    @Override
    public void changed() {
        if (isStaying()) {
            quieten(() -> true);
        }
    }

    @Override
    public void expiring() {
        if (standing.state() == LinkState.CONNECTED) {
            replacement.renew(attempt.credentials());
        }
    }

    /** There are no others yet. */
    void keepCredentials() {
        if (standing.state() == LinkState.CONNECTED) {
            attempt.awaitExpiry();
        }
    }

    @Override
    public void ended() {
        settle();
    }

    @Override
    public void lost(String why, boolean ofUse, boolean otherwise) {
        last = attempt;
        attempt = null;
        boolean wasConnected = standing.state() == LinkState.CONNECTED;
        Optional<Server> elsewhere = replacement.elsewhere();
        if (wasConnected && hasStood() && !link.repeatedLoss().isOn()) {
            link.remotes().beginRound();
        }
        detached();
        if (!reconnecting && elsewhere.isEmpty()) {
            replacement.dismiss();
        }
        if (goal != null) {
            rest();
            settle();
        } else if (reconnecting || otherwise) {
            LOG.debug("bridge {}: {}; next attempt now", link.name(), why);
            retryIn(Duration.ZERO);
        } else {
            Server failed = link.remotes().server();
            boolean atOnce = elsewhere.isPresent() || link.remotes().passOn();
            Duration next = atOnce ? Duration.ZERO : backoff.next(ofUse);
            Server then = elsewhere.orElseGet(link.remotes()::server);
            boolean isOnlyOne = link.remotes().isOnlyOne();
            boolean isNews = standing.failed(
                    isOnlyOne ? why : failed + ": " + why,
                    "next attempt " + (atOnce ? "now" : "in " + Durations.format(next))
                            + (isOnlyOne ? "" : " at " + then));
            if (wasConnected || isNews) {
                Audit.record(
                        wasConnected ? AuditEvent.BRIDGE_LOST : AuditEvent.BRIDGE_FAILED,
                        entry -> entry.bridge(link.name()).why(why));
            }
            retryIn(next);
        }
    }

    /** Whether the connection was there for so long that it does not look like one that is lost again and again. */
    private boolean hasStood() {
        return link.nanoTime().getAsLong() - connectedNanos
                >= definition.reconnectMin().toNanos();
    }

    private void retryIn(Duration time) {
        standing.enter(LinkState.BACKOFF);
        delay = link.eventLoop().schedule(link.scope(), time, this::retry);
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
        replacement.disconnected();
        status.disconnected();
        laziness.ifPresent(Laziness::close);
        if (drain != null) {
            drain.detached();
        }
    }

    // ---------------------------------------------------------------- to rest

    /** Ends both sessions' attachment for good; {@link #closed} completes when nothing is on its way to this link any more. */
    void close() {
        comeToRest(LinkState.CLOSED);
    }

    /** The same, and both sessions end when the grace has passed. */
    void delete() {
        deleting = !definition.cleanStart();
        close();
    }

    CompletableFuture<Void> closed() {
        return closed;
    }

    /** Where the remote broker was told to see to the end of its session. */
    Optional<Server> remoteEndsByItself() {
        return remoteEndsByItself;
    }

    /** Ends both sessions' attachment until it is renewed. */
    void halt() {
        comeToRest(LinkState.STOPPED);
    }

    /** Begins anew after a halt, and connects. */
    void renew() {
        goal = null;
        started = true;
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
        boolean busy = attempt != null && attempt.isSharedAndBusy();
        if (!standing.state().isRunning() || attempt == null || !attempt.isMidway() && !busy) {
            rest();
        } else if (patience == null) {
            patience = link.eventLoop().schedule(link.scope(), PATIENCE, this::rest);
            if (busy) { // a topic's next connection may be another one, which must not overtake this one
                attempt.quieten(this::rest);
            }
        }
    }

    private void rest() {
        if (standing.state() == goal) {
            return;
        }
        standing.enter(goal);
        reconnecting = false;
        renewing = false;
        replacement.dismiss();
        close(patience);
        patience = null;
        close(delay);
        if (attempt != null) {
            attempt.detach();
        }
        local.detach();
        detached();
        if (drain != null) {
            drain.giveUp("the bridge was " + (goal == LinkState.STOPPED ? "stopped" : "closed"));
            drain = null;
        }
        if (attempt != null && deleting) {
            boolean told = attempt.closeForGood("the bridge is deleted", graceSeconds());
            remoteEndsByItself = told ? Optional.of(attempt.broker().server()) : Optional.empty();
        } else if (attempt != null) {
            attempt.close("the bridge is " + (goal == LinkState.IDLE ? "idle" : "stopped"));
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

    /** Looks whether it has come to rest; called when something that it waits for has gone. */
    void settle() {
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
        } else if (goal == LinkState.IDLE) {
            laziness.ifPresent(Laziness::resting);
        }
        arrived.run();
    }

    private boolean isSettled() {
        return standing.state() == goal && attempt == null && (last == null || last.isEnded()) && !local.isOpening();
    }

    // ---------------------------------------------------------------- to be lazy

    /** Leaves the remote broker, with which there is nothing to do, until there is. */
    private void goIdle() {
        if (isStaying() && drain == null) {
            LOG.info("bridge {} is idle and leaves the remote broker", link.name());
            comeToRest(LinkState.IDLE);
        }
    }

    /** Connects out of its idleness. */
    void wake() {
        if (isIdle()) {
            goal = null;
            backoff.reset();
            laziness.ifPresent(Laziness::close);
            if (local.queue().inFlight() == 0) {
                link.remotes().turnToPreferred();
            }
            retry();
        }
    }

    /** Subscribes the local session once more, and is idle again. */
    private void listenAnew() {
        if (isIdle()) {
            goal = null;
            laziness.ifPresent(Laziness::close);
            standing.enter(LinkState.NEW);
            begin();
        }
    }

    /** And has left the remote broker. */
    private boolean isIdle() {
        return standing.state() == LinkState.IDLE && attempt == null;
    }

    // ---------------------------------------------------------------- as others ask

    /** Whether it is on its way into a state and not there yet. */
    boolean isBusy() {
        boolean comingToRest = goal != null && !isSettled();
        return standing.state() == LinkState.NEW || comingToRest || reconnecting;
    }

    /** Holds back what goes one way, or lets it go on; the connection stays. */
    void pause(Direction direction, boolean pause) {
        link.pauses().set(direction, pause);
        if (attempt != null) {
            attempt.pace();
        }
        catchUp();
    }

    /** Takes what a pause has held back, here or at the remote broker. */
    private void catchUp() {
        boolean flowing =
                standing.state() == LinkState.CONNECTED && !link.pauses().includes(Direction.SUBSCRIBE);
        if (flowing && !attempt.catchUp()) {
            LOG.info("bridge {} connects again for what it could not hold while it was paused", link.name());
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
        } else {
            wake();
        }
    }

    /** What connections are made of has changed: one is made with it, and the one that there is stays until that stands. */
    void renewConnection() {
        if (standing.state() == LinkState.CONNECTED) {
            renewing = false;
            replacement.renew();
        } else if (standing.state() == LinkState.BACKOFF) {
            reconnect();
        } else {
            renewing = attempt != null;
        }
    }

    /** Whether messages flow, and the connection is not being left. */
    boolean isStaying() {
        return standing.state() == LinkState.CONNECTED && !reconnecting && goal == null;
    }

    /** Delivers nothing more, and leaves the connection when what has crossed is acknowledged, if there is still a reason to then. */
    void quieten(BooleanSupplier reason) {
        attempt.quieten(() -> {
            if (reason.getAsBoolean()) {
                reconnect();
            } else {
                attempt.goOn();
                catchUp();
            }
        });
    }

    /** Takes in nothing more, and halts when what waits is forwarded; completes then. */
    CompletableFuture<Long> drain() {
        if (drain != null) {
            return drain.emptied();
        }
        Drain begun = new Drain(link, this::drained);
        drain = begun;
        if (standing.state() == LinkState.CONNECTED) {
            seal();
        } else if (standing.state() == LinkState.BACKOFF) {
            reconnect();
        } else if (standing.state() == LinkState.IDLE) {
            wake();
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

    /** Where the local broker does not unsubscribe, what comes all the same waits for the next start, once this is over. */
    private void seal() {
        Drain sealing = drain;
        attempt.subscribe(localSubscriptions())
                .whenComplete((done, trouble) -> local.onLoop(() -> {
                    if (drain == sealing && standing.state() == LinkState.CONNECTED) {
                        sealing.sealed();
                        sealing.attached(attempt::isAwaited);
                    }
                }));
    }
}
