/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.itests.security;

import static io.bascule.itests.support.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.ops4j.pax.exam.CoreOptions.systemProperty;

import io.bascule.api.Bans;
import io.bascule.api.Users;
import io.bascule.itests.client.Client;
import io.bascule.itests.client.ConnectOptions;
import io.bascule.itests.client.LoginAttempt;
import io.bascule.itests.client.Version;
import io.bascule.itests.peers.MosquittoPasswd;
import io.bascule.itests.peers.MosquittoPub;
import io.bascule.itests.peers.Ports;
import io.bascule.itests.secrets.Canary;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletionException;
import java.util.stream.Stream;
import org.junit.After;
import org.junit.Before;
import org.junit.Test;
import org.ops4j.pax.exam.Configuration;
import org.ops4j.pax.exam.Option;
import org.slf4j.LoggerFactory;

/** Everything that the audit log tells, and that no secret is in it. */
public class AuditIT extends SecurityContract {
    private static final String CANARY = Canary.secret("audit");
    private static final String PAYLOAD = Canary.secret("payload");
    private static final String RIGHTS = """
            deny  receive user=alice desk/secret
            allow all     user=alice desk/#
            allow all     user=bridge #
            """;

    private AuditLines audit;

    @Override
    @Configuration
    public Option[] framework() throws IOException {
        return Stream.concat(
                        Arrays.stream(super.framework()),
                        Stream.of(systemProperty("org.ops4j.pax.logging.DefaultServiceLog.level")
                                .value("INFO")))
                .toArray(Option[]::new);
    }

    @Before
    public void listen() {
        audit = new AuditLines();
    }

    @After
    public void noLineHasASecret() {
        List<String> lines = audit.lines();
        audit.close();
        assertThat(lines).noneMatch(AuditIT::isLeak).allSatisfy(line -> {
            assertThat(line).matches("[ -~]+");
            assertThat(AuditLines.read(line)).containsKeys("time", "event");
        });
    }

    private static boolean isLeak(String line) {
        return line.contains(Canary.WORD) || line.contains("argon2id");
    }

    private void users(String... more) throws IOException {
        Path users = folder.resolve("users");
        MosquittoPasswd.set(users, "alice", CANARY);
        MosquittoPasswd.set(users, "bridge", CANARY);
        for (String user : more) {
            MosquittoPasswd.set(users, user, CANARY);
        }
        serve(PASSWORDS, "people", users);
    }

    private Client alice() {
        return Client.connect(ConnectOptions.of(Version.MQTT_5, port, "desk-7").as("alice", CANARY), message -> {});
    }

    /** Waits for a line with these members, as in {@code event=logout}. */
    private Map<String, String> told(String... members) {
        eventually(() -> assertThat(find(members))
                .as("%s in %s", List.of(members), audit.lines())
                .isPresent());
        return find(members).orElseThrow();
    }

    private Optional<Map<String, String>> find(String... members) {
        return audit.entries().stream()
                .filter(entry -> Stream.of(members)
                        .allMatch(member -> member.substring(member.indexOf('=') + 1)
                                .equals(entry.get(member.substring(0, member.indexOf('='))))))
                .findFirst();
    }

    @Test
    public void findsASecretWhereThereIsOne() {
        try (AuditLines seeded = new AuditLines()) {
            LoggerFactory.getLogger("io.bascule.audit")
                    .info("{}", "{\"event\":\"configuration.changed\",\"password\":\"" + CANARY + "\"}");

            assertThat(seeded.lines()).singleElement().matches(AuditIT::isLeak);
        }
    }

    @Test(timeout = 60_000)
    public void tellsWhoCameInAndWhoDidNot() throws Exception {
        users();
        try (Client alice = alice()) {
            assertThat(alice.isConnected()).isTrue();
        }
        String forger = "x\",\"event\":\"login.accepted\"}\n{\"event\":\"login.accepted\",\"user\":\"root";
        assertThat(LoginAttempt.code(port, Version.MQTT_5, Optional.of(forger), Optional.of(CANARY)))
                .isEqualTo(0x86);

        assertThat(told("event=login.accepted", "user=alice"))
                .containsEntry("listener", "main")
                .containsEntry("client", "desk-7")
                .hasEntrySatisfying("address", address -> assertThat(address).startsWith("127.0.0.1:"))
                .hasEntrySatisfying("time", time -> assertThat(time).matches("20\\d\\d-\\d\\d-\\d\\dT.*Z"));
        told("event=logout", "user=alice", "client=desk-7");
        assertThat(told("event=login.refused", "client=somebody"))
                .containsEntry("user", forger)
                .containsEntry("reason", "BAD_USER_NAME_OR_PASSWORD");
        assertThat(find("event=login.accepted", "user=root")).isEmpty();
    }

    @Test(timeout = 60_000)
    public void tellsWhatWasDenied() throws Exception {
        users();
        Path rights = folder.resolve("rights");
        Files.writeString(rights, RIGHTS);
        serve(ACL, "plant", rights);
        try (Client alice = alice()) {
            for (int i = 0; i < 20; i++) {
                assertThat(publishes(alice, "door")).isFalse();
            }
            assertThatThrownBy(() -> alice.subscribe("door/#", 1)).isInstanceOf(CompletionException.class);
            alice.subscribe("desk/#", 1);
            alice.publish("desk/secret", 1, PAYLOAD);
        }
        assertThatThrownBy(() -> MosquittoPub.publish(
                        port,
                        "mqttv5",
                        1,
                        "desk/x",
                        PAYLOAD,
                        "-u",
                        "alice",
                        "-P",
                        CANARY,
                        "--will-topic",
                        "door/will",
                        "--will-payload",
                        PAYLOAD))
                .isInstanceOf(AssertionError.class);

        assertThat(told("event=denied.publish"))
                .containsEntry("topic", "door")
                .containsEntry("client", "desk-7")
                .containsEntry("user", "alice")
                .containsEntry("listener", "main");
        told("event=denied.subscribe", "topic=door/#", "user=alice");
        told("event=denied.receive", "topic=desk/secret", "user=alice");
        told("event=denied.will", "topic=door/will", "user=alice");
        told("event=login.refused", "user=alice", "reason=NOT_AUTHORIZED");
        told("event=suppressed", "of=denied.publish", "count=19");
    }

    @Test(timeout = 60_000)
    public void tellsWhoIsBannedAndLetInAgain() throws Exception {
        banAfter("2");
        users();
        for (int i = 0; i < 3; i++) {
            LoginAttempt.code(port, Version.MQTT_3_1_1, Optional.of("mallory"), Optional.of(CANARY));
        }

        assertThat(told("event=ban.begun", "user=mallory"))
                .containsEntry("address", "127.0.0.1")
                .containsEntry("listener", "main")
                .containsKey("until");
        service(Bans.class).lift("127.0.0.1", "mallory");
        told("event=ban.lifted", "name=mallory", "address=127.0.0.1", "count=1");
        assertThat(find("event=login.refused", "user=mallory", "reason=BANNED")).isEmpty();
        banNobodyAnyMore();
    }

    @Test(timeout = 60_000)
    public void tellsWhichUsersWereChanged() throws Exception {
        users();
        Users users = service(Users.class);

        users.add("carol", CANARY.getBytes(StandardCharsets.UTF_8))
                .toCompletableFuture()
                .get();
        users.changePassword("carol", (CANARY + 2).getBytes(StandardCharsets.UTF_8))
                .toCompletableFuture()
                .get();
        users.remove("carol").toCompletableFuture().get();

        told("event=user.added", "user=carol", "provider=people");
        told("event=user.password", "user=carol", "provider=people");
        told("event=user.removed", "user=carol", "provider=people");
    }

    @Test(timeout = 60_000)
    public void tellsWhichKeysOfAConfigurationWereChanged() throws Exception {
        String server = "mqtt://127.0.0.1:" + Ports.free();
        String pid = "pid=io.bascule.bridge~away";
        configureBridge("away", Map.of("server", server, "user", "bridge", "password", CANARY));
        assertThat(told("event=configuration.added", pid)).containsEntry("added", "[password, server, user]");

        configureBridge("away", Map.of("server", server, "user", "bridge", "password", CANARY + 2, "forward.a", "a/#"));
        assertThat(told("event=configuration.changed", pid, "changed=[password]", "added=[forward.a]"))
                .doesNotContainKey("removed");

        configureBridge("away", Map.of("server", server, "forward.a", "a/#"));
        assertThat(told("event=configuration.changed", pid, "removed=[password, user]"))
                .doesNotContainKey("changed");

        deleteBridge("away");
        told("event=configuration.deleted", pid);
    }

    @Test(timeout = 60_000)
    public void tellsTheLifeOfABridgeAndOfAListener() throws Exception {
        users();
        int far = Ports.free();
        Map<String, String> listener = Map.of("host", "127.0.0.1", "port", String.valueOf(far));
        configureListener("far", listener);
        awaitOpen("far");
        told("event=listener.opened", "listener=far", "address=127.0.0.1:" + far);
        Map<String, String> bridge = Map.of(
                "server", "mqtt://127.0.0.1:" + far, "user", "bridge", "password", CANARY, "forward.a", "a/# -> b/{#}");
        configureBridge("loop", bridge);
        awaitConnected("loop");
        told("event=bridge.opened", "bridge=loop");
        told("event=bridge.connected", "bridge=loop", "address=127.0.0.1:" + far);

        deleteListener("far");
        told("event=listener.closed", "listener=far");
        assertThat(told("event=bridge.lost", "bridge=loop")).containsKey("why");
        assertThat(told("event=bridge.failed", "bridge=loop")).containsKey("why");

        deleteBridge("loop");
        told("event=bridge.closed", "bridge=loop");
        told("event=bridge.deleted", "bridge=loop");
        eventually("its session waits", () -> !deletedBridges().list().isEmpty());
        deletedBridges().purge("loop");
        told("event=bridge.purged", "bridge=loop");

        configureListener("far", Map.of("host", "127.0.0.1", "port", "a"));
        told("event=listener.shut", "listener=far", "why=CONFIG_INVALID");
    }
}
