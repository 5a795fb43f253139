/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.broker;

import static org.assertj.core.api.Assertions.assertThat;

import io.bascule.api.Delivery;
import io.bascule.api.Session;
import io.bascule.api.SessionOptions;
import io.bascule.api.Subscription;
import io.bascule.api.Subscription.RetainHandling;
import io.bascule.mqtt.Message;
import io.bascule.mqtt.QoS;
import io.bascule.mqtt.Topic;
import io.bascule.mqtt.TopicFilter;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A bundle's session that asks how a topic stands. */
class SendRetainedTest extends BrokerTestBase {
    private static final TopicFilter FILTER = TopicFilter.of("state/#");

    private final BlockingQueue<Delivery> got = new LinkedBlockingQueue<>();
    private Session session;

    @BeforeEach
    void subscribe() throws Exception {
        session = get(broker.broker().open(SessionOptions.temporary("asks"), got::add));
        get(session.subscribe(List.of(
                new Subscription(FILTER, QoS.EXACTLY_ONCE, true, true, RetainHandling.DO_NOT_SEND, 7),
                Subscription.of(TopicFilter.of("none/#"), QoS.AT_MOST_ONCE))));
    }

    @AfterEach
    void end() {
        session.end();
    }

    private static <T> T get(CompletionStage<T> stage) throws Exception {
        return stage.toCompletableFuture().get(8, TimeUnit.SECONDS);
    }

    private static void retain(String topic, String text, QoS qos) throws Exception {
        get(broker.broker().publish(Message.of(Topic.of(topic), text.getBytes(StandardCharsets.UTF_8), qos, true)));
    }

    private Delivery next() throws InterruptedException {
        Delivery delivery = got.poll(8, TimeUnit.SECONDS);
        assertThat(delivery).as("a delivery").isNotNull();
        return delivery;
    }

    @Test
    void isSentWhatIsRetainedAsItsSubscriptionSays() throws Exception {
        retain("state/a", "on", QoS.AT_LEAST_ONCE);
        assertThat(next().message().text()).as("live").isEqualTo("on");
        assertThat(broker.broker().retained(Topic.of("state/a")))
                .hasValueSatisfying(message -> assertThat(message.text()).isEqualTo("on"));

        session.sendRetained(FILTER, Topic.of("state/a"));

        Delivery again = next();
        assertThat(again.message().text()).isEqualTo("on");
        assertThat(again.qos()).isEqualTo(QoS.AT_LEAST_ONCE);
        assertThat(again.retain()).isTrue();
        assertThat(again.subscriptionIdentifiers()).containsExactly(7);
        retain("state/a", "", QoS.AT_MOST_ONCE);
    }

    @Test
    void isSentAnEmptyMessageWhereNothingIsRetained() throws Exception {
        assertThat(broker.broker().retained(Topic.of("state/none"))).isEmpty();

        session.sendRetained(FILTER, Topic.of("state/none"));

        Delivery deletion = next();
        assertThat(deletion.message().topic()).isEqualTo(Topic.of("state/none"));
        assertThat(deletion.message().payload()).isEmpty();
        assertThat(deletion.qos()).isEqualTo(QoS.AT_LEAST_ONCE);
        assertThat(deletion.retain()).isTrue();
        assertThat(deletion.packetId()).isPositive();
    }

    @Test
    void isSentItBehindAllThatWaits() throws Exception {
        session.ready(false);
        retain("state/b", "1", QoS.AT_LEAST_ONCE);
        retain("state/b", "2", QoS.AT_LEAST_ONCE);
        session.sendRetained(FILTER, Topic.of("state/b"));
        retain("state/b", "3", QoS.AT_LEAST_ONCE);
        session.ready(true);

        assertThat(List.of(next(), next(), next(), next()))
                .extracting(delivery -> delivery.message().text())
                .containsExactly("1", "2", "2", "3");
        retain("state/b", "", QoS.AT_MOST_ONCE);
    }

    @Test
    void isSentNothingForWhatItIsNotSubscribedTo() throws Exception {
        retain("none/a", "on", QoS.AT_MOST_ONCE);
        assertThat(next().message().topic()).isEqualTo(Topic.of("none/a"));

        session.sendRetained(FILTER, Topic.of("none/a"));
        session.sendRetained(TopicFilter.of("other/#"), Topic.of("other/a"));
        session.sendRetained(TopicFilter.of("none/#"), Topic.of("none/a"));

        Delivery only = next();
        assertThat(only.message().topic()).as("of the three").isEqualTo(Topic.of("none/a"));
        assertThat(only.subscriptionIdentifiers()).isEmpty();
        get(session.subscriptions());
        assertThat(got).isEmpty();
        retain("none/a", "", QoS.AT_MOST_ONCE);
    }
}
