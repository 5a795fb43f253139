/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.bridge.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

class OverlapsTest {
    private static final String UP = "forward.up";
    private static final String DOWN = "subscribe.down";

    @Test
    void findsTheWayOutByOneBridgeAndBackByTheOther() {
        BridgeDefinition out = bridge("out", "5.0", Map.of(UP, "x/#"));
        BridgeDefinition back = bridge("back", "5.0", Map.of(DOWN, "x/a/#"));

        assertThat(Overlaps.between(out, back))
                .containsExactly("forward.up and subscribe.down of the bridge back overlap: what leaves as x/a/# comes"
                        + " back and is taken by forward.up once more; the hops keep it from that");
        assertThat(Overlaps.between(back, out))
                .containsExactly("forward.up of the bridge out and subscribe.down overlap: what leaves as x/a/# comes"
                        + " back and is taken by forward.up of the bridge out once more; the hops keep it from that");
        assertThat(Overlaps.within(out)).isEmpty();
    }

    @Test
    void saysWhatIsLeftOfTheHopsBefore50() {
        BridgeDefinition out = bridge("out", "5.0", Map.of(UP, "x/#"));
        BridgeDefinition out3 = bridge("out", "3.1.1", Map.of(UP, "x/#"));
        BridgeDefinition back3 = bridge("back", "3.1.1", Map.of(DOWN, "x/#"));

        assertThat(Overlaps.between(out3, back3))
                .singleElement()
                .asString()
                .endsWith("; it does so once, and then the hops keep it from that");
        assertThat(Overlaps.between(out, back3))
                .singleElement()
                .asString()
                .endsWith("; it does so once, and then the hops keep it from that");
    }

    @Test
    void findsNothingBetweenBridgesToTwoBrokersOrWithoutAWayRound() {
        BridgeDefinition out = bridge("out", "5.0", Map.of(UP, "x/#"));

        assertThat(Overlaps.between(out, bridge("back", "5.0", Map.of(DOWN, "x/#", "server", "mqtt://else"))))
                .isEmpty();
        assertThat(Overlaps.between(out, bridge("back", "5.0", Map.of(DOWN, "y/#"))))
                .isEmpty();
        assertThat(Overlaps.between(out, bridge("back", "5.0", Map.of(DOWN, "x/# -> in/{#}"))))
                .isEmpty();
        assertThat(Overlaps.between(out, bridge("back", "5.0", Map.of(DOWN, "x/# exclude=x/#"))))
                .isEmpty();
    }

    private static BridgeDefinition bridge(String name, String protocol, Map<String, String> lines) {
        Map<String, String> all = new HashMap<>(Map.of("server", "mqtt://far", "protocol", protocol));
        all.putAll(lines);
        return BridgeReader.read(name, all).definition().orElseThrow();
    }
}
