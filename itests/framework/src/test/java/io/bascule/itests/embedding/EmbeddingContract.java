/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.itests.embedding;

import static io.bascule.itests.support.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.hivemq.client.mqtt.MqttGlobalPublishFilter;
import com.hivemq.client.mqtt.mqtt5.Mqtt5AsyncClient;
import com.hivemq.client.mqtt.mqtt5.Mqtt5BlockingClient;
import com.hivemq.client.mqtt.mqtt5.Mqtt5Client;
import com.hivemq.client.mqtt.mqtt5.Mqtt5ClientBuilder;
import com.hivemq.client.mqtt.mqtt5.exceptions.Mqtt5ConnAckException;
import com.hivemq.client.mqtt.mqtt5.exceptions.Mqtt5PubAckException;
import com.hivemq.client.mqtt.mqtt5.message.publish.Mqtt5Publish;
import com.hivemq.client.mqtt.mqtt5.message.publish.Mqtt5PublishResult;
import com.hivemq.client.mqtt.mqtt5.message.publish.puback.Mqtt5PubAckReasonCode;
import io.bascule.itests.client.Client;
import io.bascule.itests.client.ConnectOptions;
import io.bascule.itests.client.Received;
import io.bascule.itests.client.Version;
import io.bascule.itests.peers.Ports;
import io.bascule.itests.secrets.Canary;
import io.bascule.itests.support.Bundles;
import io.bascule.itests.support.OldRevisions;
import io.bascule.itests.support.PlainFramework;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.junit.After;
import org.junit.AfterClass;
import org.junit.Before;
import org.junit.Test;
import org.osgi.framework.Bundle;

/** What docs/embedding.md promises, seen from outside: by the messages that a client gets. */
public abstract class EmbeddingContract {
    private static final Duration TO_COME_BACK = Duration.ofSeconds(60);

    private static PlainFramework framework;
    private static Bundle example;
    private static int port;

    private final List<Path> written = new ArrayList<>();
    private Asking asking;

    /** Installs the example bundle, beside a listener of the test's own. */
    static void start(PlainFramework started) throws Exception {
        framework = started;
        port = Ports.free();
        Path listener = framework.etc().resolve("io.bascule.listener-test.cfg");
        Files.writeString(listener, "host = 127.0.0.1\nport = " + port + "\n");
        Path jar = Bundles.jars(Path.of(System.getProperty("example"))).get(0);
        example = framework.context().installBundle(jar.toUri().toString());
        example.start();
        eventually("the listener answers", () -> Ports.answers(port));
    }

    @AfterClass
    public static void stop() {
        framework.close();
    }

    @Before
    public void connect() {
        asking = new Asking(ConnectOptions.of(Version.MQTT_5, port, "asking"));
        asking.awaitOperator();
    }

    @After
    public void takeBack() throws IOException {
        for (Path file : written) {
            Files.deleteIfExists(file);
        }
        asking.close();
        eventually(() -> {
            try (Client anonymous = Client.connect(Version.MQTT_5, port, "anonymous")) {
                anonymous.subscribe("anything", 1);
            } catch (CompletionException e) {
                throw new AssertionError("not everybody may do everything yet", e);
            }
        });
    }

    /** As whoever runs the gateway does it: whole at once. */
    private void write(String file, String content) throws IOException {
        Path etc = framework.etc().resolve(file);
        written.add(etc);
        Path elsewhere = Files.writeString(framework.etc().resolveSibling("written"), content);
        Files.move(elsewhere, etc, StandardCopyOption.ATOMIC_MOVE);
    }

    private void delete(String file) throws IOException {
        Files.delete(framework.etc().resolve(file));
    }

    // ---------------------------------------------------------------- configuration

    @Test(timeout = 60_000)
    public void aListenerAndABridgeAreConfiguredWithoutAFile() throws Exception {
        eventually(
                () -> assertThat(asking.ask("sessions")).contains("bridge:plant connected", "bascule-plant connected"));
        asking.client().subscribe("plant7/#", 1);

        asking.client().publish("alarms/fire", 2, "hot");

        Received bridged = asking.next();
        assertThat(bridged.topic()).isEqualTo("plant7/alarms/fire");
        assertThat(bridged.qos()).isEqualTo(1);
        assertThat(bridged.text()).isEqualTo("hot");
    }

    // ---------------------------------------------------------------- the broker

    @Test(timeout = 60_000)
    public void aBundlePublishes() throws Exception {
        asking.client().subscribe("plant/line1/#", 2);
        Received retained = asking.next();
        assertThat(retained.topic()).isEqualTo("plant/line1/state");
        assertThat(retained.text()).isEqualTo("running");
        assertThat(retained.retain()).isTrue();

        assertThat(asking.ask("order", "10 bolts")).startsWith("Success");

        Received order = asking.next();
        assertThat(order.topic()).isEqualTo("plant/line1/order");
        assertThat(order.qos()).isEqualTo(2);
        assertThat(order.text()).isEqualTo("10 bolts");
    }

    @Test(timeout = 60_000)
    public void aBundleReceives() {
        asking.client().publish("plant/line2/state", 0, "stopped");

        eventually(() ->
                assertThat(asking.ask("dashboard")).contains("plant/line1/state=running", "plant/line2/state=stopped"));
    }

    @Test(timeout = 60_000)
    public void aBundleAcknowledgesAndSaysWhenItKeepsUp() throws Exception {
        String before = asking.ask("history");
        StringBuilder expected = new StringBuilder(before);
        for (int i = 0; i < 40; i++) {
            asking.client().publish("history/x", i % 3, "a" + i);
            expected.append(expected.isEmpty() ? "" : " ").append("a").append(i);
        }
        eventually(() -> assertThat(asking.ask("history")).hasToString(expected.toString()));
        eventually(() -> assertThat(asking.ask("sessions")).contains("historian connected as nobody, 0 queued"));

        asking.ask("pause");
        for (int i = 0; i < 40; i++) {
            asking.client().publish("history/x", 1 + i % 2, "b" + i);
        }
        eventually(() -> assertThat(asking.ask("sessions")).contains("historian connected as nobody, 40 queued"));
        assertThat(asking.ask("history")).hasToString(expected.toString());

        asking.ask("resume");
        for (int i = 0; i < 40; i++) {
            expected.append(" b").append(i);
        }
        eventually(() -> assertThat(asking.ask("history")).hasToString(expected.toString()));
    }

    @Test(timeout = 60_000)
    public void aLastingSessionMissesNothingWhileItsBundleIsStopped() throws Exception {
        example.stop();
        try {
            for (int i = 0; i < 5; i++) {
                asking.client().publish("history/x", 1 + i % 2, "c" + i);
            }
        } finally {
            example.start();
        }
        asking.awaitOperator();

        eventually(() -> assertThat(asking.ask("history")).isEqualTo("c0 c1 c2 c3 c4"));
    }

    @Test(timeout = 60_000)
    public void aBundleDisconnectsClientsAndEndsSessions() throws Exception {
        Client victim =
                Client.connect(ConnectOptions.of(Version.MQTT_5, port, "victim").lastingSession(), message -> {});
        assertThat(asking.ask("sessions")).contains("victim connected as nobody");

        assertThat(asking.ask("disconnect", "victim")).isEqualTo("disconnected");

        assertThat(victim.disconnected().get(30, TimeUnit.SECONDS)).contains("DISCONNECT");
        eventually(() -> assertThat(asking.ask("sessions")).contains("victim away"));
        assertThat(asking.ask("disconnect", "victim")).isEqualTo("was not connected");
        assertThat(asking.ask("end", "victim")).isEqualTo("ended");
        assertThat(asking.ask("end", "victim")).isEqualTo("was not there");
    }

    @Test(timeout = 60_000)
    public void aBundleLooksAround() throws Exception {
        assertThat(asking.ask("receivers", "plant/x")).isEqualTo("dashboard with QoS 0");
        assertThat(asking.ask("figures")).containsPattern("[1-9][0-9]* connected, [0-9]+ intercepted, limits [1-9]");
    }

    @Test(timeout = 60_000)
    public void aBundleSeesAndDeletesWhatIsRetained() throws Exception {
        asking.client()
                .publish("keep/a", 1, true, "1".getBytes(StandardCharsets.UTF_8))
                .get(10, TimeUnit.SECONDS);
        asking.client()
                .publish("keep/b", 1, true, "2".getBytes(StandardCharsets.UTF_8))
                .get(10, TimeUnit.SECONDS);
        assertThat(asking.ask("retained", "keep/#")).isEqualTo("keep/a=1\nkeep/b=2");

        assertThat(asking.ask("forget", "keep/a")).isEqualTo("1 deleted");

        assertThat(asking.ask("retained", "keep/#")).isEqualTo("keep/b=2");
        assertThat(asking.ask("forget", "keep/#")).isEqualTo("1 deleted");
    }

    // ---------------------------------------------------------------- services of the bundle

    @Test(timeout = 60_000)
    public void aSubscriberReceivesByBeingThere() {
        asking.client().publish("alarms/water", 1, "wet");

        eventually(() -> assertThat(asking.ask("alarms")).contains("alarms/water: wet"));
    }

    @Test(timeout = 60_000)
    public void anInterceptorChangesAndDropsMessages() throws Exception {
        List<Mqtt5Publish> received = new ArrayList<>();
        Mqtt5BlockingClient client = client("reader").buildBlocking();
        try (Mqtt5BlockingClient.Mqtt5Publishes publishes = client.publishes(MqttGlobalPublishFilter.ALL)) {
            client.connect();
            client.subscribeWith().topicFilter("noise/#").send();
            client.subscribeWith().topicFilter("sound").send();

            asking.client().publish("noise/x", 1, "dropped");
            asking.client().publish("sound", 1, "heard");

            received.add(publishes.receive(10, TimeUnit.SECONDS).orElseThrow());
        }
        client.disconnect();
        assertThat(received.get(0).getTopic()).hasToString("sound");
        assertThat(received.get(0).getUserProperties().asList())
                .extracting(each -> each.getName() + "=" + each.getValue())
                .containsExactly("publisher=asking");
    }

    @Test(timeout = 60_000)
    public void authenticatorsComeAndGoWhileTheBrokerRuns() throws Exception {
        write("example.users.cfg", "user.boss = " + Canary.secret("boss") + "\n");
        eventually(() -> assertThat(refusal(null, null)).isEqualTo("NOT_AUTHORIZED"));
        assertThat(refusal("boss", "wrong")).isEqualTo("BAD_USER_NAME_OR_PASSWORD");
        assertThat(refusal("stranger", Canary.secret("boss"))).isEqualTo("BAD_USER_NAME_OR_PASSWORD");
        try (Client boss = Client.connect(
                ConnectOptions.of(Version.MQTT_3_1_1, port, "the boss").as("boss", Canary.secret("boss")),
                message -> {})) {
            assertThat(boss.isConnected()).isTrue();
            assertThat(asking.ask("sessions")).contains("the boss connected as boss");
        }

        delete("example.users.cfg");
        eventually(() -> assertThat(refusal(null, null)).isEqualTo("none"));
    }

    @Test(timeout = 60_000)
    public void aGuardKeepsTheDoorShutWhileTheAuthenticatorIsAway() throws Exception {
        write("example.users.cfg", "user.boss = " + Canary.secret("boss") + "\n");
        write("example.guard.cfg", "\n");
        eventually(() -> assertThat(refusal(null, null)).isEqualTo("NOT_AUTHORIZED"));
        eventually(() -> assertThat(refusal("boss", Canary.secret("boss"))).isEqualTo("none"));

        delete("example.users.cfg");

        eventually(() -> assertThat(refusal("boss", Canary.secret("boss"))).isEqualTo("BAD_USER_NAME_OR_PASSWORD"));
        assertThat(refusal(null, null)).isEqualTo("NOT_AUTHORIZED");
        write("example.users.cfg", "user.boss = " + Canary.secret("boss") + "\n");
        eventually(() -> assertThat(refusal("boss", Canary.secret("boss"))).isEqualTo("none"));
    }

    @Test(timeout = 60_000)
    public void anEnhancedAuthenticatorChallengesAndChallengesAgain() throws Exception {
        assertThatThrownBy(() -> client("prover")
                        .enhancedAuth(new Proof("k3y"))
                        .buildBlocking()
                        .connect())
                .satisfies(failure -> assertThat(reason(failure)).isEqualTo("BAD_AUTHENTICATION_METHOD"));
        write("example.challenge.cfg", "key = k3y\n");
        Mqtt5AsyncClient prover =
                client("prover").enhancedAuth(new Proof("k3y")).buildAsync();
        eventually(() -> {
            try {
                prover.connect().get(10, TimeUnit.SECONDS);
            } catch (ExecutionException e) {
                throw new AssertionError(e);
            }
        });
        assertThat(asking.ask("sessions")).contains("prover connected as prover");

        prover.reauth().get(10, TimeUnit.SECONDS);

        assertThat(prover.getState().isConnected()).isTrue();
        prover.disconnect().get(10, TimeUnit.SECONDS);
        assertThatThrownBy(() -> client("liar")
                        .enhancedAuth(new Proof("wrong"))
                        .buildBlocking()
                        .connect())
                .satisfies(failure -> assertThat(reason(failure)).isEqualTo("NOT_AUTHORIZED"));
    }

    @Test(timeout = 60_000)
    public void anAuthorizerIsAskedForEachMessage() throws Exception {
        write("example.users.cfg", "user.boss = " + Canary.secret("boss") + "\nuser.guest = guest\n");
        eventually(() -> assertThat(refusal("boss", "wrong")).isEqualTo("BAD_USER_NAME_OR_PASSWORD"));
        try (Asking boss = new Asking(
                        ConnectOptions.of(Version.MQTT_5, port, "the boss").as("boss", Canary.secret("boss")));
                Asking guest = new Asking(
                        ConnectOptions.of(Version.MQTT_5, port, "a guest").as("guest", "guest"))) {
            guest.client().subscribe("private/#", 1);
            guest.client().subscribe("public/#", 1);

            write("example.rights.cfg", "\n");
            eventually(() -> assertThat(publish(guest, "private/x")).isEqualTo(Mqtt5PubAckReasonCode.NOT_AUTHORIZED));
            assertThat(publish(guest, "public/x")).isEqualTo(Mqtt5PubAckReasonCode.SUCCESS);
            assertThatThrownBy(() -> guest.client().subscribe("private/y", 1)).isInstanceOf(CompletionException.class);
            assertThat(publish(boss, "private/x")).isEqualTo(Mqtt5PubAckReasonCode.SUCCESS);
            assertThat(publish(boss, "public/y")).isEqualTo(Mqtt5PubAckReasonCode.SUCCESS);
            List<String> topics = new ArrayList<>();
            while (!topics.contains("public/y")) {
                topics.add(guest.next().topic());
            }
            // What was let through before there was an authorizer, and then what is public.
            assertThat(topics)
                    .endsWith("public/x", "public/y")
                    .filteredOn(topic -> topic.startsWith("private"))
                    .isEqualTo(topics.subList(0, topics.size() - 2));

            // A session of a bundle has the rights of the user that it is opened as.
            assertThat(boss.ask("try", "private/x")).isEqualTo("Not authorized (0x87)");
            assertThat(boss.ask("try", "public/x")).startsWith("Success");
            delete("example.rights.cfg");
            eventually(() -> assertThat(boss.ask("try", "private/x")).startsWith("Success"));
        }
    }

    // ---------------------------------------------------------------- the end

    @Test(timeout = 180_000)
    public void allComesBackWhenTheBrokerIsEdited() throws Exception {
        asking.client().publish("plant/line3/state", 1, "new");
        eventually(() -> assertThat(asking.ask("dashboard")).contains("plant/line3/state=new"));

        write("io.bascule.broker.cfg", "topic.levels = 64\n");
        eventually(TO_COME_BACK, () -> assertThat(askAnew("dashboard")).isEqualTo("{plant/line1/state=running}"));

        asking.client().publish("plant/line3/state", 1, "new");
        eventually(() -> assertThat(asking.ask("dashboard")).contains("plant/line3/state=new"));
        delete("io.bascule.broker.cfg");
        eventually(TO_COME_BACK, () -> assertThat(askAnew("dashboard")).isEqualTo("{plant/line1/state=running}"));
    }

    /** Connects again: the broker has been restarted, or is about to be. */
    private String askAnew(String word) throws InterruptedException {
        try {
            asking.close();
            asking = new Asking(ConnectOptions.of(Version.MQTT_5, port, "asking"));
            asking.awaitOperator();
            return asking.ask(word);
        } catch (RuntimeException e) {
            throw new AssertionError("the broker is not back", e);
        }
    }

    @Test(timeout = 90_000)
    public void nothingIsLeftOfTheBundle() throws Exception {
        OldRevisions revisions = new OldRevisions(framework.context(), example);
        revisions.refresh();
        asking.awaitOperator();
        asking.client().publish("alarms/x", 1, "again");
        eventually(() -> assertThat(asking.ask("alarms")).contains("alarms/x: again"));
        revisions.refresh();
        asking.awaitOperator();

        eventually(() -> assertThat(revisions.alive()).isZero());
        example.stop();
        try {
            eventually(() -> assertThat(framework.context().getAllServiceReferences(null, "(listener.name=plant)"))
                    .isNull());
            eventually(() -> assertThat(framework.context().getAllServiceReferences(null, "(bridge.name=plant)"))
                    .isNull());
            eventually(() -> assertThat(Thread.getAllStackTraces().keySet())
                    .noneMatch(thread -> thread.getName().startsWith("bascule-subscriber")));
        } finally {
            example.start();
        }
    }

    // ---------------------------------------------------------------- helpers

    private static Mqtt5ClientBuilder client(String clientId) {
        return Mqtt5Client.builder()
                .identifier(clientId)
                .serverHost("127.0.0.1")
                .serverPort(port);
    }

    /** Why somebody is not let in, {@code none} for somebody who is. */
    private static String refusal(String user, String password) {
        ConnectOptions options = ConnectOptions.of(Version.MQTT_5, port, "at the door");
        try {
            Client.connect(user == null ? options : options.as(user, password), message -> {})
                    .close();
            return "none";
        } catch (CompletionException e) {
            return reason(e.getCause());
        }
    }

    private static String reason(Throwable failure) {
        return failure instanceof Mqtt5ConnAckException refused
                ? refused.getMqttMessage().getReasonCode().name()
                : String.valueOf(failure);
    }

    private static Mqtt5PubAckReasonCode publish(Asking client, String topic) throws Exception {
        try {
            Mqtt5PublishResult.Mqtt5Qos1Result result = (Mqtt5PublishResult.Mqtt5Qos1Result)
                    client.client().publish(topic, 1, false, new byte[0]).get(10, TimeUnit.SECONDS);
            return result.getPubAck().getReasonCode();
        } catch (ExecutionException e) {
            return ((Mqtt5PubAckException) e.getCause()).getMqttMessage().getReasonCode();
        }
    }
}
