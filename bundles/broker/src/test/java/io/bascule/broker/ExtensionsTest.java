/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.broker;

import static io.bascule.spi.Authorizer.Decision.ABSTAIN;
import static io.bascule.spi.Authorizer.Decision.ALLOW;
import static io.bascule.spi.Authorizer.Decision.DENY;
import static io.netty.handler.codec.mqtt.MqttMessageType.CONNACK;
import static io.netty.handler.codec.mqtt.MqttMessageType.PUBACK;
import static io.netty.handler.codec.mqtt.MqttMessageType.PUBCOMP;
import static io.netty.handler.codec.mqtt.MqttMessageType.PUBREC;
import static io.netty.handler.codec.mqtt.MqttMessageType.PUBREL;
import static org.assertj.core.api.Assertions.assertThat;

import io.bascule.api.Identity;
import io.bascule.api.Session;
import io.bascule.api.SessionOptions;
import io.bascule.api.Subscription;
import io.bascule.broker.TestClient.Connect;
import io.bascule.itests.statements.Cve;
import io.bascule.itests.statements.Statement;
import io.bascule.mqtt.Message;
import io.bascule.mqtt.QoS;
import io.bascule.mqtt.ReasonCode;
import io.bascule.mqtt.Topic;
import io.bascule.mqtt.TopicFilter;
import io.bascule.spi.Authorizer;
import io.bascule.spi.Client;
import io.bascule.spi.MessageInterceptor;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What services of other bundles may decide while the broker runs. */
class ExtensionsTest extends BrokerTestBase {
    private final List<Plugged> plugged = new ArrayList<>();
    private final Set<String> denied = ConcurrentHashMap.newKeySet();

    @AfterEach
    void unplug() {
        plugged.forEach(Plugged::close);
    }

    /** Denies what stands in {@link #denied}, such as {@code publish a/b}. */
    private final Authorizer byList = new Authorizer() {
        @Override
        public Decision mayPublish(Client client, Topic topic, QoS qos, boolean retain) {
            return answer("publish " + topic);
        }

        @Override
        public Decision maySubscribe(Client client, TopicFilter filter, QoS maximumQos) {
            return answer("subscribe " + filter);
        }

        @Override
        public Decision mayReceive(Client client, Topic topic) {
            return answer("receive " + topic);
        }

        private Decision answer(String question) {
            return denied.contains(question) ? DENY : ALLOW;
        }
    };

    private void plug(int ranking, Authorizer authorizer) {
        plugged.add(Plugged.of(broker.extensions(), ranking, authorizer));
    }

    private void plug(int ranking, MessageInterceptor interceptor) {
        plugged.add(Plugged.of(broker.extensions(), ranking, interceptor));
    }

    private static Authorizer always(Authorizer.Decision decision) {
        return new Authorizer() {
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
        };
    }

    private static long dropped(DropReason reason) {
        return broker.broker().info().dropped().get(reason.label());
    }

    // ---------------------------------------------------------------- authorizers

    @Test
    void refusesToPublish() {
        plug(0, byList);
        denied.add("publish deny/publish");
        TestClient subscriber = connect(TestClient.v5("deny-s"));
        subscriber.subscribe("deny/publish", 2);
        TestClient client = connect(TestClient.v5("deny-p"));
        long before = dropped(DropReason.NOT_AUTHORIZED);

        client.publish("deny/publish", "0", 0, 0);
        client.publish("deny/publish", "1", 1, 1);
        assertThat(client.await(PUBACK).code()).isEqualTo(0x87);
        client.publish("deny/publish", "2", 2, 2);
        assertThat(client.await(PUBREC).code()).isEqualTo(0x87);

        denied.clear();
        client.publish("deny/publish", "again", 2, 2); // the identifier is free [MQTT-4.3.3-9]
        assertThat(client.await(PUBREC).code()).isZero();
        assertThat(subscriber.message().payload()).isEqualTo("again");
        assertThat(dropped(DropReason.NOT_AUTHORIZED) - before).isEqualTo(3);
    }

    @Test
    @Statement(v311 = "MQTT-3.3.5-2")
    void acknowledgesToA311ClientWhatItMayNotPublish() {
        plug(0, byList);
        denied.add("publish deny/old");
        TestClient client = connect(TestClient.v311("deny-old"));
        client.publish("deny/old", "1", 1, 1);
        client.await(PUBACK);
        client.publish("deny/old", "2", 2, 2);
        client.await(PUBREC);
        client.acknowledge(PUBREL, 2, 0);
        client.await(PUBCOMP);
    }

    @Test
    void refusesToSubscribe() {
        plug(0, byList);
        denied.add("subscribe secret/#");
        TestClient client = connect(TestClient.v5("sub-5"));
        assertThat(client.subscribe("secret/#", 1).codes()).containsExactly(0x87);
        assertThat(client.subscribe("open/#", 1).codes()).containsExactly(1);
        assertThat(connect(TestClient.v311("sub-3")).subscribe("secret/#", 1).codes())
                .containsExactly(0x80);
    }

    @Test
    @Cve({"CVE-2018-12546", "CVE-2021-34434"})
    void stopsDeliveringAtOnceWhenTheRightIsTakenAway() {
        plug(0, byList);
        TestClient client =
                connect(TestClient.v5("revoked").resuming().lasting(100).receiveMaximum(1));
        client.subscribe("revoked/#", 1);
        TestClient publisher = connect(TestClient.v5("revoker"));
        publisher.publishAcknowledged("revoked/a", "in flight");
        assertThat(client.message().payload()).isEqualTo("in flight");
        publisher.publishAcknowledged("revoked/a", "queued");
        publisher.publishAcknowledged("revoked/b", "after");
        publisher.retain("revoked/a", "retained");

        denied.add("receive revoked/a");
        client.puback(1);

        assertThat(client.message().payload()).isEqualTo("after");
        client.subscribe("revoked/a", 0); // what is retained there does not come
        client.expectNothing();
        publisher.retain("revoked/a", "");
    }

    @Test
    @Cve("CVE-2021-34434")
    void sendsNothingAgainThatMayNotBeReceivedAnyMore() {
        plug(0, byList);
        TestClient client = connect(TestClient.v5("resent").resuming().lasting(100));
        client.subscribe("resent", 2);
        TestClient publisher = connect(TestClient.v5("resender"));
        publisher.publish("resent", "secret", 2, 1);
        publisher.answer(PUBREC);
        client.message();
        drop(client, "resent");
        denied.add("receive resent");

        TestClient again = connect(TestClient.v5("resent").resuming().lasting(100));

        again.expectNothing();
        assertThat(session("resent").orElseThrow().queue().inFlight()).isZero();
    }

    @Test
    @Cve("CVE-2026-6564")
    void refusesAWillThatMayNotBePublished() {
        plug(0, byList);
        denied.add("publish deny/will");
        Connect connect = TestClient.v5("deny-will").will("deny/will", "x", 0, false);
        assertThat(tracked(TestClient.sending(broker.port(), connect))
                        .await(CONNACK)
                        .code())
                .isEqualTo(0x87);
    }

    @Test
    @Cve("CVE-2026-6564")
    void dropsAWillWhoseRightWasTakenAway() {
        plug(0, byList);
        TestClient watcher = connect(TestClient.v5("will-watcher"));
        watcher.subscribe("wills/#", 1);
        TestClient client = connect(TestClient.v5("will-revoked").will("wills/revoked", "x", 0, false));
        denied.add("publish wills/revoked");
        drop(client, "will-revoked");
        connect(TestClient.v5("will-other")).publishAcknowledged("wills/other", "y");
        assertThat(watcher.message().topic()).isEqualTo("wills/other");
    }

    @Test
    void deniesWhereEveryAuthorizerAbstains() {
        plug(0, always(ABSTAIN));
        assertThat(connect(TestClient.v5("abstained")).subscribe("x", 0).codes())
                .containsExactly(0x87);
    }

    @Test
    void decidesByTheHighestRankingThatDoesNotAbstain() {
        plug(9, always(ABSTAIN));
        plug(5, always(ALLOW));
        plug(1, always(DENY));
        assertThat(connect(TestClient.v5("ranking")).subscribe("x", 0).codes()).containsExactly(0);
    }

    @Test
    void deniesWhereAnAuthorizerFails() {
        plug(0, new Authorizer() {
            @Override
            public Decision mayPublish(Client client, Topic topic, QoS qos, boolean retain) {
                throw new IllegalStateException("seeded");
            }

            @Override
            public Decision maySubscribe(Client client, TopicFilter filter, QoS maximumQos) {
                throw new IllegalStateException("seeded");
            }

            @Override
            public Decision mayReceive(Client client, Topic topic) {
                throw new IllegalStateException("seeded");
            }
        });
        assertThat(connect(TestClient.v5("failing")).subscribe("x", 0).codes()).containsExactly(0x87);
    }

    @Test
    void trustsBundlesOfThisProcessUnlessTheyAskForRights() {
        plug(0, always(DENY));
        assertThat(subscribed(SessionOptions.temporary("trusted"))).isEqualTo(ReasonCode.GRANTED_QOS_1);
        assertThat(subscribed(SessionOptions.temporary("bound").as(Identity.of("bound"))))
                .isEqualTo(ReasonCode.NOT_AUTHORIZED);
    }

    private static ReasonCode subscribed(SessionOptions options) {
        Session session = broker.broker()
                .open(options, delivery -> {})
                .toCompletableFuture()
                .join();
        try {
            return session.subscribe(List.of(Subscription.of(TopicFilter.of("any/#"), QoS.AT_LEAST_ONCE)))
                    .toCompletableFuture()
                    .join()
                    .get(0);
        } finally {
            session.end();
        }
    }

    // ---------------------------------------------------------------- interceptors

    @Test
    void changesAndDropsMessagesInTheOrderOfRanking() {
        plug(1, (publisher, message) -> Optional.of(text(message, message.text() + "+low")));
        plug(
                9,
                (publisher, message) -> message.text().equals("drop")
                        ? Optional.empty()
                        : Optional.of(text(message, message.text() + "+high")));
        TestClient subscriber = connect(TestClient.v5("int-s"));
        subscriber.subscribe("int", 2);
        TestClient client = connect(TestClient.v5("int-p"));
        long before = dropped(DropReason.INTERCEPTED);

        client.publish("int", "drop", 2, 7);
        assertThat(client.await(PUBREC).code()).isZero();
        client.publish("int", "drop", 2, 7); // still held, although nobody got it [MQTT-4.3.3-10]
        client.await(PUBREC);
        client.publishAcknowledged("int", "keep");

        assertThat(subscriber.message().payload()).isEqualTo("keep+high+low");
        assertThat(dropped(DropReason.INTERCEPTED) - before).isEqualTo(1);
    }

    private static Message text(Message message, String text) {
        return Message.of(
                message.topic(),
                text.getBytes(java.nio.charset.StandardCharsets.UTF_8),
                message.qos(),
                message.retain());
    }

    @Test
    void interceptsBeforeItIsRetained() {
        plug(0, (publisher, message) -> Optional.of(message.withTopic(Topic.of("int/moved"))));
        TestClient client = connect(TestClient.v5("int-r"));
        client.retain("int/original", "x");
        assertThat(broker.broker().retained(TopicFilter.of("int/#"), 10))
                .singleElement()
                .satisfies(message -> assertThat(message.topic().name()).isEqualTo("int/moved"));
        client.retain("int/original", "");
    }

    @Test
    void seesWhoPublishes() {
        List<String> publishers = new ArrayList<>();
        plug(0, (publisher, message) -> {
            publishers.add(publisher.clientId());
            return Optional.of(message);
        });
        connect(TestClient.v5("seen")).publishAcknowledged("int/seen", "x");
        assertThat(publishers).containsExactly("seen");
    }

    @Test
    void dropsWhereAnInterceptorFails() {
        plug(0, (publisher, message) -> {
            throw new IllegalStateException("seeded");
        });
        TestClient client = connect(TestClient.v5("int-f"));
        client.subscribe("int/failing", 0);
        client.publishAcknowledged("int/failing", "x");
        client.expectNothing();
    }
}
