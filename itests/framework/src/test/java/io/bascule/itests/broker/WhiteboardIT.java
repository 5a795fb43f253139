/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.itests.broker;

import static io.bascule.itests.support.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import io.bascule.itests.client.Client;
import io.bascule.itests.client.Version;
import io.bascule.itests.support.InFramework;
import io.bascule.itests.support.OldRevisions;
import io.bascule.itests.support.Residue;
import io.bascule.itests.support.TestBundle;
import io.bascule.mqtt.Message;
import io.bascule.mqtt.QoS;
import io.bascule.mqtt.Topic;
import io.bascule.spi.MessageSubscriber;
import java.nio.charset.StandardCharsets;
import java.util.Dictionary;
import java.util.Hashtable;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.After;
import org.junit.Test;
import org.osgi.framework.Bundle;
import org.osgi.framework.ServiceRegistration;
import org.osgi.service.cm.Configuration;
import org.osgi.service.cm.ConfigurationAdmin;

/** Services that receive messages by being there. */
public class WhiteboardIT extends InFramework {
    private static final String IMPORTS = String.join(
            ",",
            "org.osgi.framework",
            "io.bascule.api;version=\"[1.0,2)\"",
            "io.bascule.mqtt;version=\"[1.0,2)\"",
            "io.bascule.spi;version=\"[1.0,2)\"");
    private static final int REFRESHES = 3;

    private final List<String> received = new CopyOnWriteArrayList<>();
    private ServiceRegistration<MessageSubscriber> registration;

    @After
    public void unregister() {
        if (registration != null) {
            registration.unregister();
        }
    }

    @Test(timeout = 180_000)
    public void receivesAsItsPropertiesSayForAsLongAsItIsRegistered() throws Exception {
        int port = openListener("a");
        try (Client client = Client.connect(Version.MQTT_5, port, "client")) {
            Residue before = Residue.atRest(context, broker, transport);
            register("first/#");
            eventually(() -> assertThat(broker.receivers(Topic.of("first/x"))).hasSize(1));
            client.publish("first/x", 2, "1");
            client.publish("second/x", 1, "2");
            eventually(() -> assertThat(received).containsExactly("1"));

            registration.setProperties(filter("second/#"));
            eventually(() -> assertThat(broker.receivers(Topic.of("second/x"))).hasSize(1));
            eventually(() -> assertThat(broker.receivers(Topic.of("first/x"))).isEmpty());
            client.publish("first/x", 1, "3");
            client.publish("second/x", 1, "4");
            eventually(() -> assertThat(received).containsExactly("1", "4"));

            registration.unregister();
            registration = null;
            eventually(() -> assertThat(Residue.now(context, broker, transport).since(before))
                    .isEmpty());
            client.publish("second/x", 1, "5");
            assertThat(received).containsExactly("1", "4");
        }
    }

    @Test(timeout = 60_000)
    public void goesOnWhenTheBrokerHasRestarted() throws Exception {
        register("again/#");
        eventually(() -> assertThat(broker.receivers(Topic.of("again/x"))).hasSize(1));
        ConfigurationAdmin admin = context.getService(context.getServiceReference(ConfigurationAdmin.class));
        Configuration configuration = admin.getConfiguration("io.bascule.broker", "?");
        int port = openListener("a");
        try {
            configuration.update(new Hashtable<>(Map.of("topic.levels", "64")));

            eventually(() -> {
                try (Client client = reconnect(port)) {
                    client.publish("again/x", 1, "x");
                } catch (CompletionException e) {
                    throw new AssertionError("the broker before has gone under way", e);
                }
                assertThat(received).isNotEmpty();
            });
        } finally {
            configuration.delete();
        }
    }

    /** The listener comes back with the broker. */
    private Client reconnect(int port) {
        int now = awaitOpen("a");
        try {
            return Client.connect(Version.MQTT_3_1_1, now, "client");
        } catch (RuntimeException e) {
            throw new AssertionError("not on " + now + ", before on " + port, e);
        }
    }

    @Test(timeout = 60_000)
    public void leavesNothingOfABundleThatIsStoppedWhileItsServiceIsCalled() throws Exception {
        Bundle listening =
                context.installBundle("listening", TestBundle.of("listening", IMPORTS, List.of(ListeningBundle.class)));
        try {
            hang(listening);
            listening.stop();
            Residue before = Residue.atRest(context, broker, transport);

            listening.start();
            OldRevisions revisions = new OldRevisions(context, listening);
            for (int i = 0; i < REFRESHES; i++) {
                hang(listening);
                revisions.refresh();
            }
            listening.stop();

            eventually(() -> assertThat(Residue.now(context, broker, transport).since(before))
                    .isEmpty());
            eventually(() -> assertThat(revisions.alive()).isZero());
        } finally {
            listening.uninstall();
        }
    }

    /** Starts the bundle and calls its service, which does not return. */
    private void hang(Bundle listening) throws Exception {
        listening.start();
        Topic topic = Topic.of("hangs/here");
        eventually(() -> assertThat(broker.receivers(topic)).hasSize(1));
        broker.publish(Message.of(topic, new byte[0], QoS.AT_LEAST_ONCE, false))
                .toCompletableFuture()
                .join();
        eventually(
                "it is called",
                () -> Thread.getAllStackTraces().entrySet().stream()
                        .filter(each -> each.getKey().getName().startsWith("bascule-subscriber"))
                        .flatMap(each -> List.of(each.getValue()).stream())
                        .anyMatch(frame -> frame.getClassName().endsWith("ListeningBundle$Hanging")));
    }

    private void register(String filter) {
        MessageSubscriber subscriber = message -> received.add(new String(message.payload(), StandardCharsets.UTF_8));
        registration = context.registerService(MessageSubscriber.class, subscriber, filter(filter));
    }

    private static Dictionary<String, ?> filter(String filter) {
        return new Hashtable<>(Map.of(MessageSubscriber.TOPIC_FILTER, filter));
    }
}
