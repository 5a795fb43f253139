/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.bridge.link;

import static org.assertj.core.api.Assertions.assertThat;

import io.bascule.api.Delivery;
import io.bascule.mqtt.Message;
import io.bascule.mqtt.MessageProperties;
import io.bascule.mqtt.QoS;
import io.bascule.mqtt.ReasonCode;
import io.bascule.mqtt.Topic;
import io.bascule.mqtt.UserProperty;
import io.bascule.transport.Acknowledgement;
import io.bascule.transport.ControlPacket.ServerProperties;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What becomes of a message that is too large to cross. */
class DeadLettersTest extends LinkFixture {
    private static final Map<String, Long> ONE = Map.of("too-large", 1L);

    @BeforeEach
    void limitRoutes() {
        file.put("forward.up", "up/# -> far/{#} max.payload=4B");
        file.put("subscribe.down", "down/# -> near/{#} max.payload=4B");
        file.put("dead.letter.topic", "dead");
    }

    private static Message large(String topic, QoS qos) {
        MessageProperties properties = new MessageProperties(
                Optional.empty(),
                Optional.of("text/plain"),
                Optional.empty(),
                Optional.empty(),
                List.of(new UserProperty("a", "b")));
        return Message.of(Topic.of(topic), new byte[5], qos, true).withProperties(properties);
    }

    private void settleLetters(ReasonCode reason) {
        remote.loop.run(() -> List.copyOf(broker.owedToHost).forEach(owed -> owed.complete(reason)));
        remote.loop.runTasks();
    }

    @Test
    void publishesHereWhatIsTooLargeForItsRouteAndThenAcknowledgesIt() {
        connect();

        deliver(large("up/x", QoS.AT_LEAST_ONCE), 7, false);

        assertThat(remote.sent).isEmpty();
        assertThat(broker.told).isEmpty();
        Message letter = broker.hosted.get(0);
        assertThat(letter.topic()).isEqualTo(Topic.of("dead"));
        assertThat(letter.qos()).isEqualTo(QoS.AT_LEAST_ONCE);
        assertThat(letter.retain()).isFalse();
        assertThat(letter.payload()).hasSize(5);
        assertThat(letter.properties().contentType()).contains("text/plain");
        assertThat(letter.properties().userProperties())
                .containsExactly(
                        new UserProperty("a", "b"),
                        new UserProperty("bascule-dead-letter", "too-large"),
                        new UserProperty("bascule-dead-letter-bridge", "test"),
                        new UserProperty("bascule-dead-letter-route", "forward.up"),
                        new UserProperty("bascule-dead-letter-topic", "up/x"),
                        new UserProperty("bascule-dead-letter-size", "5"));

        settleLetters(ReasonCode.SUCCESS);

        assertThat(broker.told).containsExactly("puback #7");
        assertBooks("up", 1, 0, ONE);
        deliver("up/small", QoS.AT_LEAST_ONCE, 7, false);
        assertThat(remote.sent).containsExactly("PUBLISH far/small q1 #7");
    }

    @Test
    void publishesHereWhatTheRemoteBrokerDoesNotTake() {
        file.put("forward.up", "up/# -> far/{#}");
        connect();
        remote.maximumPayload = 4;

        deliver(large("up/x", QoS.EXACTLY_ONCE), 7, false);
        settleLetters(ReasonCode.SUCCESS);

        assertThat(broker.hosted).hasSize(1);
        assertThat(broker.told).containsExactly("pubrec #7");
        assertBooks("up", 1, 0, ONE);
    }

    @Test
    void dropsWhatIsTooLargeWhereThereIsNoTopicForIt() {
        file.remove("dead.letter.topic");
        connect();

        deliver(large("up/x", QoS.AT_LEAST_ONCE), 7, false);
        remote.publish(large("down/x", QoS.AT_LEAST_ONCE), 9, false);

        assertThat(broker.hosted).isEmpty();
        assertThat(broker.told).containsExactly("puback #7");
        assertThat(remote.sent).containsExactly("PUBACK #9");
        assertBooks("up", 1, 0, ONE);
        assertBooks("down", 1, 0, ONE);
    }

    @Test
    void waitsForNothingWithQos0() {
        connect();

        deliver(large("up/x", QoS.AT_MOST_ONCE), 0, false);
        remote.publish(large("down/x", QoS.AT_MOST_ONCE), 0, false);

        assertThat(broker.hosted).hasSize(2);
        assertBooks("up", 1, 0, ONE);
        assertBooks("down", 1, 0, ONE);
    }

    /** The route makes it QoS 0, and it was published as more than that. */
    @Test
    void keepsTheQosOfThePublisher() {
        file.put("forward.up", "up/# -> far/{#} max.payload=4B qos=0");
        connect();

        Message message = large("up/x", QoS.AT_LEAST_ONCE);
        broker.deliver(remote.loop, new Delivery(0, message, QoS.AT_MOST_ONCE, false, false, new int[] {1}));

        assertThat(broker.hosted.get(0).qos()).isEqualTo(QoS.AT_LEAST_ONCE);
    }

    @Test
    void makesNoDeadLetterOfADeadLetter() {
        file.put("forward.dead", "dead max.payload=4B");
        connect();
        deliver(large("up/x", QoS.AT_LEAST_ONCE), 7, false);
        settleLetters(ReasonCode.SUCCESS);
        Message letter = broker.hosted.get(0);

        deliver(letter, 8, false);

        assertThat(broker.hosted).hasSize(1);
        assertThat(broker.told).containsExactly("puback #7", "puback #8");
        assertBooks("dead", 1, 0, ONE);
    }

    @Test
    void acknowledgesAndCountsWhatTheLocalBrokerRefuses() {
        connect();

        deliver(large("up/x", QoS.AT_LEAST_ONCE), 7, false);
        remote.publish(large("down/x", QoS.AT_LEAST_ONCE), 9, false);
        settleLetters(ReasonCode.NOT_AUTHORIZED);
        deliver(large("up/x", QoS.AT_LEAST_ONCE), 8, false);
        remote.loop.run(() -> broker.owedToHost.get(2).completeExceptionally(new IllegalStateException("it stops")));

        assertThat(broker.told).containsExactly("puback #7", "puback #8");
        assertThat(remote.sent).containsExactly("PUBACK #9");
        assertBooks("up", 2, 0, Map.of("too-large", 2L));
        assertBooks("down", 1, 0, ONE);
    }

    /** Neither is lost because the disk does not keep up for a moment. */
    @Test
    void waitsForALocalBrokerWhoseDiskDoesNotKeepUp() {
        connect();
        deliver(large("up/x", QoS.AT_LEAST_ONCE), 7, false);
        remote.publish(large("down/x", QoS.AT_LEAST_ONCE), 9, false);
        settleLetters(ReasonCode.QUOTA_EXCEEDED);
        assertThat(broker.told).isEmpty();
        assertThat(remote.sent).isEmpty();

        remote.loop.advance(Duration.ofSeconds(1));
        remote.loop.run(() -> broker.owedToHost.get(2).complete(ReasonCode.SUCCESS));
        remote.loop.run(() -> broker.owedToHost.get(3).complete(ReasonCode.SUCCESS));

        assertThat(broker.told).containsExactly("puback #7");
        assertThat(remote.sent).containsExactly("PUBACK #9");
    }

    @Test
    void waitsForItAMinuteAtMost() {
        connect();
        deliver(large("up/x", QoS.AT_LEAST_ONCE), 7, false);
        for (int i = 1; i < 60; i++) {
            settleLetters(ReasonCode.QUOTA_EXCEEDED);
            assertThat(broker.told).isEmpty();
            remote.loop.advance(Duration.ofSeconds(1));
        }

        settleLetters(ReasonCode.QUOTA_EXCEEDED);

        assertThat(broker.told).containsExactly("puback #7");
        assertThat(broker.hosted).hasSize(60);
        assertBooks("up", 1, 0, ONE);
    }

    /** Nothing bounds how many there would be. */
    @Test
    void doesNotWaitWithWhatNobodyAcknowledges() {
        file.put("forward.up", "up/# -> far/{#} max.payload=4B qos=0");
        connect();
        Message message = large("up/x", QoS.AT_LEAST_ONCE);
        broker.deliver(remote.loop, new Delivery(0, message, QoS.AT_MOST_ONCE, false, false, new int[] {1}));
        settleLetters(ReasonCode.QUOTA_EXCEEDED);

        remote.loop.advance(Duration.ofSeconds(1));

        assertThat(broker.hosted).hasSize(1);
        assertBooks("up", 1, 0, ONE);
    }

    /** The session delivers again what it was not told of; it is not published here twice for that, nor counted twice. */
    @Test
    void acknowledgesOverTheNextConnectionWhatWasGivenUpOverAnEarlierOne() {
        connect();
        deliver(large("up/x", QoS.AT_LEAST_ONCE), 7, false);
        deliver(large("up/y", QoS.EXACTLY_ONCE), 8, false);
        remote.loop.run(() -> broker.owedToHost.get(0).complete(ReasonCode.SUCCESS));
        broker.told.clear();
        remote.close("lost");
        remote.loop.run(() -> broker.owedToHost.get(1).complete(ReasonCode.SUCCESS));
        comeBack(true, ServerProperties.NONE);

        deliver(large("up/y", QoS.EXACTLY_ONCE), 8, true);

        assertThat(broker.hosted).hasSize(2);
        assertThat(broker.told).containsExactly("pubrec #8");
        assertThat(remote.sent).isEmpty();
        assertBooks("up", 2, 0, Map.of("too-large", 2L));
    }

    @Test
    void acknowledgesOverTheNextConnectionWhatIsPublishedOnlyThen() {
        connect();
        deliver(large("up/x", QoS.AT_LEAST_ONCE), 7, false);
        reconnect(true);
        deliver(large("up/x", QoS.AT_LEAST_ONCE), 7, true);
        assertThat(broker.told).isEmpty();

        settleLetters(ReasonCode.SUCCESS);

        assertThat(broker.told).containsExactly("puback #7");
        assertThat(broker.hosted).hasSize(1);
        assertBooks("up", 1, 0, ONE);
    }

    /** Sent over a connection whose remote broker took it; the next one takes less. */
    @Test
    void countsWhatWasSentBeforeOnce() {
        file.put("forward.up", "up/# -> far/{#}");
        connect();
        deliver(large("up/x", QoS.EXACTLY_ONCE), 7, false);
        assertThat(remote.sent).containsExactly("PUBLISH far/x q2 #7");
        remote.maximumPayload = 4;
        reconnect(true);
        deliver(large("up/x", QoS.EXACTLY_ONCE), 7, true);
        settleLetters(ReasonCode.SUCCESS);

        assertThat(broker.told).containsExactly("pubrec #7");
        assertBooks("up", 1, 0, ONE);
        remote.loop.run(() -> broker.listener.pubrel(7));
        remote.acknowledge(Acknowledgement.PUBCOMP, 7);
        assertThat(broker.told).containsExactly("pubrec #7", "pubcomp #7");
    }

    /** A new session counts its identifiers anew: what has one of these is another message. */
    @Test
    void takesAMessageOfANewSessionForAnother() {
        connect();
        deliver(large("up/x", QoS.AT_LEAST_ONCE), 7, false);
        remote.close("lost");
        broker.present = false;
        comeBack(true, ServerProperties.NONE);
        deliver("up/small", QoS.AT_LEAST_ONCE, 7, false);
        settleLetters(ReasonCode.SUCCESS);
        reconnect(true);

        deliver("up/small", QoS.AT_LEAST_ONCE, 7, true);

        assertThat(broker.told).isEmpty();
        assertThat(remote.sent).containsExactly("PUBLISH far/small q1 dup #7");
    }

    @Test
    void countsWhatMayNotBeReceivedAnyMoreOnce() {
        connect();
        deliver(large("up/x", QoS.AT_LEAST_ONCE), 7, false);
        reconnect(true);
        remote.loop.run(() -> broker.listener.denied(
                new Delivery(7, large("up/x", QoS.AT_LEAST_ONCE), QoS.AT_LEAST_ONCE, false, true, new int[] {1})));
        settleLetters(ReasonCode.SUCCESS);

        assertBooks("up", 1, 0, ONE);
        assertThat(broker.told).isEmpty();
    }

    @Test
    void publishesHereWhatTheRemoteBrokerSendsAndThenAcknowledgesIt() {
        connect();

        remote.publish(large("down/x", QoS.EXACTLY_ONCE), 9, false);

        assertThat(remote.sent).isEmpty();
        Message letter = broker.hosted.get(0);
        assertThat(letter.qos()).isEqualTo(QoS.EXACTLY_ONCE);
        assertThat(letter.retain()).isFalse();
        assertThat(letter.properties().userProperties())
                .contains(
                        new UserProperty("bascule-dead-letter-route", "subscribe.down"),
                        new UserProperty("bascule-dead-letter-topic", "down/x"))
                .anyMatch(property -> property.name().equals("bascule-hop")); // it does not go back where it was

        settleLetters(ReasonCode.SUCCESS);

        assertThat(remote.sent).containsExactly("PUBREC #9");
        assertThat(broker.published).isEmpty();
        assertBooks("down", 1, 0, ONE);
    }

    @Test
    void countsWhatTheRemoteBrokerSendsAgainOnce() {
        connect();
        remote.publish(large("down/x", QoS.AT_LEAST_ONCE), 9, false);
        reconnect(true);
        settleLetters(ReasonCode.SUCCESS);
        assertThat(remote.sent).isEmpty();

        remote.publish(large("down/x", QoS.AT_LEAST_ONCE), 9, true);
        settleLetters(ReasonCode.SUCCESS);

        assertThat(broker.hosted).hasSize(2); // at least once
        assertThat(remote.sent).containsExactly("PUBACK #9");
        assertBooks("down", 1, 0, ONE);
    }

    @Test
    void acknowledgesWhatFitsOneOfTwoRoutesWhenBothAreDone() {
        file.put("subscribe.all", "down/+ -> all/{2}");
        connect();
        int[] both = {route("down").identifier(), route("all").identifier()};
        remote.publish(large("down/x", QoS.AT_LEAST_ONCE), 9, false, both);
        assertThat(broker.published).extracting(Message::topic).containsExactly(Topic.of("all/x"));

        settle(ReasonCode.SUCCESS);
        assertThat(remote.sent).isEmpty();
        settleLetters(ReasonCode.SUCCESS);

        assertThat(remote.sent).containsExactly("PUBACK #9");
        assertBooks("down", 1, 0, ONE);
        assertBooks("all", 1, 1, Map.of());
    }

    @Test
    void leavesNothingWhenItIsClosedInTheMiddle() {
        connect();
        deliver(large("up/x", QoS.AT_LEAST_ONCE), 7, false);
        remote.publish(large("down/x", QoS.AT_LEAST_ONCE), 9, false);
        stop();
        settleLetters(ReasonCode.SUCCESS);

        assertThat(broker.told).doesNotContain("puback #7");
        assertThat(remote.sent).doesNotContain("PUBACK #9");
        assertNothingLeft();
    }
}
