/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.bridge;

import io.bascule.api.Bridge;
import io.bascule.api.Bridge.Direction;
import io.bascule.api.BridgePacket;
import io.bascule.api.BridgeStatus;
import io.bascule.api.Broker;
import io.bascule.api.PacketTrace;
import io.bascule.api.QueueInfo;
import io.bascule.bridge.config.Asked;
import io.bascule.bridge.config.BridgeDefinition;
import io.bascule.bridge.config.BridgeReader;
import io.bascule.bridge.config.RemoteIdentity;
import io.bascule.bridge.config.Server;
import io.bascule.bridge.config.StartType;
import io.bascule.bridge.link.BrokerIds;
import io.bascule.bridge.link.Budget;
import io.bascule.bridge.link.Control;
import io.bascule.bridge.link.Link;
import io.bascule.bridge.retained.Remembered;
import io.bascule.mqtt.TopicFilter;
import io.bascule.resource.ResourceScope;
import io.bascule.transport.Transport;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One bridge from activation to deactivation: the configuration that is in force, its link, and everything that it holds. */
final class BridgeInstance implements Bridge, AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(BridgeInstance.class);
    private static final long CLOSE_TIMEOUT_MILLIS = 1500;
    private static final String NOTHING_TO_CONTROL = "the bridge has no valid configuration; its file is to be mended";
    private static final int LONGEST_REASON = 2000;

    private final String name;
    private final Instant since = Instant.now();
    private final Optional<String> configurationError;
    private final Residues residues;
    private final LastValid lastValid;
    private final Supplier<List<String>> overlaps;
    private final ResourceScope scope;
    private final Optional<LastValid.Configuration> inForce;
    private final Optional<LastValid.Configuration> leftBehind;
    private final Optional<RemoteSessionKeeper> sessions;
    private final Budgets budgets;
    private final Optional<Budget> budget;
    private final Optional<Remembered> remembered;
    private final Optional<Link> link;
    private boolean left;

    /**
     * Reads the configuration and builds the link of what is then in force; {@link #open} sets it going.
     *
     * @param overlaps what is to be said of its routes beside those of the other bridges
     */
    BridgeInstance(
            String name,
            Map<String, ?> properties,
            Transport transport,
            Broker broker,
            LastValid lastValid,
            RemoteSessions remoteSessions,
            Budgets budgets,
            RetainedFiles retainedFiles,
            BrokerIds brokerIds,
            CredentialProviders credentialProviders,
            BridgeInterceptors interceptors,
            Residues residues,
            Supplier<List<String>> overlaps) {
        this.name = name;
        this.overlaps = overlaps;
        this.residues = residues;
        this.lastValid = lastValid;
        this.scope = new ResourceScope("bridge " + name);
        BridgeReader.Result read = BridgeReader.read(name, properties);
        Asked lines = Asked.of(properties);
        Optional<LastValid.Configuration> before = lastValid.get(name);
        read.definition().ifPresent(definition -> lastValid.put(name, new LastValid.Configuration(definition, lines)));
        this.inForce = lastValid.get(name);
        this.leftBehind = before.filter(
                earlier -> !leftBehind(earlier, inForce.orElseThrow()).isEmpty());
        this.configurationError =
                read.definition().isPresent() ? Optional.empty() : Optional.of(explain(read.errors(), lines, inForce));
        configurationError.ifPresent(error -> LOG.warn(
                "bridge {}: {}{}", name, error, inForce.isPresent() ? "" : "; it stays down until the file is mended"));
        Optional<BridgeDefinition> definition = inForce.map(LastValid.Configuration::definition);
        this.sessions = definition.map(it -> new RemoteSessionKeeper(it, remoteSessions, transport.files()));
        this.budgets = budgets;
        this.budget = definition.flatMap(it -> budgets.open(it, transport.files()));
        this.remembered = definition.flatMap(it -> retainedFiles.open(it, transport.files()));
        try {
            this.link = definition.map(it -> new Link(
                    it,
                    sessions.orElseThrow().known(),
                    sessions.orElseThrow()::keep,
                    brokerIds,
                    transport,
                    broker,
                    credentialProviders.of(it),
                    interceptors,
                    budget,
                    remembered,
                    scope));
        } catch (RuntimeException e) {
            release();
            before.ifPresentOrElse(
                    earlier -> lastValid.put(name, earlier), () -> lastValid.forget(name, inForce.orElseThrow()));
            throw e;
        }
        residues.opened(name, scope);
    }

    private static String explain(List<String> errors, Asked lines, Optional<LastValid.Configuration> inForce) {
        String all = String.join("; ", errors);
        String why = all.length() <= LONGEST_REASON ? all : all.substring(0, LONGEST_REASON) + "…";
        return inForce.map(valid -> "CONFIG_INVALID: asked for " + lines.against(valid.lines())
                        + "; in force is the last valid configuration; because " + why)
                .orElse("CONFIG_INVALID: asked for " + lines + "; nothing is in force; because " + why);
    }

    /** What it holds, for whoever acquires more on its behalf. */
    ResourceScope scope() {
        return scope;
    }

    /** What it runs on. */
    Optional<LastValid.Configuration> inForce() {
        return inForce;
    }

    /** What was in force before, where that had another remote session. */
    Optional<LastValid.Configuration> leftBehind() {
        return leftBehind;
    }

    /** The remote sessions that it had and that this one has not. */
    List<RemoteIdentity> sessionsLeftBehind() {
        return leftBehind
                .map(earlier -> leftBehind(earlier, inForce.orElseThrow()))
                .orElse(List.of());
    }

    private static List<RemoteIdentity> leftBehind(LastValid.Configuration earlier, LastValid.Configuration now) {
        return earlier.definition().remoteIdentities().stream()
                .filter(session -> !now.definition().has(session))
                .toList();
    }

    /** Sets it going. */
    void open() {
        link.ifPresent(Link::start);
        if (waitsToBeStarted() && lastValid.isStarted(name)) {
            start();
        }
    }

    @Override
    public BridgeStatus status() {
        return link.map(running -> running.status(configurationError, overlaps.get()))
                .orElseGet(() -> new BridgeStatus(
                        name,
                        BridgeStatus.State.CONFIG_INVALID,
                        since,
                        Set.of(),
                        "",
                        Optional.empty(),
                        Optional.empty(),
                        "",
                        "",
                        Optional.empty(),
                        configurationError,
                        List.of(),
                        QueueInfo.NONE,
                        List.of()));
    }

    @Override
    public List<TopicFilter> subscribedThere() {
        return sessions.map(RemoteSessionKeeper::subscribedThere).orElse(List.of());
    }

    @Override
    public CompletionStage<Void> stop() {
        if (waitsToBeStarted()) {
            lastValid.started(name, false); // whatever comes before it has stopped
        }
        return link.map(running -> remembered(running.control().stop(), false))
                .orElseGet(() -> CompletableFuture.completedFuture(null));
    }

    @Override
    public CompletionStage<Void> start() {
        return controlled(control -> remembered(control.start(), true));
    }

    @Override
    public CompletionStage<Void> pause(Direction direction) {
        return controlled(control -> control.pause(direction));
    }

    @Override
    public CompletionStage<Void> resume(Direction direction) {
        return controlled(control -> control.resume(direction));
    }

    @Override
    public CompletionStage<Void> reconnect() {
        return controlled(Control::reconnect);
    }

    @Override
    public CompletionStage<Long> drain() {
        return controlled(control -> remembered(control.drain(), false));
    }

    /** What was done to a bridge that waits to be started holds also when its file is edited. */
    private <T> CompletionStage<T> remembered(CompletionStage<T> done, boolean starts) {
        return waitsToBeStarted()
                ? done.thenApply(result -> {
                    lastValid.started(name, starts);
                    return result;
                })
                : done;
    }

    private boolean waitsToBeStarted() {
        return inForce.filter(it -> it.definition().startType() instanceof StartType.Manual)
                .isPresent();
    }

    @Override
    public PacketTrace trace(Consumer<BridgePacket> consumer) {
        return link.orElseThrow(() -> new IllegalStateException(NOTHING_TO_CONTROL))
                .trace(consumer);
    }

    private <T> CompletionStage<T> controlled(Function<Control, CompletionStage<T>> request) {
        return link.map(running -> request.apply(running.control()))
                .orElseGet(() -> CompletableFuture.failedFuture(new IllegalStateException(NOTHING_TO_CONTROL)));
    }

    /**
     * Says good-bye to the remote broker, detaches from the local one, and gives everything back. Returns when nothing of it is left, or
     * after 1.5 s; on the event loop of the link at once.
     */
    @Override
    public void close() {
        if (!left) {
            link.ifPresent(running -> stop(running, Link::close));
        }
        release();
        LOG.info("bridge {} closed: {}", name, residues.closed(name, scope));
    }

    private void release() {
        scope.close();
        sessions.ifPresent(RemoteSessionKeeper::close);
        budget.ifPresent(it -> budgets.keep(name, it));
        remembered.ifPresent(Remembered::close);
    }

    /** Leaves all sessions so that they end after the grace, before it is closed. Returns where a remote one does so by itself. */
    Optional<Server> leaveForGood() {
        left = true;
        return link.flatMap(running -> stop(running, Link::delete)).flatMap(Function.identity());
    }

    /** What came of it; empty where that is not known. */
    private <T> Optional<T> stop(Link running, Function<Link, CompletableFuture<T>> way) {
        try {
            CompletableFuture<T> stopped = way.apply(running);
            return Optional.ofNullable(
                    running.inEventLoop()
                            ? stopped.getNow(null)
                            : stopped.get(CLOSE_TIMEOUT_MILLIS, TimeUnit.MILLISECONDS));
        } catch (TimeoutException e) {
            LOG.warn("bridge {}: the remote connection did not end in {} ms, it is cut", name, CLOSE_TIMEOUT_MILLIS);
        } catch (RejectedExecutionException e) {
            LOG.debug("bridge {}: the event loops are gone, and the connection with them", name);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (ExecutionException e) {
            LOG.warn("bridge {}: could not be stopped in order", name, e.getCause());
        }
        return Optional.empty();
    }
}
