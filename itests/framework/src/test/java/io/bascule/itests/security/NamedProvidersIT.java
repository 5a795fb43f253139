/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.itests.security;

import static io.bascule.itests.support.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.bascule.api.Broker;
import io.bascule.api.ListenerStatus;
import io.bascule.api.OpenListener;
import io.bascule.itests.client.Client;
import io.bascule.itests.client.ConnectOptions;
import io.bascule.itests.client.Received;
import io.bascule.itests.client.Version;
import io.bascule.itests.peers.MosquittoPasswd;
import io.bascule.itests.peers.MosquittoPub;
import io.bascule.itests.peers.MosquittoSub;
import io.bascule.itests.secrets.Canary;
import io.bascule.itests.statements.Cve;
import io.bascule.itests.support.Folders;
import io.bascule.itests.support.InFramework;
import io.bascule.mqtt.Message;
import io.bascule.mqtt.QoS;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.junit.After;
import org.junit.Before;
import org.junit.Test;
import org.osgi.framework.Bundle;

/** A listener that names who is to know its clients, and who is to say what those may do: without them it is shut. */
public class NamedProvidersIT extends InFramework {
    private static final String PASSWORDS = "io.bascule.passwords";
    private static final String ACL = "io.bascule.acl";

    private Path folder;
    private Path users;
    private Path rights;

    @Before
    public void write() throws IOException {
        folder = Folders.create("named-providers");
        users = folder.resolve("users");
        rights = folder.resolve("rights");
        MosquittoPasswd.create(users, "alice", Canary.secret("wonder land"));
        Files.writeString(rights, "allow all user=alice allowed/#\n");
    }

    @After
    public void clean() {
        Folders.delete(folder);
    }

    private void configurePasswords() throws IOException {
        configure(PASSWORDS, "plant", Map.of("file", users.toString()));
    }

    private void configureAcl() throws IOException {
        configure(ACL, "plant", Map.of("file", rights.toString()));
    }

    /** Open to the world, which it may be since it names who knows its clients. */
    private void configureGuarded() throws IOException {
        configureListener(
                "guarded", Map.of("host", "0.0.0.0", "port", "0", "authenticators", "plant", "authorizers", "plant"));
    }

    private void awaitShut(String... why) {
        awaitListenerShut("guarded", why);
    }

    private void awaitListenerShut(String listener, String... why) {
        eventually(() -> {
            assertThat(listener(listener)).hasValueSatisfying(status -> {
                assertThat(status.state()).isEqualTo(ListenerStatus.State.RETRYING);
                assertThat(status.reason().orElse("")).contains(why);
            });
        });
        eventually(() -> assertThat(context.getServiceReferences(
                        OpenListener.class, "(" + OpenListener.NAME + "=" + listener + ")"))
                .isEmpty());
    }

    @Test(timeout = 60_000)
    @Cve("Moquette #967")
    public void isShutWithoutThem() throws Exception {
        configureGuarded();
        awaitShut("authenticator plant is not there", "authorizer plant is not there");

        configurePasswords();
        awaitShut("authorizer plant is not there");
        configureAcl();
        int port = awaitOpen("guarded");
        MosquittoPub.publish(port, "mqttv5", 1, "allowed/a", "x", "-u", "alice", "-P", Canary.secret("wonder land"));
        assertThatThrownBy(() -> MosquittoPub.publish(port, "mqttv5", 1, "allowed/a", "x"))
                .hasMessageContaining("Not authorized");

        delete(PASSWORDS, "plant");
        awaitShut("authenticator plant is not there");
        configurePasswords();
        awaitOpen("guarded");
        delete(ACL, "plant");
        awaitShut("authorizer plant is not there");
    }

    @Test(timeout = 60_000)
    public void saysWhyOneOfThemIsNotThere() throws Exception {
        Files.writeString(users, "alice:plain\n");
        configureAcl();
        configurePasswords();
        configureGuarded();
        awaitShut("authenticator plant is not there: ", "line 1: its hash begins neither");
        eventually(() -> assertThat(console("listeners")).contains("line 1: its hash begins neither"));

        MosquittoPasswd.create(users, "alice", Canary.secret("wonder land"));
        awaitOpen("guarded");
    }

    @Test(timeout = 60_000)
    public void keepsWhoIsConnectedAndHoldsHimWhileItIsShut() throws Exception {
        configureAcl();
        configurePasswords();
        configureGuarded();
        int port = awaitOpen("guarded");
        ConnectOptions options =
                ConnectOptions.of(Version.MQTT_5, port, "connected").as("alice", Canary.secret("wonder land"));
        Queue<String> received = new ConcurrentLinkedQueue<>();
        try (Client client = Client.connect(options, message -> received.add(message.text()))) {
            client.subscribe("allowed/a", 1);
            client.publish("allowed/a", 1, "1");
            delete(ACL, "plant");
            awaitShut("authorizer plant is not there");
            service(Broker.class)
                    .publish(Message.of("allowed/a", "2").withQos(QoS.AT_LEAST_ONCE))
                    .toCompletableFuture()
                    .get(30, TimeUnit.SECONDS);
            CompletableFuture<?> third = client.publish("allowed/a", 1, false, "3".getBytes());

            configureAcl();
            third.get(30, TimeUnit.SECONDS);
            awaitOpen("guarded");
            client.publish("allowed/a", 1, "4");
            eventually(() -> assertThat(received).containsExactly("1", "2", "3", "4"));
        }
    }

    @Test(timeout = 120_000)
    public void aWillThatIsDueAtTheStartWaitsForThem() throws Exception {
        configureListener(
                "free", Map.of("host", "127.0.0.1", "port", "0", "authenticators", "none", "authorizers", "none"));
        configureListener(
                "guarded", Map.of("host", "127.0.0.1", "port", "0", "authenticators", "none", "authorizers", "plant"));
        Files.writeString(rights, "allow all #\n");
        configureAcl();
        mourner(message -> {}).close();
        Bundle security = installed("io.bascule.security");
        try (MosquittoSub leaving = MosquittoSub.start(
                awaitOpen("guarded"),
                "mqttv311",
                "leaving",
                1,
                "a",
                "--will-topic",
                "wills",
                "--will-qos",
                "1",
                "--will-payload",
                "gone")) {
            security.stop();
            awaitShut("authorizer plant is not there");
            startAgain(1); // and leaves the client without a word
            leaving.kill();
        }
        startAgain(2);
        assertThat(service(Broker.class)
                        .session("mourner")
                        .orElseThrow()
                        .queue()
                        .queued())
                .isZero();

        security.start();
        Queue<String> received = new ConcurrentLinkedQueue<>();
        try (Client mourner = mourner(message -> received.add(message.text()))) {
            eventually(() -> assertThat(received).containsExactly("gone"));
            mourner.publish("wills", 1, "last");
            eventually(() -> assertThat(received).containsExactly("gone", "last"));
        }
        service(Broker.class).endSession("mourner").toCompletableFuture().join();
        restartBroker("io.bascule.broker", Map.of());
    }

    private Client mourner(Consumer<Received> messages) {
        Client client = Client.connect(
                ConnectOptions.of(Version.MQTT_5, awaitOpen("free"), "mourner").lastingSession(), messages);
        client.subscribe("wills", 1);
        return client;
    }

    /** The broker, with what its store has kept. */
    private void startAgain(int time) throws IOException {
        restartBroker("io.bascule.broker", Map.of("queue.messages", String.valueOf(1000 + time)));
        awaitOpen("free");
    }

    @Test(timeout = 60_000)
    public void leavesOthersAlone() throws Exception {
        configureAcl();
        configurePasswords();
        configureListener(
                "free", Map.of("host", "127.0.0.1", "port", "0", "authenticators", "none", "authorizers", "none"));
        int free = awaitOpen("free");
        MosquittoPub.publish(free, "mqttv5", 1, "anywhere", "x");
        assertThat(listener("free").orElseThrow().reason()).isEmpty();
    }

    @Test(timeout = 60_000)
    public void whoNamesNobodyIsFreeOnlyWhileNobodyIsConfigured() throws Exception {
        configureListener("plain", Map.of("host", "127.0.0.1", "port", "0"));
        configureListener("knowing", Map.of("host", "127.0.0.1", "port", "0", "authorizers", "none"));
        MosquittoPub.publish(awaitOpen("plain"), "mqttv5", 1, "anywhere", "x");

        Files.writeString(rights, "allow al #\n");
        configureAcl();
        awaitListenerShut("plain", "authorizer io.bascule.acl~plant is not there: ", "line 1: \"al\" is nothing");
        eventually(() -> assertThat(console("listeners")).contains("authorizer io.bascule.acl~plant is not there"));
        awaitOpen("knowing");
        Files.writeString(rights, "allow all allowed/#\n");
        MosquittoPub.publish(awaitOpen("plain"), "mqttv5", 1, "allowed/a", "x");

        delete(ACL, "plant");
        eventually(() -> MosquittoPub.publish(awaitOpen("plain"), "mqttv5", 1, "anywhere", "x"));
    }

    @Test(timeout = 60_000)
    public void isShutWhileTheBundleOfTheProvidersIsAway() throws Exception {
        configureListener("plain", Map.of("host", "127.0.0.1", "port", "0"));
        configurePasswords();
        Bundle security = installed("io.bascule.security");
        security.stop();
        awaitListenerShut("plain", "authenticator io.bascule.passwords~plant is not there");

        Bundle listeners = installed("io.bascule.transport");
        listeners.stop();
        eventually("no listener is there", () -> listener("plain").isEmpty());
        listeners.start(); // as at each start of the broker: before those who know clients
        awaitListenerShut("plain", "authenticator io.bascule.passwords~plant is not there");

        security.start();
        assertThatThrownBy(() -> MosquittoPub.publish(awaitOpen("plain"), "mqttv5", 1, "a", "x"))
                .hasMessageContaining("Not authorized");
        MosquittoPub.publish(
                awaitOpen("plain"), "mqttv5", 1, "a", "x", "-u", "alice", "-P", Canary.secret("wonder land"));
    }
}
