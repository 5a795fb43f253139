/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.transport.internal;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.bascule.mqtt.MqttVersion;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * A PUBLISH or one of its acknowledgements behind a byte that says who reads it and in which version, without its Remaining Length, which is
 * always right here. What has a codec of its own reads and writes it as netty-codec-mqtt does.
 */
class HotPathFuzzTest {
    private static final MqttVersion[] VERSIONS = MqttVersion.values();

    /** What we refuse and netty-codec-mqtt does not, by the words in which we do. */
    private static final Pattern STRICTER = Pattern.compile(
            "PUBLISH with QoS 0 and DUP" // [MQTT-3.3.1-2]
                    + "|a topic name (contains U\\+0000|is not well-formed UTF-8)" // [MQTT-1.5.4-1, MQTT-1.5.4-2]
                    + "|a string (contains U\\+0000|is not well-formed UTF-8)"
                    + "|PUBLISH with an empty topic and no topic alias"
                    + "|PUBLISH: .*"
                    + "|topic alias .*" // section 3.3.2.3.4
                    + "|property \\d+ stands twice.*"
                    + "|property \\d+ (is not one of PUBLISH|does not belong into this packet)" // section 2.2.2.2
                    + "|PUBLISH from a client with a subscription identifier" // [MQTT-3.3.4-6]
                    + "|subscription identifier 0"
                    + "|a flag is 0 or 1, not \\d+"
                    + "|a response topic is a topic name without wildcards" // [MQTT-3.3.2-14]
                    + "|the packet ends within a field" // netty-codec-mqtt lets the last property end behind the
                    // Property Length
                    + "|a length takes more bytes than it needs" // [MQTT-1.5.5-1]
                    + "|.* are allowed in a packet" // our own limits
                    + "|an acknowledgement of \\d+ bytes" // 3.x has no reasons
                    + "|a packet of type \\d with reason .*" // [MQTT-3.4.2-1, MQTT-3.5.2-1, MQTT-3.6.2-1, MQTT-3.7.2-1]
                    + "|.*reason code.*"
                    + "|a packet that is longer than its fields");

    @FuzzTest
    void readsAndWritesAsNettyDoes(byte[] input) {
        if (input.length < 2) {
            return;
        }
        int type = (input[1] & 0xFF) >> 4;
        if (type < PacketType.PUBLISH || type > PacketType.PUBCOMP) {
            return;
        }
        boolean fromClient = (input[0] & 1) == 0;
        MqttVersion version = VERSIONS[(input[0] >> 1 & 0x3F) % VERSIONS.length];
        byte[] packet = HotPacket.withRemainingLength(input, 1);

        Optional<HotPacket> netty = NettyCodec.read(packet, version);
        HotPacket ours;
        try {
            ours = OurCodec.read(packet, version, fromClient);
        } catch (MqttFormatException e) {
            if (netty.isPresent()) {
                assertThat(e.getMessage()).as("refused: " + netty.get()).matches(STRICTER);
            }
            return;
        }
        if (version == MqttVersion.MQTT_3_1 && type == PacketType.PUBREL && (input[1] & 8) != 0) {
            assertThat(netty)
                    .as("3.1 has DUP there, which netty-codec-mqtt refuses")
                    .isEmpty();
            return;
        }
        ours.isLike(netty.orElseThrow(() -> new AssertionError("netty-codec-mqtt refuses " + ours)));
        // Written by either, it is the same to the other.
        OurCodec.read(NettyCodec.write(ours, version), version, fromClient).isLike(ours);
        for (byte[] written : OurCodec.write(ours, version)) {
            NettyCodec.read(written, version).orElseThrow().isLike(ours);
        }
    }
}
