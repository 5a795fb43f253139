/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.bridge.link;

import static org.assertj.core.api.Assertions.assertThat;

import io.bascule.mqtt.MqttVersion;
import io.bascule.mqtt.ReasonCode;
import io.bascule.transport.ControlPacket;
import io.bascule.transport.ControlPacket.ServerProperties;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** In which order {@code protocol = auto} offers what it may. */
class AutoProtocolTest extends LinkFixture {
    private void greets(MqttVersion version, boolean bit) {
        remote.open();
        ControlPacket.Connect connect = (ControlPacket.Connect) remote.packets.get(0);
        assertThat(connect.version()).isEqualTo(version);
        assertThat(connect.bridge()).isEqualTo(bit);
    }

    /** Where it is out of reach then, it may have gone down over the CONNECT. */
    @Test
    void beginsAnewWhereThereWasNobodyToOfferSomethingElseTo() {
        file.put("protocol", "auto");
        start();
        greets(MqttVersion.MQTT_5, false);
        remote.close("closed before it had said anything");
        remote.loop.advance(Duration.ZERO);
        remote.close("connection refused");
        remote.loop.advance(Duration.ofMinutes(1));

        greets(MqttVersion.MQTT_5, false);
    }

    /** 5.0 may have been closed for another reason, and is offered again; a bridge bit that was beside it is not. */
    @Test
    void offersTheBridgeBitNoMoreWhere5IsOfferedAgain() {
        file.put("protocol", "auto");
        start();
        greets(MqttVersion.MQTT_5, false);
        remote.close("closed before it had said anything");
        remote.loop.advance(Duration.ZERO);
        greets(MqttVersion.MQTT_3_1_1, true);
        remote.close("closed before it had said anything");
        remote.loop.advance(Duration.ZERO);
        greets(MqttVersion.MQTT_3_1_1, false);
        remote.connAck(false, ServerProperties.NONE);
        remote.close("lost");

        for (int i = 0; i < 3; i++) {
            remote.loop.advance(Duration.ofMinutes(1));
            greets(MqttVersion.MQTT_5, false);
            remote.close("closed before it had said anything");
            remote.loop.advance(Duration.ZERO);
            greets(MqttVersion.MQTT_3_1_1, false);
            remote.connAck(false, ServerProperties.NONE);
            remote.close("lost");
        }

        remote.loop.advance(Duration.ofMinutes(1));
        greets(MqttVersion.MQTT_5, false);
        remote.packet(new ControlPacket.ConnAck(false, ReasonCode.UNSUPPORTED_PROTOCOL_VERSION, ServerProperties.NONE));
        remote.loop.advance(Duration.ZERO);
        greets(MqttVersion.MQTT_3_1_1, false);
        remote.connAck(false, ServerProperties.NONE);
        remote.close("lost");
        remote.loop.advance(Duration.ofMinutes(1));
        greets(MqttVersion.MQTT_3_1_1, false);
    }
}
