/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.bridge.link;

import static org.assertj.core.api.Assertions.assertThat;

import io.bascule.api.BridgeStatus;
import io.bascule.mqtt.ReasonCode;
import io.bascule.transport.ControlPacket;
import io.bascule.transport.ControlPacket.ServerProperties;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** What the remote session is subscribed with. */
class RemoteSubscriptionsTest extends LinkFixture {
    private List<ControlPacket.Subscribe> subscribes() {
        return remote.packets.stream()
                .filter(ControlPacket.Subscribe.class::isInstance)
                .map(ControlPacket.Subscribe.class::cast)
                .toList();
    }

    private void begin() {
        start();
        remote.open();
        remote.connAck(true, ServerProperties.NONE);
        broker.opened(remote.loop);
    }

    private void nineteenFilters() {
        file.put(
                "subscribe.down",
                IntStream.range(0, 19).mapToObj(i -> "down/" + i).collect(Collectors.joining(", ")));
    }

    @Test
    void asksForNoMoreFiltersAtATimeThanTheFileSays() {
        file.put("filters.maximum", "8");
        nineteenFilters();
        begin();

        assertThat(subscribes())
                .extracting(subscribe -> subscribe.subscriptions().size())
                .containsExactly(8, 8, 3);
        assertThat(subscribes()).extracting(ControlPacket.Subscribe::packetId).doesNotHaveDuplicates();
        assertThat(subscribes())
                .flatExtracting(ControlPacket.Subscribe::subscriptions)
                .extracting(ControlPacket.RequestedSubscription::text)
                .doesNotHaveDuplicates()
                .hasSize(19);
    }

    @Test
    void asksForAllOfARouteAtOnceWhereTheFileSaysNothing() {
        nineteenFilters();
        begin();

        assertThat(subscribes())
                .extracting(subscribe -> subscribe.subscriptions().size())
                .containsExactly(19);
    }

    @Test
    void isConnectedWhenTheLastPartIsGranted() {
        file.put("filters.maximum", "8");
        nineteenFilters();
        begin();
        List<ControlPacket.Subscribe> parts = subscribes();
        for (ControlPacket.Subscribe part : parts) {
            assertThat(status().state()).isEqualTo(BridgeStatus.State.CONNECTING);
            remote.packet(new ControlPacket.SubAck(
                    part.packetId(),
                    part.subscriptions().stream()
                            .map(each -> each.text().equals("down/18")
                                    ? ReasonCode.NOT_AUTHORIZED
                                    : ReasonCode.GRANTED_QOS_2)
                            .toList()));
        }
        remote.pubComp();

        assertThat(status().state()).isEqualTo(BridgeStatus.State.DEGRADED);
        assertThat(status().lastError().orElseThrow()).contains("down/18");
    }
}
