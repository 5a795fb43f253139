/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.broker;

import static io.netty.handler.codec.mqtt.MqttMessageType.CONNACK;
import static io.netty.handler.codec.mqtt.MqttMessageType.DISCONNECT;
import static io.netty.handler.codec.mqtt.MqttMessageType.PUBACK;
import static org.assertj.core.api.Assertions.assertThat;

import io.bascule.api.Identity;
import io.bascule.broker.TestClient.Connect;
import io.bascule.itests.statements.Cve;
import io.bascule.mqtt.Message;
import io.bascule.mqtt.QoS;
import io.bascule.mqtt.Topic;
import io.bascule.mqtt.TopicFilter;
import io.bascule.spi.Authenticator;
import io.bascule.spi.Authorizer;
import io.bascule.spi.Client;
import io.bascule.spi.ConnectingClient;
import io.bascule.spi.EnhancedAuthenticator;
import io.bascule.spi.EnhancedAuthenticator.Step.Accepted;
import io.bascule.spi.MessageInterceptor;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/**
 * Services that do not keep to their contract: they answer with nothing, or lack a class because their bundle is half gone. Each answer is
 * the safe one, and concerns nobody but whom it is about.
 */
class FailingExtensionsTest extends BrokerTestBase {
    private static final int NOT_AUTHORIZED = 0x87;
    private static final int SERVER_UNAVAILABLE = 0x88;
    private static final int BAD_AUTHENTICATION_METHOD = 0x8C;
    private static final int AGAIN = 0x19;

    private final List<Plugged> plugged = new ArrayList<>();

    @AfterEach
    void unplug() {
        plugged.forEach(Plugged::close);
    }

    private static <T> T classIsGone() {
        throw new NoClassDefFoundError("seeded");
    }

    // ---------------------------------------------------------------- interceptors and authorizers

    @Test
    @Cve("Moquette #957")
    void dropsAMessageThatAnInterceptorLoses() {
        dropped(() -> null);
        dropped(FailingExtensionsTest::classIsGone);
    }

    private void dropped(Supplier<Optional<Message>> answer) {
        MessageInterceptor failing =
                (publisher, message) -> message.topic().level(0).equals("lost") ? answer.get() : Optional.of(message);
        try (Plugged interceptor = Plugged.of(broker.extensions(), 0, failing)) {
            assertThat(interceptor).isNotNull();
            TestClient client = connect(TestClient.v5("loser"));
            client.subscribe("lost/#", 1);
            client.subscribe("kept/#", 1);
            client.publish("lost/x", "1", 1, 1);
            client.publish("kept/x", "2", 1, 2);
            assertThat(client.answer(PUBACK).code()).isZero();
            assertThat(client.message().payload()).isEqualTo("2");
            client.close();
        }
    }

    @Test
    void deniesOnlyWhoseRightsAnAuthorizerCannotTell() {
        plugged.add(Plugged.of(broker.extensions(), 0, new Authorizer() {
            @Override
            public Decision mayPublish(Client client, Topic topic, QoS qos, boolean retain) {
                return topic.level(0).equals("unknown") ? classIsGone() : Decision.ALLOW;
            }

            @Override
            public Decision maySubscribe(Client client, TopicFilter filter, QoS maximumQos) {
                return filter.level(0).equals("unknown") ? null : Decision.ALLOW;
            }

            @Override
            public Decision mayReceive(Client client, Topic topic) {
                return client.clientId().equals("stranger") ? classIsGone() : Decision.ALLOW;
            }
        }));
        TestClient stranger = connect(TestClient.v5("stranger"));
        TestClient friend = connect(TestClient.v5("friend"));
        stranger.subscribe("x", 1);
        friend.subscribe("x", 1);

        assertThat(friend.subscribe("unknown", 1).codes()).containsExactly(NOT_AUTHORIZED);
        friend.publish("unknown", "1", 1, 1);
        assertThat(friend.answer(PUBACK).code()).isEqualTo(NOT_AUTHORIZED);
        friend.publishAcknowledged("x", "2");
        assertThat(friend.message().payload()).isEqualTo("2");
        stranger.expectNothing();
    }

    // ---------------------------------------------------------------- authenticators

    @Test
    void rejectsWhereAnAuthenticatorAnswersWithNothing() {
        rejected(client -> null);
        rejected(client -> CompletableFuture.completedFuture(null));
        rejected(client -> classIsGone());
    }

    private void rejected(Authenticator failing) {
        try (Plugged authenticator = Plugged.of(broker.extensions(), 0, failing)) {
            assertThat(authenticator).isNotNull();
            assertThat(connAck(TestClient.v5("nobody"))).isEqualTo(SERVER_UNAVAILABLE);
        }
    }

    /** An enhanced authenticator whose parts may fail, one at a time. */
    private record Failing(Supplier<String> method, Supplier<EnhancedAuthenticator.Exchange> exchange)
            implements EnhancedAuthenticator {
        @Override
        public String authenticationMethod() {
            return method.get();
        }

        @Override
        public Exchange begin(ConnectingClient client) {
            return exchange.get();
        }
    }

    @Test
    void rejectsWhereAnExchangeFails() {
        rejected(FailingExtensionsTest::classIsGone);
        rejected(() -> {
            throw new IllegalStateException("seeded");
        });
        rejected(() -> null);
        rejected(() -> data -> null);
        rejected(() -> data -> CompletableFuture.completedFuture(null));
        rejected(() -> data -> classIsGone());
    }

    private void rejected(Supplier<EnhancedAuthenticator.Exchange> exchange) {
        try (Plugged authenticator = Plugged.of(broker.extensions(), 0, new Failing(() -> "M", exchange))) {
            assertThat(authenticator).isNotNull();
            assertThat(connAck(TestClient.v5("nobody").authentication("M", "x")))
                    .isEqualTo(SERVER_UNAVAILABLE);
        }
    }

    @Test
    void passesOverWhoCannotTellItsMethod() {
        EnhancedAuthenticator.Exchange open =
                data -> CompletableFuture.completedFuture(new Accepted(Identity.of("x"), Optional.empty()));
        plugged.add(Plugged.of(broker.extensions(), 2, new Failing(FailingExtensionsTest::classIsGone, () -> open)));
        plugged.add(Plugged.of(broker.extensions(), 1, new Failing(() -> null, () -> open)));
        assertThat(connAck(TestClient.v5("somebody").authentication("M", "x"))).isEqualTo(BAD_AUTHENTICATION_METHOD);

        plugged.add(Plugged.of(broker.extensions(), 0, new Failing(() -> "M", () -> open)));

        assertThat(connAck(TestClient.v5("somebody").authentication("M", "x"))).isZero();
    }

    @Test
    void disconnectsWhereAnExchangeFailsLater() {
        List<EnhancedAuthenticator.Exchange> exchanges = new ArrayList<>();
        exchanges.add(data -> CompletableFuture.completedFuture(new Accepted(Identity.of("x"), Optional.empty())));
        plugged.add(Plugged.of(broker.extensions(), 0, new Failing(() -> "M", () -> exchanges.remove(0))));
        TestClient client =
                tracked(TestClient.sending(broker.port(), TestClient.v5("later").authentication("M", "x")));
        assertThat(client.await(CONNACK).code()).isZero();

        client.auth(AGAIN, "M", "x"); // there is no second exchange

        assertThat(client.await(DISCONNECT).code()).isEqualTo(NOT_AUTHORIZED); // 0x88 is for CONNACK alone
        client.awaitClosed();
    }

    private int connAck(Connect connect) {
        return tracked(TestClient.sending(broker.port(), connect))
                .await(CONNACK)
                .code();
    }
}
