/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.eventadmin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import io.bascule.mqtt.Message;
import io.bascule.mqtt.MessageProperties;
import io.bascule.mqtt.QoS;
import io.bascule.mqtt.Topic;
import io.bascule.mqtt.UserProperty;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.osgi.service.event.Event;
import org.osgi.service.event.EventAdmin;
import org.osgi.service.event.EventHandler;

@Timeout(30)
class EventAdminComponentTest {
    private static final String PID = "io.bascule.eventadmin~x";
    private static final String THREAD = "eventadmin-x";

    private final Fakes fakes = new Fakes();
    private final Handlers handlers = new Handlers();

    /** An Event Admin with one handler, which takes as long as the test wants. */
    private static final class Handlers implements EventAdmin {
        final BlockingQueue<Event> sent = new ArrayBlockingQueue<>(100);
        final BlockingQueue<Thread> threads = new ArrayBlockingQueue<>(100);
        final CountDownLatch through = new CountDownLatch(1);
        volatile boolean slow;

        @Override
        public void postEvent(Event event) {
            throw new UnsupportedOperationException();
        }

        @Override
        public void sendEvent(Event event) {
            threads.add(Thread.currentThread());
            sent.add(event);
            if (event.containsProperty("mqtt.user.fail")) {
                throw new IllegalStateException("failed");
            }
            while (slow) {
                try {
                    through.await();
                    return;
                } catch (InterruptedException e) {
                    // Nothing stops this handler.
                }
            }
        }
    }

    private EventAdminComponent activate(Map<String, Object> routes) {
        Map<String, Object> properties = new HashMap<>(routes);
        properties.put("service.pid", PID);
        return new EventAdminComponent(fakes.context(), properties, fakes.broker(), handlers);
    }

    @Test
    void publishesWhatItsHandlersHear() {
        activate(Map.of("out.a", "plant/* -> p/{#} payload=value", "out.b", "plant/state"));

        assertThat(fakes.services.values())
                .extracting(properties -> (Object) properties.get("event.topics"))
                .containsExactlyInAnyOrder("plant/*", "plant/state");
        EventHandler first = (EventHandler) fakes.services.keySet().iterator().next();
        first.handleEvent(new Event("plant/temp", Map.of("value", 21)));

        assertThat(fakes.published).singleElement().satisfies(message -> {
            assertThat(message.topic().name()).isEqualTo("p/temp");
            assertThat(message.text()).isEqualTo("21");
        });
    }

    @Test
    void sendsWhatComesInInOrderOnAThreadOfItsOwn() throws InterruptedException {
        activate(Map.of("in.a", "cmd/# -> plant/{#}"));

        fakes.deliver(Message.of("cmd/stop", "1"));
        fakes.deliver(Message.of("cmd/stop", "2"));

        assertThat(payload(handlers.sent.take())).isEqualTo("1");
        Event second = handlers.sent.take();
        assertThat(payload(second)).isEqualTo("2");
        assertThat(second.getTopic()).isEqualTo("plant/stop");
        assertThat(handlers.threads).extracting(Thread::getName).containsOnly(THREAD);
    }

    private static String payload(Event event) {
        return new String((byte[]) event.getProperty("mqtt.payload"), StandardCharsets.UTF_8);
    }

    @Test
    void holdsNoMoreThanItsLimitForASlowHandler() throws InterruptedException {
        handlers.slow = true;
        activate(Map.of("in.a", "#", "queue.bytes", "1KiB"));
        Message message = Message.of(Topic.of("a"), new byte[600], QoS.AT_MOST_ONCE, false);

        fakes.deliver(message);
        fakes.deliver(message);
        assertThat(fakes.ready).containsExactly(false);
        handlers.through.countDown();

        handlers.sent.take();
        handlers.sent.take();
        eventuallyReady();
    }

    private void eventuallyReady() {
        while (!fakes.ready.get(fakes.ready.size() - 1)) {
            Thread.onSpinWait();
        }
    }

    @Test
    void goesOnAfterAnEventThatCannotBeSent() throws InterruptedException {
        activate(Map.of("in.a", "#"));

        fakes.deliver(Message.of("a", "x")
                .withProperties(new MessageProperties(
                        Optional.empty(),
                        Optional.empty(),
                        Optional.empty(),
                        Optional.empty(),
                        List.of(new UserProperty("fail", "")))));
        fakes.deliver(Message.of("b", "x"));

        handlers.sent.take();
        assertThat(handlers.sent.take().getTopic()).isEqualTo("b");
    }

    @Test
    void leavesNothingWhenItIsDeactivated() throws InterruptedException {
        EventAdminComponent component = activate(Map.of("in.a", "#", "out.a", "a", "out.b", "b"));
        fakes.deliver(Message.of("a", "x"));
        Thread sender = handlers.threads.take();

        component.deactivate();

        assertThat(fakes.services).isEmpty();
        assertThat(fakes.open).isZero();
        sender.join();
    }

    @Test
    void doesNotWaitLongForAHandlerThatHangs() throws InterruptedException {
        handlers.slow = true;
        EventAdminComponent component = activate(Map.of("in.a", "#"));
        fakes.deliver(Message.of("a", "x"));
        fakes.deliver(Message.of("a", "y"));
        Thread sender = handlers.threads.take();

        long start = System.nanoTime();
        component.deactivate();
        assertThat(System.nanoTime() - start).isLessThan(TimeUnit.SECONDS.toNanos(5));
        handlers.through.countDown();

        sender.join();
        assertThat(handlers.sent).as("the second was given up").hasSize(1);
    }

    @Test
    void doesNothingOnAConfigurationThatIsNotValid() {
        EventAdminComponent component = activate(Map.of("out.a", "a", "in.b", "x/#/y"));

        assertThat(fakes.services).isEmpty();
        assertThat(fakes.open).isZero();
        component.deactivate();
    }

    @Test
    void holdsNothingWhenTheBrokerGivesNoSession() {
        fakes.refuses = true;

        assertThatIllegalStateException().isThrownBy(() -> activate(Map.of("out.a", "a")));

        assertThat(fakes.services).isEmpty();
        assertThat(fakes.open).isZero();
    }
}
