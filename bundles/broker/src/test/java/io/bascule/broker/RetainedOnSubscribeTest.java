/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.broker;

import static io.bascule.broker.StoredBrokerTestBase.get;
import static org.assertj.core.api.Assertions.assertThat;

import io.bascule.api.LocalOptions;
import io.bascule.api.LocalOptions.Priority;
import io.bascule.api.Session;
import io.bascule.api.SessionOptions;
import io.bascule.api.Subscription;
import io.bascule.api.Subscription.RetainHandling;
import io.bascule.mqtt.Message;
import io.bascule.mqtt.QoS;
import io.bascule.mqtt.Topic;
import io.bascule.mqtt.TopicFilter;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;

/** When a bundle's session is sent what is retained. */
class RetainedOnSubscribeTest extends BrokerTestBase {
    private static final int MANY = 50;

    /** Between them each would have what waits sorted anew, all of it. */
    @Test
    void isSentBehindAllSubscriptionsOfARequest() {
        List<Subscription> subscriptions = new ArrayList<>();
        for (int i = 1; i <= MANY; i++) {
            Topic topic = Topic.of("retained-on-subscribe/" + i);
            get(broker.broker().publish(Message.of(topic, new byte[1], QoS.AT_LEAST_ONCE, true)));
            subscriptions.add(new Subscription(
                    TopicFilter.of(topic.name()),
                    QoS.AT_LEAST_ONCE,
                    false,
                    true,
                    RetainHandling.SEND,
                    i,
                    LocalOptions.NONE.withPriority(i % 2 == 0 ? Priority.HIGH : Priority.LOW)));
        }
        List<Integer> subscribedThen = new CopyOnWriteArrayList<>();
        Session session = get(broker.broker()
                .open(
                        SessionOptions.temporary("retained-on-subscribe"),
                        delivery -> subscribedThen.add(
                                session("retained-on-subscribe").orElseThrow().subscriptions())));

        get(session.subscribe(subscriptions));

        eventually("all that is retained", () -> subscribedThen.size() == MANY);
        assertThat(subscribedThen).containsOnly(MANY);
        session.end();
    }
}
