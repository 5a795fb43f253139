/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.bridge.link;

import io.bascule.bridge.config.BridgeDefinition;
import io.bascule.bridge.config.Server;
import io.bascule.mqtt.Message;
import io.bascule.mqtt.ReasonCode;
import io.bascule.resource.Lease;
import io.bascule.resource.ResourceKind;
import io.bascule.resource.ResourceScope;
import io.bascule.spi.Credentials;
import io.bascule.transport.Acknowledgement;
import io.bascule.transport.Connection;
import io.bascule.transport.ConnectionHandler;
import io.bascule.transport.ControlPacket;
import io.bascule.transport.EventLoop;
import io.bascule.transport.Transport;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * Ends the session of a bridge that is gone at its remote broker: connects once more, with Clean Start, and leaves. Gives up after
 * {@value #ATTEMPTS} attempts. Everything happens on one event loop; closing the scope stops it wherever it stands.
 *
 * <p>A bridge that goes on with the same client id elsewhere may have the very session, since that address may be another one of the same broker or of
 * its cluster. So there the session is first taken without Clean Start: if it is the bridge's, the bridge loses its connection [MQTT-3.1.4-3] and takes
 * the session back, with all that waits in it.
 */
public final class RemoteEnd implements ConnectionHandler {
    private static final int ATTEMPTS = 5;
    /** Enough for the nodes of a cluster to hear of each other, once the bridge knows. */
    private static final Duration TO_BE_TAKEN_BACK = Duration.ofSeconds(5);

    private static final String IN_USE =
            "it is in use, perhaps by the bridge itself, which has another address of the same broker";

    private final BridgeDefinition definition;
    private final Server server;
    private final String brokerId;
    private final Transport transport;
    private final ResourceScope scope;
    private final EventLoop eventLoop;
    private final Backoff backoff;
    private final WayOut wayOut;
    private final Greetings greetings;
    private final CredentialSource credentials;
    private Credentials current; // null until there are some
    private Lease asking;
    private final Optional<Supplier<Optional<Instant>>> successor;
    private final Consumer<Optional<String>> done;
    private Connection connection;
    private Lease timer;
    private int attempts;
    private Stage stage;
    /** What the successor said before the session was taken. */
    private Optional<Instant> connectedSince = Optional.empty();

    private boolean notUnderstood;
    private String why;

    /** What the next CONNACK means, or that there is none to come. */
    private enum Stage {
        LOOKING,
        TAKEN,
        /** The session is nobody's, and this connection makes way for the next one. */
        FREE,
        ENDING,
        ENDED
    }

    /**
     * At this server, for the bridge of the broker with this id.
     *
     * @param successor since when the bridge that goes on with the same client id elsewhere is connected, empty while it is not; none where none
     *     goes on
     * @param done hears, on the event loop, why it has given up, or nothing when the session has ended
     */
    public RemoteEnd(
            BridgeDefinition definition,
            Server server,
            String brokerId,
            Transport transport,
            EventLoop eventLoop,
            CredentialSource credentials,
            ResourceScope scope,
            Optional<Supplier<Optional<Instant>>> successor,
            Consumer<Optional<String>> done) {
        this.definition = definition;
        this.server = server;
        this.brokerId = brokerId;
        this.transport = transport;
        this.scope = scope;
        this.eventLoop = eventLoop;
        this.backoff = new Backoff(definition.reconnectMin(), definition.reconnectMax(), new SplittableRandom());
        this.successor = successor;
        this.stage = successor.isPresent() ? Stage.LOOKING : Stage.ENDING;
        this.done = done;
        this.credentials = credentials;
        this.greetings = Greetings.asClient(definition.protocols());
        this.wayOut = new WayOut(definition, transport, eventLoop, scope, () -> {}); // each attempt looks anew
    }

    /** Begins; on the event loop. */
    public void start() {
        if (scope.isClosed()) {
            return;
        }
        attempts++;
        why = null;
        current = null;
        notUnderstood = false;
        int attempt = attempts;
        timer = eventLoop.schedule(scope, definition.connectTimeout().multipliedBy(2), () -> overdue(attempt));
        Runnable forget = credentials.next(
                server,
                given -> onLoop(() -> connect(attempt, given)),
                missing -> eventLoop.execute(() -> withoutCredentials(attempt, missing)));
        asking = scope.hold(ResourceKind.TASK, forget::run);
    }

    private void onLoop(Runnable task) {
        if (eventLoop.inEventLoop()) {
            task.run();
        } else {
            eventLoop.execute(task);
        }
    }

    private void overdue(int attempt) {
        if (current == null) {
            withoutCredentials(attempt, "the credential provider took too long");
        } else {
            leave("it took too long over CONNACK");
        }
    }

    private void connect(int attempt, Credentials given) {
        if (attempt == attempts && why == null && !scope.isClosed()) {
            current = given;
            transport.connect(wayOut.remote(server), eventLoop, scope, this);
        }
    }

    private void withoutCredentials(int attempt, String missing) {
        if (attempt == attempts && why == null) {
            why = missing;
            closed(missing);
        }
    }

    @Override
    public void opened(Connection opened) {
        connection = opened;
        if (why == null) {
            connectedSince = successor.flatMap(Supplier::get);
            connection.send(
                    stage == Stage.LOOKING
                            ? Handshake.connectToLook(definition, brokerId, greetings.current(), current)
                            : Handshake.connectToEnd(definition, brokerId, greetings.current(), current));
        } else {
            connection.close(); // it came about too late
        }
    }

    @Override
    public void packet(ControlPacket packet) {
        if (!(packet instanceof ControlPacket.ConnAck connAck) || !isAwaitingConnAck()) {
            return;
        }
        if (connAck.reason().isFailure()) {
            notUnderstood = connAck.reason() == ReasonCode.UNSUPPORTED_PROTOCOL_VERSION;
            leave(Handshake.refusal(connAck, greetings.current().version()));
        } else if (stage == Stage.ENDING) {
            part(Stage.ENDED);
        } else if (connAck.sessionPresent()) {
            stage = Stage.TAKEN;
            timer.close();
            hold(toBeTakenBack());
        } else {
            part(Stage.FREE);
        }
    }

    /** A bridge that does not read just then misses the end of its connection until its keep alive has passed. */
    private Duration toBeTakenBack() {
        return definition.keepAlive().multipliedBy(3).dividedBy(2).plus(TO_BE_TAKEN_BACK);
    }

    /** Pings, since what waits is longer than the keep alive of this connection. */
    private void hold(Duration left) {
        if (left.isZero() || left.isNegative()) {
            notTakenBack();
            return;
        }
        connection.send(new ControlPacket.PingReq());
        Duration half = definition.keepAlive().dividedBy(2);
        Duration step = half.compareTo(TO_BE_TAKEN_BACK) < 0 ? half : TO_BE_TAKEN_BACK;
        timer = eventLoop.schedule(scope, step, () -> hold(left.minus(step)));
    }

    private void notTakenBack() {
        boolean hasStayed = connectedSince.isPresent() && connectedSince.equals(successor.flatMap(Supplier::get));
        if (hasStayed) {
            part(Stage.FREE);
        } else {
            leave(IN_USE); // it has lost its connection, if only to go to another server
        }
    }

    private boolean isAwaitingConnAck() {
        return stage == Stage.LOOKING || stage == Stage.ENDING;
    }

    private void part(Stage next) {
        stage = next;
        connection.send(ControlPacket.Disconnect.of(ReasonCode.SUCCESS));
        connection.close();
    }

    private void leave(String because) {
        why = because;
        if (connection != null) {
            connection.close();
        }
    }

    @Override
    public void publish(Message message, int packetId, boolean dup, int[] subscriptionIdentifiers) {
        // A new session is subscribed to nothing, and what an earlier one brings is not acknowledged, so that it comes
        // again to whoever has it.
    }

    @Override
    public void acknowledged(Acknowledgement kind, int packetId, ReasonCode reason) {
        // Nothing was sent that would be.
    }

    @Override
    public void writabilityChanged() {
        // Two packets need no pace.
    }

    @Override
    public void failed(ReasonCode reason, String what) {
        leave(what);
    }

    @Override
    public void closed(String sentence) {
        notUnderstood |= connection != null && isAwaitingConnAck() && why == null;
        connection = null;
        asking.close();
        timer.close();
        if (scope.isClosed()) {
            return;
        }
        if (stage == Stage.ENDED) {
            done.accept(Optional.empty());
        } else if (stage == Stage.TAKEN) {
            done.accept(Optional.of(IN_USE));
        } else if (stage == Stage.FREE) {
            stage = Stage.ENDING;
            attempts = 0;
            startIn(Duration.ZERO);
        } else if (attempts == ATTEMPTS) {
            done.accept(Optional.of(why == null ? sentence : why));
        } else {
            startIn(greetings.lost(greetings.current(), notUnderstood, false) ? Duration.ZERO : backoff.next(false));
        }
    }

    private void startIn(Duration delay) {
        timer = eventLoop.schedule(scope, delay, this::start);
    }
}
