/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.itests.adapters;

import static io.bascule.itests.support.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import io.bascule.api.SessionInfo;
import io.bascule.itests.client.Client;
import io.bascule.itests.client.ConnectOptions;
import io.bascule.itests.client.Received;
import io.bascule.itests.client.Version;
import io.bascule.itests.support.Bundles;
import io.bascule.itests.support.InFramework;
import io.bascule.itests.support.OldRevisions;
import io.bascule.itests.support.Residue;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.After;
import org.junit.Before;
import org.junit.Test;
import org.osgi.framework.Bundle;
import org.osgi.framework.ServiceReference;
import org.osgi.framework.ServiceRegistration;

/** What an adapter between MQTT topics and an event service owes, whichever the event service is. */
public abstract class AdapterContract extends InFramework {
    private static final int MANY = 2000;
    private static final int CYCLES = 20;
    private static final int WARM_UP = 30;
    /** Felix calls no handler again that has taken 5 s once. */
    private static final int HANDLER_SECONDS = 2;

    private final List<Heard> heard = new CopyOnWriteArrayList<>();
    private final List<Received> received = new CopyOnWriteArrayList<>();
    private final List<ServiceRegistration<?>> handlers = new ArrayList<>();
    private Client client;

    /** The adapter's word: its bundle is {@code io.bascule.<kind>}, and so is its configuration. */
    abstract String kind();

    /** The service type of event handlers. */
    abstract Class<?> handlerType();

    /** Registers a handler for these event topics. */
    abstract ServiceRegistration<?> listen(String eventFilter, Consumer<Heard> handler);

    /** Gives an event with one property, {@code text}, to the event service. */
    abstract void post(String topic, String text);

    /** Whether the event service has more than one thread for handlers. */
    abstract boolean eventsPassASlowHandler();

    @Override
    protected Stream<Path> bundles() {
        return Stream.concat(super.bundles(), Bundles.adapters().stream());
    }

    @Before
    public void connectAClient() throws IOException {
        client = Client.connect(ConnectOptions.of(Version.MQTT_5, openListener("local"), "client"), received::add);
    }

    @After
    public void leave() throws IOException {
        handlers.forEach(ServiceRegistration::unregister);
        client.close();
        for (String name : List.of("a", "b")) {
            delete(pid(), name);
        }
        eventually(() -> assertThat(sessions()).isEmpty());
    }

    @Test(timeout = 60_000)
    public void publishesEvents() throws IOException {
        client.subscribe("alarms/#", 2);
        adapt("a", Map.of("out.a", "plant/alarm/* -> alarms/{#} payload=text qos=2", "out.b", "plant/none"));

        post("plant/alarm/fire", "hot");

        eventually(() -> assertThat(received).singleElement().satisfies(message -> {
            assertThat(message.topic()).isEqualTo("alarms/fire");
            assertThat(message.text()).isEqualTo("hot");
            assertThat(message.qos()).isEqualTo(2);
        }));
    }

    @Test(timeout = 60_000)
    public void retainsWhatTheRouteSays() throws IOException {
        adapt("a", Map.of("out.a", "state/* payload=text retain=true"));
        post("state/x", "on");
        eventually(() -> assertThat(broker.info().retained()).isEqualTo(1));

        client.subscribe("state/#", 1);

        eventually(() -> assertThat(received).singleElement().satisfies(message -> {
            assertThat(message.text()).isEqualTo("on");
            assertThat(message.retain()).isTrue();
        }));
        client.publish("state/x", 1, true, new byte[0]).join();
    }

    @Test(timeout = 60_000)
    public void makesEventsOfMessages() throws IOException {
        handlers.add(listen("plant/*", heard::add));
        adapt("a", Map.of("in.a", "cmd/# -> plant/{#}"));

        client.publish("cmd/line 1/stop", 1, "now");

        eventually(() -> assertThat(heard).singleElement().satisfies(event -> {
            assertThat(event.topic()).isEqualTo("plant/line_1/stop");
            assertThat(event.text()).isEqualTo("now");
            assertThat(event.properties()).containsEntry("mqtt.topic", "cmd/line 1/stop");
            assertThat(event.properties()).containsEntry("mqtt.qos", 1);
        }));
    }

    @Test(timeout = 120_000)
    public void keepsTheOrderBothWays() throws IOException {
        List<String> numbers =
                IntStream.range(0, MANY).mapToObj(String::valueOf).toList();
        handlers.add(listen("in/*", heard::add));
        client.subscribe("out/x", 1);
        adapt("a", Map.of("out.a", "out/* payload=text", "in.a", "in/#"));

        for (String number : numbers) {
            post("out/x", number);
            client.publish("in/x", 0, false, number.getBytes());
        }

        eventually(() -> assertThat(heard).hasSize(MANY));
        eventually(() -> assertThat(received).hasSize(MANY));
        assertThat(heard).extracting(Heard::text).isEqualTo(numbers);
        assertThat(received).extracting(Received::text).isEqualTo(numbers);
    }

    @Test(timeout = 60_000)
    public void letsNothingGoRound() throws IOException {
        handlers.add(listen("loop/*", heard::add));
        client.subscribe("loop/#", 1);
        adapt("a", Map.of("out.a", "loop/* payload=text retain=true", "in.a", "loop/#"));

        post("loop/event", "e");
        eventually(() -> assertThat(received).hasSize(1));
        eventually(() -> assertThat(heard).hasSize(1));
        // Whatever came back of it would be heard before what is published after it.
        client.publish("loop/message", 1, "m1");
        client.publish("loop/message", 1, "m2");
        eventually(() -> assertThat(heard).hasSizeGreaterThanOrEqualTo(3));
        assertThat(heard).extracting(Heard::text).containsExactly("e", "m1", "m2");

        // And what went out of the messages would have been published before this.
        post("loop/last", "l");
        eventually(() -> assertThat(received).hasSizeGreaterThanOrEqualTo(4));
        assertThat(received).extracting(Received::text).containsExactly("e", "m1", "m2", "l");

        // What it has retained itself does not come in when it starts anew.
        adapt("a", Map.of("out.a", "loop/* payload=text", "in.a", "loop/#", "in.b", "other"));
        client.publish("loop/message", 1, "m3");
        eventually(() -> assertThat(heard).hasSizeGreaterThanOrEqualTo(5));
        assertThat(heard).extracting(Heard::text).containsExactly("e", "m1", "m2", "l", "m3");
        for (String topic : List.of("loop/event", "loop/last")) {
            client.publish(topic, 1, true, new byte[0]).join();
        }
    }

    /** Each publishes the event, and each hears of the other's message; there it ends. */
    @Test(timeout = 60_000)
    public void letsNothingGoRoundThroughTwoAdapters() throws IOException {
        handlers.add(listen("loop/*", heard::add));
        client.subscribe("loop/#", 1);
        Map<String, String> both = Map.of("out.a", "loop/* payload=text", "in.a", "loop/#");
        adapt("a", both);
        adapt("b", both);

        post("loop/event", "e");
        eventually(() -> assertThat(heard).hasSize(3));
        post("loop/last", "l");
        eventually(() -> assertThat(heard).hasSize(6));
        client.publish("loop/message", 1, "m");
        eventually(() -> assertThat(heard).hasSize(8));

        eventually(() ->
                assertThat(received).extracting(Received::text).containsExactlyInAnyOrder("e", "e", "l", "l", "m"));
    }

    @Test(timeout = 180_000)
    public void keepsMessagesInTheBrokerWhileAHandlerIsSlow() throws Exception {
        CountDownLatch goOn = new CountDownLatch(1);
        handlers.add(listen("slow/*", event -> {
            await(goOn);
            heard.add(event);
        }));
        client.subscribe("fast", 1);
        adapt("a", Map.of("in.a", "slow/#", "out.a", "fast payload=text", "queue.bytes", "64KiB"));

        int messages = 100;
        for (int i = 0; i < messages; i++) {
            client.publish("slow/x", 1, false, new byte[10_000]).join();
        }

        eventually(() -> assertThat(sessions())
                .singleElement()
                .satisfies(session -> assertThat(session.queue().queued()).isGreaterThan(messages / 2)));
        // Nobody else feels it: not a client, and not the way out of the same adapter.
        client.publish("fast", 1, "client");
        eventually(() -> assertThat(received).hasSize(1));
        if (eventsPassASlowHandler()) {
            post("fast", "event");
            eventually(() -> assertThat(received).hasSize(2));
        }
        goOn.countDown();
        eventually(() -> assertThat(heard).hasSize(messages));
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await(HANDLER_SECONDS, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Test(timeout = 60_000)
    public void doesNothingUntilItsConfigurationIsValid() throws IOException {
        handlers.add(listen("plant/*", heard::add));
        configure(pid(), "a", Map.of("in.a", "plant/#", "ot.b", "x"));
        adapt("b", Map.of("in.a", "plant/#"));
        client.publish("plant/x", 1, "1");
        eventually(() -> assertThat(heard).hasSize(1));
        assertThat(sessions()).hasSize(1);

        adapt("a", Map.of("in.a", "plant/#"));

        client.publish("plant/x", 1, "2");
        eventually(() -> assertThat(heard).hasSize(3));
    }

    @Test(timeout = 180_000)
    public void leavesNothingWhenItsConfigurationIsDeleted() throws Exception {
        handlers.add(listen("in/*", heard::add));
        client.subscribe("out/#", 1);
        OldRevisions revisions = new OldRevisions(context, bundle());
        // Once for all that is made on the first use and kept: threads of the event service among it.
        for (int i = 0; i < WARM_UP; i++) {
            comeAndGo(i);
        }
        Residue before = Residue.atRest(context, broker, transport);

        for (int i = 0; i < CYCLES; i++) {
            comeAndGo(i);
            if (i % 5 == 0) {
                revisions.refresh();
            }
        }

        eventually(() -> {
            assertThat(Residue.now(context, broker, transport).since(before)).isEmpty();
            assertThat(services()).isEmpty();
            assertThat(revisions.alive()).as("class loaders of earlier wirings").isZero();
        });
    }

    private void comeAndGo(int i) throws IOException {
        heard.clear();
        received.clear();
        adapt("a", Map.of("out.a", "out/* payload=text", "in.a", "in/#", "in.b", "cycle/" + i));
        post("out/x", "out");
        client.publish("in/x", 1, "in");
        eventually(() -> assertThat(heard).hasSize(1));
        eventually(() -> assertThat(received).hasSize(1));
        delete(pid(), "a");
        eventually(() -> assertThat(sessions()).isEmpty());
    }

    // ---------------------------------------------------------------- how it stands

    /** A client of the broker. */
    final Client client() {
        return client;
    }

    /** What the client has received so far. */
    final List<Received> received() {
        return received;
    }

    private String pid() {
        return "io.bascule." + kind();
    }

    /** Configures an adapter, and waits until it is up with just this: it subscribes when everything else is there. */
    final void adapt(String name, Map<String, String> properties) throws IOException {
        Optional<String> before = session(name);
        configure(pid(), name, properties);
        eventually(() -> {
            assertThat(session(name)).isPresent().isNotEqualTo(before);
            if (count(properties, "in.") > 0) {
                assertThat(subscriptions(session(name))).isEqualTo(count(properties, "in."));
            } else {
                assertThat(services()).hasSize((int) count(properties, "out."));
            }
        });
    }

    private static long count(Map<String, String> properties, String direction) {
        return properties.keySet().stream()
                .filter(key -> key.startsWith(direction))
                .count();
    }

    private long subscriptions(Optional<String> clientId) {
        return broker.subscriptions().stream()
                .filter(info -> clientId.isPresent() && clientId.get().equals(info.clientId()))
                .count();
    }

    private Optional<String> session(String name) {
        return sessions().stream()
                .map(SessionInfo::clientId)
                .filter(id -> id.startsWith(kind() + ":" + name + ":"))
                .findAny();
    }

    /** The sessions of adapters. */
    private List<SessionInfo> sessions() {
        return broker.sessions().stream()
                .filter(session -> session.clientId().startsWith(kind() + ":"))
                .toList();
    }

    /** The event handlers of adapters. */
    private List<ServiceReference<?>> services() throws Exception {
        ServiceReference<?>[] all =
                context.getAllServiceReferences(handlerType().getName(), null);
        return Stream.of(all == null ? new ServiceReference<?>[0] : all)
                .filter(service -> service.getBundle() == bundle())
                .<ServiceReference<?>>map(service -> service)
                .toList();
    }

    private Bundle bundle() {
        return Stream.of(context.getBundles())
                .filter(bundle -> pid().equals(bundle.getSymbolicName()))
                .findAny()
                .orElseThrow();
    }
}
