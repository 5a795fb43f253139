/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.bridge.link;

import static org.assertj.core.api.Assertions.assertThat;

import io.bascule.mqtt.Message;
import io.bascule.mqtt.QoS;
import org.junit.jupiter.api.Test;

class EchoFilterTest {
    private long now = 5;
    private final EchoFilter filter = new EchoFilter(() -> now);

    @Test
    void takesEachMessageForAnEchoOnce() {
        filter.forwarded(message("t", "x"));
        filter.forwarded(message("t", "x"));

        assertThat(filter.isEcho(message("t", "x"))).isTrue();
        assertThat(filter.isEcho(message("t", "x").withQos(QoS.EXACTLY_ONCE).withRetain(true)))
                .isTrue();
        assertThat(filter.isEcho(message("t", "x"))).isFalse();
    }

    @Test
    void takesNothingElseForAnEcho() {
        filter.forwarded(message("t", "x"));

        assertThat(filter.isEcho(message("t", "y"))).isFalse();
        assertThat(filter.isEcho(message("u", "x"))).isFalse();
        assertThat(filter.isEcho(message("tx", ""))).isFalse();
        assertThat(filter.isEcho(message("t", ""))).isFalse();
    }

    @Test
    void forgetsWhatIsOld() {
        filter.forwarded(message("t", "old"));
        now += EchoFilter.SPAN.toNanos();
        assertThat(filter.isEcho(message("t", "old"))).isTrue();
        filter.forwarded(message("t", "old"));

        now += EchoFilter.SPAN.toNanos() + 1;

        assertThat(filter.isEcho(message("t", "old"))).isFalse();
    }

    @Test
    void remembersTheLastOnes() {
        for (int i = 0; i < EchoFilter.MOST + 2; i++) {
            filter.forwarded(message("t", "x" + i));
        }

        assertThat(filter.isEcho(message("t", "x1"))).isFalse();
        assertThat(filter.isEcho(message("t", "x2"))).isTrue();
        assertThat(filter.isEcho(message("t", "x" + (EchoFilter.MOST + 1)))).isTrue();
    }

    @Test
    void forgetsFirstWhatHasComeBackFirst() {
        filter.forwarded(message("t", "x"));
        now += EchoFilter.SPAN.toNanos() / 2;
        filter.forwarded(message("t", "x"));
        assertThat(filter.isEcho(message("t", "x"))).isTrue();

        now += EchoFilter.SPAN.toNanos() / 2 + 1; // the first is old, and the second has not come back

        assertThat(filter.isEcho(message("t", "x"))).isTrue();
    }

    private static Message message(String topic, String text) {
        return Message.of(topic, text);
    }
}
