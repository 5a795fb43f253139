/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.broker;

import static io.bascule.broker.BrokerTestBase.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import io.bascule.api.Delivery;
import io.bascule.api.Identity;
import io.bascule.api.SecurityProvider;
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
import io.bascule.spi.Client;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What a session in this process hears of its rights where it has not all of them, such as that of a bridge. */
@Timeout(30)
class LocalRightsTest {
    private final Set<String> denied = ConcurrentHashMap.newKeySet();
    private final BlockingQueue<String> heard = new LinkedBlockingQueue<>();
    private TestBroker broker;

    /** Denies what stands in {@link #denied}, such as {@code publish a}, to the bridge b. */
    private final Authorizer byList = new Authorizer() {
        @Override
        public Decision mayPublish(Client client, Topic topic, QoS qos, boolean retain) {
            return answer(client, "publish " + topic);
        }

        @Override
        public Decision maySubscribe(Client client, TopicFilter filter, QoS maximumQos) {
            return answer(client, "subscribe " + filter);
        }

        @Override
        public Decision mayReceive(Client client, Topic topic) {
            return answer(client, "receive " + topic);
        }

        private Decision answer(Client client, String question) {
            boolean no = client.bridge().equals(Optional.of("b")) && denied.contains(question);
            return no ? Decision.DENY : Decision.ALLOW;
        }
    };

    private final SessionListener listener = new SessionListener() {
        @Override
        public void message(Delivery delivery) {
            heard.add(delivery.message().text());
        }

        @Override
        public void denied(Delivery delivery) {
            heard.add("not " + delivery.message().text() + " q" + delivery.qos().level()
                    + (delivery.retain() ? " retain" : "") + " "
                    + delivery.subscriptionIdentifiers().length);
        }
    };

    @BeforeEach
    void start() {
        broker = new TestBroker(Map.of(), Map.of());
        broker.extensions().addAuthorizer(new Registered<>(Map.of(SecurityProvider.NAME, "plant")), byList);
    }

    @AfterEach
    void stop() {
        broker.close();
    }

    private static <T> T get(CompletionStage<T> stage) {
        try {
            return stage.toCompletableFuture().get(8, TimeUnit.SECONDS);
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    private Session open(SessionOptions options) {
        return get(broker.broker().open(options.as(Identity.ANONYMOUS), listener));
    }

    private ReasonCode subscribe(Session session, String filter) {
        return get(session.subscribe(List.of(new Subscription(
                        TopicFilter.of(filter), QoS.EXACTLY_ONCE, false, true, Subscription.RetainHandling.SEND, 7))))
                .get(0);
    }

    private void publish(String topic, String text, QoS qos) {
        get(broker.broker().publish(Message.of(topic, text).withQos(qos)));
    }

    private String next() throws InterruptedException {
        return heard.poll(8, TimeUnit.SECONDS);
    }

    private static CompletableFuture<ReasonCode> publish(Session session, int packetId, String topic, QoS qos) {
        CompletableFuture<ReasonCode> answer = new CompletableFuture<>();
        session.publish(packetId, Message.of(topic, "x").withQos(qos), answer::complete);
        return answer;
    }

    // ---------------------------------------------------------------- into the broker

    @Test
    void hearsThatItMayNotPublishOfQos0Too() {
        denied.add("publish a");
        Session session = open(SessionOptions.temporary("bridge:b"));
        assertThat(get(publish(session, 0, "a", QoS.AT_MOST_ONCE))).isEqualTo(ReasonCode.NOT_AUTHORIZED);
        assertThat(get(publish(session, 1, "a", QoS.AT_LEAST_ONCE))).isEqualTo(ReasonCode.NOT_AUTHORIZED);
        assertThat(get(publish(session, 2, "a", QoS.EXACTLY_ONCE))).isEqualTo(ReasonCode.NOT_AUTHORIZED);
        assertThat(get(publish(session, 2, "b", QoS.EXACTLY_ONCE)).isFailure()).isFalse();
        denied.add("subscribe s");
        assertThat(subscribe(session, "s")).isEqualTo(ReasonCode.NOT_AUTHORIZED);
    }

    // ---------------------------------------------------------------- out of it

    @Test
    void hearsOfWhatItMayNotReceiveAndGoesOn() throws InterruptedException {
        get(broker.broker().publish(Message.of("d", "kept").withRetain(true)));
        denied.add("receive d");
        Session session = open(SessionOptions.lasting("bridge:b").withReceiveMaximum(1));
        subscribe(session, "#");
        assertThat(next()).isEqualTo("not kept q0 retain 1");
        publish("d", "0", QoS.AT_MOST_ONCE);
        publish("d", "1", QoS.AT_LEAST_ONCE);
        publish("d", "2", QoS.EXACTLY_ONCE);
        publish("e", "3", QoS.AT_LEAST_ONCE);
        assertThat(List.of(next(), next(), next(), next()))
                .containsExactly("not 0 q0 1", "not 1 q1 1", "not 2 q2 1", "3");
        assertThat(session.queue().inFlight()).isOne();
        assertThat(session.queue().dropped()).isEqualTo(4);
    }

    @Test
    void isNotSentWhatHasWaitedWhenTheRightIsTakenAway() throws InterruptedException {
        Session session = open(SessionOptions.lasting("bridge:b"));
        subscribe(session, "#");
        session.close();
        publish("d", "1", QoS.AT_LEAST_ONCE);
        publish("e", "2", QoS.AT_LEAST_ONCE);
        denied.add("receive d");
        open(SessionOptions.lasting("bridge:b"));
        assertThat(List.of(next(), next())).containsExactly("not 1 q1 1", "2");
    }

    // ---------------------------------------------------------------- who is asked

    @Test
    void asksWhomItNamesAndWaitsForThem() throws InterruptedException {
        denied.add("publish a");
        Session free = open(SessionOptions.temporary("bridge:b").authorizedBy(List.of()));
        assertThat(free.missingAuthorizers()).isEmpty();
        assertThat(get(publish(free, 1, "a", QoS.AT_LEAST_ONCE)).isFailure()).isFalse();

        Session named = open(SessionOptions.temporary("bridge:b").authorizedBy(List.of("office", "plant")));
        assertThat(named.missingAuthorizers()).containsExactly("office");
        CompletableFuture<ReasonCode> held = publish(named, 1, "a", QoS.AT_LEAST_ONCE);
        publish(free, 2, "b", QoS.AT_LEAST_ONCE);
        assertThat(held).isNotDone();
        Registered<Authorizer> office =
                NamedProvidersTest.says(broker.extensions(), "office", Authorizer.Decision.ABSTAIN);
        assertThat(get(held)).isEqualTo(ReasonCode.NOT_AUTHORIZED);
        eventually("nobody is missing", () -> named.missingAuthorizers().isEmpty());
        broker.extensions().removeAuthorizer(office);

        broker.extensions().configured(Set.of(), Set.of("acl~other"));
        Session all = open(SessionOptions.temporary("bridge:c"));
        assertThat(all.missingAuthorizers()).containsExactly("other");
        broker.extensions().configured(Set.of(), Set.of());
        assertThat(all.missingAuthorizers()).isEmpty();
    }

    @Test
    void isABridgeOnlyInThisProcess() {
        assertThat(Client.ofBridge("b").bridge()).hasValue("b");
        Client connected =
                new Client("bridge:b", Identity.ANONYMOUS, Optional.empty(), Optional.of("main"), Optional.empty());
        assertThat(connected.bridge()).isEmpty();
        Client bundle = new Client("b", Identity.ANONYMOUS, Optional.empty(), Optional.empty(), Optional.empty());
        assertThat(bundle.bridge()).isEmpty();
    }
}
