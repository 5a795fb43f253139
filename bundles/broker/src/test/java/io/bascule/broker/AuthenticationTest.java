/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.broker;

import static io.netty.handler.codec.mqtt.MqttMessageType.CONNACK;
import static io.netty.handler.codec.mqtt.MqttMessageType.DISCONNECT;
import static io.netty.handler.codec.mqtt.MqttMessageType.PINGRESP;
import static org.assertj.core.api.Assertions.assertThat;

import io.bascule.api.Identity;
import io.bascule.api.SessionInfo;
import io.bascule.broker.TestClient.Connect;
import io.bascule.broker.TestClient.Packet;
import io.bascule.itests.secrets.Canary;
import io.bascule.itests.statements.Statement;
import io.bascule.mqtt.ReasonCode;
import io.bascule.spi.AuthenticationResult;
import io.bascule.spi.AuthenticationResult.Abstained;
import io.bascule.spi.AuthenticationResult.Accepted;
import io.bascule.spi.AuthenticationResult.Rejected;
import io.bascule.spi.Authenticator;
import io.netty.handler.codec.mqtt.MqttMessage;
import io.netty.handler.codec.mqtt.MqttProperties;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Who is let in, by the services that say so. */
class AuthenticationTest extends BrokerTestBase {
    private static final Authenticator ANNA_OF_STAFF = client -> {
        boolean anna = client.userName().equals(Optional.of("anna"))
                && client.password()
                        .map(password -> new String(password, StandardCharsets.UTF_8))
                        .equals(Optional.of(Canary.secret("anna")));
        return now(anna ? new Accepted(new Identity(Optional.of("anna"), java.util.Set.of("staff"))) : new Abstained());
    };

    private final List<Plugged> plugged = new ArrayList<>();

    private static CompletableFuture<AuthenticationResult> now(AuthenticationResult result) {
        return CompletableFuture.completedFuture(result);
    }

    private void plug(int ranking, Authenticator authenticator) {
        plugged.add(Plugged.of(broker.extensions(), ranking, authenticator));
    }

    @AfterEach
    void unplug() {
        plugged.forEach(Plugged::close);
    }

    private Packet connAck(Connect connect) {
        return tracked(TestClient.sending(broker.port(), connect)).await(CONNACK);
    }

    @Test
    void letsEverybodyInWhereNobodyAsks() {
        assertThat(connAck(TestClient.v5("anyone").user("x", "y")).code()).isZero();
        assertThat(session("anyone").flatMap(SessionInfo::userName)).isEmpty();
    }

    @Test
    void letsInWhomAnAuthenticatorAccepts() {
        plug(0, ANNA_OF_STAFF);
        assertThat(connAck(TestClient.v5("anna5").user("anna", Canary.secret("anna")))
                        .code())
                .isZero();
        assertThat(connAck(TestClient.v311("anna3").user("anna", Canary.secret("anna")))
                        .code())
                .isZero();
        assertThat(session("anna5").flatMap(SessionInfo::userName)).contains("anna");
    }

    @Test
    @Statement(v5 = "MQTT-3.1.4-2")
    void rejectsWhomNobodyAccepts() {
        plug(0, ANNA_OF_STAFF);
        assertThat(connAck(TestClient.v5("bad5").user("anna", "wrong")).code()).isEqualTo(0x86);
        assertThat(connAck(TestClient.v311("bad3").user("anna", "wrong")).code())
                .isEqualTo(4);
        assertThat(connAck(TestClient.v5("none5")).code()).isEqualTo(0x87);
        assertThat(connAck(TestClient.v311("none3")).code()).isEqualTo(5);
        assertThat(session("bad5")).isEmpty();
    }

    @Test
    void asksTheHighestRankingFirstAndGoesOnWhereItAbstains() {
        List<String> asked = new ArrayList<>();
        plug(1, client -> {
            asked.add("low");
            return now(new Accepted(Identity.of("low")));
        });
        plug(9, client -> {
            asked.add("high");
            return now(new Abstained());
        });
        assertThat(connAck(TestClient.v5("ranked").user("x", "y")).code()).isZero();
        assertThat(asked).containsExactly("high", "low");
        assertThat(session("ranked").flatMap(SessionInfo::userName)).contains("low");
    }

    @Test
    void endsWithTheFirstThatRejects() {
        plug(1, client -> now(new Accepted(Identity.of("low"))));
        plug(9, client -> now(new Rejected(ReasonCode.BANNED, Optional.of("not you"))));
        Packet connAck = connAck(TestClient.v5("banned").user("x", "y"));
        assertThat(connAck.code()).isEqualTo(0x8A);
        assertThat(connAck.property(MqttProperties.REASON_STRING)).isEqualTo("not you");
    }

    @Test
    void rejectsWhereAnAuthenticatorFails() {
        plug(0, client -> {
            throw new IllegalStateException("seeded");
        });
        assertThat(connAck(TestClient.v5("thrown")).code()).isEqualTo(0x88);
    }

    @Test
    void servesInOrderWhatComesWhileItIsAsked() {
        CompletableFuture<AuthenticationResult> later = new CompletableFuture<>();
        CompletableFuture<String> askedFor = new CompletableFuture<>();
        plug(0, client -> {
            askedFor.complete(client.clientId());
            return later;
        });
        TestClient client = tracked(TestClient.sending(broker.port(), TestClient.v5("patient")));
        client.send(MqttMessage.PINGREQ);
        assertThat(askedFor.join()).isEqualTo("patient");
        assertThat(client.waiting()).isZero();
        later.complete(new Accepted(Identity.of("patient")));
        client.await(CONNACK);
        client.await(PINGRESP);
    }

    @Test
    void sendsAwayWhoseAuthenticationExpires() {
        plug(
                0,
                client -> now(new Accepted(
                        Identity.of("brief"), Optional.of(Instant.now().plusMillis(200)))));
        TestClient five = tracked(TestClient.sending(broker.port(), TestClient.v5("brief5")));
        TestClient three = tracked(TestClient.sending(broker.port(), TestClient.v311("brief3")));
        assertThat(five.await(CONNACK).code()).isZero();
        assertThat(three.await(CONNACK).code()).isZero();

        assertThat(five.await(DISCONNECT).code()).isEqualTo(0x87);
        five.awaitClosed();
        three.awaitClosed();
    }

    @Test
    void sendsAwayWhoseAuthenticationHasExpiredByThen() {
        plug(0, client -> now(new Accepted(Identity.of("late"), Optional.of(Instant.MIN))));
        TestClient late = tracked(TestClient.sending(broker.port(), TestClient.v5("late")));
        assertThat(late.await(CONNACK).code()).isZero();
        assertThat(late.await(DISCONNECT).code()).isEqualTo(0x87);
        late.awaitClosed();
    }

    @Test
    void keepsWhoseAuthenticationExpiresLater() {
        plug(0, client -> now(new Accepted(Identity.of("lasting"), Optional.of(Instant.MAX))));
        TestClient client = tracked(TestClient.sending(broker.port(), TestClient.v5("lasting")));
        client.await(CONNACK);
        client.send(MqttMessage.PINGREQ);
        client.await(PINGRESP);
    }

    @Test
    void rejectsWhereNoAnswerComesInTime() {
        try (TestBroker impatient = new TestBroker(Map.of("connect.timeout", "1s"), Map.of());
                Plugged silent =
                        Plugged.of(impatient.extensions(), 0, (Authenticator) client -> new CompletableFuture<>())) {
            TestClient client = tracked(TestClient.sending(impatient.port(), TestClient.v5("waits")));
            assertThat(client.await(CONNACK).code()).isEqualTo(0x88);
            client.awaitClosed();
            assertThat(silent).isNotNull();
        }
    }

    @Test
    void forgetsWhoLeavesBeforeItIsDecided() {
        CompletableFuture<AuthenticationResult> later = new CompletableFuture<>();
        CompletableFuture<String> askedFor = new CompletableFuture<>();
        plug(0, client -> {
            askedFor.complete(client.clientId());
            return later;
        });
        TestClient client = tracked(TestClient.sending(broker.port(), TestClient.v5("hasty")));
        askedFor.join();
        client.vanish();
        later.complete(new Accepted(Identity.ANONYMOUS));
        eventually(
                "no session is left",
                () -> session("hasty").filter(SessionInfo::connected).isEmpty());
    }
}
