/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.typedevent;

import io.bascule.api.Broker;
import io.bascule.config.LatestConfiguration;
import io.bascule.event.EventRoutes;
import io.bascule.event.EventSession;
import io.bascule.event.MqttEvent;
import io.bascule.resource.ResourceKind;
import io.bascule.resource.ResourceScope;
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
import org.osgi.service.typedevent.TypedEventBus;
import org.osgi.service.typedevent.TypedEventConstants;
import org.osgi.service.typedevent.UntypedEventHandler;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * An adapter for each factory configuration {@code io.bascule.typedevent~NAME}. A configuration that does not validate is logged, and its
 * adapter does nothing.
 */
@Component(
        configurationPid = TypedEventComponent.PID,
        configurationPolicy = ConfigurationPolicy.REQUIRE,
        immediate = true,
        service = {})
@Designate(ocd = TypedEventConfig.class, factory = true)
public final class TypedEventComponent {
    static final String PID = "io.bascule.typedevent";
    private static final Logger LOG = LoggerFactory.getLogger(TypedEventComponent.class);

    private final String name;
    private final ResourceScope scope;
    private final Optional<EventSession> session;

    /** Opens the adapter's session and registers its handlers. */
    @Activate
    public TypedEventComponent(
            BundleContext context,
            Map<String, Object> properties,
            @Reference Broker broker,
            @Reference TypedEventBus bus) {
        EventRoutes config = EventRoutes.read(PID, LatestConfiguration.of(context, properties));
        this.name = config.name();
        this.scope = new ResourceScope("typedevent " + name);
        config.errors().forEach(error -> LOG.warn("typedevent {} does nothing: {}", name, error));
        this.session = config.errors().isEmpty() ? Optional.of(start(config, context, broker, bus)) : Optional.empty();
    }

    private EventSession start(EventRoutes config, BundleContext context, Broker broker, TypedEventBus bus) {
        try {
            BusSink sink = new BusSink(name, bus);
            EventSession opened =
                    scope.acquire(ResourceKind.SESSION, EventSession.open(broker, "typedevent", config, sink));
            if (!config.in().isEmpty()) {
                String own = "(" + MqttEvent.ADAPTER + "=" + escape(opened.clientId()) + ")";
                register(
                        context,
                        sink,
                        Map.of(
                                TypedEventConstants.TYPED_EVENT_TOPICS,
                                "*",
                                TypedEventConstants.TYPED_EVENT_FILTER,
                                own));
            }
            config.out()
                    .forEach(route -> register(
                            context,
                            (topic, event) -> opened.publish(route, topic, event),
                            Map.of(TypedEventConstants.TYPED_EVENT_TOPICS, route.eventFilter())));
            opened.subscribe();
            return opened;
        } catch (RuntimeException e) {
            scope.close();
            throw e;
        }
    }

    private void register(BundleContext context, UntypedEventHandler handler, Map<String, ?> properties) {
        ServiceRegistration<UntypedEventHandler> registration =
                context.registerService(UntypedEventHandler.class, handler, new Hashtable<>(properties));
        scope.hold(ResourceKind.SERVICE, registration::unregister);
    }

    /** Core specification, section 3.2.7. */
    private static String escape(String value) {
        return value.replaceAll("[\\\\*()]", "\\\\$0");
    }

    @Deactivate
    void deactivate() {
        scope.close();
        Map<String, Long> dropped = session.map(EventSession::dropped).orElse(Map.of());
        LOG.info("typedevent {} closed: {}; dropped {}", name, scope.ledger(), dropped.isEmpty() ? "nothing" : dropped);
    }
}
