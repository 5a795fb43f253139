/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.itests.adapters;

import static io.bascule.itests.support.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.Hashtable;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import javax.inject.Inject;
import org.junit.Test;
import org.osgi.framework.ServiceRegistration;
import org.osgi.service.typedevent.TypedEventBus;
import org.osgi.service.typedevent.TypedEventConstants;
import org.osgi.service.typedevent.TypedEventHandler;
import org.osgi.service.typedevent.UntypedEventHandler;

/** With Aries' Typed Event bus. */
public class TypedEventIT extends AdapterContract {
    @Inject
    private TypedEventBus bus;

    /** An event of somebody's own on its way out. */
    public static class Reading {
        public double value;
        public String unit;
    }

    /** A message as a typed handler wants it: the bus writes {@code _} for the dots of the keys. */
    public static class Command {
        public String mqtt_topic;
        public byte[] mqtt_payload;
        public int mqtt_qos;
    }

    @Override
    String kind() {
        return "typedevent";
    }

    @Override
    Class<?> handlerType() {
        return UntypedEventHandler.class;
    }

    @Override
    ServiceRegistration<?> listen(String eventFilter, Consumer<Heard> handler) {
        return context.registerService(
                UntypedEventHandler.class,
                (topic, event) -> handler.accept(new Heard(topic, event)),
                new Hashtable<>(Map.of(TypedEventConstants.TYPED_EVENT_TOPICS, eventFilter)));
    }

    @Override
    void post(String topic, String text) {
        bus.deliverUntyped(topic, Map.of("text", text));
    }

    @Override
    boolean eventsPassASlowHandler() {
        return false;
    }

    @Test(timeout = 60_000)
    public void publishesAFieldOfATypedEvent() throws Exception {
        adapt("a", Map.of("out.a", "plant/temp -> p/temp payload=value"));
        client().subscribe("p/#", 1);
        Reading reading = new Reading();
        reading.value = 21.5;
        reading.unit = "C";

        bus.deliver("plant/temp", reading);

        eventually(() -> assertThat(received())
                .singleElement()
                .satisfies(message -> assertThat(message.text()).isEqualTo("21.5")));
    }

    @Test(timeout = 60_000)
    public void givesATypedHandlerItsType() throws Exception {
        List<Command> commands = new CopyOnWriteArrayList<>();
        TypedEventHandler<Command> handler = new TypedEventHandler<>() {
            @Override
            public void notify(String topic, Command command) {
                commands.add(command);
            }
        };
        ServiceRegistration<?> registration = context.registerService(
                TypedEventHandler.class,
                handler,
                new Hashtable<>(Map.of(
                        TypedEventConstants.TYPED_EVENT_TOPICS,
                        "plant/*",
                        TypedEventConstants.TYPED_EVENT_TYPE,
                        Command.class.getName())));
        try {
            adapt("a", Map.of("in.a", "cmd/# -> plant/{#}"));

            client().publish("cmd/stop", 1, "now");

            eventually(() -> assertThat(commands).singleElement().satisfies(command -> {
                assertThat(command.mqtt_topic).isEqualTo("cmd/stop");
                assertThat(command.mqtt_payload).isEqualTo("now".getBytes());
                assertThat(command.mqtt_qos).isEqualTo(1);
            }));
        } finally {
            registration.unregister();
        }
    }
}
