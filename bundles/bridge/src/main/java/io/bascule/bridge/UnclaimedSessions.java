/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.bridge;

import io.bascule.api.Broker;
import io.bascule.api.Session;
import io.bascule.api.SessionInfo;
import io.bascule.api.SessionOptions;
import io.bascule.api.SessionOptions.Overlap;
import io.bascule.bridge.config.BridgeDefinition;
import io.bascule.resource.ResourceScope;
import io.bascule.transport.EventLoop;
import io.bascule.transport.Transport;
import java.time.Duration;
import java.util.Optional;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Has the local sessions end of bridges whose configuration was deleted while nobody was there to see it: a session in a store outlives the
 * process, and would be given messages for ever. Configurations have a while to come after the broker has; then such a session has the
 * grace that one of a deleted bridge has by default, in which the bridge may still be configured again.
 */
@Component(
        service = {},
        immediate = true)
public final class UnclaimedSessions {
    private static final Logger LOG = LoggerFactory.getLogger(UnclaimedSessions.class);

    static final Duration GRACE = Duration.ofSeconds(60);

    private final Broker broker;
    private final OpenBridges openBridges;
    private final EventLoop eventLoop;
    private final ResourceScope scope = new ResourceScope("unclaimed sessions");

    /** Looks once, when the configurations have come. */
    @Activate
    public UnclaimedSessions(
            @Reference Transport transport, @Reference Broker broker, @Reference OpenBridges openBridges) {
        this(transport.nextEventLoop(), broker, openBridges);
    }

    UnclaimedSessions(EventLoop eventLoop, Broker broker, OpenBridges openBridges) {
        this.eventLoop = eventLoop;
        this.broker = broker;
        this.openBridges = openBridges;
        eventLoop.schedule(scope, GRACE, this::look);
    }

    private void look() {
        broker.sessions().stream()
                .filter(session -> session.clientId().startsWith(BridgeDefinition.LOCAL_PREFIX))
                .filter(session -> !session.connected() && session.sessionExpiryInterval() == SessionOptions.NEVER)
                .forEach(this::leaveUnclaimed);
    }

    private void leaveUnclaimed(SessionInfo session) {
        String name = session.clientId().substring(BridgeDefinition.LOCAL_PREFIX.length());
        if (openBridges.get(name).isEmpty()) {
            LOG.info(
                    "bridge {} is configured no more: its session, with {} messages, ends in {} s",
                    name,
                    session.queue().queued(),
                    GRACE.toSeconds());
            SessionOptions ending = new SessionOptions(
                    session.clientId(),
                    false,
                    GRACE.toSeconds(),
                    1,
                    Overlap.ONE_COPY,
                    Optional.of(eventLoop),
                    Optional.empty(),
                    Optional.empty(),
                    Optional.empty());
            broker.open(ending, delivery -> {}).thenAccept(Session::close);
        }
    }

    @Deactivate
    void deactivate() {
        scope.close();
    }
}
