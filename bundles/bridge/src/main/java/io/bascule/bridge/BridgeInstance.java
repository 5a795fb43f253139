/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.bridge;

import io.bascule.api.Bridge;
import io.bascule.api.BridgeStatus;
import io.bascule.api.Broker;
import io.bascule.api.QueueInfo;
import io.bascule.bridge.config.Asked;
import io.bascule.bridge.config.BridgeDefinition;
import io.bascule.bridge.config.BridgeReader;
import io.bascule.bridge.link.Link;
import io.bascule.resource.ResourceScope;
import io.bascule.transport.Transport;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One bridge from activation to deactivation: the configuration that is in force, its link, and everything that it holds. */
final class BridgeInstance implements Bridge, AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(BridgeInstance.class);
    private static final long CLOSE_TIMEOUT_MILLIS = 1500;

    private final String name;
    private final Instant since = Instant.now();
    private final Optional<String> configurationError;
    private final Residues residues;
    private final ResourceScope scope;
    private final Optional<Link> link;

    /** Reads the configuration and builds the link of what is then in force; {@link #start} sets it going. */
    BridgeInstance(
            String name,
            Map<String, ?> properties,
            Transport transport,
            Broker broker,
            LastValid lastValid,
            Residues residues) {
        this.name = name;
        this.residues = residues;
        this.scope = new ResourceScope("bridge " + name);
        BridgeReader.Result read = BridgeReader.read(name, properties);
        Asked lines = Asked.of(properties);
        read.definition().ifPresent(definition -> lastValid.put(name, new LastValid.Configuration(definition, lines)));
        Optional<LastValid.Configuration> inForce = lastValid.get(name);
        this.configurationError =
                read.definition().isPresent() ? Optional.empty() : Optional.of(explain(read.errors(), lines, inForce));
        read.errors().forEach(error -> LOG.warn("bridge {}: CONFIG_INVALID: {}", name, error));
        if (configurationError.isPresent()) {
            LOG.warn(
                    "bridge {}: {}",
                    name,
                    inForce.isPresent()
                            ? "the last valid configuration stays in force"
                            : "stays down until the file is mended");
        }
        this.link =
                inForce.map(LastValid.Configuration::definition).map(definition -> link(definition, transport, broker));
        residues.opened(name, scope);
    }

    private Link link(BridgeDefinition definition, Transport transport, Broker broker) {
        return new Link(definition, transport, broker, scope);
    }

    private static String explain(List<String> errors, Asked lines, Optional<LastValid.Configuration> inForce) {
        String why = String.join("; ", errors);
        return inForce.map(valid -> "CONFIG_INVALID: asked for " + lines.against(valid.lines())
                        + "; in force is the last valid configuration; because " + why)
                .orElse("CONFIG_INVALID: nothing is in force; because " + why);
    }

    /** What it holds, for whoever acquires more on its behalf. */
    ResourceScope scope() {
        return scope;
    }

    void start() {
        link.ifPresent(Link::start);
    }

    @Override
    public BridgeStatus status() {
        return link.map(running -> running.status(configurationError))
                .orElseGet(() -> new BridgeStatus(
                        name,
                        BridgeStatus.State.CONFIG_INVALID,
                        since,
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

    /**
     * Says good-bye to the remote broker, detaches from the local one, and gives everything back. Returns when nothing of it is left, or
     * after 1.5 s; on the event loop of the link at once.
     */
    @Override
    public void close() {
        link.ifPresent(this::stop);
        scope.close();
        LOG.info("bridge {} closed: {}", name, residues.closed(name, scope));
    }

    /** Ends the local session and what is queued in it: the bridge's configuration was deleted. */
    void forgetSession() {
        link.ifPresent(Link::forgetSession);
    }

    private void stop(Link running) {
        try {
            var stopped = running.stop();
            if (!running.inEventLoop()) {
                stopped.get(CLOSE_TIMEOUT_MILLIS, TimeUnit.MILLISECONDS);
            }
        } catch (TimeoutException e) {
            LOG.warn("bridge {}: the remote connection did not end in {} ms, it is cut", name, CLOSE_TIMEOUT_MILLIS);
        } catch (RejectedExecutionException e) {
            LOG.debug("bridge {}: the event loops are gone, and the connection with them", name);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (ExecutionException e) {
            LOG.warn("bridge {}: could not be stopped in order", name, e.getCause());
        }
    }
}
