/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.itests.adapters;

import java.util.HashMap;
import java.util.Hashtable;
import java.util.Map;
import java.util.function.Consumer;
import javax.inject.Inject;
import org.osgi.framework.ServiceRegistration;
import org.osgi.service.event.Event;
import org.osgi.service.event.EventAdmin;
import org.osgi.service.event.EventConstants;
import org.osgi.service.event.EventHandler;

/** With Felix's Event Admin. */
public class EventAdminIT extends AdapterContract {
    @Inject
    private EventAdmin events;

    @Override
    String kind() {
        return "eventadmin";
    }

    @Override
    Class<?> handlerType() {
        return EventHandler.class;
    }

    @Override
    ServiceRegistration<?> listen(String eventFilter, Consumer<Heard> handler) {
        return context.registerService(
                EventHandler.class,
                event -> handler.accept(heard(event)),
                new Hashtable<>(Map.of(EventConstants.EVENT_TOPIC, eventFilter)));
    }

    private static Heard heard(Event event) {
        Map<String, Object> properties = new HashMap<>();
        for (String key : event.getPropertyNames()) {
            properties.put(key, event.getProperty(key));
        }
        return new Heard(event.getTopic(), properties);
    }

    @Override
    void post(String topic, String text) {
        events.postEvent(new Event(topic, Map.of("text", text)));
    }

    @Override
    boolean eventsPassASlowHandler() {
        return true;
    }
}
