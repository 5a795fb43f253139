/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.eventadmin;

import io.bascule.api.Broker;
import io.bascule.config.LatestConfiguration;
import io.bascule.event.EventRoutes;
import io.bascule.event.EventSession;
import io.bascule.event.OutRoute;
import io.bascule.resource.ResourceKind;
import io.bascule.resource.ResourceScope;
import java.util.HashMap;
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
import org.osgi.service.event.Event;
import org.osgi.service.event.EventAdmin;
import org.osgi.service.event.EventConstants;
import org.osgi.service.event.EventHandler;
import org.osgi.service.metatype.annotations.Designate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * An adapter for each factory configuration {@code io.bascule.eventadmin~NAME}. A configuration that does not validate is logged, and its
 * adapter does nothing.
 */
@Component(
        configurationPid = EventAdminComponent.PID,
        configurationPolicy = ConfigurationPolicy.REQUIRE,
        immediate = true,
        service = {})
@Designate(ocd = EventAdminConfig.class, factory = true)
public final class EventAdminComponent {
    static final String PID = "io.bascule.eventadmin";
    private static final Logger LOG = LoggerFactory.getLogger(EventAdminComponent.class);

    private final String name;
    private final ResourceScope scope;
    private final Optional<EventSession> session;

    /** Opens the adapter's session and registers its handlers. */
    @Activate
    public EventAdminComponent(
            BundleContext context,
            Map<String, Object> properties,
            @Reference Broker broker,
            @Reference EventAdmin events) {
        EventRoutes config = EventRoutes.read(PID, LatestConfiguration.of(context, properties));
        this.name = config.name();
        this.scope = new ResourceScope("eventadmin " + name);
        config.errors().forEach(error -> LOG.warn("eventadmin {} does nothing: {}", name, error));
        this.session =
                config.errors().isEmpty() ? Optional.of(start(config, context, broker, events)) : Optional.empty();
    }

    private EventSession start(EventRoutes config, BundleContext context, Broker broker, EventAdmin events) {
        try {
            SendingThread thread = new SendingThread(name, events);
            scope.hold(ResourceKind.THREAD, thread::close);
            EventSession opened =
                    scope.acquire(ResourceKind.SESSION, EventSession.open(broker, "eventadmin", config, thread));
            config.out().forEach(route -> register(context, opened, route));
            opened.subscribe();
            return opened;
        } catch (RuntimeException e) {
            scope.close();
            throw e;
        }
    }

    /** One handler a route: Event Admin does the matching. */
    private void register(BundleContext context, EventSession to, OutRoute route) {
        EventHandler handler = event -> to.publish(route, event.getTopic(), properties(event));
        ServiceRegistration<EventHandler> registration = context.registerService(
                EventHandler.class, handler, new Hashtable<>(Map.of(EventConstants.EVENT_TOPIC, route.eventFilter())));
        scope.hold(ResourceKind.SERVICE, registration::unregister);
    }

    private static Map<String, Object> properties(Event event) {
        Map<String, Object> properties = new HashMap<>();
        for (String key : event.getPropertyNames()) {
            properties.put(key, event.getProperty(key));
        }
        return properties;
    }

    @Deactivate
    void deactivate() {
        scope.close();
        Map<String, Long> dropped = session.map(EventSession::dropped).orElse(Map.of());
        LOG.info("eventadmin {} closed: {}; dropped {}", name, scope.ledger(), dropped.isEmpty() ? "nothing" : dropped);
    }
}
