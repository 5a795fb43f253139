/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.broker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.bascule.api.LocalOptions;
import io.bascule.api.QueueLimits;
import io.bascule.api.QueueLimits.Overflow;
import io.bascule.api.Session;
import io.bascule.api.SessionOptions;
import io.bascule.api.SessionOptions.Overlap;
import io.bascule.api.Subscription;
import io.bascule.mqtt.QoS;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** QoS 0 for a bundle's session that nobody has, of which the last of each topic waits. */
class LatestTest extends WaitingTestBase {
    private static final SessionOptions OPTIONS = SessionOptions.lasting("s");
    private static final LocalOptions LATEST = LocalOptions.NONE.withKeepsLatest(true);

    @Test
    void keepsTheLastOfEachTopicInTheOrderOfTheirPublication() {
        leave(OPTIONS, subscription("v/#", 1, LATEST), subscription("w/#", 2, LocalOptions.NONE));

        publish(QoS.AT_MOST_ONCE, "v/a=1", "v/b=1", "v/a=2", "w/a=1");
        publish(QoS.AT_LEAST_ONCE, "v/a=kept");
        publish(QoS.AT_MOST_ONCE, "v/c=1", "v/a=3", "v/a=4");

        assertThat(waiting("s")).containsExactly("v/b=1", "v/a=kept", "v/c=1", "v/a=4");
        assertThat(dropped(DropReason.SUPERSEDED)).isEqualTo(3);
        assertThat(dropped(DropReason.OFFLINE_QOS_0)).as("the control").isEqualTo(1);
        open(OPTIONS);
        assertCome("v/b=1", "v/a=kept", "v/c=1", "v/a=4");
        assertThat(got.get(3).packetId()).isZero();
        publish(QoS.AT_MOST_ONCE, "v/a=5", "v/a=6");
        assertCome("v/b=1", "v/a=kept", "v/c=1", "v/a=4", "v/a=5", "v/a=6");
        assertThat(broker.broker().session("s").orElseThrow().queue().dropped()).isEqualTo(3);
    }

    @Test
    void keepsAllThatComesWhileSomebodyIsThereAndTheLastOnceHeHasGone() {
        Session session = open(OPTIONS);
        get(session.subscribe(List.of(subscription("#", 1, LATEST))));
        session.ready(false);
        publish(QoS.AT_MOST_ONCE, "a=1", "b=1", "a=2", "a=3");
        assertThat(waiting("s")).containsExactly("a=1", "b=1", "a=2", "a=3");
        leave(session);

        publish(QoS.AT_MOST_ONCE, "c=1", "a=4");

        assertThat(waiting("s")).containsExactly("b=1", "c=1", "a=4");
        assertThat(dropped(DropReason.SUPERSEDED)).isEqualTo(3);
    }

    @Test
    void keepsNoMoreThanTheQueueTakes() {
        leave(OPTIONS.withQueue(limits(2, Overflow.DROP_OLDEST)), subscription("#", 1, LATEST));
        publish(QoS.AT_MOST_ONCE, "a=1", "b=1", "c=1", "a=2", "c=2");
        assertThat(waiting("s")).containsExactly("a=2", "c=2"); // a=1 and b=1 had no room, c=1 is replaced
        assertThat(dropped(DropReason.QUEUE_FULL)).isEqualTo(2);
        assertThat(dropped(DropReason.SUPERSEDED)).isEqualTo(1);

        leave(open(OPTIONS.withCleanStart(true).withQueue(limits(2, Overflow.DROP_NEWEST))));
        leave(OPTIONS.withQueue(limits(2, Overflow.DROP_NEWEST)), subscription("#", 1, LATEST));
        publish(QoS.AT_MOST_ONCE, "a=1", "b=1", "c=1", "a=2", "c=2");
        assertThat(waiting("s")).containsExactly("b=1", "a=2");
        assertThat(dropped(DropReason.QUEUE_FULL)).isEqualTo(4);
        assertThat(dropped(DropReason.SUPERSEDED)).isEqualTo(2);
    }

    @Test
    void keepsOneForEachSubscription() {
        SessionOptions options = OPTIONS.withOverlap(Overlap.COPY_PER_SUBSCRIPTION);
        leave(
                options,
                subscription("a/#", 1, LATEST),
                subscription("a/+", 2, LATEST),
                subscription("#", 3, LocalOptions.NONE));

        publish(QoS.AT_MOST_ONCE, "a/b=1", "a/b=2");
        assertThat(waiting("s")).containsExactly("a/b=2", "a/b=2");
        open(options);
        assertCome("a/b=2", "a/b=2");
        assertThat(got).extracting(each -> each.subscriptionIdentifiers()[0]).containsExactlyInAnyOrder(1, 2);
    }

    @Test
    void forgetsThemWithTheProcess() {
        leave(OPTIONS, subscription("#", 1, LATEST));
        publish(QoS.AT_MOST_ONCE, "a=1");
        publish(QoS.AT_LEAST_ONCE, "b=1");
        assertThat(waiting("s")).containsExactly("a=1", "b=1");

        restart();

        assertThat(waiting("s")).containsExactly("b=1");
        publish(QoS.AT_MOST_ONCE, "a=2", "a=3"); // that they are wanted is known
        assertThat(waiting("s")).containsExactly("b=1", "a=3");
    }

    @Test
    void dropsThemAsAnythingElse() {
        leave(
                OPTIONS.withQueue(new QueueLimits(9, 1 << 20, Duration.ofMillis(1), Overflow.DROP_NEWEST)),
                subscription("#", 1, LATEST));
        publish(QoS.AT_MOST_ONCE, "a=1", "b=1");
        BrokerTestBase.eventually("too old", () -> {
            publish(QoS.AT_MOST_ONCE, "c=1");
            return dropped(DropReason.EXPIRED) >= 2;
        });
        assertThat(get(broker.broker().purge("s"))).isLessThanOrEqualTo(1);
        publish(QoS.AT_MOST_ONCE, "a=2");
        assertThat(waiting("s")).contains("a=2");
    }

    @Test
    void stopsWhenTheSubscriptionDoes() {
        leave(OPTIONS, subscription("#", 1, LATEST));
        publish(QoS.AT_MOST_ONCE, "a=1");
        Session session = open(OPTIONS);
        assertCome("a=1");
        get(session.subscribe(List.of(subscription("#", 1, LocalOptions.NONE))));
        leave(session);

        publish(QoS.AT_MOST_ONCE, "a=2");

        assertThat(waiting("s")).isEmpty();
        assertThat(dropped(DropReason.OFFLINE_QOS_0)).isEqualTo(1);
    }

    @Test
    void needsAnIdentifier() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> subscription("#", 0, LATEST))
                .withMessage("what waits is known by its subscription identifier; keepsLatest and priority need one");
        assertThat(subscription("#", 1, LATEST).withMaximumQos(QoS.AT_MOST_ONCE))
                .extracting(Subscription::local)
                .isEqualTo(LATEST);
    }
}
