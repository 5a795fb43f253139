/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.broker.routing;

import static org.assertj.core.api.Assertions.assertThat;

import io.bascule.broker.Counters;
import io.bascule.broker.LimitHits;
import io.bascule.broker.model.SteppedLoop;
import io.bascule.broker.retained.RetainedMessages;
import io.bascule.broker.session.BrokerLoop;
import io.bascule.broker.session.StoreRoom;
import io.bascule.mqtt.Message;
import io.bascule.mqtt.QoS;
import io.bascule.mqtt.ReasonCode;
import io.bascule.mqtt.Topic;
import io.bascule.subscriptions.internal.RadixSubscriptionTree;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What a publisher is told of a message that is to be retained and goes to nobody. */
class RouterTest {
    private static final int LONG = 60_000;
    /** More than there may be of such names. */
    private static final int MANY = 40;

    private final CongestibleStore store = new CongestibleStore();
    private final RetainedMessages retained =
            new RetainedMessages(1000, Long.MAX_VALUE, new LimitHits(), store::unretain);
    private final Router router = new Router(new RadixSubscriptionTree<>(), retained, store, new StoreRoom(store));

    RouterTest() {
        router.belongTo(new BrokerLoop(new SteppedLoop(), router, new Counters(), null));
    }

    private static Message message(String topic, int bytes) {
        return Message.of(Topic.of(topic), new byte[bytes], QoS.AT_MOST_ONCE, true);
    }

    private ReasonCode publish(Message message) {
        return router.publish(message, null, 0, false).reason();
    }

    /** It could be, since it is no larger than what its topic has; but too many topics are put off already. */
    @Test
    void refusesWhatIsNotRetainedWhereTheStoreIsFull() {
        Message old = message("y".repeat(LONG), 10);
        retained.put(old);
        store.append(old, true, List.of(), Optional.empty());
        Message lately = message("lately", 10);
        store.congested(true);
        publish(lately);
        for (int i = 0; i < MANY; i++) {
            publish(message("x".repeat(LONG) + i, 1));
        }
        store.limit(0);

        assertThat(publish(message("y".repeat(LONG), 5))).isEqualTo(ReasonCode.QUOTA_EXCEEDED);
        assertThat(publish(lately)).isEqualTo(ReasonCode.NO_MATCHING_SUBSCRIBERS);

        assertThat(retained.get(old.topic(), System.nanoTime())).containsSame(old);
    }
}
