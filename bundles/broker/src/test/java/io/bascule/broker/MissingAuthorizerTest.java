/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.broker;

import static io.bascule.broker.BrokerTestBase.eventually;
import static io.netty.handler.codec.mqtt.MqttMessageType.CONNACK;
import static io.netty.handler.codec.mqtt.MqttMessageType.PUBACK;
import static io.netty.handler.codec.mqtt.MqttMessageType.PUBCOMP;
import static io.netty.handler.codec.mqtt.MqttMessageType.PUBREC;
import static io.netty.handler.codec.mqtt.MqttMessageType.PUBREL;
import static io.netty.handler.codec.mqtt.MqttMessageType.SUBACK;
import static org.assertj.core.api.Assertions.assertThat;

import io.bascule.api.Delivery;
import io.bascule.api.Identity;
import io.bascule.api.Session;
import io.bascule.api.SessionListener;
import io.bascule.api.SessionOptions;
import io.bascule.api.Subscription;
import io.bascule.mqtt.Message;
import io.bascule.mqtt.QoS;
import io.bascule.mqtt.ReasonCode;
import io.bascule.mqtt.Topic;
import io.bascule.mqtt.TopicFilter;
import io.bascule.spi.Authorizer;
import io.bascule.spi.Authorizer.Decision;
import io.bascule.spi.Client;
import io.netty.handler.codec.mqtt.MqttMessage;
import io.netty.handler.codec.mqtt.MqttVersion;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What becomes of clients while somebody is missing who is to say what they may do: nothing, until he is back. */
@Timeout(60)
class MissingAuthorizerTest {
    private static final String RIGHTS = "rights";

    private final List<TestClient> clients = new ArrayList<>();
    /** Questions that were asked before anybody could be missed. */
    private final AtomicInteger asked = new AtomicInteger();

    private TestBroker broker;
    private Registered<Authorizer> rights;

    @BeforeEach
    void start() {
        broker = new TestBroker(Map.of(), Map.of("authorizers", "knows-nothing," + RIGHTS));
        broker.extensions()
                .addAuthorizer(new Registered<>(NamedProvidersTest.named("knows-nothing", 0)), new Authorizer() {
                    @Override
                    public Decision mayPublish(Client client, Topic topic, QoS qos, boolean retain) {
                        return abstain();
                    }

                    @Override
                    public Decision maySubscribe(Client client, TopicFilter filter, QoS maximumQos) {
                        return abstain();
                    }

                    @Override
                    public Decision mayReceive(Client client, Topic topic) {
                        return abstain();
                    }

                    private Decision abstain() {
                        asked.incrementAndGet();
                        return Decision.ABSTAIN;
                    }
                });
        comesBack(Decision.ALLOW);
    }

    @AfterEach
    void stop() {
        clients.forEach(TestClient::close);
        broker.close();
    }

    private void comesBack(Decision decision) {
        rights = NamedProvidersTest.says(broker.extensions(), RIGHTS, decision);
    }

    private void leaves() {
        broker.extensions().removeAuthorizer(rights);
    }

    private TestClient connect(TestClient.Connect connect) {
        TestClient client = TestClient.connected(broker.port(), connect);
        clients.add(client);
        return client;
    }

    /** Does something of which the broker finds that it cannot decide it. */
    private void undecided(Runnable what) {
        int before = asked.get();
        what.run();
        eventually("it was to be decided", () -> asked.get() > before);
    }

    private static <T> T get(CompletionStage<T> stage) {
        try {
            return stage.toCompletableFuture().get(8, TimeUnit.SECONDS);
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    /** What a bundle that may do everything hears of a topic. */
    private BlockingQueue<String> heard(String topic) {
        BlockingQueue<String> heard = new LinkedBlockingQueue<>();
        Session session = get(broker.broker().open(SessionOptions.temporary("heard"), new SessionListener() {
            @Override
            public void message(Delivery delivery) {
                heard.add(delivery.message().text());
            }
        }));
        get(session.subscribe(List.of(Subscription.of(TopicFilter.of(topic), QoS.AT_MOST_ONCE))));
        return heard;
    }

    private static String next(BlockingQueue<String> heard) throws InterruptedException {
        return heard.poll(8, TimeUnit.SECONDS);
    }

    private void publish(String text, QoS qos) {
        get(broker.broker().publish(Message.of("t", text).withQos(qos)));
    }

    private long denied() {
        return broker.broker().info().dropped().getOrDefault(DropReason.NOT_AUTHORIZED.label(), 0L);
    }

    private static List<String> payloads(TestClient client, int count) {
        List<String> payloads = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            payloads.add(client.message().payload());
        }
        return payloads;
    }

    // ---------------------------------------------------------------- from clients

    @ParameterizedTest
    @EnumSource(names = {"MQTT_3_1_1", "MQTT_5"})
    void whatIsPublishedIsTakenInOrderWhenHeIsBack(MqttVersion version) {
        TestClient subscriber = connect(TestClient.of(version, "s"));
        subscriber.subscribe("t", 2);
        TestClient client = connect(TestClient.of(version, "p"));
        leaves();

        undecided(() -> client.publish("t", "1", 1, 1));
        client.publish("t", "2", 2, 2);
        client.publish("t", "3", 0, 0);
        client.publish("t", "4", 1, 4);
        assertThat(client.isSilent()).isTrue();
        comesBack(Decision.ALLOW);

        assertThat(client.await(PUBACK).id()).isEqualTo(1);
        assertThat(client.await(PUBREC).id()).isEqualTo(2);
        assertThat(client.await(PUBACK).id()).isEqualTo(4);
        client.acknowledge(PUBREL, 2, 0);
        client.await(PUBCOMP);
        assertThat(payloads(subscriber, 4)).containsExactly("1", "2", "3", "4");
        assertThat(denied()).isZero();
    }

    @Test
    void hisAnswerCountsAndNotThatHeWasAway() {
        TestClient client = connect(TestClient.v5("p").receiveMaximum(1));
        leaves();
        undecided(() -> client.publish("t", "1", 1, 1));
        client.publish("t", "2", 2, 2);
        comesBack(Decision.DENY);
        assertThat(client.await(PUBACK).code()).isEqualTo(ReasonCode.NOT_AUTHORIZED.code());
        assertThat(client.await(PUBREC).code()).isEqualTo(ReasonCode.NOT_AUTHORIZED.code());
        client.expectNothing(); // and it is read again
    }

    @Test
    void whoComesAndGoesAgainAndAgainIsWaitedFor() {
        TestClient client = connect(TestClient.v5("p"));
        leaves();
        undecided(() -> client.publish("t", "1", 1, 1));
        client.publish("t", "2", 1, 2);
        for (int i = 0; i < 3; i++) {
            undecided(() -> broker.extensions().configured(Set.of(), Set.of())); // something changes, and not that
        }
        assertThat(client.isSilent()).isTrue();
        comesBack(Decision.ALLOW);
        assertThat(client.await(PUBACK).id()).isEqualTo(1);
        assertThat(client.await(PUBACK).id()).isEqualTo(2);
    }

    @Test
    void aSubscriptionIsMadeWhenHeIsBack() {
        TestClient client = connect(TestClient.v5("s"));
        leaves();
        undecided(() -> client.sendSubscribe("t", 1, false, false, 0, 0));
        assertThat(client.isSilent()).isTrue();
        comesBack(Decision.ALLOW);
        assertThat(client.await(SUBACK).codes()).containsExactly(1);
        publish("x", QoS.AT_LEAST_ONCE);
        assertThat(client.message().payload()).isEqualTo("x");
    }

    @Test
    void oneThatIsConfiguredIsMissedAsOneThatIsNamed() {
        stop();
        broker = new TestBroker(Map.of(), Map.of());
        broker.extensions().configured(Set.of(), Set.of("acl~plant"));
        TestClient client = connect(TestClient.v5("p"));
        client.publish("t", "1", 1, 1);
        client.publish("t", "2", 2, 2);
        broker.extensions()
                .addAuthorizer(new Registered<>(Map.of("service.pid", "acl~other")), new Always(Decision.DENY));
        broker.extensions()
                .addAuthorizer(new Registered<>(Map.of("service.pid", "acl~plant")), new Always(Decision.ALLOW));
        // The older one is asked first: that it has not been asked before both were there is what is tested.
        assertThat(client.await(PUBACK).code()).isEqualTo(ReasonCode.NOT_AUTHORIZED.code());
        assertThat(client.await(PUBREC).code()).isEqualTo(ReasonCode.NOT_AUTHORIZED.code());
        broker.extensions().configured(Set.of(), Set.of());
    }

    @Test
    void aWillThatCannotBeDecidedIsNoReasonToDenyIt() {
        leaves();
        TestClient client = TestClient.sending(broker.port(), TestClient.v5("w").will("t", "gone", 1, false));
        clients.add(client);
        assertThat(client.await(CONNACK).code()).isEqualTo(ReasonCode.SERVER_UNAVAILABLE.code());
    }

    // ---------------------------------------------------------------- to clients

    @Test
    void whatIsToBeSentStaysInOrderUntilHeIsBack() {
        TestClient subscriber = connect(TestClient.v5("s").receiveMaximum(2));
        subscriber.subscribe("t", 2);
        leaves();
        List<QoS> levels =
                List.of(QoS.AT_MOST_ONCE, QoS.EXACTLY_ONCE, QoS.AT_MOST_ONCE, QoS.AT_LEAST_ONCE, QoS.AT_MOST_ONCE);
        for (int i = 0; i < levels.size(); i++) {
            publish("a" + i, levels.get(i));
        }
        subscriber.expectNothing(); // who only receives is read all the time
        assertThat(denied()).isZero();
        comesBack(Decision.ALLOW);
        assertThat(payloads(subscriber, 5)).containsExactly("a0", "a1", "a2", "a3", "a4");

        TestClient other = connect(TestClient.v5("o"));
        other.subscribe("t", 2);
        leaves();
        publish("b0", QoS.EXACTLY_ONCE);
        publish("b1", QoS.AT_MOST_ONCE);
        other.expectNothing();
        comesBack(Decision.ALLOW);
        assertThat(payloads(other, 2)).containsExactly("b0", "b1");
    }

    @Test
    void whatIsInFlightIsSentAgainWhenHeIsBack() {
        TestClient.Connect lasting = TestClient.v5("s").resuming().lasting(100);
        TestClient subscriber = connect(lasting);
        subscriber.subscribe("t", 2);
        for (int i = 0; i < 4; i++) {
            publish("m" + i, i % 2 == 0 ? QoS.AT_LEAST_ONCE : QoS.EXACTLY_ONCE);
        }
        assertThat(payloads(subscriber, 4)).hasSize(4);
        leaves();
        TestClient again = connect(lasting);
        publish("m4", QoS.AT_LEAST_ONCE);
        again.expectNothing();
        comesBack(Decision.ALLOW);
        assertThat(payloads(again, 5)).containsExactly("m0", "m1", "m2", "m3", "m4");
    }

    // ---------------------------------------------------------------- wills

    @Test
    void aWillThatIsDueWaitsForHim() throws InterruptedException {
        BlockingQueue<String> heard = heard("wills");
        TestClient client = connect(TestClient.v5("w").will("wills", "gone", 1, false));
        leaves();
        undecided(client::vanish);
        assertThat(heard).isEmpty();
        assertThat(broker.broker().session("w")).isPresent();

        comesBack(Decision.ALLOW);
        assertThat(next(heard)).isEqualTo("gone");
        eventually("ended", () -> broker.broker().session("w").isEmpty());
        assertThat(heard).isEmpty();
    }

    @Test
    void whoSaysGoodbyeWhileHeIsHeldLeavesNoWill() throws InterruptedException {
        BlockingQueue<String> heard = heard("wills");
        TestClient client = connect(TestClient.v5("w").will("wills", "gone", 1, false));
        leaves();
        undecided(() -> client.publish("t", "1", 1, 1));
        client.send(MqttMessage.DISCONNECT);
        client.vanish();
        comesBack(Decision.ALLOW);
        eventually("ended", () -> broker.broker().session("w").isEmpty());
        get(broker.broker().publish(Message.of("wills", "last")));
        assertThat(next(heard)).isEqualTo("last");
    }

    // ---------------------------------------------------------------- bundles

    @Test
    void aBundleIsHeldLikeAUserWhereItIsOneAndElseNotAtAll() throws InterruptedException {
        stop();
        broker = new TestBroker(Map.of(), Map.of());
        BlockingQueue<String> heard = heard("t"); // may do everything
        broker.extensions().configured(Set.of(), Set.of("acl~plant"));
        publish("trusted", QoS.AT_LEAST_ONCE);
        assertThat(next(heard)).isEqualTo("trusted");

        Session session =
                get(broker.broker().open(SessionOptions.temporary("user").as(Identity.of("user")), delivery -> {}));
        CompletableFuture<ReasonCode> acknowledged = new CompletableFuture<>();
        session.publish(1, Message.of("t", "user's").withQos(QoS.AT_LEAST_ONCE), acknowledged::complete);
        CompletionStage<List<ReasonCode>> subscribed =
                session.subscribe(List.of(Subscription.of(TopicFilter.of("u"), QoS.AT_LEAST_ONCE)));
        publish("meanwhile", QoS.AT_LEAST_ONCE);
        assertThat(next(heard)).isEqualTo("meanwhile");
        assertThat(acknowledged).isNotDone();
        broker.extensions()
                .addAuthorizer(new Registered<>(Map.of("service.pid", "acl~plant")), new Always(Decision.ALLOW));
        assertThat(next(heard)).isEqualTo("user's");
        assertThat(get(acknowledged)).isEqualTo(ReasonCode.SUCCESS);
        assertThat(get(subscribed)).containsExactly(ReasonCode.GRANTED_QOS_1);
    }

    @Test
    void noMoreIsHeldForABundleThanMayBe() {
        stop();
        broker = new TestBroker(Map.of(), Map.of());
        broker.extensions().configured(Set.of(), Set.of("acl~plant"));
        Session session =
                get(broker.broker().open(SessionOptions.temporary("user").as(Identity.of("user")), delivery -> {}));
        byte[] payload = new byte[1 << 20];
        List<CompletableFuture<ReasonCode>> acknowledged = new ArrayList<>();
        for (int i = 1; i <= 40; i++) { // more than 16 MiB
            session.publish(0, Message.of(Topic.of("t"), payload, QoS.AT_MOST_ONCE, false), reason -> {});
        }
        for (int i = 1; i <= 60; i++) { // beside them, more than 64 MiB
            CompletableFuture<ReasonCode> answer = new CompletableFuture<>();
            session.publish(i, Message.of(Topic.of("t"), payload, QoS.AT_LEAST_ONCE, false), answer::complete);
            acknowledged.add(answer);
        }
        CompletableFuture<ReasonCode> released = new CompletableFuture<>();
        session.pubrel(1, released::complete);
        List<Subscription> subscriptions = List.of(
                Subscription.of(TopicFilter.of("u"), QoS.AT_LEAST_ONCE),
                Subscription.of(TopicFilter.of("v"), QoS.AT_LEAST_ONCE));

        assertThat(get(session.subscribe(subscriptions)))
                .containsExactly(ReasonCode.QUOTA_EXCEEDED, ReasonCode.QUOTA_EXCEEDED);
        assertThat(get(session.unsubscribe(List.of(TopicFilter.of("u"))))).containsExactly(ReasonCode.QUOTA_EXCEEDED);
        assertThat(get(released)).isEqualTo(ReasonCode.PACKET_IDENTIFIER_NOT_FOUND);
        assertThat(broker.broker().info().dropped()).containsEntry(DropReason.QUEUE_FULL.label(), 24L);
        assertThat(acknowledged.subList(0, 48)).noneMatch(CompletableFuture::isDone);
        assertThat(acknowledged.subList(48, 60))
                .allSatisfy(answer -> assertThat(get(answer)).isEqualTo(ReasonCode.QUOTA_EXCEEDED));
        broker.extensions()
                .addAuthorizer(new Registered<>(Map.of("service.pid", "acl~plant")), new Always(Decision.ALLOW));
        assertThat(acknowledged.subList(0, 48))
                .allSatisfy(answer -> assertThat(get(answer).isFailure()).isFalse());
        assertThat(get(session.subscribe(subscriptions)))
                .containsExactly(ReasonCode.GRANTED_QOS_1, ReasonCode.GRANTED_QOS_1);
    }

    /** Has always the same answer. */
    private record Always(Decision decision) implements Authorizer {
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
    }
}
