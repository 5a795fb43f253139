/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.shell.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.bascule.api.BridgePacket;
import io.bascule.api.BridgeStatus;
import io.bascule.mqtt.QoS;
import io.bascule.shell.command.Fakes.FakeBridge;
import io.bascule.shell.command.Fakes.FakeBroker;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;

class BridgeTraceTest {
    private static final Instant TIME = Instant.parse("2026-11-28T11:30:00.123Z");
    private static final BridgePacket PUBLISH = new BridgePacket(
            TIME,
            true,
            "PUBLISH",
            OptionalInt.of(5),
            Optional.of(new BridgePacket.Publish(QoS.EXACTLY_ONCE, true, true, "far/\u001ba", 12)),
            List.of());
    private static final BridgePacket PUBREC =
            new BridgePacket(TIME, false, "PUBREC", OptionalInt.of(5), Optional.empty(), List.of());
    private static final BridgePacket SUBSCRIBE = new BridgePacket(
            TIME, true, "SUBSCRIBE", OptionalInt.of(65_535), Optional.empty(), List.of("down/#", "more/+"));
    private static final BridgePacket PINGRESP =
            new BridgePacket(TIME, false, "PINGRESP", OptionalInt.empty(), Optional.empty(), List.of());

    private final FakeBridge bridge = Fakes.bridge("emqx", BridgeStatus.State.CONNECTED);
    private final Services services = Fakes.services(new FakeBroker(), bridge);

    @Test
    void printsAPacketALineUntilTheTraceEnds() {
        bridge.packets.addAll(List.of(PUBLISH, PUBREC, SUBSCRIBE, PINGRESP));
        String time = DateTimeFormatter.ofPattern("HH:mm:ss.SSS")
                .withZone(ZoneId.systemDefault())
                .format(TIME);

        assertThat(trace(false).lines())
                .containsExactly(
                        time + "  -> PUBLISH  #5  QoS 2  DUP  RETAIN  far/\\u001ba  12 bytes",
                        time + "  <- PUBREC  #5",
                        time + "  -> SUBSCRIBE  #65535  down/#  more/+",
                        time + "  <- PINGRESP");
        assertThat(bridge.calls).containsExactly("trace", "close");
    }

    @Test
    void printsJson() {
        bridge.packets.addAll(List.of(PUBLISH, PINGRESP));

        assertThat(trace(true).lines())
                .containsExactly(
                        "{\"time\":\"2026-11-28T11:30:00.123Z\",\"direction\":\"sent\",\"type\":\"PUBLISH\","
                                + "\"packetId\":5,\"qos\":2,\"dup\":true,\"retain\":true,"
                                + "\"topic\":\"far/\\u001ba\",\"payloadBytes\":12,\"topicFilters\":[]}",
                        "{\"time\":\"2026-11-28T11:30:00.123Z\",\"direction\":\"received\",\"type\":\"PINGRESP\","
                                + "\"packetId\":null,\"qos\":null,\"dup\":null,\"retain\":null,"
                                + "\"topic\":null,\"payloadBytes\":null,\"topicFilters\":[]}");
    }

    @Test
    void saysHowManyItPassedOver() {
        for (int i = 0; i < PacketBuffer.CAPACITY + 7; i++) {
            bridge.packets.add(PINGRESP);
        }

        assertThat(trace(false).lines())
                .hasSize(PacketBuffer.CAPACITY + 1)
                .last()
                .isEqualTo("7 packets came faster than they could be shown.");
    }

    @Test
    void closesTheTraceWhenItIsInterrupted() {
        bridge.packets.add(PINGRESP);
        Thread.currentThread().interrupt();

        trace(false);

        assertThat(Thread.interrupted()).isFalse();
        assertThat(bridge.calls).containsExactly("trace", "close");
    }

    @Test
    void refusesWhatCannotBe() {
        assertThatThrownBy(() -> BridgeTrace.of("emqx", "601")).hasMessage("--seconds is 1 to 600, not 601.");
        assertThatThrownBy(() -> BridgeTrace.of(null, null))
                .hasMessage("The bridge's name is missing; mqtt:bridges lists them.");
        assertThatThrownBy(() ->
                        BridgeTrace.of("emq", null).run(() -> services, new Printed().console(false, () -> true)))
                .hasMessage("There is no bridge emq; did you mean emqx?");
    }

    private String trace(boolean json) {
        Printed printed = new Printed();
        Console console = printed.console(json, () -> true);
        BridgeTrace.of("emqx", null).run(() -> services, console);
        console.out().flush();
        return printed.text();
    }
}
