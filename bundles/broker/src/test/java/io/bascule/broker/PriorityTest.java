/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.broker;

import static io.bascule.broker.BrokerTestBase.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import io.bascule.api.LocalOptions;
import io.bascule.api.LocalOptions.Priority;
import io.bascule.api.QueueLimits;
import io.bascule.api.QueueLimits.Overflow;
import io.bascule.api.Session;
import io.bascule.api.SessionOptions;
import io.bascule.api.Subscription;
import io.bascule.mqtt.Message;
import io.bascule.mqtt.QoS;
import io.bascule.mqtt.ReasonCode;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** Classes of what waits in a bundle's session. */
class PriorityTest extends WaitingTestBase {
    private static final SessionOptions OPTIONS = SessionOptions.lasting("s");
    private static final String[] MIXED = {"l=1", "n=1", "h=1", "l=2", "h=2", "n=2"};

    private static Subscription of(String filter, int identifier, Priority priority) {
        return subscription(filter, identifier, LocalOptions.NONE.withPriority(priority));
    }

    private static Subscription[] threeClasses() {
        return new Subscription[] {of("h", 1, Priority.HIGH), of("n", 2, Priority.NORMAL), of("l", 3, Priority.LOW)};
    }

    @Test
    void sendsWhatIsOfAHigherClassFirstAndEachClassInOrder() {
        leave(OPTIONS, threeClasses());

        publish(QoS.AT_LEAST_ONCE, MIXED);

        assertThat(waiting("s")).containsExactly("h=1", "h=2", "n=1", "n=2", "l=1", "l=2");
        open(OPTIONS);
        assertCome("h=1", "h=2", "n=1", "n=2", "l=1", "l=2");
    }

    @Test
    void sendsInOrderWhereThereAreNoClasses() {
        leave(
                OPTIONS,
                subscription("h", 1, LocalOptions.NONE),
                subscription("n", 2, LocalOptions.NONE),
                subscription("l", 3, LocalOptions.NONE));
        publish(QoS.AT_LEAST_ONCE, MIXED);

        open(OPTIONS);
        assertCome(MIXED);
    }

    @Test
    void treatsWhatWaitsForSomebodyWhoIsThereTheSame() {
        Session session = open(OPTIONS);
        get(session.subscribe(List.of(threeClasses())));
        session.ready(false);
        publish(QoS.AT_MOST_ONCE, MIXED);
        session.ready(true);

        assertCome("h=1", "h=2", "n=1", "n=2", "l=1", "l=2");
    }

    @Test
    void knowsTheClassesAfterARestart() {
        leave(OPTIONS, threeClasses());
        publish(QoS.EXACTLY_ONCE, MIXED);

        restart(() -> new StoredBroker(folder, 0, 1 << 20)); // and none of them is in memory
        publish(QoS.AT_LEAST_ONCE, "l=3", "h=3");

        assertThat(waiting("s")).containsExactly("h=1", "h=2", "h=3", "n=1", "n=2", "l=1", "l=2", "l=3");
        open(OPTIONS);
        assertCome("h=1", "h=2", "h=3", "n=1", "n=2", "l=1", "l=2", "l=3");
    }

    @Test
    void hasWhatIsOfTheLowestClassGiveWay() {
        leave(OPTIONS.withQueue(limits(2, Overflow.DROP_NEWEST)), threeClasses());
        publish(QoS.AT_LEAST_ONCE, "l=1", "l=2", "h=1");
        assertThat(waiting("s")).containsExactly("h=1", "l=1");
        publish(QoS.AT_LEAST_ONCE, "n=1", "l=3", "n=2");
        assertThat(waiting("s")).containsExactly("h=1", "n=1");
        publish(QoS.AT_LEAST_ONCE, "h=2", "h=3");
        assertThat(waiting("s")).containsExactly("h=1", "h=2");
        assertThat(dropped(DropReason.QUEUE_FULL)).isEqualTo(6);
        restart(); // what has given way has left the store, too
        assertThat(waiting("s")).containsExactly("h=1", "h=2");
        open(OPTIONS).end();

        leave(OPTIONS.withQueue(limits(2, Overflow.DROP_OLDEST)), threeClasses());
        publish(QoS.AT_LEAST_ONCE, "l=1", "l=2", "h=1");
        assertThat(waiting("s")).containsExactly("h=1", "l=2");
        publish(QoS.AT_LEAST_ONCE, "n=1", "l=3", "n=2");
        assertThat(waiting("s")).containsExactly("h=1", "n=2");
        publish(QoS.AT_LEAST_ONCE, "h=2", "h=3");
        assertThat(waiting("s")).containsExactly("h=2", "h=3");
    }

    @Test
    void dropsNothingOfAPublisherWhoWaits() {
        leave(OPTIONS.withQueue(limits(1, Overflow.BLOCK)), threeClasses());
        publish(QoS.AT_LEAST_ONCE, "l=1");
        CompletableFuture<ReasonCode> withheld = new CompletableFuture<>();
        Session publisher = get(broker.broker().open(SessionOptions.temporary("p"), delivery -> {}));
        publisher.publish(1, Message.of("h", "1").withQos(QoS.AT_LEAST_ONCE), withheld::complete);
        eventually("both wait", () -> queued("s") == 2);

        assertThat(waiting("s")).containsExactly("h=1", "l=1");
        assertThat(withheld).isNotDone();
        publisher.publish(0, Message.of("h", "2").withQos(QoS.AT_LEAST_ONCE), reason -> {}); // nobody would wait
        eventually("dropped", () -> dropped(DropReason.QUEUE_FULL) == 1);
        assertThat(waiting("s")).containsExactly("h=1", "l=1");
        Session session = open(OPTIONS.withQueue(limits(1, Overflow.BLOCK)));
        assertCome("h=1", "l=1");
        assertThat(get(withheld)).isEqualTo(ReasonCode.SUCCESS);
        session.close();
    }

    @Test
    void movesWhatWaitsWhenTheClassChanges() {
        leave(OPTIONS, threeClasses());
        publish(QoS.AT_LEAST_ONCE, "l=1", "n=1", "l=2", "h=1");
        Session session = open(OPTIONS.withReceiveMaximum(1)); // h=1 goes at once, the others wait
        assertCome("h=1");
        get(session.subscribe(List.of(of("l", 3, Priority.HIGH))));

        publish(QoS.AT_LEAST_ONCE, "l=3", "n=2");

        assertThat(waiting("s")).containsExactly("l=1", "l=2", "l=3", "n=1", "n=2");
    }

    @Test
    void letsNothingOvertakeWhatASubscriptionThatHasGoneHasLeft() {
        leave(OPTIONS, threeClasses());
        publish(QoS.AT_LEAST_ONCE, "n=1", "l=1");
        Session session = open(OPTIONS.withReceiveMaximum(1));
        assertCome("n=1");
        get(session.subscribe(List.of(of("l", 9, Priority.HIGH)))); // the same topics under another name

        publish(QoS.AT_LEAST_ONCE, "n=2", "l=2");
        assertThat(waiting("s")).containsExactly("l=1", "l=2", "n=2");
        session.close();

        restart();
        assertThat(waiting("s")).containsExactly("l=1", "l=2", "n=2"); // n=1 is on its way
    }

    @Test
    void takesTheHighestOfSeveralSubscriptions() {
        leave(OPTIONS, of("x/#", 1, Priority.LOW), of("+/y", 2, Priority.HIGH), of("n", 3, Priority.NORMAL));
        publish(QoS.AT_LEAST_ONCE, "x/z=1", "n=1", "x/y=1", "x/y=2");

        assertThat(waiting("s")).containsExactly("x/y=1", "x/y=2", "n=1", "x/z=1");
    }

    @Test
    void dropsWhatIsTooOldInEachClass() {
        SessionOptions shortLived =
                OPTIONS.withQueue(new QueueLimits(99, 1 << 20, Duration.ofMillis(20), Overflow.DROP_NEWEST));
        leave(shortLived, threeClasses());
        publish(QoS.AT_LEAST_ONCE, "l=1", "h=1", "n=1");

        eventually("all too old", () -> {
            publish(QoS.AT_LEAST_ONCE, "h=2");
            return dropped(DropReason.EXPIRED) >= 3;
        });

        assertThat(waiting("s")).doesNotContain("l=1", "h=1", "n=1");
    }

    @Test
    void showsWhoHasWaitedLongestAndPurgesAll() {
        leave(OPTIONS, threeClasses());
        publish(QoS.AT_LEAST_ONCE, "l=1");
        Duration first =
                broker.broker().session("s").orElseThrow().queue().oldest().orElseThrow();
        publish(QoS.AT_LEAST_ONCE, "h=1", "n=1");

        assertThat(broker.broker().session("s").orElseThrow().queue().oldest().orElseThrow())
                .isGreaterThanOrEqualTo(first);
        assertThat(get(broker.broker().queued("s", 1, 1)))
                .extracting(each -> each.message().topic().name())
                .containsExactly("n");
        assertThat(get(broker.broker().purge("s"))).isEqualTo(3);
        assertThat(queued("s")).isZero();
        publish(QoS.AT_LEAST_ONCE, "l=2", "h=2");
        assertThat(waiting("s")).containsExactly("h=2", "l=2");
    }
}
