/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.bridge.link;

import static org.assertj.core.api.Assertions.assertThat;

import io.bascule.mqtt.MqttVersion;
import io.bascule.transport.ControlPacket;
import io.bascule.transport.ControlPacket.ServerProperties;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** How a second connection is greeted beside a first one that the remote broker closes when it is greeted with 5.0. */
class GreetingsTest extends LinkFixture {
    private ControlPacket.Connect said() {
        return (ControlPacket.Connect) remote.packets.get(0);
    }

    private void closeWithoutAWord() {
        remote.close("closed before it had said anything");
        remote.loop.advance(Duration.ZERO);
        remote.open();
    }

    private void connectWith311AndTurnToASecond() {
        file.put("protocol", "auto");
        file.put("server", "mqtts://remote");
        start();
        remote.open();
        closeWithoutAWord();
        establish(false, ServerProperties.NONE);
        assertThat(status().protocol()).isEqualTo("3.1.1");
        remote.filesChanged.run();
        remote.openSecond();
        remote.loop.advance(Duration.ofSeconds(1));
        assertThat(said().version()).isEqualTo(MqttVersion.MQTT_3_1_1);
        assertThat(said().bridge()).isTrue();
    }

    @Test
    void goesOnToTheNextWayFromTheOneThatItWasGreetedIn() {
        connectWith311AndTurnToASecond();

        closeWithoutAWord();

        assertThat(said().version()).isEqualTo(MqttVersion.MQTT_3_1_1);
        assertThat(said().bridge()).isFalse();
    }

    @Test
    void greetsAFurtherOneAsTheOneThatWasAccepted() {
        connectWith311AndTurnToASecond();
        remote.connAck(true, ServerProperties.NONE);
        broker.opened(remote.loop);
        remote.subAck();

        remote.filesChanged.run();
        remote.openSecond();
        remote.loop.advance(Duration.ofSeconds(1));

        assertThat(said().version()).isEqualTo(MqttVersion.MQTT_3_1_1);
    }
}
