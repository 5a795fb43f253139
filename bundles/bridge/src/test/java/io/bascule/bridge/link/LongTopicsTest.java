/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.bridge.link;

import static org.assertj.core.api.Assertions.assertThat;

import io.bascule.mqtt.Message;
import io.bascule.mqtt.QoS;
import io.bascule.mqtt.ReasonCode;
import io.bascule.mqtt.Topic;
import io.bascule.mqtt.UserProperty;
import io.bascule.transport.ControlPacket;
import io.bascule.transport.ControlPacket.ServerProperties;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What becomes of a message whose topic the remote broker would close the connection over. */
class LongTopicsTest extends LinkFixture {
    private static final Map<String, Long> ONE = Map.of("too-large", 1L);

    @BeforeEach
    void limitTopics() {
        file.put("topic.levels.maximum", "3");
        file.put("topic.bytes.maximum", "12B");
    }

    @Test
    void dropsWhatHasTooManyLevelsThereAndGoesOn() {
        connect();

        deliver("up/1/2", QoS.AT_LEAST_ONCE, 7, false);
        deliver("up/1/2/3", QoS.AT_LEAST_ONCE, 8, false);
        deliver("up/1/2/3", QoS.EXACTLY_ONCE, 9, false);
        deliver("up/1/2/3", QoS.AT_MOST_ONCE, 0, false);
        deliver("up/x", QoS.AT_LEAST_ONCE, 10, false);

        assertThat(remote.sent).containsExactly("PUBLISH far/1/2 q1 #7", "PUBLISH far/x q1 #10");
        assertThat(broker.told).containsExactly("puback #8", "pubrec #9");
        assertBooks("up", 5, 0, Map.of("too-large", 3L));
    }

    @Test
    void dropsWhatHasTooManyBytesThere() {
        connect();

        deliver("up/12345678", QoS.AT_LEAST_ONCE, 7, false);
        deliver("up/123456789", QoS.AT_LEAST_ONCE, 8, false);

        assertThat(remote.sent).containsExactly("PUBLISH far/12345678 q1 #7");
        assertThat(broker.told).containsExactly("puback #8");
    }

    /** What counts is the topic there, not the one here. */
    @Test
    void sendsWhatItsTemplateMakesShort() {
        file.put("forward.up", "up/# -> far/{2}");
        connect();

        deliver("up/1/2/3/4/5/6/7", QoS.AT_LEAST_ONCE, 7, false);

        assertThat(remote.sent).containsExactly("PUBLISH far/1 q1 #7");
    }

    @Test
    void makesADeadLetterThatSaysWhy() {
        file.put("dead.letter.topic", "dead");
        connect();

        deliver("up/1/2/3", QoS.AT_LEAST_ONCE, 7, false);

        assertThat(broker.told).isEmpty();
        Message letter = broker.hosted.get(0);
        assertThat(letter.topic()).hasToString("dead");
        assertThat(letter.properties().userProperties())
                .contains(
                        new UserProperty("bascule-dead-letter", "topic-too-long"),
                        new UserProperty("bascule-dead-letter-topic", "up/1/2/3"),
                        new UserProperty("bascule-dead-letter-size", "1"));
        remote.loop.run(() -> broker.owedToHost.get(0).complete(ReasonCode.SUCCESS));
        assertThat(broker.told).containsExactly("puback #7");
        assertBooks("up", 1, 0, ONE);
    }

    /** An interceptor has the last word on the topic. */
    @Test
    void looksAtTheTopicThatSomebodyElseHasMade() {
        interceptors.only =
                (way, message) -> Optional.of(message.withTopic(Topic.of(message.topic() + "/" + message.topic())));
        connect();

        deliver("up/x", QoS.AT_LEAST_ONCE, 7, false);

        assertThat(remote.sent).isEmpty();
        assertBooks("up", 1, 0, ONE);
    }

    /** It was sent by a bridge whose file said nothing of topics, and may be there. */
    @Test
    void releasesWhatWasSentBefore() {
        connect();

        deliver("up/1/2/3", QoS.EXACTLY_ONCE, 7, true);
        remote.loop.run(() -> broker.listener.pubrel(7));

        assertThat(broker.told).containsExactly("pubrec #7");
        assertThat(remote.sent).containsExactly("PUBREL #7");
    }

    @Test
    void asksForAllWhereAFilterIsLongerThanTheRemoteBrokerTakes() {
        file.put("subscribe.down", "down/# -> near/{#} interest=subscribed");
        broker.subscribeHere(remote.loop, "near/1/2/3");
        start();
        remote.open();
        remote.connAck(true, ServerProperties.NONE);
        broker.opened(remote.loop);

        assertThat(remote.packets)
                .filteredOn(ControlPacket.Subscribe.class::isInstance)
                .flatExtracting(packet -> ((ControlPacket.Subscribe) packet).subscriptions())
                .extracting(ControlPacket.RequestedSubscription::text)
                .isEqualTo(List.of("down/#"));
    }
}
