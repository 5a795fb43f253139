/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.broker.routing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.bascule.broker.Counters;
import io.bascule.broker.LimitHits;
import io.bascule.broker.model.SteppedLoop;
import io.bascule.broker.retained.RetainedMessages;
import io.bascule.broker.session.BrokerLoop;
import io.bascule.broker.session.StoreRoom;
import io.bascule.mqtt.Message;
import io.bascule.mqtt.QoS;
import io.bascule.mqtt.Topic;
import io.bascule.subscriptions.internal.RadixSubscriptionTree;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** Two event loops retain something at one topic: the store is told in the same order. */
class RetainedTurnTest {
    private static final Topic TOPIC = Topic.of("plant/line");

    private final CongestibleStore store = new CongestibleStore();
    private final RetainedMessages retained =
            new RetainedMessages(1000, Long.MAX_VALUE, new LimitHits(), store::unretain);
    private final StoreRoom room = new StoreRoom(store);
    private final Router here = router();
    private final Router there = router();
    private final Elsewhere other = new Elsewhere();

    private Router router() {
        Router router = new Router(new RadixSubscriptionTree<>(), retained, store, room);
        router.belongTo(new BrokerLoop(new SteppedLoop(), router, new Counters(), null));
        return router;
    }

    private static Message message(int bytes) {
        return Message.of(TOPIC, new byte[bytes], QoS.AT_LEAST_ONCE, true);
    }

    private static void publish(Router over, Message message) {
        over.publish(message, null, 0, true);
    }

    @Test
    void leavesTheStoreWithTheLastOfTwo() {
        Message newer = message(2);
        store.beforeNext(() -> other.meanwhile(() -> publish(there, newer)));

        publish(here, message(1));
        other.join();

        assertThat(retained.get(TOPIC, System.nanoTime())).containsSame(newer);
        assertThat(store.kept.get(TOPIC)).isSameAs(newer);
    }

    @Test
    void leavesTheStoreWithOneThatCameAfterADeletion() {
        Message newer = message(2);
        publish(here, message(1));
        store.beforeNext(() -> other.meanwhile(() -> publish(there, newer)));

        publish(here, message(0));
        other.join();

        assertThat(retained.get(TOPIC, System.nanoTime())).containsSame(newer);
        assertThat(store.kept.get(TOPIC)).isSameAs(newer);
    }

    @Test
    void leavesTheStoreWithNothingThatHasExpiredBeforeItWasTold() {
        store.beforeNext(() -> other.meanwhile(() -> retained.get(TOPIC, System.nanoTime())));

        publish(here, message(1).expiringIn(Duration.ZERO));
        other.join();

        assertThat(retained.size()).isZero();
        assertThat(store.kept).isEmpty();
    }

    @Test
    void givesItsTurnUpWhenTheStoreFails() {
        store.beforeNext(() -> {
            throw new IllegalStateException("closed");
        });

        assertThatThrownBy(() -> publish(here, message(1))).hasMessage("closed");

        assertThat(retained.turn(TOPIC).isLocked()).isFalse();
    }
}
