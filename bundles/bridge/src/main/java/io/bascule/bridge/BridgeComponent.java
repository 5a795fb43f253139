/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.bridge;

import io.bascule.api.Bridge;
import io.bascule.api.Broker;
import io.bascule.audit.Audit;
import io.bascule.audit.AuditEvent;
import io.bascule.bridge.config.Server;
import io.bascule.bridge.link.BrokerIds;
import io.bascule.bridge.status.StatusTopics;
import io.bascule.config.LatestConfiguration;
import io.bascule.resource.ResourceKind;
import io.bascule.transport.Transport;
import java.util.Hashtable;
import java.util.Map;
import java.util.Optional;
import org.osgi.framework.BundleContext;
import org.osgi.framework.ServiceRegistration;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.ConfigurationPolicy;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.metatype.annotations.Designate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A bridge for each factory configuration {@code io.bascule.bridge~NAME}. An edit is deactivate and activate, nothing else: what has to
 * outlive it lives in the broker's session.
 *
 * <p>The {@link Bridge} service is registered by hand, with the property {@value #NAME} alone: as a service of this component it would carry
 * the whole configuration, the password too.
 */
@Component(
        configurationPid = BridgeComponent.PID,
        configurationPolicy = ConfigurationPolicy.REQUIRE,
        immediate = true,
        service = {})
@Designate(ocd = BridgeConfig.class, factory = true)
public final class BridgeComponent {
    private static final Logger LOG = LoggerFactory.getLogger(BridgeComponent.class);
    static final String PID = "io.bascule.bridge";
    static final String NAME = "bridge.name";
    private static final int CONFIGURATION_DELETED = 4; // ComponentConstants.DEACTIVATION_REASON_CONFIGURATION_DELETED

    private final String name;
    private final Deletions deletions;
    private final LastValid lastValid;
    private final RetainedFiles retainedFiles;
    private final RemoteSessions remoteSessions;
    private final Transport transport;
    private final OpenBridges openBridges;
    private final BridgeInstance bridge;
    private final StatusTopics topics;

    /** Starts the bridge; a configuration that does not validate does not keep it from that where an earlier one did. */
    @Activate
    public BridgeComponent(
            BundleContext context,
            Map<String, Object> properties,
            @Reference Transport transport,
            @Reference Broker broker,
            @Reference LastValid lastValid,
            @Reference RemoteSessions remoteSessions,
            @Reference Budgets budgets,
            @Reference RetainedFiles retainedFiles,
            @Reference BrokerIds brokerIds,
            @Reference CredentialProviders credentialProviders,
            @Reference BridgeInterceptors interceptors,
            @Reference Deletions deletions,
            @Reference Residues residues,
            @Reference OpenBridges openBridges) {
        this.openBridges = openBridges;
        this.name = name(String.valueOf(properties.get("service.pid")));
        this.deletions = deletions;
        this.lastValid = lastValid;
        this.retainedFiles = retainedFiles;
        this.remoteSessions = remoteSessions;
        this.transport = transport;
        Map<String, Object> latest = LatestConfiguration.of(context, properties);
        this.bridge = new BridgeInstance(
                name,
                latest,
                transport,
                broker,
                lastValid,
                remoteSessions,
                budgets,
                retainedFiles,
                brokerIds,
                credentialProviders,
                interceptors,
                residues,
                () -> openBridges.overlaps(name));
        this.topics = new StatusTopics(name, bridge::status, broker, transport.nextEventLoop(), bridge.scope());
        try {
            bridge.inForce().map(LastValid.Configuration::definition).ifPresent(deletions::keep);
            bridge.leftBehind()
                    .ifPresent(earlier -> deletions.deleted(earlier, bridge.sessionsLeftBehind(), Optional.empty()));
            register(context);
            record(AuditEvent.BRIDGE_OPENED);
            topics.start();
            bridge.open();
            openBridges.opened(name, OpenBridges.Open.of(latest, bridge.inForce()));
            openBridges.overlaps(name).forEach(overlap -> LOG.warn("bridge {}: {}", name, overlap));
        } catch (RuntimeException e) {
            close();
            throw e;
        }
    }

    private void close() {
        try {
            bridge.close();
        } finally {
            openBridges.closed(name);
            record(AuditEvent.BRIDGE_CLOSED);
        }
    }

    private void record(AuditEvent event) {
        Audit.record(event, entry -> entry.bridge(name));
    }

    private void register(BundleContext context) {
        Hashtable<String, Object> properties = new Hashtable<>(Map.of(NAME, name));
        ServiceRegistration<Bridge> registration = context.registerService(Bridge.class, bridge, properties);
        bridge.scope().hold(ResourceKind.SERVICE, registration::unregister);
    }

    /** The part of the PID that the file name gave. */
    static String name(String pid) {
        String afterTilde = pid.substring(pid.indexOf('~') + 1);
        return afterTilde.startsWith(PID + ".") ? afterTilde.substring(PID.length() + 1) : afterTilde;
    }

    @Deactivate
    void deactivate(int reason) {
        boolean deleted = reason == CONFIGURATION_DELETED;
        try {
            if (deleted) {
                Optional<Server> endsByItself = bridge.leaveForGood();
                bridge.inForce()
                        .ifPresent(configuration -> deletions.deleted(
                                configuration, configuration.definition().remoteIdentities(), endsByItself));
            }
        } finally {
            close(); // also where no event loop takes what is to be done after the grace
        }
        topics.end();
        if (deleted) {
            bridge.inForce()
                    .map(LastValid.Configuration::definition)
                    // else it goes with the sessions, unless they went before it was written for the last time
                    .filter(it -> it.cleanStart()
                            || it.deleteGrace().isZero()
                            || lastValid.get(name).isEmpty())
                    .ifPresent(it -> {
                        retainedFiles.forget(name);
                        remoteSessions.forget(name, () -> lastValid.get(name).isEmpty(), transport.files());
                    });
            record(AuditEvent.BRIDGE_DELETED);
            topics.clear();
        }
    }
}
