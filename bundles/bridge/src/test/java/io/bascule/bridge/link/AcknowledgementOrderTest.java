/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.bridge.link;

import static org.assertj.core.api.Assertions.assertThat;

import io.bascule.mqtt.Message;
import io.bascule.mqtt.QoS;
import io.bascule.mqtt.ReasonCode;
import io.bascule.mqtt.Topic;
import io.bascule.transport.ControlPacket.ServerProperties;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What the remote broker has sent is acknowledged in the order in which it came. */
class AcknowledgementOrderTest extends LinkFixture {
    private void take(String topic, QoS qos, int packetId) {
        remote.publish(message(topic, qos), packetId, false);
    }

    /** The local broker answers for the message that waits as the first, second, … */
    private void settle(int index, ReasonCode reason) {
        remote.loop.run(() -> broker.owed.get(index).accept(reason));
    }

    @Test
    void acknowledgesWhatNoRouteTakesAfterWhatCameBefore() {
        connect();
        take("down/a", QoS.AT_LEAST_ONCE, 1);
        take("elsewhere", QoS.AT_LEAST_ONCE, 2);
        take("down/b", QoS.AT_LEAST_ONCE, 3);
        take("elsewhere", QoS.AT_LEAST_ONCE, 4);
        assertThat(remote.sent).isEmpty();

        settle(0, ReasonCode.SUCCESS);
        assertThat(remote.sent).containsExactly("PUBACK #1", "PUBACK #2");
        settle(1, ReasonCode.SUCCESS);

        assertThat(remote.sent).containsExactly("PUBACK #1", "PUBACK #2", "PUBACK #3", "PUBACK #4");
        assertBooks("down", 2, 2, Map.of());
    }

    @Test
    void acknowledgesAtOnceWhereNothingWaits() {
        connect();
        take("elsewhere", QoS.AT_LEAST_ONCE, 1);
        take("elsewhere", QoS.EXACTLY_ONCE, 2);

        assertThat(remote.sent).containsExactly("PUBACK #1", "PUBREC #2");
    }

    @Test
    void holdsUpEachKindForItself() {
        connect();
        take("down/a", QoS.AT_LEAST_ONCE, 1);
        take("elsewhere", QoS.EXACTLY_ONCE, 2);
        take("down/b", QoS.EXACTLY_ONCE, 3);
        take("elsewhere", QoS.AT_LEAST_ONCE, 4);
        take("elsewhere", QoS.EXACTLY_ONCE, 5);
        assertThat(remote.sent).containsExactly("PUBREC #2");

        settle(1, ReasonCode.SUCCESS);
        assertThat(remote.sent).containsExactly("PUBREC #2", "PUBREC #3", "PUBREC #5");
        settle(0, ReasonCode.SUCCESS);
        assertThat(remote.sent).endsWith("PUBACK #1", "PUBACK #4");
    }

    @Test
    void acknowledgesWhatCameAfterWhatWaitsForItsDeadLetterAfterIt() {
        file.put("subscribe.down", "down/# -> near/{#} max.payload=4B");
        file.put("dead.letter.topic", "dead");
        connect();
        remote.publish(Message.of(Topic.of("down/large"), new byte[5], QoS.AT_LEAST_ONCE, false), 1, false);
        take("down/a", QoS.AT_LEAST_ONCE, 2);
        take("down/b", QoS.AT_LEAST_ONCE, 3);
        settle(1, ReasonCode.NOT_AUTHORIZED);
        settle(0, ReasonCode.SUCCESS);
        assertThat(remote.sent).isEmpty();

        remote.loop.run(() -> broker.owedToHost.get(0).complete(ReasonCode.SUCCESS));

        assertThat(remote.sent).containsExactly("PUBACK #1", "PUBACK #2", "PUBACK #3 NOT_AUTHORIZED");
        assertBooks("down", 3, 1, Map.of("too-large", 1L, "not-authorized", 1L));
    }

    /** Which takes two words of the local broker. */
    @Test
    void acknowledgesWhatCameAfterWhatCrossesWithMoreAfterIt() {
        file.put("subscribe.more", "more/# -> more/{#} qos=exact:2");
        connect();
        take("more/a", QoS.AT_LEAST_ONCE, 1);
        take("down/b", QoS.AT_LEAST_ONCE, 2);
        settle(2, ReasonCode.SUCCESS); // behind the release
        settle(0, ReasonCode.SUCCESS);
        assertThat(remote.sent).isEmpty();
        settle(1, ReasonCode.SUCCESS);

        assertThat(remote.sent).containsExactly("PUBACK #1", "PUBACK #2");
    }

    @Test
    void acknowledgesWhatSomebodyHasDroppedAfterWhatCameBefore() {
        interceptors.only =
                (way, message) -> message.topic().name().endsWith("secret") ? Optional.empty() : Optional.of(message);
        connect();
        take("down/a", QoS.EXACTLY_ONCE, 1);
        take("down/secret", QoS.EXACTLY_ONCE, 2);
        assertThat(remote.sent).isEmpty();
        settle(ReasonCode.SUCCESS);

        assertThat(remote.sent).containsExactly("PUBREC #1", "PUBREC #2");
    }

    @Test
    void leavesToTheNextConnectionWhatWaits() {
        connect();
        take("down/a", QoS.AT_LEAST_ONCE, 1);
        take("down/b", QoS.AT_LEAST_ONCE, 2);
        settle(1, ReasonCode.SUCCESS);
        reconnect(true);
        settle(ReasonCode.SUCCESS);
        assertThat(remote.sent).isEmpty();

        take("elsewhere", QoS.AT_LEAST_ONCE, 3);
        assertThat(remote.sent).containsExactly("PUBACK #3");
        assertBooks("down", 1, 1, Map.of());
        remote.publish(message("down/a", QoS.AT_LEAST_ONCE), 1, true);
        settle(ReasonCode.SUCCESS);
        assertThat(remote.sent).containsExactly("PUBACK #3", "PUBACK #1");
        assertBooks("down", 2, 2, Map.of());
    }

    /** A remote broker that breaks the protocol is not to upset the books. */
    @Test
    void takesAMessageThatComesAgainWhileItIsNotAcknowledgedForOne() {
        connect();
        take("down/a", QoS.AT_LEAST_ONCE, 1);
        take("down/b", QoS.AT_LEAST_ONCE, 2);
        take("down/b", QoS.AT_LEAST_ONCE, 2);
        take("elsewhere", QoS.AT_LEAST_ONCE, 2);
        settle(1, ReasonCode.SUCCESS);
        settle(2, ReasonCode.SUCCESS);
        assertThat(remote.sent).isEmpty();
        settle(0, ReasonCode.SUCCESS);

        assertThat(remote.sent).containsExactly("PUBACK #1", "PUBACK #2");
        assertBooks("down", 2, 2, Map.of());
    }

    /** Over 3.1.1 some send again and again what is not acknowledged; a full queue is not to fill up with it. */
    @Test
    void publishesOnceWhatIsSentAgainOverTheSameConnection() {
        connect();
        take("down/a", QoS.AT_LEAST_ONCE, 1);
        remote.publish(message("down/a", QoS.AT_LEAST_ONCE), 1, true);
        assertThat(broker.told).containsExactly("publish near/a q1 #1");
        settle(ReasonCode.SUCCESS);

        assertThat(remote.sent).containsExactly("PUBACK #1");
        assertBooks("down", 1, 1, Map.of());
        remote.publish(message("down/b", QoS.AT_LEAST_ONCE), 1, true); // of which nothing is known
        settle(ReasonCode.SUCCESS);
        assertThat(remote.sent).containsExactly("PUBACK #1", "PUBACK #1");
        assertBooks("down", 2, 2, Map.of());
    }

    @Test
    void isConnectedAnewWithNothingOwed() {
        connect(ServerProperties.NONE);
        take("down/a", QoS.AT_LEAST_ONCE, 1);
        take("elsewhere", QoS.AT_LEAST_ONCE, 2);
        stop();
        settle(ReasonCode.SUCCESS);

        assertThat(remote.sent).doesNotContain("PUBACK #1", "PUBACK #2");
        assertNothingLeft();
    }
}
