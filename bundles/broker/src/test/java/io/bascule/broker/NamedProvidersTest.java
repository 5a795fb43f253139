/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.broker;

import static io.bascule.spi.Authorizer.Decision.ABSTAIN;
import static io.bascule.spi.Authorizer.Decision.ALLOW;
import static io.bascule.spi.Authorizer.Decision.DENY;
import static io.netty.handler.codec.mqtt.MqttMessageType.CONNACK;
import static io.netty.handler.codec.mqtt.MqttMessageType.PUBACK;
import static org.assertj.core.api.Assertions.assertThat;

import io.bascule.api.Identity;
import io.bascule.api.SecurityProvider;
import io.bascule.broker.extension.Extensions;
import io.bascule.mqtt.QoS;
import io.bascule.mqtt.ReasonCode;
import io.bascule.mqtt.Topic;
import io.bascule.mqtt.TopicFilter;
import io.bascule.spi.AuthenticationResult;
import io.bascule.spi.AuthenticationResult.Abstained;
import io.bascule.spi.AuthenticationResult.Accepted;
import io.bascule.spi.AuthenticationResult.Rejected;
import io.bascule.spi.Authenticator;
import io.bascule.spi.Authorizer;
import io.bascule.spi.Client;
import io.bascule.spi.EnhancedAuthenticator;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Listeners that name who is to know their clients, and who is to say what those may do. */
@Timeout(60)
class NamedProvidersTest {
    private final List<TestClient> clients = new ArrayList<>();
    private TestBroker broker;

    @AfterEach
    void stop() {
        clients.forEach(TestClient::close);
        broker.close();
    }

    private Extensions start(Map<String, Object> listener) {
        broker = new TestBroker(Map.of(), listener);
        return broker.extensions();
    }

    private TestClient sending(TestClient.Connect connect) {
        TestClient client = TestClient.sending(broker.port(), connect);
        clients.add(client);
        return client;
    }

    private int connAck(TestClient.Connect connect) {
        return sending(connect).await(CONNACK).code();
    }

    static Map<String, Object> named(String name, int ranking) {
        return Map.of(SecurityProvider.NAME, name, "service.ranking", ranking);
    }

    /** Knows this user, whatever the password, and nobody else. */
    private static Registered<Authenticator> knows(Extensions extensions, String name, String user) {
        Registered<Authenticator> reference = new Registered<>(named(name, 0));
        extensions.addAuthenticator(
                reference,
                client -> answer(
                        client.userName().equals(Optional.of(user))
                                ? new Accepted(Identity.of(name))
                                : new Abstained()));
        return reference;
    }

    private static CompletableFuture<AuthenticationResult> answer(AuthenticationResult result) {
        return CompletableFuture.completedFuture(result);
    }

    /** An authorizer of this name that has always the same answer. */
    static Registered<Authorizer> says(Extensions extensions, String name, Authorizer.Decision decision) {
        Registered<Authorizer> reference = new Registered<>(named(name, 0));
        extensions.addAuthorizer(reference, new Authorizer() {
            @Override
            public Decision mayPublish(Client client, Topic topic, QoS qos, boolean retain) {
                return decision;
            }

            @Override
            public Decision maySubscribe(Client client, TopicFilter filter, QoS maximumQos) {
                return decision;
            }

            @Override
            public Decision mayReceive(Client client, Topic topic) {
                return decision;
            }
        });
        return reference;
    }

    private int published(String clientId) {
        TestClient client = sending(TestClient.v5(clientId));
        client.await(CONNACK);
        client.publish("topic", "x", 1, 1);
        int code = client.await(PUBACK).code();
        return code == ReasonCode.NO_MATCHING_SUBSCRIBERS.code() ? 0 : code;
    }

    // ---------------------------------------------------------------- who they are

    @Test
    void asksThoseOfTheListenerInItsOrder() {
        Extensions extensions = start(Map.of("authenticators", "second, first"));
        knows(extensions, "other", "eve");
        knows(extensions, "first", "anna");
        knows(extensions, "second", "anna");
        knows(extensions, "second", "bob"); // of the same name, and later

        assertThat(connAck(TestClient.v5("a").user("anna", "x"))).isZero();
        assertThat(broker.broker().session("a").orElseThrow().userName()).contains("second");
        assertThat(connAck(TestClient.v5("b").user("bob", "x"))).isZero();
        assertThat(connAck(TestClient.v5("e").user("eve", "x"))).isEqualTo(ReasonCode.BAD_USER_NAME_OR_PASSWORD.code());
    }

    @Test
    void refusesEverybodyWhileOneOfTheNameIsMissing() {
        Extensions extensions = start(Map.of("authenticators", "plant"));
        extensions.configured(Set.of("jwt~plant", "passwords~plant", "scram~other"), Set.of());
        Authenticator everybody = client -> answer(new Accepted(Identity.of("x")));
        Map<String, Object> passwords = Map.of(SecurityProvider.NAME, "plant", "service.pid", "passwords~plant");
        extensions.addAuthenticator(new Registered<>(passwords), everybody);
        assertThat(connAck(TestClient.v5("a").user("anna", "x"))).isEqualTo(ReasonCode.SERVER_UNAVAILABLE.code());

        extensions.addAuthenticator(
                new Registered<>(Map.of(SecurityProvider.NAME, "plant", "service.pid", "jwt~plant")), everybody);
        assertThat(connAck(TestClient.v5("b").user("anna", "x"))).isZero();
    }

    @Test
    void letsNobodyInAsAnonymousWhileOneThatIsConfiguredGoes() {
        Extensions extensions = start(Map.of());
        extensions.configured(Set.of("passwords~first"), Set.of());
        assertThat(extensions.identifiesNobody()).isFalse();
    }

    @Test
    void refusesEverybodyWhileOneIsNotThere() {
        Extensions extensions = start(Map.of("authenticators", "first,second"));
        Registered<Authenticator> first = knows(extensions, "first", "anna");
        assertThat(connAck(TestClient.v5("a").user("anna", "x"))).isEqualTo(ReasonCode.SERVER_UNAVAILABLE.code());

        knows(extensions, "second", "bob");
        assertThat(connAck(TestClient.v5("b").user("bob", "x"))).isZero();

        extensions.removeAuthenticator(first);
        assertThat(connAck(TestClient.v5("c").user("bob", "x"))).isEqualTo(ReasonCode.SERVER_UNAVAILABLE.code());
        assertThat(connAck(TestClient.v5("d"))).isEqualTo(ReasonCode.SERVER_UNAVAILABLE.code());
    }

    @Test
    void refusesEverybodyWhileOneThatIsConfiguredIsNotThere() {
        Extensions extensions = start(Map.of());
        extensions.configured(Set.of("passwords~first", "scram~second"), Set.of());
        assertThat(connAck(TestClient.v5("a"))).isEqualTo(ReasonCode.SERVER_UNAVAILABLE.code());

        Registered<Authenticator> first = new Registered<>(Map.of("service.pid", "passwords~first"));
        extensions.addAuthenticator(first, client -> answer(new Accepted(Identity.of("first"))));
        assertThat(connAck(TestClient.v5("b"))).isEqualTo(ReasonCode.SERVER_UNAVAILABLE.code());
        extensions.addEnhancedAuthenticator(new Registered<>(Map.of("service.pid", "scram~second")), new Anybody());
        assertThat(connAck(TestClient.v5("c"))).isZero();

        extensions.removeAuthenticator(first);
        assertThat(connAck(TestClient.v5("d"))).isEqualTo(ReasonCode.SERVER_UNAVAILABLE.code());
        extensions.configured(Set.of("scram~second"), Set.of());
        assertThat(connAck(TestClient.v5("e").authentication("M", "data"))).isZero();
    }

    @Test
    void missesNobodyWhereNobodyIsToBeAsked() {
        Extensions extensions = start(Map.of("authenticators", "none", "authorizers", "none"));
        extensions.configured(Set.of("passwords~first"), Set.of("acl~first"));
        assertThat(published("a")).isZero();
    }

    @Test
    void asksNobodyWhereNobodyIsToBeAsked() {
        Extensions extensions = start(Map.of("authenticators", "none"));
        extensions.addAuthenticator(
                new Registered<>(named("no", 0)), client -> answer(Rejected.with(ReasonCode.NOT_AUTHORIZED)));
        assertThat(connAck(TestClient.v5("a").user("anna", "x"))).isZero();
        assertThat(broker.broker().session("a").orElseThrow().userName()).isEmpty();
    }

    @Test
    void letsInWhoShowsNothingOnlyWhereTheListenerSaysSo() {
        Extensions strict = start(Map.of("authenticators", "first"));
        knows(strict, "first", "anna");
        assertThat(connAck(TestClient.v5("a"))).isEqualTo(ReasonCode.NOT_AUTHORIZED.code());
        stop();

        Extensions open = start(Map.of("authenticators", "first", "allow.anonymous", "true"));
        knows(open, "first", "anna");
        assertThat(connAck(TestClient.v5("a"))).isZero();
        assertThat(connAck(TestClient.v5("b").user("bob", "x"))).isEqualTo(ReasonCode.BAD_USER_NAME_OR_PASSWORD.code());
    }

    @Test
    void hasAMethodServedByThoseOfTheListenerOnly() {
        Extensions extensions = start(Map.of("authenticators", "ours"));
        extensions.addEnhancedAuthenticator(new Registered<>(named("others", 9)), new Anybody());
        extensions.addEnhancedAuthenticator(new Registered<>(named("ours", 0)), new Anybody());
        TestClient.Connect connect = TestClient.v5("a").authentication("M", "data");
        assertThat(connAck(connect)).isZero();
        stop();

        Extensions others = start(Map.of("authenticators", "ours"));
        knows(others, "ours", "anna");
        others.addEnhancedAuthenticator(new Registered<>(named("others", 9)), new Anybody());
        assertThat(connAck(connect)).isEqualTo(ReasonCode.BAD_AUTHENTICATION_METHOD.code());
    }

    private static final class Anybody implements EnhancedAuthenticator {
        @Override
        public String authenticationMethod() {
            return "M";
        }

        @Override
        public Exchange begin(io.bascule.spi.ConnectingClient client) {
            return data -> CompletableFuture.completedFuture(new Step.Accepted(Identity.ANONYMOUS, Optional.empty()));
        }
    }

    // ---------------------------------------------------------------- what they may do

    @Test
    void asksTheAuthorizersOfTheListenerInItsOrder() {
        Extensions extensions = start(Map.of("authorizers", "knows-nothing,allows,denies"));
        says(extensions, "denies", DENY);
        says(extensions, "allows", ALLOW);
        says(extensions, "knows-nothing", ABSTAIN);
        assertThat(published("a")).isZero();
    }

    @Test
    void deniesWhatNoneOfThemKnows() {
        Extensions extensions = start(Map.of("authorizers", "knows-nothing"));
        says(extensions, "knows-nothing", ABSTAIN);
        says(extensions, "allows", ALLOW);
        assertThat(published("a")).isEqualTo(ReasonCode.NOT_AUTHORIZED.code());
    }

    @Test
    void decidesNothingWhileOneIsNotThereWhoWouldBeAsked() {
        Extensions extensions = start(Map.of("authorizers", "first,second"));
        Registered<Authorizer> first = says(extensions, "first", ABSTAIN);
        TestClient client = sending(TestClient.v5("a"));
        client.await(CONNACK);
        client.publish("topic", "x", 1, 1);
        says(extensions, "second", DENY);
        assertThat(client.await(PUBACK).code()).isEqualTo(ReasonCode.NOT_AUTHORIZED.code());
        extensions.removeAuthorizer(first);
        says(extensions, "first", ALLOW);
        assertThat(published("b")).isZero();
    }

    @Test
    void deniesNothingWhereNobodyIsToBeAsked() {
        Extensions extensions = start(Map.of("authorizers", "none"));
        says(extensions, "denies", DENY);
        assertThat(published("a")).isZero();
    }
}
