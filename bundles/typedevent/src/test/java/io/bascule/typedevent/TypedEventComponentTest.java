/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.typedevent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import io.bascule.mqtt.Message;
import io.bascule.mqtt.QoS;
import io.bascule.mqtt.Topic;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.osgi.service.typedevent.TypedEventBus;
import org.osgi.service.typedevent.UntypedEventHandler;

class TypedEventComponentTest {
    private final Fakes fakes = new Fakes();
    private final Bus bus = new Bus();

    /** A bus that holds every event until the test says otherwise. */
    private static final class Bus implements TypedEventBus {
        final List<String> topics = new ArrayList<>();
        final List<Map<String, ?>> events = new ArrayList<>();
        boolean refuses;

        @Override
        public void deliver(Object event) {
            throw new UnsupportedOperationException();
        }

        @Override
        public void deliver(String topic, Object event) {
            throw new UnsupportedOperationException();
        }

        @Override
        public void deliverUntyped(String topic, Map<String, ?> event) {
            if (refuses) {
                throw new IllegalStateException("stopped");
            }
            topics.add(topic);
            events.add(event);
        }
    }

    private TypedEventComponent activate(Map<String, Object> routes) {
        Map<String, Object> properties = new HashMap<>(routes);
        properties.put("service.pid", "io.bascule.typedevent~x");
        return new TypedEventComponent(fakes.context(), properties, fakes.broker(), bus);
    }

    private UntypedEventHandler handler() {
        return (UntypedEventHandler) fakes.services.keySet().iterator().next();
    }

    @Test
    void publishesWhatItsHandlersHear() {
        activate(Map.of("out.a", "plant/* -> p/{#} payload=value", "out.b", "plant/state"));

        assertThat(fakes.services.values())
                .extracting(properties -> (Object) properties.get("event.topics"))
                .containsExactlyInAnyOrder("plant/*", "plant/state");
        handler().notifyUntyped("plant/temp", Map.of("value", 21));

        assertThat(fakes.published).singleElement().satisfies(message -> {
            assertThat(message.topic().name()).isEqualTo("p/temp");
            assertThat(message.text()).isEqualTo("21");
        });
    }

    @Test
    void deliversWhatComesIn() {
        activate(Map.of("in.a", "cmd/# -> plant/{#}"));

        fakes.deliver(Message.of("cmd/stop", "now"));

        assertThat(bus.topics).containsExactly("plant/stop");
        assertThat(bus.events.get(0).get("mqtt.topic")).isEqualTo("cmd/stop");
    }

    @Test
    void hearsOfItsOwnEventsAlone() {
        activate(Map.of("in.a", "#"));
        fakes.deliver(Message.of("a", "x"));

        assertThat(fakes.services.values()).singleElement().satisfies(properties -> {
            assertThat((Object) properties.get("event.topics")).isEqualTo("*");
            assertThat((Object) properties.get("event.filter"))
                    .isEqualTo("(mqtt.adapter=" + bus.events.get(0).get("mqtt.adapter") + ")");
        });
    }

    @Test
    void holdsNoMoreThanItsLimitOnABusThatDoesNotKeepUp() {
        activate(Map.of("in.a", "#", "queue.bytes", "1KiB"));
        Message message = Message.of(Topic.of("a"), new byte[600], QoS.AT_MOST_ONCE, false);

        fakes.deliver(message);
        fakes.deliver(message);
        assertThat(fakes.ready).containsExactly(false);
        handler().notifyUntyped("a", Map.of());
        handler().notifyUntyped("a", Map.of());

        assertThat(fakes.ready).containsExactly(false, true);
    }

    @Test
    void goesOnAfterAnEventThatTheBusRefuses() {
        activate(Map.of("in.a", "#", "queue.bytes", "1KiB"));
        Message message = Message.of(Topic.of("a"), new byte[2000], QoS.AT_MOST_ONCE, false);
        bus.refuses = true;
        fakes.deliver(message);
        bus.refuses = false;

        fakes.deliver(message);
        handler().notifyUntyped("a", Map.of());

        assertThat(bus.topics).hasSize(1);
        assertThat(fakes.ready.get(fakes.ready.size() - 1)).isTrue();
    }

    @Test
    void leavesNothingWhenItIsDeactivated() {
        TypedEventComponent component = activate(Map.of("in.a", "#", "out.a", "a", "out.b", "b"));
        assertThat(fakes.services).hasSize(3);

        component.deactivate();

        assertThat(fakes.services).isEmpty();
        assertThat(fakes.open).isZero();
    }

    @Test
    void doesNothingOnAConfigurationThatIsNotValid() {
        TypedEventComponent component = activate(Map.of("out.a", "a", "in.b", "x/#/y"));

        assertThat(fakes.services).isEmpty();
        assertThat(fakes.open).isZero();
        component.deactivate();
    }

    @Test
    void holdsNothingWhenTheBrokerGivesNoSession() {
        fakes.refuses = true;

        assertThatIllegalStateException().isThrownBy(() -> activate(Map.of("out.a", "a", "in.a", "a")));

        assertThat(fakes.services).isEmpty();
        assertThat(fakes.open).isZero();
    }
}
