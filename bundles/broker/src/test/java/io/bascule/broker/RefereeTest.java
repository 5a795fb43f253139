/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.broker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.netty.handler.codec.mqtt.MqttVersion;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

/** The referee of all the other tests sees a foul when there is one. */
class RefereeTest {
    private static final int[] CONNACK5 = {0x20, 3, 0, 0, 0};

    private static void hear(MqttVersion version, int[]... packets) {
        Referee referee = new Referee(version, 100, 2);
        for (int[] packet : packets) {
            byte[] bytes = Bytes.of(packet).toArray();
            referee.hear(bytes, bytes.length);
        }
    }

    @Test
    void seesEveryFoul() {
        for (int[] packet : new int[][] {
            {0x20, 3, 0, 0, 0}, // again
            {0x10, 0},
            {0xD1, 0},
            {0xD0, 0x80, 0},
            {0xD0, 1, 0},
            {0x36, 6, 0, 1, 'a', 0, 1, 0},
            {0x38, 4, 0, 1, 'a', 0},
            {0x32, 6, 0, 1, 'a', 0, 0, 0},
            {0x30, 4, 0, 1, '#', 0},
            {0x30, 3, 0, 0, 0},
            {0x30, 4, 0, 1, 0xFF, 0},
            {0x30, 4, 0, 1, 0, 0},
            {0x30, 6, 0, 0, 3, 0x23, 0, 0},
            {0x30, 6, 0, 0, 3, 0x23, 0, 3},
            {0x30, 8, 0, 1, 'a', 4, 0x01, 0, 0x01, 0},
            {0x30, 9, 0, 1, 'a', 5, 0x11, 0, 0, 0, 1},
            {0x30, 6, 0, 1, 'a', 2, 0x0B, 0},
            {0x30, 100},
            {0x40, 2, 0, 0},
            {0x40, 3, 0, 1, 0x92},
            {0x40, 6, 0, 1, 0, 2, 0x01, 0},
            {0x62, 3, 0, 1, 0x10},
            {0x60, 2, 0, 1},
            {0x90, 4, 0, 1, 0, 3},
            {0x90, 3, 0, 1, 0},
            {0xB0, 4, 0, 1, 0, 0x10},
            {0xE0, 1, 0x04},
            {0xE0, 7, 0, 5, 0x11, 0, 0, 0, 1},
        }) {
            int[] whole = packet[1] == 100 ? Arrays.copyOf(packet, 102) : packet;
            assertThat(catchThrowable(() -> hear(MqttVersion.MQTT_5, CONNACK5, whole)))
                    .as(Arrays.toString(packet))
                    .isInstanceOf(AssertionError.class);
        }
    }

    @Test
    void seesWhatComesAtTheWrongTime() {
        int[] pingResp = {0xD0, 0};
        int[] disconnect = {0xE0, 0};
        assertThatThrownBy(() -> hear(MqttVersion.MQTT_5, pingResp)).isInstanceOf(AssertionError.class);
        assertThatThrownBy(() -> hear(MqttVersion.MQTT_5, CONNACK5, disconnect, pingResp))
                .isInstanceOf(AssertionError.class);
        assertThatThrownBy(() -> hear(MqttVersion.MQTT_5, new int[] {0x20, 3, 0, 0x80, 0}, pingResp))
                .isInstanceOf(AssertionError.class);
        assertThatThrownBy(() -> hear(MqttVersion.MQTT_5, new int[] {0x20, 3, 1, 0x80, 0}))
                .isInstanceOf(AssertionError.class);
        assertThatThrownBy(() -> hear(MqttVersion.MQTT_3_1_1, new int[] {0x20, 2, 0, 6}))
                .isInstanceOf(AssertionError.class);
        assertThatThrownBy(() -> hear(MqttVersion.MQTT_3_1_1, new int[] {0x20, 2, 0, 0}, disconnect))
                .isInstanceOf(AssertionError.class);
    }

    @Test
    void letsPlayGoOn() {
        int[] publish = {0x3B, 21, 0, 1, 'a', 0, 7, 13, 0x23, 0, 2, 0x26, 0, 1, 'k', 0, 1, 'v', 0x0B, 0x80, 1, 'x', '#'
        };
        assertThatCode(() -> hear(MqttVersion.MQTT_5, new int[] {0x20}, new int[] {3, 1, 0}, new int[] {0, 0xD0, 0}))
                .doesNotThrowAnyException();
        assertThatCode(() -> hear(
                        MqttVersion.MQTT_5,
                        CONNACK5,
                        publish,
                        new int[] {0x50, 2, 0, 7, 0x50, 3, 0, 7, 0x10},
                        new int[] {0xE0, 7, 0x8E, 5, 0x1F, 0, 2, 'o', 'k'}))
                .doesNotThrowAnyException();
    }
}
