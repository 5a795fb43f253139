/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.broker;

import static io.bascule.broker.BrokerTestBase.eventually;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.bascule.api.Interest;
import io.bascule.api.Session;
import io.bascule.api.SessionOptions;
import io.bascule.api.Subscription;
import io.bascule.broker.whiteboard.Whiteboard;
import io.bascule.mqtt.Message;
import io.bascule.mqtt.QoS;
import io.bascule.mqtt.ReasonCode;
import io.bascule.mqtt.Topic;
import io.bascule.mqtt.TopicFilter;
import io.bascule.spi.MessageSubscriber;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** What the broker says of the filters that sessions are subscribed to, however they come and go. */
class InterestTest extends StoredBrokerTestBase {
    private static final String BRIDGE = "bridge:b";

    private final AtomicInteger told = new AtomicInteger();

    private Interest look(String range) {
        return look(range, Runnable::run);
    }

    private Interest look(String range, Executor executor) {
        return broker.broker().interest(TopicFilter.of(range), BRIDGE, executor, told::incrementAndGet);
    }

    private static Set<String> filters(Interest interest) {
        return interest.filters(100).orElseThrow().stream()
                .map(TopicFilter::text)
                .collect(Collectors.toSet());
    }

    private static void awaitFilters(Interest interest, String... expected) {
        eventually("the filters " + List.of(expected), () -> filters(interest).equals(Set.of(expected)));
    }

    @Test
    void knowsWhatIsThereAlreadyWithinTheRange() {
        TestClient client = connect(TestClient.v5("c"));
        client.subscribe("cmd/pump", 1);
        client.subscribe("cmd/+/start", 0);
        client.subscribe("#", 0);
        client.subscribe("other/x", 1);

        assertThat(filters(look("cmd/#"))).containsExactlyInAnyOrder("cmd/pump", "cmd/+/start", "#");
    }

    @Test
    void tellsOfTheFirstSubscriptionToAFilterAndOfTheLastThatEnds() {
        Interest interest = look("cmd/#");
        assertThat(filters(interest)).isEmpty();
        TestClient one = connect(TestClient.v5("one"));
        TestClient two = connect(TestClient.v5("two"));

        one.subscribe("cmd/x", 1);
        eventually("told", () -> told.get() == 1);
        assertThat(filters(interest)).containsExactly("cmd/x");

        two.subscribe("cmd/x", 1);
        one.subscribe("cmd/x", 0);
        one.unsubscribe("cmd/x");
        assertThat(filters(interest)).containsExactly("cmd/x");
        assertThat(told).as("nothing has changed").hasValue(1);

        two.unsubscribe("cmd/x");
        eventually("told again", () -> told.get() == 2);
        assertThat(filters(interest)).isEmpty();
    }

    @Test
    void tellsOnceUntilItIsAsked() {
        Interest interest = look("#");
        filters(interest);
        TestClient client = connect(TestClient.v5("c"));
        for (int i = 0; i < 10; i++) {
            client.subscribe("a/" + i, 0);
        }

        eventually("told", () -> told.get() == 1);
        assertThat(filters(interest)).hasSize(10);
        client.subscribe("one/more", 0);
        eventually("told again", () -> told.get() == 2);
    }

    @Test
    void countsASharedSubscriptionByTheFilterBehindTheName() {
        Interest interest = look("cmd/#");
        TestClient client = connect(TestClient.v5("c"));
        client.subscribe("$share/g/cmd/x", 1);
        client.subscribe("$share/h/cmd/x", 1);
        assertThat(filters(interest)).containsExactly("cmd/x");

        client.unsubscribe("$share/g/cmd/x");
        assertThat(filters(interest)).containsExactly("cmd/x");
        client.unsubscribe("$share/h/cmd/x");
        assertThat(filters(interest)).isEmpty();
    }

    @Test
    void leavesOutTheSessionThatLooks() throws Exception {
        Interest interest = look("cmd/#");
        Session bridge = get(broker.broker().open(SessionOptions.temporary(BRIDGE), delivery -> {}));
        Session other = get(broker.broker().open(SessionOptions.temporary("bundle"), delivery -> {}));
        get(bridge.subscribe(List.of(Subscription.of(TopicFilter.of("cmd/bridge"), QoS.AT_MOST_ONCE))));
        get(other.subscribe(List.of(Subscription.of(TopicFilter.of("cmd/bundle"), QoS.AT_MOST_ONCE))));

        assertThat(filters(interest)).containsExactly("cmd/bundle");
        other.end();
        awaitFilters(interest);
    }

    @Test
    void countsWhatServicesOfTheWhiteboardAreSubscribedTo() {
        Interest interest = look("cmd/#");
        Whiteboard whiteboard = new Whiteboard(broker.broker());
        Registered<MessageSubscriber> service =
                new Registered<>(Map.of(MessageSubscriber.TOPIC_FILTER, new String[] {"cmd/service"}));
        MessageSubscriber subscriber = message -> {};
        whiteboard.addSubscriber(service, subscriber);
        awaitFilters(interest, "cmd/service");

        service.modify(Map.of(MessageSubscriber.TOPIC_FILTER, new String[] {"cmd/another"}));
        whiteboard.updatedSubscriber(service, subscriber);
        awaitFilters(interest, "cmd/another");
        whiteboard.close();
        awaitFilters(interest);
    }

    @Test
    void countsASessionThatIsAwayUntilItEnds() {
        Interest interest = look("#");
        leave("away", 1);
        TestClient passing = connect(TestClient.v5("passing"));
        passing.subscribe("passing", 1);
        assertThat(filters(interest)).containsExactlyInAnyOrder("away", "passing");

        passing.disconnect();
        awaitFilters(interest, "away");
        get(broker.broker().endSession("away"));
        awaitFilters(interest);
    }

    @Test
    void losesNothingInATakeOverAndWhatACleanStartThrowsAway() {
        Interest interest = look("#");
        leave("c", 1);
        TestClient back = resume(lasting("c"));
        assertThat(filters(interest)).containsExactly("c");
        back.disconnect();

        connect(TestClient.v5("c"));
        awaitFilters(interest);
    }

    @Test
    void endsWithASessionThatExpires() {
        Interest interest = look("#");
        TestClient client = connect(TestClient.v5("c").resuming().lasting(1));
        client.subscribe("short", 1);
        client.disconnect();
        assertThat(filters(interest)).containsExactly("short");

        awaitFilters(interest);
    }

    @Test
    void knowsAfterARestartWhatTheStoreHasKept() {
        leave("kept", 1);
        TestClient passing = connect(TestClient.v5("passing"));
        passing.subscribe("passing", 1);
        restart();

        Interest interest = look("#");
        assertThat(filters(interest)).containsExactly("kept");
        get(broker.broker().endSession("kept"));
        awaitFilters(interest);
    }

    /** Else a bridge that is still there would take the end of the broker for the end of all interest. */
    @Test
    void staysAsItWasWhenTheBrokerStops() {
        leave("kept", 1);
        Interest interest = look("#");
        filters(interest);
        broker.close();

        assertThat(filters(interest)).containsExactly("kept");
        assertThat(told).hasValue(0);
        broker = open();
    }

    @Test
    void saysWhereThereAreMoreThanAreWanted() {
        TestClient client = connect(TestClient.v5("c"));
        client.subscribe("a", 0);
        client.subscribe("b", 0);
        Interest interest = look("#");

        assertThat(interest.filters(1)).isEmpty();
        client.unsubscribe("a");
        assertThat(interest.filters(1)).contains(Set.of(TopicFilter.of("b")));
    }

    @Test
    void tellsNothingOnceItIsClosed() {
        Interest interest = look("#");
        filters(interest);
        interest.close();
        interest.close();
        TestClient client = connect(TestClient.v5("c"));
        client.subscribe("a", 0);

        assertThat(filters(interest)).isEmpty();
        assertThat(told).hasValue(0);
    }

    @Test
    void doesNoHarmToWhoSubscribesWhenItsExecutorIsGone() {
        Interest interest = look("#", task -> {
            throw new RejectedExecutionException("gone");
        });
        filters(interest);
        TestClient client = connect(TestClient.v5("c"));

        client.subscribe("a", 0);
        client.unsubscribe("a");
        client.subscribe("b", 0);
        assertThat(filters(interest)).containsExactly("b");
    }

    @Test
    void refusesASharedRange() {
        assertThatThrownBy(() -> look("$share/g/a"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("a range is a plain filter, $share/g/a is shared");
    }

    /** Whoever stands in for a client has the numbers above for what else it asks. */
    @Test
    void givesABundleNoPacketIdentifierAboveTheHighest() throws Exception {
        BlockingQueue<Integer> ids = new LinkedBlockingQueue<>();
        Session session =
                get(broker.broker().open(SessionOptions.temporary("bundle"), delivery -> ids.add(delivery.packetId())));
        get(session.subscribe(List.of(Subscription.of(TopicFilter.of("a"), QoS.AT_LEAST_ONCE))));
        int last = 0;
        for (int i = 0; i < Session.HIGHEST_PACKET_ID + 2; i++) {
            broker.broker().publish(Message.of(Topic.of("a"), new byte[0], QoS.AT_LEAST_ONCE, false));
            last = ids.take();
            session.puback(last, ReasonCode.SUCCESS);
            if (i == Session.HIGHEST_PACKET_ID - 1) {
                assertThat(last).isEqualTo(Session.HIGHEST_PACKET_ID);
            }
        }
        assertThat(last).isEqualTo(2);
    }
}
