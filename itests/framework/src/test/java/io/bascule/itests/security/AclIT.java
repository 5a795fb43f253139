/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.itests.security;

import static io.bascule.itests.support.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.bascule.itests.client.Client;
import io.bascule.itests.client.ConnectOptions;
import io.bascule.itests.client.Received;
import io.bascule.itests.client.Version;
import io.bascule.itests.peers.MosquittoPasswd;
import io.bascule.itests.peers.MosquittoPub;
import io.bascule.itests.peers.MosquittoSub;
import io.bascule.itests.secrets.Canary;
import io.bascule.itests.statements.Cve;
import io.bascule.itests.support.OldRevisions;
import io.bascule.spi.Authorizer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.Before;
import org.junit.Test;

/** ACL files, and what clients that are connected notice of their edits. */
public class AclIT extends SecurityContract {
    private static final String EVERYTHING = "allow all #\n";
    private static final int REFRESHES = 3;

    private Path rights;

    @Before
    public void configure() throws IOException {
        Path users = folder.resolve("users");
        MosquittoPasswd.set(users, "alice", Canary.secret("wonder land"));
        MosquittoPasswd.set(users, "bob", "builder");
        serve(PASSWORDS, "people", users);
        rights = folder.resolve("rights");
    }

    private ConnectOptions as(String clientId, String user, String password) {
        return ConnectOptions.of(Version.MQTT_5, port, clientId).as(user, password);
    }

    private Client alice() {
        return Client.connect(as("a1", "alice", Canary.secret("wonder land")), message -> {});
    }

    private static void refused(Client client, String topic) {
        assertThat(publishes(client, topic)).as(topic).isFalse();
    }

    private static List<String> topics(Queue<Received> received) {
        return received.stream().map(Received::topic).toList();
    }

    @Test(timeout = 60_000)
    public void whatNoLineAllowsIsDenied() throws Exception {
        Files.writeString(rights, """
                deny  publish  user=alice  plants/7/valve
                allow publish  user=alice  plants/%c/#
                allow publish  user=alice  plants/7/#
                deny  receive  user=bob    plants/7/secret
                allow receive  group=nobody #
                allow receive  user=bob    plants/#
                """);
        serve(ACL, "plant", rights);

        try (Client alice = alice();
                MosquittoSub bob = MosquittoSub.start(port, "mqttv5", "b1", 1, "#", "-u", "bob", "-P", "builder")) {
            alice.publish("plants/7/pump", 1, "1");
            alice.publish("plants/7/secret", 1, "2");
            alice.publish("plants/a1/x", 1, "3");
            refused(alice, "plants/7/valve");
            refused(alice, "plants/b1/x");
            refused(alice, "plants/8/pump");
            MosquittoPub.publish(
                    port, "mqttv311", 1, "plants/7/valve", "4", "-u", "alice", "-P", Canary.secret("wonder land"));
            alice.publish("plants/7/pump", 1, "5");

            eventually(() -> assertThat(bob.payloads()).containsExactly("1", "3", "5"));
            assertThatThrownBy(() -> alice.subscribe("plants/#", 1)).isInstanceOf(CompletionException.class);
            assertThat(console("acl-test --publish a1 plants/7/valve"))
                    .contains("no", "line 1: deny  publish  user=alice  plants/7/valve", "user alice");
            assertThat(console("acl-test bob plants/7/secret")).contains("line 4: deny", "no client of this id");
            assertThat(console("security")).contains("acl-file", "rules 6");
        }
    }

    @Test(timeout = 60_000)
    @Cve({"CVE-2018-12546", "CVE-2021-34434"})
    public void whatIsTakenAwayIsGoneAtOnceForWhoIsConnected() throws Exception {
        Files.writeString(rights, EVERYTHING);
        serve(ACL, "plant", rights);
        Queue<Received> received = new ConcurrentLinkedQueue<>();
        ConnectOptions lasting = as("away", "bob", "builder").lastingSession();
        try (Client away = Client.connect(lasting, message -> {})) {
            away.subscribe("#", 1);
        }
        try (Client alice = alice();
                Client bob = Client.connect(as("b1", "bob", "builder"), received::add)) {
            bob.subscribe("#", 1);
            alice.publish("secret/1", 1, "queued for who is away");
            alice.publish("secret/kept", 1, true, new byte[1]).join();
            eventually(() -> assertThat(topics(received)).containsExactly("secret/1", "secret/kept"));

            write(rights, "deny receive user=bob secret/#\ndeny publish closed\n" + EVERYTHING);
            eventually(() -> refused(alice, "closed"));

            alice.publish("secret/2", 1, "not any more");
            alice.publish("open", 1, "still");
            eventually(() -> assertThat(topics(received)).endsWith("open"));
            assertThat(topics(received)).doesNotContain("secret/2");
            Queue<Received> back = new ConcurrentLinkedQueue<>();
            try (Client away = Client.connect(lasting, back::add)) {
                away.subscribe("#", 1); // and so is sent what is retained
                alice.publish("open", 1, "last");
                eventually(() -> assertThat(back).extracting(Received::text).contains("last"));
                assertThat(topics(back)).noneMatch(topic -> topic.startsWith("secret"));
            }

            write(rights, "deny all\n");
            eventually(
                    "it says so",
                    () -> provider("plant").orElseThrow().failure().isPresent());
            refused(alice, "closed");
            alice.publish("open", 1, "by what was in force before");

            write(rights, EVERYTHING);
            eventually("it is allowed", () -> publishes(alice, "closed"));
        }
    }

    @Test(timeout = 60_000)
    @Cve("CVE-2018-12550")
    public void isNoAuthorizerWhileItsFileIsBroken() throws Exception {
        write(rights, "allow al #\n");
        configure(ACL, "plant", Map.of("file", rights.toString()));

        eventually(() -> assertThat(console("security")).contains("line 1: \"al\" is nothing that one may do"));
        assertThat(context.getServiceReference(Authorizer.class)).isNull();

        write(rights, EVERYTHING);
        eventually(
                () -> assertThat(context.getServiceReference(Authorizer.class)).isNotNull());
    }

    @Test(timeout = 120_000)
    public void leavesNothingBehind() throws Exception {
        Files.writeString(rights, "allow all user=alice %u/#\n" + EVERYTHING);
        serve(ACL, "plant", rights);
        OldRevisions revisions = new OldRevisions(context, installed("io.bascule.security"));
        for (int i = 0; i < REFRESHES; i++) {
            revisions.refresh();
            eventually(() ->
                    assertThat(context.getServiceReference(Authorizer.class)).isNotNull());
            awaitAsked();
            try (Client alice = alice()) {
                alice.subscribe("#", 1);
                alice.publish("alice/x", 1, "x");
            }
        }

        delete(ACL, "plant");
        delete(PASSWORDS, "people");

        eventually(() -> assertThat(Thread.getAllStackTraces().keySet())
                .noneMatch(thread -> thread.getName().startsWith("bascule-acl")
                        || thread.getName().startsWith("bascule-pass")));
        eventually(
                () -> assertThat(context.getServiceReference(Authorizer.class)).isNull());
        eventually(() -> assertThat(revisions.alive()).isZero());
    }
}
