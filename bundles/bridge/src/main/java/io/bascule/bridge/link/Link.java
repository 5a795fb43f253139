/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.bridge.link;

import io.bascule.api.Bridge.Direction;
import io.bascule.api.BridgeStatus;
import io.bascule.api.Broker;
import io.bascule.api.Session;
import io.bascule.bridge.config.BridgeDefinition;
import io.bascule.bridge.route.RouteBooks;
import io.bascule.bridge.route.RouteTable;
import io.bascule.config.Durations;
import io.bascule.mqtt.ReasonCode;
import io.bascule.mqtt.TopicFilter;
import io.bascule.resource.Lease;
import io.bascule.resource.ResourceScope;
import io.bascule.transport.Connection;
import io.bascule.transport.ControlPacket;
import io.bascule.transport.EventLoop;
import io.bascule.transport.Remote;
import io.bascule.transport.Transport;
import java.net.Inet6Address;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps a local session and a remote one joined: connects, attaches the local session once the remote one is up, and detaches it when that
 * is lost, so that messages wait there and nowhere else. {@link LinkState} draws its states.
 *
 * <p>Everything happens on one event loop, which both sessions use; only {@link #start}, {@link #stop} and the status may be called from
 * elsewhere.
 */
public final class Link implements RemoteSide.Events, Outgoing.Events, Refusals {
    private static final Logger LOG = LoggerFactory.getLogger(Link.class);
    /** A connection that lasted as long as this was of use, even if no message came. */
    private static final Duration STABLE = Duration.ofSeconds(5);

    /** Without an acknowledgement for so long the connection is of no use, whatever its keep alive says. */
    private static final Duration STALLED = Duration.ofSeconds(30);

    /** Without one for so long it is shown to be doubtful. */
    private static final Duration SLOW = Duration.ofSeconds(10);

    private static final Duration CHECK = Duration.ofSeconds(5);

    /** How long a stop waits for a connection that is being made. */
    private static final Duration PATIENCE = Duration.ofMillis(500);

    private final BridgeDefinition definition;
    private final Transport transport;
    private final ResourceScope scope;
    private final EventLoop eventLoop;
    private final RouteTable forward;
    private final RouteTable subscribe;
    private final Loops loops;
    private final Backoff backoff;
    private final Standing standing;
    private final LocalSide local;
    private final RemoteSession remoteSession;
    private final InFlight inFlight = new InFlight();
    private final LongSupplier nanoTime;
    private final CompletableFuture<Void> stopped = new CompletableFuture<>();

    private Pulse pulse;
    private RemoteSide remote;
    private Crossing crossing;
    private Lease timer;
    private Lease patience;
    private boolean deleting;
    private boolean remoteEndsByItself;
    private long connectedNanos;
    private long forwardedBefore;
    private volatile Optional<Connected> connected = Optional.empty();

    /** What there is to say of a connection over which messages flow. */
    private record Connected(SocketAddress remoteAddress, Pulse pulse) {}

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
        this.remoteSession = remoteSession;
        this.definition = definition;
        this.transport = transport;
        this.scope = scope;
        this.nanoTime = nanoTime;
        this.eventLoop = transport.nextEventLoop();
        this.forward = new RouteTable(Direction.FORWARD, definition.routes());
        this.subscribe = new RouteTable(Direction.SUBSCRIBE, definition.routes());
        this.loops = new Loops(definition, nanoTime);
        this.backoff = new Backoff(definition.reconnectMin(), definition.reconnectMax(), new SplittableRandom());
        this.standing = new Standing(definition.name());
        this.local =
                new LocalSide(definition, broker, scope, eventLoop, remoteSession::localSessionBegun, this::settle);
    }

    /** Begins to collect messages for the remote broker, and to connect to it. */
    public void start() {
        loops.warnings().forEach(warning -> LOG.warn("bridge {}: {}", definition.name(), warning));
        eventLoop.execute(definition.cleanStart() ? this::discard : this::prepare);
    }

    /** Ends what an earlier configuration, which kept its session, has left: with a remote broker out of reach it would collect for ever. */
    private void discard() {
        local.end()
                .whenComplete((had, trouble) -> local.onLoop(() -> {
                    if (standing.state() == LinkState.NEW) {
                        connect();
                    }
                }));
    }

    private void prepare() {
        if (standing.state() == LinkState.NEW) {
            local.subscribe(new LocalSubscriptions(forward.routes(), this), failure -> {
                failure.ifPresent(why -> standing.failed(why, "messages do not wait yet"));
                connect();
            });
        }
    }

    /** Ends both sessions' attachment. Completes on the event loop when nothing is on its way to this link any more. */
    public CompletableFuture<Void> stop() {
        if (eventLoop.inEventLoop()) {
            stopNow();
        } else {
            eventLoop.execute(this::stopNow);
        }
        return stopped;
    }

    /**
     * The same where the configuration is deleted: both sessions, and what waits in them, end when its grace has passed, unless a bridge takes
     * them up before.
     *
     * @return completes with whether the remote session ends by itself; otherwise {@link RemoteEnd} is needed
     */
    public CompletableFuture<Boolean> delete() {
        local.onLoop(() -> deleting = !definition.cleanStart());
        return stop().thenApply(nothing -> remoteEndsByItself || definition.cleanStart());
    }

    /** Whether the caller is the event loop that {@link #stop} needs to complete. */
    public boolean inEventLoop() {
        return eventLoop.inEventLoop();
    }

    /**
     * Ends what there is, but lets a connection that is being made come about first. Mosquitto 2.0 breaks QoS 2 otherwise: what it was to
     * release when the connection is cut before it has said so, it publishes again on the next one (db__message_reconnect_reset_outgoing).
     */
    private void stopNow() {
        boolean midway =
                standing.state() == LinkState.CONNECTING && remote.isOpen() || standing.state() == LinkState.ATTACHING;
        if (!midway) {
            end();
        } else if (patience == null) {
            patience = eventLoop.schedule(scope, PATIENCE, this::end);
        }
    }

    private void end() {
        if (standing.state() == LinkState.STOPPED) {
            return;
        }
        standing.enter(LinkState.STOPPED);
        if (patience != null) {
            patience.close();
        }
        detach();
        if (remote != null && deleting) {
            remoteEndsByItself = remote.closeForGood("the bridge is deleted", graceSeconds());
        } else if (remote != null) {
            remote.close(ReasonCode.SUCCESS, "the bridge is stopped");
        }
        settle();
    }

    private long graceSeconds() {
        return definition.deleteGrace().toSeconds();
    }

    private void settle() {
        boolean connected = remote != null && remote.isOpen();
        if (standing.state() != LinkState.STOPPED || connected || local.isOpening()) {
            return;
        }
        if (deleting) {
            deleting = false;
            local.endAfter(graceSeconds());
        } else {
            stopped.complete(null);
        }
    }

    private void connect() {
        if (standing.state() == LinkState.STOPPED) {
            return;
        }
        standing.enter(LinkState.CONNECTING);
        pulse = new Pulse(nanoTime);
        remote = new RemoteSide(
                definition,
                Handshake.connect(definition, local.brokerId(), loops.bit().isSet()),
                scope,
                pulse,
                this);
        timer = eventLoop.schedule(scope, definition.connectTimeout().multipliedBy(2), this::overdue);
        LOG.debug("bridge {} connects to {}", definition.name(), definition.server());
        transport.connect(remote(definition), eventLoop, scope, remote);
    }

    static Remote remote(BridgeDefinition definition) {
        return new Remote(
                definition.server().host(),
                definition.server().port(),
                definition.connectTimeout(),
                definition.maximumPacketSize());
    }

    private void overdue() {
        remote.close(
                ReasonCode.UNSPECIFIED_ERROR,
                "the remote broker took too long over " + (crossing == null ? "CONNACK" : "SUBACK"));
    }

    @Override
    public Crossing accepted(Connection connection, ControlPacket.ConnAck connAck) {
        standing.enter(LinkState.ATTACHING);
        connection.reading(false); // until there is a session to publish into
        if (loops.bit().accepted()) {
            LOG.info(
                    "bridge {}: the remote broker does not take the bridge bit of MQTT {}, which is not offered to it again",
                    definition.name(),
                    definition.protocol());
        }
        Limits limits =
                Limits.of(definition, connAck.properties(), loops.guard(local.brokerId(), connAck.properties()));
        Crossing joined = new Crossing(
                connection,
                limits,
                connAck.sessionPresent(),
                remoteSession,
                forward,
                subscribe,
                inFlight,
                pulse,
                this,
                this);
        crossing = joined;
        local.open(limits.outgoingMaximum(), joined.outgoing(), (opened, failure) -> opened(joined, opened, failure));
        return joined;
    }

    private void opened(Crossing joined, Session opened, Throwable failure) {
        if (failure != null) {
            remote.close(ReasonCode.UNSPECIFIED_ERROR, "the local session cannot be opened: " + failure);
            return;
        }
        joined.attach(opened).whenComplete((done, trouble) -> local.onLoop(() -> subscribed(joined, trouble)));
    }

    private void subscribed(Crossing joined, Throwable trouble) {
        if (crossing != joined || remote == null) {
            return;
        }
        if (trouble != null) {
            remote.close(ReasonCode.UNSPECIFIED_ERROR, "the subscriptions cannot be made: " + trouble);
            return;
        }
        if (patience != null) {
            end();
            return;
        }
        timer.close();
        local.subscribed();
        connectedNanos = nanoTime.getAsLong();
        forwardedBefore = forwarded();
        standing.enter(LinkState.CONNECTED);
        LOG.info(
                "bridge {} connected to {}: MQTT {}, {} remote session, up to {} messages in flight",
                definition.name(),
                definition.server(),
                joined.limits().version(),
                joined.remoteSessionPresent() ? "earlier" : "new",
                joined.limits().outgoingMaximum());
        connected = Optional.of(new Connected(joined.remoteAddress(), pulse));
        timer = eventLoop.schedule(scope, CHECK, this::check);
        remote.tellOnline();
        pace();
    }

    /** Connected is not working: a remote broker that acknowledges nothing is left, and asked again over a new connection. */
    private void check() {
        if (pulse.silence().compareTo(STALLED) >= 0) {
            remote.close(
                    ReasonCode.UNSPECIFIED_ERROR,
                    "the remote broker has acknowledged nothing for " + Durations.format(STALLED));
        } else {
            timer = eventLoop.schedule(scope, CHECK, this::check);
        }
    }

    @Override
    public void pace() {
        if (standing.state() == LinkState.CONNECTED) {
            local.ready(remote.isWritable() && !crossing.isHeld());
        }
    }

    @Override
    public void lost(String why) {
        boolean ofUse = wasOfUse();
        boolean withoutBit = loops.bit().lost(remote.isNotUnderstood());
        remote = null;
        detach();
        if (standing.state() == LinkState.STOPPED || patience != null) {
            end();
            settle();
            return;
        }
        if (withoutBit) {
            LOG.debug("bridge {}: {}; next attempt without the bridge bit", definition.name(), why);
            retryIn(Duration.ZERO);
            return;
        }
        Duration delay = backoff.next(ofUse);
        standing.failed(why, "next attempt in " + Durations.format(delay));
        retryIn(delay);
    }

    private void retryIn(Duration delay) {
        standing.enter(LinkState.BACKOFF);
        timer = eventLoop.schedule(scope, delay, this::connect);
    }

    private boolean wasOfUse() {
        boolean lasted = nanoTime.getAsLong() - connectedNanos >= STABLE.toNanos();
        return standing.state() == LinkState.CONNECTED && (lasted || forwarded() > forwardedBefore);
    }

    private long forwarded() {
        return forward.forwarded() + subscribe.forwarded();
    }

    /** Closes what belongs to the connection that ends: its timer and the local session, which stays and collects. */
    private void detach() {
        connected = Optional.empty();
        if (timer != null) {
            timer.close();
        }
        local.detach();
        if (crossing != null) {
            crossing.detach();
            crossing = null;
        }
    }

    @Override
    public void dropping(RouteBooks books, String reason) {
        if (reason.equals(DropReasons.EXCLUDED)) {
            return; // as the file says
        }
        LOG.warn(
                "bridge {} drops messages of route {}: {}; further ones are only counted",
                definition.name(),
                books.name(),
                reason);
    }

    @Override
    public void violated(ReasonCode reason, String what) {
        remote.close(reason, "the remote broker breaks the protocol: " + what);
    }

    @Override
    public void sessionClosed(ReasonCode reason) {
        if (remote != null && standing.state() != LinkState.STOPPED) {
            remote.close(ReasonCode.SUCCESS, "the local session was closed: " + reason);
        }
    }

    @Override
    public void refused(TopicFilter filter, ReasonCode reason) {
        String sentence = "subscription " + filter + " is refused: " + reason;
        standing.refused(sentence);
        standing.failed(sentence, "its messages do not cross");
    }

    /** The status of this link, with what the component knows beside it. */
    public BridgeStatus status(Optional<String> configurationError) {
        Standing.Snapshot now = standing.snapshot();
        Optional<String> doubt = doubt(now);
        List<BridgeStatus.Route> routes = new ArrayList<>(forward.status());
        routes.addAll(subscribe.status());
        return new BridgeStatus(
                definition.name(),
                doubt.isPresent() ? BridgeStatus.State.DEGRADED : now.state().shown(),
                now.since(),
                definition.server().toString(),
                connected.map(connection -> text(connection.remoteAddress())),
                connected.flatMap(connection -> connection.pulse().roundTrip()),
                definition.clientId(),
                definition.protocol().toString(),
                doubt.or(now::lastError),
                configurationError,
                loops.warnings(),
                local.queue(),
                routes);
    }

    /** What is wrong although there is a connection. */
    private Optional<String> doubt(Standing.Snapshot now) {
        if (now.state() != LinkState.CONNECTED) {
            return Optional.empty();
        }
        return connected
                .map(connection -> connection.pulse().silence())
                .filter(silence -> silence.compareTo(SLOW) >= 0)
                .map(silence -> "no acknowledgement for " + silence.toSeconds() + "s")
                .or(now::refusal);
    }

    private static String text(SocketAddress address) {
        return address instanceof InetSocketAddress internet && !internet.isUnresolved()
                ? (internet.getAddress() instanceof Inet6Address
                                ? "[" + internet.getAddress().getHostAddress() + "]"
                                : internet.getAddress().getHostAddress())
                        + ":" + internet.getPort()
                : address.toString();
    }
}
