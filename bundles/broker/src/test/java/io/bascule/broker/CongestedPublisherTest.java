/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.broker;

import static io.bascule.broker.BrokerTestBase.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import io.bascule.api.Session;
import io.bascule.api.SessionOptions;
import io.bascule.api.Subscription;
import io.bascule.mqtt.Message;
import io.bascule.mqtt.QoS;
import io.bascule.mqtt.ReasonCode;
import io.bascule.mqtt.Topic;
import io.bascule.mqtt.TopicFilter;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Bundles publish QoS 1 and 2 that nothing numbers, faster than the disk takes it. */
class CongestedPublisherTest extends StoredBrokerTestBase {
    private static final int MIB = 1 << 20;
    /** 64 MiB of what a session publishes so, of messages that are a little larger than 1 MiB. */
    private static final int MOST = 64;

    private static final int MESSAGES = MOST + 20;

    private final Message message = Message.of(Topic.of("a"), new byte[MIB], QoS.AT_LEAST_ONCE, false);
    private final Message small = Message.of(Topic.of("a"), new byte[1], QoS.AT_LEAST_ONCE, false);

    @BeforeEach
    void leaveASessionThatIsToHaveAll() {
        Session session = get(broker.broker().open(SessionOptions.lasting("away"), delivery -> {}));
        get(session.subscribe(List.of(Subscription.of(TopicFilter.of("a"), QoS.EXACTLY_ONCE))));
        session.close();
        eventually("away", () -> isAway("away"));
    }

    private Session publisher() {
        return get(broker.broker().open(SessionOptions.temporary("publisher"), delivery -> {}));
    }

    private static CompletableFuture<ReasonCode> publish(Session session, int packetId, Message message) {
        CompletableFuture<ReasonCode> answer = new CompletableFuture<>();
        session.publish(packetId, message, answer::complete);
        return answer;
    }

    private <T> List<T> times(int count, Supplier<T> one) {
        List<T> all = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            all.add(one.get());
        }
        return all;
    }

    private void assertRefusedFrom(int first, List<? extends CompletionStage<ReasonCode>> answers) {
        answers.subList(first, answers.size())
                .forEach(answer -> assertThat(get(answer)).isEqualTo(ReasonCode.QUOTA_EXCEEDED));
        assertThat(answers.subList(0, first))
                .noneMatch(answer -> answer.toCompletableFuture().isDone());
        broker.disk().release();
        assertThat(answers.subList(0, first).stream().map(StoredBrokerTestBase::get))
                .isEqualTo(Collections.nCopies(first, ReasonCode.SUCCESS));
        eventually("all are in its queue", () -> queued("away") == first);
    }

    @Test
    void takesNoMoreOfAHostThanMayWaitForTheDisk() {
        broker.disk().hold();

        List<CompletionStage<ReasonCode>> answers =
                times(MESSAGES, () -> broker.broker().publish(message));

        assertRefusedFrom(1, answers); // of the 1 MiB that may wait in these tests
        assertThat(get(broker.broker().publish(message))).isEqualTo(ReasonCode.SUCCESS);
    }

    @Test
    void takesNoMoreBytesOfASessionThanItHasRoomFor() {
        Session publisher = publisher();
        broker.disk().hold();

        List<CompletableFuture<ReasonCode>> answers = times(MESSAGES, () -> publish(publisher, 0, message));

        assertRefusedFrom(MOST, answers);
        assertThat(get(publish(publisher, 0, message))).isEqualTo(ReasonCode.SUCCESS);
    }

    @Test
    void takesNoMoreMessagesOfASessionThanThereArePacketIdentifiers() {
        Session publisher = publisher();
        broker.disk().hold();

        List<CompletableFuture<ReasonCode>> answers =
                times(65_535 + 20, () -> publish(publisher, 0, small.withQos(QoS.EXACTLY_ONCE)));

        assertRefusedFrom(65_535, answers);
    }

    @Test
    void takesWhatHasAPacketIdentifierAllTheSame() {
        Session publisher = publisher();
        broker.disk().hold();
        List<CompletableFuture<ReasonCode>> answers = times(MESSAGES, () -> publish(publisher, 0, message));

        CompletableFuture<ReasonCode> numbered = publish(publisher, 1, small);

        assertThat(get(answers.get(MESSAGES - 1))).isEqualTo(ReasonCode.QUOTA_EXCEEDED);
        eventually("behind those that are taken", () -> queued("away") == MOST + 1);
        broker.disk().release();
        assertThat(get(numbered)).isEqualTo(ReasonCode.SUCCESS);
    }

    @Test
    void takesAllOfASessionThatMayWaitForTheDisk() {
        restart(() -> new StoredBroker(folder, 0, 256L << 20));
        Session publisher = publisher();
        broker.disk().hold();

        List<CompletableFuture<ReasonCode>> answers = times(MESSAGES, () -> publish(publisher, 0, message));

        eventually("all", () -> queued("away") == MESSAGES);
        broker.disk().release();
        answers.forEach(answer -> assertThat(get(answer)).isEqualTo(ReasonCode.SUCCESS));
    }
}
