/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.mqtt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class MessageTest {
    private static final long SECOND = 1_000_000_000L;

    @Test
    void countsItsExpiryDown() {
        Message message = Message.of("t", "x").expiringIn(Duration.ofSeconds(10));
        long now = System.nanoTime();
        assertThat(message.remainingExpirySeconds(now)).hasValue(10); // [MQTT-3.3.2-6]
        assertThat(message.remainingExpirySeconds(now + 3 * SECOND)).hasValue(7);
        assertThat(message.isExpired(now + 9 * SECOND)).isFalse();
        assertThat(message.isExpired(now + 10 * SECOND)).isTrue(); // [MQTT-3.3.2-5]
        assertThat(message.remainingExpirySeconds(now + 50 * SECOND)).hasValue(0);
    }

    @Test
    void takesTheLongestExpiryOnTheWire() {
        Message message = Message.of("t", "x").expiringIn(Duration.ofSeconds(0xFFFF_FFFFL));
        assertThat(message.isExpired(System.nanoTime())).isFalse();
        assertThat(message.remainingExpirySeconds(System.nanoTime())).hasValue(0xFFFF_FFFFL);
    }

    @Test
    void doesNotExpireByItself() {
        Message message = Message.of("t", "x");
        assertThat(message.expires()).isFalse();
        assertThat(message.isExpired(Long.MAX_VALUE)).isFalse();
        assertThat(message.remainingExpirySeconds(0)).isEmpty();
        assertThat(message.expiringIn(Duration.ofSeconds(5))
                        .withQos(QoS.EXACTLY_ONCE)
                        .withRetain(true)
                        .expires())
                .isTrue();
    }

    @Test
    void countsItsPropertiesInItsSize() {
        Message bare = Message.of("t", "x");
        Message heavy = bare.withProperties(properties("v".repeat(10_000)));
        assertThat(heavy.sizeInBytes() - bare.sizeInBytes()).isBetween(10_000, 30_000);
    }

    private static MessageProperties properties(String value) {
        return new MessageProperties(
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                List.of(new UserProperty("k", value)));
    }

    @Test
    void refusesPropertiesThatNoPacketCanHold() {
        assertThatThrownBy(() -> properties("\0")).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> properties("\ud800")).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> properties("\u20ac".repeat(21_846))).isInstanceOf(IllegalArgumentException.class);
        assertThat(properties("\u20ac".repeat(21_845)).userProperties()).hasSize(1);
        assertThatThrownBy(() -> new MessageProperties(
                        Optional.empty(), Optional.empty(), Optional.of("a/+"), Optional.empty(), List.of()))
                .isInstanceOf(IllegalArgumentException.class); // [MQTT-3.3.2-14]
    }
}
