/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.broker;

import static io.bascule.broker.BrokerTestBase.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import io.bascule.api.LimitInfo;
import io.bascule.api.QueueLimits;
import io.bascule.api.QueueLimits.Overflow;
import io.bascule.api.Session;
import io.bascule.api.SessionOptions;
import io.bascule.api.Subscription;
import io.bascule.itests.statements.Cve;
import io.bascule.mqtt.Message;
import io.bascule.mqtt.QoS;
import io.bascule.mqtt.ReasonCode;
import io.bascule.mqtt.TopicFilter;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * What the queues of all sessions together may take of the heap: 1 MiB here, of which the last eighth is for sessions that are not away, and half
 * for what is in memory alone, as all is without a store.
 */
@Timeout(60)
class QueueMemoryTest {
    private static final String PAYLOAD = "x".repeat(32 * 1024);
    private static final int ROOM = 16;
    private static final int ROOM_WHILE_AWAY = 14;

    private TestBroker broker;

    @BeforeEach
    void start() {
        broker = new TestBroker(Map.of("queues.memory", "1MiB"), Map.of());
    }

    @AfterEach
    void stop() {
        broker.close();
    }

    private static <T> T get(CompletionStage<T> stage) {
        try {
            return stage.toCompletableFuture().get(8, TimeUnit.SECONDS);
        } catch (InterruptedException | TimeoutException | ExecutionException e) {
            throw new IllegalStateException(e);
        }
    }

    private Session open(String clientId, Overflow overflow) {
        SessionOptions options = SessionOptions.lasting(clientId)
                .withQueue(new QueueLimits(1000, Long.MAX_VALUE, QueueLimits.ANY_AGE, overflow));
        Session session = get(broker.broker().open(options, delivery -> {}));
        session.ready(false);
        get(session.subscribe(List.of(Subscription.of(TopicFilter.of(clientId), QoS.AT_LEAST_ONCE))));
        return session;
    }

    private void leave(String clientId, Overflow overflow) {
        open(clientId, overflow).close();
        eventually(
                "away", () -> !broker.broker().session(clientId).orElseThrow().connected());
    }

    private CompletionStage<ReasonCode> publish(String topic) {
        return broker.broker().publish(Message.of(topic, PAYLOAD).withQos(QoS.AT_LEAST_ONCE));
    }

    private void fill(String topic, int messages) {
        for (int i = 0; i < messages; i++) {
            get(publish(topic));
        }
    }

    private int queued(String clientId) {
        return broker.broker().session(clientId).orElseThrow().queue().queued();
    }

    private long dropped(String clientId) {
        return broker.broker().session(clientId).orElseThrow().queue().dropped();
    }

    private LimitInfo limit() {
        return broker.broker().limits().stream()
                .filter(each -> each.name().equals("queues.memory"))
                .findAny()
                .orElseThrow();
    }

    @Test
    void isSharedByAllSessions() {
        leave("one", Overflow.DROP_NEWEST);
        leave("two", Overflow.DROP_NEWEST);
        fill("one", 10);
        eventually("all have come", () -> queued("one") == 10);
        fill("two", 10);

        eventually("all have come", () -> queued("two") + dropped("two") == 10);
        assertThat(queued("one")).isEqualTo(10);
        assertThat(queued("one") + queued("two")).isBetween(ROOM_WHILE_AWAY - 2, ROOM_WHILE_AWAY);
        assertThat(limit().value()).isEqualTo("1MiB");
        eventually("all are counted", () -> limit().hits() == dropped("two"));
    }

    @Test
    @Cve("CVE-2025-62723")
    void isGivenBack() {
        leave("one", Overflow.DROP_NEWEST);
        try (Logged log = Logged.fromNowOn()) {
            fill("one", ROOM);
            eventually("it is full", () -> dropped("one") > 1);
            assertThat(log.text()).containsOnlyOnce("(queues.memory = 1MiB)");
            assertThat(get(broker.broker().endSession("one"))).isTrue();
            eventually("room", () -> log.text().contains("there is memory for more"));
        }

        leave("two", Overflow.DROP_NEWEST);
        fill("two", 10);
        eventually("all have come", () -> queued("two") == 10);
        get(broker.broker().purge("two"));

        Session three = open("three", Overflow.DROP_NEWEST);
        fill("three", 10);
        eventually("all have come", () -> queued("three") == 10);
        three.ready(true);
        eventually("all are sent", () -> queued("three") == 0);

        leave("four", Overflow.DROP_NEWEST);
        fill("four", 10);
        eventually("all have come", () -> queued("four") == 10);
    }

    @Test
    void hasAPartForThoseWhoAreNotAway() {
        leave("away", Overflow.DROP_NEWEST);
        fill("away", ROOM);
        eventually("it is full", () -> dropped("away") > 0);

        open("slow", Overflow.DROP_NEWEST);
        fill("slow", ROOM);
        eventually("all have come", () -> queued("slow") + dropped("slow") == ROOM);
        assertThat(queued("slow")).isBetween(1, ROOM - ROOM_WHILE_AWAY + 2);
    }

    @Test
    void makesTheOldestGiveWayOneByOne() {
        leave("oldest", Overflow.DROP_OLDEST);
        fill("oldest", ROOM);

        eventually("it is full", () -> queued("oldest") + dropped("oldest") == ROOM && dropped("oldest") > 0);
        assertThat(queued("oldest")).isBetween(ROOM_WHILE_AWAY - 2, ROOM_WHILE_AWAY);
    }

    @Test
    void makesAsManyOldOnesGiveWayAsALargeOneTakes() {
        leave("oldest", Overflow.DROP_OLDEST);
        String small = "x".repeat(4 * 1024);
        for (int i = 0; i < 8 * ROOM; i++) {
            get(broker.broker().publish(Message.of("oldest", small).withQos(QoS.AT_LEAST_ONCE)));
        }
        fill("oldest", ROOM);
        eventually("all have come", () -> queued("oldest") + dropped("oldest") == 9 * ROOM);
        assertThat(broker.broker().session("oldest").orElseThrow().queue().queuedBytes())
                .isLessThanOrEqualTo(512 * 1024);
    }

    @Test
    void makesPublishersWaitWhereTheQueueSaysSo() {
        Session blocking = open("blocking", Overflow.BLOCK);
        leave("away", Overflow.DROP_NEWEST);
        get(publish("blocking"));
        fill("away", ROOM);
        eventually("it is full", () -> dropped("away") > 0);

        CompletionStage<ReasonCode> waiting = publish("blocking");
        CompletionStage<ReasonCode> alsoWaiting = publish("blocking");
        eventually("it waits", () -> blocking.queue().withheld() > 0);
        assertThat(alsoWaiting.toCompletableFuture()).isNotDone();
        assertThat(dropped("blocking")).isZero();

        assertThat(get(broker.broker().endSession("away"))).isTrue();
        assertThat(get(waiting)).isEqualTo(ReasonCode.SUCCESS);
        assertThat(get(alsoWaiting)).isEqualTo(ReasonCode.SUCCESS);
    }
}
