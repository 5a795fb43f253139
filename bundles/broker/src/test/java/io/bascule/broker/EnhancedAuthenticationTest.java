/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.broker;

import static io.netty.handler.codec.mqtt.MqttMessageType.AUTH;
import static io.netty.handler.codec.mqtt.MqttMessageType.CONNACK;
import static io.netty.handler.codec.mqtt.MqttMessageType.DISCONNECT;
import static io.netty.handler.codec.mqtt.MqttProperties.AUTHENTICATION_DATA;
import static io.netty.handler.codec.mqtt.MqttProperties.AUTHENTICATION_METHOD;
import static org.assertj.core.api.Assertions.assertThat;

import io.bascule.api.Identity;
import io.bascule.api.SessionInfo;
import io.bascule.broker.TestClient.Packet;
import io.bascule.itests.statements.Statement;
import io.bascule.mqtt.ReasonCode;
import io.bascule.spi.AuthenticationResult.Accepted;
import io.bascule.spi.Authenticator;
import io.bascule.spi.ConnectingClient;
import io.bascule.spi.EnhancedAuthenticator;
import io.netty.handler.codec.mqtt.MqttProperties;
import io.netty.handler.codec.mqtt.MqttVersion;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The exchange of AUTH packets (MQTT 5.0, section 4.12), at CONNECT and later. */
class EnhancedAuthenticationTest extends BrokerTestBase {
    private static final int CONTINUE = 0x18;
    private static final int AGAIN = 0x19;

    private final AtomicInteger ended = new AtomicInteger();
    private Plugged plugged;

    /** Asks for a secret: who says "hello" is challenged, who says a name and "!" is let in under it. */
    private final class Riddle implements EnhancedAuthenticator {
        @Override
        public String authenticationMethod() {
            return "RIDDLE";
        }

        @Override
        public Exchange begin(ConnectingClient client) {
            return new Exchange() {
                @Override
                public CompletionStage<Step> step(Optional<byte[]> data) {
                    String said = data.map(bytes -> new String(bytes, StandardCharsets.UTF_8))
                            .orElse("");
                    return CompletableFuture.completedFuture(answer(said));
                }

                @Override
                public void end() {
                    ended.incrementAndGet();
                }
            };
        }

        private Step answer(String said) {
            if (said.equals("hello")) {
                return new Step.Continue(bytes("who?"));
            }
            if (said.endsWith("!")) {
                return new Step.Accepted(Identity.of(said.substring(0, said.length() - 1)), bytes("welcome"));
            }
            return new Step.Rejected(ReasonCode.NOT_AUTHORIZED, Optional.of("wrong"));
        }

        private static Optional<byte[]> bytes(String text) {
            return Optional.of(text.getBytes(StandardCharsets.UTF_8));
        }
    }

    @BeforeEach
    void plug() {
        plugged = Plugged.of(broker.extensions(), 0, new Riddle());
    }

    @AfterEach
    void unplug() {
        plugged.close();
    }

    private TestClient challenged(String clientId) {
        TestClient client = tracked(
                TestClient.sending(broker.port(), TestClient.v5(clientId).authentication("RIDDLE", "hello")));
        Packet auth = client.await(AUTH);
        assertThat(auth.code()).isEqualTo(CONTINUE); // [MQTT-4.12.0-2]
        assertThat(auth.property(AUTHENTICATION_METHOD)).isEqualTo("RIDDLE"); // [MQTT-4.12.0-5]
        assertThat(auth.text(AUTHENTICATION_DATA)).isEqualTo("who?");
        return client;
    }

    private TestClient accepted(String clientId) {
        TestClient client = challenged(clientId);
        client.auth(CONTINUE, "RIDDLE", clientId + "!");
        client.await(CONNACK);
        return client;
    }

    @Test
    @Statement(v5 = {"MQTT-4.12.0-2", "MQTT-4.12.0-3", "MQTT-4.12.0-5"})
    void acceptsAfterTheExchange() {
        TestClient client = challenged("eve");
        client.auth(CONTINUE, "RIDDLE", "eve!");
        Packet connAck = client.await(CONNACK);
        assertThat(connAck.code()).isZero();
        assertThat(connAck.property(AUTHENTICATION_METHOD)).isEqualTo("RIDDLE"); // [MQTT-4.12.0-5]
        assertThat(connAck.text(AUTHENTICATION_DATA)).isEqualTo("welcome");
        assertThat(session("eve").flatMap(SessionInfo::userName)).contains("eve");
        assertThat(ended).hasValue(1);
    }

    @Test
    void acceptsWithoutAChallenge() {
        TestClient client =
                tracked(TestClient.sending(broker.port(), TestClient.v5("quick").authentication("RIDDLE", "quick!")));
        assertThat(client.await(CONNACK).code()).isZero();
        client.expectNothing();
    }

    @Test
    @Statement(v5 = {"MQTT-4.12.0-4", "MQTT-4.13.2-1"})
    void refusesAtTheEndOfTheExchange() {
        TestClient client = challenged("mallory");
        client.auth(CONTINUE, "RIDDLE", "guess");
        assertThat(client.await(CONNACK).code()).isEqualTo(0x87); // [MQTT-4.12.0-4]
        client.awaitClosed();
        assertThat(session("mallory")).isEmpty();
        assertThat(ended).hasValue(1);
    }

    @Test
    @Statement(v5 = "MQTT-4.12.0-1")
    void refusesAMethodThatNobodyServes() {
        TestClient client =
                tracked(TestClient.sending(broker.port(), TestClient.v5("odd").authentication("OTHER", "x")));
        assertThat(client.await(CONNACK).code()).isEqualTo(0x8C); // [MQTT-4.12.0-1]
        client.awaitClosed();
    }

    @Test
    @Statement(v5 = "MQTT-4.12.0-5")
    void refusesAnotherMethodInTheMiddle() {
        TestClient client = challenged("switch");
        client.auth(CONTINUE, "OTHER", "switch!");
        assertThat(client.await(CONNACK).code()).isEqualTo(0x82); // [MQTT-4.12.0-5]
        client.awaitClosed();
    }

    @Test
    @Statement(v5 = "MQTT-3.1.2-30")
    void refusesAnotherPacketInTheMiddle() {
        TestClient client = challenged("chatty");
        client.publish("a", "b", 0, 0);
        assertThat(client.await(CONNACK).code()).isEqualTo(0x82); // [MQTT-3.1.2-30]
        client.awaitClosed();
        assertThat(ended).hasValue(1);
    }

    @Test
    void endsAnExchangeWhoseClientLeaves() {
        challenged("gone").vanish();
        eventually("the exchange has ended", () -> ended.get() == 1);
    }

    @Test
    @Statement(v5 = {"MQTT-3.15.2-1", "MQTT-4.12.1-1"})
    void authenticatesAgain() {
        TestClient client = accepted("again");
        client.auth(AGAIN, "RIDDLE", "hello"); // [MQTT-4.12.1-1]
        assertThat(client.await(AUTH).code()).isEqualTo(CONTINUE);
        client.expectNothing(); // all else goes on meanwhile
        client.auth(CONTINUE, "RIDDLE", "again!");
        Packet auth = client.await(AUTH);
        assertThat(auth.code()).isZero();
        assertThat(auth.text(AUTHENTICATION_DATA)).isEqualTo("welcome");
        assertThat(session("again").flatMap(SessionInfo::userName)).contains("again");
        client.auth(AGAIN, "RIDDLE", "again!"); // as often as it likes
        assertThat(client.await(AUTH).code()).isZero();
    }

    @Test
    void disconnectsWhoProvesToBeSomebodyElse() {
        TestClient client = accepted("turncoat");
        client.auth(AGAIN, "RIDDLE", "other!");
        assertThat(client.await(DISCONNECT).code()).isEqualTo(0x87);
        client.awaitClosed();
        assertThat(session("turncoat")).isEmpty();
    }

    @Test
    void refusesWhoHasNoMethodWhileSomebodyServesOne() {
        TestClient anonymous = tracked(TestClient.sending(broker.port(), TestClient.v5("nobody")));
        assertThat(anonymous.await(CONNACK).code()).isEqualTo(0x87);
        TestClient named = tracked(
                TestClient.sending(broker.port(), TestClient.v5("somebody").user("somebody", "x")));
        assertThat(named.await(CONNACK).code()).isEqualTo(0x86);
    }

    @Test
    @Statement(v5 = "MQTT-4.12.1-2")
    void disconnectsWhoCannotProveItAgain() {
        TestClient client = accepted("fallen");
        client.auth(AGAIN, "RIDDLE", "guess");
        assertThat(client.await(DISCONNECT).code()).isEqualTo(0x87); // [MQTT-4.12.1-2]
        client.awaitClosed();
    }

    @Test
    void disconnectsWhoAuthenticatesAgainWithAnotherMethod() {
        TestClient client = accepted("changer");
        client.auth(AGAIN, "OTHER", "x");
        assertThat(client.await(DISCONNECT).code()).isEqualTo(0x82); // [MQTT-4.12.1-1]
    }

    @Test
    @Statement(v5 = "MQTT-4.12.0-7")
    void disconnectsWhoNeverHadAMethod() {
        Authenticator everybody = any -> CompletableFuture.completedFuture(new Accepted(Identity.of("plain")));
        Plugged simple = Plugged.of(broker.extensions(), 0, everybody);
        try {
            TestClient client = connect(TestClient.v5("plain"));
            client.auth(AGAIN, "RIDDLE", "hello");
            assertThat(client.await(DISCONNECT).code()).isEqualTo(0x82); // [MQTT-4.12.0-7]
        } finally {
            simple.close();
        }
    }

    @Test
    @Statement(v5 = {"MQTT-3.15.2-2", "MQTT-3.15.2-3"})
    void explainsNothingWhereThatWouldNotFit() {
        TestClient client = tracked(TestClient.sending(
                broker.port(),
                TestClient.v5("tight").authentication("RIDDLE", "hello").with(MqttProperties.MAXIMUM_PACKET_SIZE, 40)));
        assertThat(client.await(AUTH).code()).isEqualTo(CONTINUE);
        client.auth(CONTINUE, "RIDDLE", "tight!");
        assertThat(client.await(CONNACK).code()).isZero();
        client.auth(AGAIN, "RIDDLE", "hello");
        assertThat(client.await(AUTH).code()).isEqualTo(CONTINUE);
        client.auth(CONTINUE, "RIDDLE", "tight!");
        assertThat(client.await(AUTH).code()).isZero();
    }

    @Test
    @Statement(v5 = {"MQTT-3.15.2-1", "MQTT-4.12.0-3"})
    void refusesAnotherReasonInTheMiddle() {
        for (int reason : new int[] {0, AGAIN, 0x87}) {
            TestClient client = challenged("reason-" + reason);
            client.auth(reason, "RIDDLE", "reason!");
            assertThat(client.await(CONNACK).code()).isIn(0x81, 0x82);
            client.awaitClosed();
        }
    }

    @Test
    @Statement(v5 = {"MQTT-1.5.4-1", "MQTT-4.13.1-1"})
    void refusesAnAuthThatWillNotDo() {
        Bytes method = Bytes.of(0x15).utf8("RIDDLE");
        for (Bytes properties : List.of(
                Bytes.of(),
                Bytes.of().raw(method.toArray()).raw(method.toArray()),
                Bytes.of().raw(method.toArray()).u8(0x16).binary().u8(0x16).binary(),
                Bytes.of().raw(method.toArray()).u8(0x11).u32(1),
                Bytes.of().raw(method.toArray()).u8(0x7F),
                Bytes.of().raw(method.toArray()).u8(0x1F, 0, 1, 0xFF),
                Bytes.of(0x15, 0, 1, 0xFF),
                Bytes.of(0x15, 0, 9).raw(new byte[6]))) {
            TestClient client = challenged("auth-packet");
            client.send(Bytes.of(CONTINUE)
                    .properties(MqttVersion.MQTT_5, properties)
                    .packet(0xF0));
            assertThat(client.await(CONNACK).code()).isIn(0x81, 0x82);
            client.awaitClosed();
        }
    }
}
