/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.broker;

import static io.netty.handler.codec.mqtt.MqttMessageType.AUTH;
import static io.netty.handler.codec.mqtt.MqttMessageType.CONNACK;
import static io.netty.handler.codec.mqtt.MqttMessageType.DISCONNECT;
import static org.assertj.core.api.Assertions.assertThat;

import io.bascule.api.Ban;
import io.bascule.api.Identity;
import io.bascule.api.LimitInfo;
import io.bascule.broker.TestClient.Connect;
import io.bascule.mqtt.ReasonCode;
import io.bascule.spi.AuthenticationResult;
import io.bascule.spi.AuthenticationResult.Accepted;
import io.bascule.spi.AuthenticationResult.Rejected;
import io.bascule.spi.Authenticator;
import io.bascule.spi.ConnectingClient;
import io.bascule.spi.EnhancedAuthenticator;
import io.bascule.spi.EnhancedAuthenticator.Step;
import io.netty.handler.codec.mqtt.MqttMessage;
import io.netty.handler.codec.mqtt.MqttVersion;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Who fails to log in is answered late, then banned for a while, and let in again. */
@Timeout(60)
class BanTest {
    private static final int BAD_USER_NAME_OR_PASSWORD = 0x86;
    private static final int BANNED = 0x8A;
    private static final int AGAIN = 0x19;

    private final List<AutoCloseable> open = new ArrayList<>();
    private final AtomicInteger asked = new AtomicInteger();
    private TestBroker broker;

    private void start(Map<String, Object> properties, Map<String, Object> listener) {
        Map<String, Object> all = new HashMap<>(Map.of("login.failures", 2));
        all.putAll(properties);
        broker = new TestBroker(all, listener);
    }

    private void ask(Function<ConnectingClient, AuthenticationResult> authenticator) {
        open.add(Plugged.of(broker.extensions(), 0, (Authenticator) client -> {
            asked.incrementAndGet();
            return CompletableFuture.completedFuture(authenticator.apply(client));
        }));
    }

    /** Whose password is "right" is let in. */
    private void askForPasswords() {
        ask(client -> {
            boolean right = client.password()
                    .map(password -> new String(password, StandardCharsets.UTF_8))
                    .filter("right"::equals)
                    .isPresent();
            return right
                    ? new Accepted(Identity.of(client.userName().orElseThrow()))
                    : Rejected.with(ReasonCode.BAD_USER_NAME_OR_PASSWORD);
        });
    }

    @AfterEach
    void stop() throws Exception {
        for (AutoCloseable each : open) {
            each.close();
        }
        BrokerTestBase.eventually(
                "buffers given back", () -> broker.transport().info().activeBuffers() == 0);
        broker.close();
    }

    private TestClient tracked(TestClient client) {
        open.add(0, client);
        return client;
    }

    private int connAck(Connect connect) {
        return tracked(TestClient.sending(broker.port(), connect))
                .await(CONNACK)
                .code();
    }

    private int login(String user, String password) {
        return connAck(TestClient.v5("client-of-" + user).user(user, password));
    }

    private long hits(String limit) {
        return broker.broker().limits().stream()
                .filter(each -> each.name().equals(limit))
                .mapToLong(LimitInfo::hits)
                .sum();
    }

    private void failTwice(String user) {
        for (int i = 0; i < 2; i++) {
            assertThat(login(user, "wrong")).isEqualTo(BAD_USER_NAME_OR_PASSWORD);
        }
    }

    @Test
    void isNotForgivenForWhatSomebodyElseHasProved() {
        start(Map.of(), Map.of());
        ask(client -> client.password().filter(password -> password.length == 0).isPresent()
                ? new Accepted(Identity.of("mallory")) // as by a certificate, whatever the User Name says
                : Rejected.with(ReasonCode.BAD_USER_NAME_OR_PASSWORD));
        assertThat(login("alice", "guess")).isEqualTo(BAD_USER_NAME_OR_PASSWORD);
        assertThat(login("alice", "")).isZero();
        assertThat(login("alice", "guess")).isEqualTo(BAD_USER_NAME_OR_PASSWORD);
        assertThat(login("alice", "guess")).isEqualTo(BANNED);
    }

    @Test
    void isRefusedBeforeAnybodyIsAsked() {
        start(Map.of(), Map.of());
        askForPasswords();
        failTwice("alice");
        try (Logged log = Logged.fromNowOn()) {
            assertThat(login("alice", "right")).isEqualTo(BANNED);
            assertThat(log.text()).doesNotContain("alice"); // what is kept out fills no log
        }
        assertThat(connAck(TestClient.v311("other").user("alice", "right"))).isEqualTo(5);
        assertThat(asked).hasValue(2);
        assertThat(login("bob", "right")).isZero();
        assertThat(hits("login.failures")).isEqualTo(2);
        assertThat(broker.logins().list()).singleElement().satisfies(ban -> {
            assertThat(ban.user()).contains("alice");
            assertThat(ban.address()).isEqualTo("127.0.0.1");
            assertThat(ban.listener()).isEqualTo("test");
            assertThat(ban.refused()).isEqualTo(2);
        });
    }

    @Test
    void comesInWhenTheBanIsLifted() {
        start(Map.of(), Map.of());
        askForPasswords();
        try (Logged log = Logged.fromNowOn()) {
            failTwice("alice");
            assertThat(log.text()).contains("user alice at 127.0.0.1 is banned until 20", "listener test");
            assertThat(broker.logins().lift("127.0.0.1", "alice")).isEqualTo(1);
            assertThat(login("alice", "right")).isZero();
        }
    }

    @Test
    void comesInWhenTheBanIsOver() {
        start(Map.of("login.ban", "300ms"), Map.of());
        askForPasswords();
        try (Logged log = Logged.fromNowOn()) {
            failTwice("alice");
            BrokerTestBase.eventually("it is over", () -> login("alice", "right") == 0);
            BrokerTestBase.eventually(
                    "the log has it", () -> log.text().contains("the ban of user alice at 127.0.0.1 is over"));
        }
    }

    @Test
    void aGoodLoginIsAsIfNoneHadFailed() {
        start(Map.of(), Map.of());
        askForPasswords();
        for (int i = 0; i < 3; i++) {
            assertThat(login("alice", "wrong")).isEqualTo(BAD_USER_NAME_OR_PASSWORD);
            assertThat(login("alice", "right")).isZero();
        }
    }

    @Test
    void whoIsAnonymousHasProvedNothing() throws Exception {
        start(Map.of(), Map.of());
        askForPasswords();
        login("alice", "wrong");
        open.remove(open.size() - 1).close();
        assertThat(login("alice", "wrong")).isZero(); // nobody asks
        askForPasswords();
        assertThat(login("alice", "wrong")).isEqualTo(BAD_USER_NAME_OR_PASSWORD);
        assertThat(login("alice", "wrong")).isEqualTo(BANNED);
    }

    @Test
    void isTheRightGuessAmongManyAtOnceOfNoUse() {
        start(Map.of(), Map.of());
        List<CompletableFuture<AuthenticationResult>> answers = new CopyOnWriteArrayList<>();
        open.add(Plugged.of(broker.extensions(), 0, (Authenticator) client -> {
            CompletableFuture<AuthenticationResult> answer = new CompletableFuture<>();
            answers.add(answer);
            return answer;
        }));
        List<TestClient> clients = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            int number = i + 1;
            clients.add(tracked(TestClient.sending(
                    broker.port(), TestClient.v5("guess-" + i).user("alice", "guess"))));
            BrokerTestBase.eventually("it is asked about", () -> answers.size() == number);
        }
        for (int i = 0; i < 2; i++) {
            answers.get(i).complete(Rejected.with(ReasonCode.BAD_USER_NAME_OR_PASSWORD));
            assertThat(clients.get(i).await(CONNACK).code()).isEqualTo(BAD_USER_NAME_OR_PASSWORD);
        }
        answers.get(2).complete(new Accepted(Identity.of("alice")));
        assertThat(clients.get(2).await(CONNACK).code()).isEqualTo(BANNED);
    }

    @Test
    void isAnsweredLateFromTheThirdFailureOn() {
        start(Map.of("login.failures", 100), Map.of());
        askForPasswords();
        login("alice", "wrong");
        login("alice", "wrong");
        long start = System.nanoTime();
        TestClient held =
                tracked(TestClient.sending(broker.port(), TestClient.v5("held").user("alice", "wrong")));
        BrokerTestBase.eventually("it has failed", () -> asked.get() == 3);
        held.send(MqttMessage.PINGREQ); // it is not read any more
        assertThat(login("bob", "wrong")).isEqualTo(BAD_USER_NAME_OR_PASSWORD); // others are not held up
        assertThat(login("alice", "right")).isZero(); // nor is who can prove it
        assertThat(held.waiting()).isZero();
        assertThat(held.await(CONNACK).code()).isEqualTo(BAD_USER_NAME_OR_PASSWORD);
        assertThat(System.nanoTime() - start).isGreaterThan(1_000_000_000L);
        held.awaitClosed();
    }

    @Test
    void mayLeaveWhileItsAnswerIsHeldBack() {
        start(Map.of("login.failures", 100), Map.of());
        askForPasswords();
        login("alice", "wrong");
        login("alice", "wrong");
        TestClient held =
                tracked(TestClient.sending(broker.port(), TestClient.v5("held").user("alice", "wrong")));
        BrokerTestBase.eventually("it has failed", () -> asked.get() == 3);
        int others = broker.transport().info().connections() - 1;
        held.vanish();
        BrokerTestBase.eventually("it is gone", () -> broker.transport().info().connections() <= others);
    }

    @Test
    void whatCouldNotBeDecidedDoesNotCount() {
        start(Map.of(), Map.of());
        ask(client -> Rejected.with(ReasonCode.SERVER_BUSY));
        for (int i = 0; i < 9; i++) {
            assertThat(login("alice", "right")).isEqualTo(0x89);
        }
        assertThat(broker.logins().list()).isEmpty();
    }

    @Test
    void aTimeoutDoesNotCountNorDoesAMalformedConnect() {
        start(Map.of("login.failures", 1, "connect.timeout", "1s"), Map.of());
        open.add(Plugged.of(broker.extensions(), 0, (Authenticator) client -> new CompletableFuture<>()));
        assertThat(login("alice", "right")).isEqualTo(0x88);
        TestClient malformed = tracked(TestClient.tcp(broker.port(), MqttVersion.MQTT_5));
        malformed.send(0x10, 2, 0, 0);
        malformed.awaitClosed();
        assertThat(broker.logins().list()).isEmpty();
    }

    @Test
    void enhancedAuthenticationCountsToo() {
        start(Map.of(), Map.of());
        open.add(Plugged.of(broker.extensions(), 0, new Riddle()));
        for (int i = 0; i < 2; i++) {
            TestClient client = riddled("eve", "hello");
            client.await(AUTH);
            client.auth(0x18, "RIDDLE", "wrong");
            assertThat(client.await(CONNACK).code()).isEqualTo(0x87);
        }
        assertThat(riddled("eve", "hello").await(CONNACK).code()).isEqualTo(BANNED);
        assertThat(broker.logins().list())
                .singleElement()
                .extracting(Ban::client)
                .isEqualTo(Optional.of("eve"));
    }

    @Test
    void soDoesWhoCannotProveAgainWhoHeIs() {
        start(Map.of("login.failures", 1), Map.of());
        open.add(Plugged.of(broker.extensions(), 0, new Riddle()));
        TestClient client = riddled("eve", "right");
        assertThat(client.await(CONNACK).code()).isZero();
        client.auth(AGAIN, "RIDDLE", "wrong");
        assertThat(client.await(DISCONNECT).code()).isEqualTo(0x87);
        assertThat(riddled("eve", "right").await(CONNACK).code()).isEqualTo(BANNED);
    }

    private TestClient riddled(String clientId, String data) {
        return tracked(TestClient.sending(broker.port(), TestClient.v5(clientId).authentication("RIDDLE", data)));
    }

    @Test
    void bansTheAddressThatAProxyTellsAndClosesItAtOnce() {
        start(Map.of("login.failures.address", 4), Map.of("proxy.protocol", "true", "allow.anonymous", "true"));
        askForPasswords();
        for (int i = 0; i < 4; i++) {
            assertThat(proxied("203.0.113.7", "user-" + i, "wrong")
                            .await(CONNACK)
                            .code())
                    .isEqualTo(BAD_USER_NAME_OR_PASSWORD);
        }
        TestClient banned = tracked(TestClient.tcp(broker.port(), MqttVersion.MQTT_5));
        banned.send("PROXY TCP4 203.0.113.7 127.0.0.1 12345 1883\r\n".getBytes(StandardCharsets.US_ASCII));
        banned.awaitClosed(); // it has not even said CONNECT
        assertThat(hits("login.failures.address")).isEqualTo(1);
        assertThat(proxied("203.0.113.8", "user-0", "right").await(CONNACK).code())
                .isZero();
        assertThat(broker.logins().list()).singleElement().satisfies(ban -> {
            assertThat(ban.address()).isEqualTo("203.0.113.7");
            assertThat(ban.user().or(ban::client)).isEmpty();
        });
    }

    private TestClient proxied(String address, String user, String password) {
        TestClient client = tracked(TestClient.tcp(broker.port(), MqttVersion.MQTT_5));
        client.send(("PROXY TCP4 " + address + " 127.0.0.1 12345 1883\r\n").getBytes(StandardCharsets.US_ASCII));
        client.send(TestClient.v5("client-of-" + user).user(user, password).message());
        return client;
    }

    /** Challenges who says "hello", and lets in who says "right". */
    private static final class Riddle implements EnhancedAuthenticator {
        @Override
        public String authenticationMethod() {
            return "RIDDLE";
        }

        @Override
        public Exchange begin(ConnectingClient client) {
            return data -> {
                String said = data.map(bytes -> new String(bytes, StandardCharsets.UTF_8))
                        .orElse("");
                return CompletableFuture.completedFuture(
                        switch (said) {
                            case "hello" -> new Step.Continue(Optional.empty());
                            case "right" -> new Step.Accepted(Identity.of(client.clientId()), Optional.empty());
                            default -> new Step.Rejected(ReasonCode.NOT_AUTHORIZED, Optional.empty());
                        });
            };
        }
    }
}
