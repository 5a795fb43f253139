/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.bridge.link;

import static org.assertj.core.api.Assertions.assertThat;

import io.bascule.mqtt.QoS;
import io.bascule.mqtt.ReasonCode;
import io.bascule.transport.Acknowledgement;
import io.bascule.transport.ControlPacket;
import io.bascule.transport.ControlPacket.ServerProperties;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

/** A remote broker that closes the connection over a message, again and again. */
class RepeatedLossTest extends LinkFixture {
    private static final String CLOSED = "closed by the other end";

    private static String times(int times, String topic) {
        return "the remote broker has closed the connection " + times + " times in a row after the message to " + topic
                + ": " + CLOSED;
    }

    private void deliverAndClose(String topic, QoS qos, boolean dup) {
        deliver(topic, qos, 7, dup);
        remote.close(CLOSED);
    }

    private void comeBack() {
        comeBack(true, ServerProperties.NONE);
    }

    private String lastError() {
        return status().lastError().orElseThrow();
    }

    @Test
    void saysAfterWhichMessageAndHowOften() {
        connect();
        deliverAndClose("up/x", QoS.AT_LEAST_ONCE, false);
        comeBack();
        deliverAndClose("up/x", QoS.AT_LEAST_ONCE, true);
        assertThat(lastError()).isEqualTo(CLOSED);
        comeBack();
        deliverAndClose("up/x", QoS.AT_LEAST_ONCE, true);
        assertThat(lastError()).isEqualTo(times(3, "far/x"));
        comeBack();
        deliverAndClose("up/x", QoS.AT_LEAST_ONCE, true);

        assertThat(lastError()).isEqualTo(times(4, "far/x"));
        assertBooks("up", 1, 0, Map.of()); // it still waits
    }

    @Test
    void namesTheFirstThatIsNotAnswered() {
        connect();
        deliver("up/a", QoS.AT_LEAST_ONCE, 1, false);
        deliver("up/b", QoS.EXACTLY_ONCE, 2, false);
        deliver("up/c", QoS.AT_LEAST_ONCE, 3, false);
        remote.acknowledge(Acknowledgement.PUBACK, 1);
        remote.close(CLOSED);
        for (int i = 0; i < 2; i++) {
            comeBack();
            deliver("up/b", QoS.EXACTLY_ONCE, 2, true);
            deliver("up/c", QoS.AT_LEAST_ONCE, 3, true);
            remote.close(CLOSED);
        }

        assertThat(lastError()).isEqualTo(times(3, "far/b"));
    }

    @Test
    void hasTheWordsOfARemoteBrokerThatSaysWhy() {
        connect();
        for (int i = 0; i < 3; i++) {
            deliver("up/x", QoS.AT_LEAST_ONCE, 7, i > 0);
            remote.packet(new ControlPacket.Disconnect(
                    ReasonCode.TOPIC_NAME_INVALID, OptionalLong.empty(), Optional.empty()));
            if (i < 2) {
                comeBack();
            }
        }

        assertThat(lastError())
                .startsWith("the remote broker has closed the connection 3 times in a row after the message to far/x: ")
                .contains("the remote broker disconnected: ");
    }

    @Test
    void countsWhatFailsInBetweenNotAtAll() {
        connect();
        for (int i = 0; i < 3; i++) {
            deliverAndClose("up/x", QoS.AT_LEAST_ONCE, i > 0);
            remote.loop.advance(Duration.ofMinutes(1));
            remote.close("connection refused");
            if (i < 2) {
                comeBack();
            }
        }
        comeBack();
        deliverAndClose("up/x", QoS.AT_LEAST_ONCE, true);

        assertThat(lastError()).isEqualTo(times(4, "far/x"));
    }

    @Test
    void beginsAnewWhenSomethingIsAnswered() {
        connect();
        for (int i = 0; i < 6; i++) {
            deliver("up/x", QoS.EXACTLY_ONCE, 7, i > 0);
            deliver("up/y", QoS.AT_LEAST_ONCE, 8 + i, false);
            remote.acknowledge(Acknowledgement.PUBACK, 8 + i); // of which the order of acknowledgements says nothing
            remote.close(CLOSED);
            assertThat(lastError()).isEqualTo(CLOSED);
            comeBack();
        }
    }

    @Test
    void beginsAnewWithAnotherMessage() {
        connect();
        for (int i = 0; i < 6; i++) {
            deliverAndClose("up/x", QoS.AT_LEAST_ONCE, i % 2 == 1);
            assertThat(lastError()).isEqualTo(CLOSED);
            comeBack();
            if (i % 2 == 1) {
                deliver("up/x", QoS.AT_LEAST_ONCE, 7, true);
                remote.acknowledge(Acknowledgement.PUBACK, 7);
            }
        }
    }

    @Test
    void saysNothingOfAConnectionThatHasStoodForLongAfterIt() {
        connect();
        for (int i = 0; i < 4; i++) {
            deliver("up/x", QoS.AT_LEAST_ONCE, 7, i > 0);
            remote.loop.advance(Duration.ofSeconds(6));
            remote.close(CLOSED);
            assertThat(lastError()).isEqualTo(CLOSED);
            comeBack();
        }
    }

    @Test
    void saysNothingOfAConnectionThatItHasClosedItself() {
        connect();
        for (int i = 0; i < 4; i++) {
            deliver("up/x", QoS.AT_LEAST_ONCE, 7, i > 0);
            remote.acknowledge(Acknowledgement.PUBREC, 7); // which is none for QoS 1
            assertThat(lastError()).startsWith("the remote broker breaks the protocol: ");
            comeBack();
        }
    }

    /** Which says nothing of the message that waits. */
    @Test
    void saysNothingOfConnectionsOverWhichNothingWasSent() {
        connect();
        deliverAndClose("up/x", QoS.AT_LEAST_ONCE, false);
        for (int i = 0; i < 4; i++) {
            comeBack();
            remote.close(CLOSED);
            assertThat(lastError()).isEqualTo(CLOSED);
        }
    }

    @Test
    void cutsATopicThatIsLong() {
        connect();
        String topic = "up/\n" + "x".repeat(300);
        for (int i = 0; i < 3; i++) {
            deliverAndClose(topic, QoS.AT_LEAST_ONCE, i > 0);
            if (i < 2) {
                comeBack();
            }
        }

        assertThat(lastError()).isEqualTo(times(3, "far/?" + "x".repeat(195) + "…"));
    }

    /** What the remote broker sends meanwhile makes the connection no more useful. */
    @Test
    void waitsLongerEachTimeAlthoughSomethingComes() {
        connect();
        Duration waited = Duration.ZERO;
        for (int i = 0; i < 20; i++) {
            remote.publish(message("down/x", QoS.AT_LEAST_ONCE), 1, false);
            settle(ReasonCode.SUCCESS);
            deliverAndClose("up/x", QoS.AT_LEAST_ONCE, i > 0);
            int attempts = remote.attempts;
            while (remote.attempts == attempts) {
                remote.loop.advance(Duration.ofSeconds(1));
                waited = waited.plusSeconds(1);
            }
            establish(true, ServerProperties.NONE);
        }

        // Anything up to two seconds a time where a connection is of use, and one to sixty otherwise.
        assertThat(waited).isGreaterThan(Duration.ofSeconds(20 * 3));
    }

    /** None of them takes it. */
    @Test
    void goesRoundItsServersNoFaster() {
        file.put("server", "mqtt://a, mqtt://b");
        start();
        Duration waited = Duration.ZERO;
        for (int i = 0; i < 30; i++) {
            establish(true, ServerProperties.NONE);
            deliver("up/x", QoS.AT_LEAST_ONCE, 7, i > 0);
            remote.loop.advance(Duration.ofSeconds(2));
            int attempts = remote.attempts;
            remote.close(CLOSED);
            remote.loop.advance(Duration.ZERO);
            while (remote.attempts == attempts) {
                remote.loop.advance(Duration.ofSeconds(1));
                waited = waited.plusSeconds(1);
            }
        }

        assertThat(lastError()).startsWith("mqtt://").contains("30 times in a row after the message to far/x");
        assertThat(waited).isGreaterThan(Duration.ofSeconds(30));
    }

    @Test
    void goesToTheOtherServerAtOnceWhenThatIsOver() {
        file.put("server", "mqtt://a, mqtt://b");
        start();
        for (int i = 0; i < 4; i++) {
            establish(true, ServerProperties.NONE);
            deliverAndClose("up/x", QoS.AT_LEAST_ONCE, i > 0);
            remote.loop.advance(Duration.ofMinutes(1));
        }
        assertThat(lastError()).contains("4 times in a row");
        establish(true, ServerProperties.NONE);
        deliver("up/x", QoS.AT_LEAST_ONCE, 7, true);
        remote.acknowledge(Acknowledgement.PUBACK, 7);
        for (int i = 0; i < 2; i++) {
            remote.loop.advance(Duration.ofSeconds(10));
            int attempts = remote.attempts;
            remote.close(CLOSED);
            remote.loop.advance(Duration.ZERO);
            assertThat(remote.attempts).isEqualTo(attempts + 1);
            establish(true, ServerProperties.NONE);
        }
    }
}
