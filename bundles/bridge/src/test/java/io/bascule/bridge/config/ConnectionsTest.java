/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.bridge.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What a file says of several connections. */
class ConnectionsTest {
    private final Map<String, String> file =
            new HashMap<>(Map.of("server", "mqtt://h", "client.id", "gateway", "forward.a", "a/#"));

    private BridgeReader.Result read() {
        return BridgeReader.read("cloud", file);
    }

    private BridgeDefinition definition() {
        assertThat(read().errors()).isEmpty();
        return read().definition().orElseThrow();
    }

    @Test
    void hasOneUnlessItSaysMore() {
        assertThat(definition().connections()).isEqualTo(1);
        file.put("connections", "3");
        assertThat(definition().connections()).isEqualTo(3);
        assertThat(definition().clientId(1)).isEqualTo("gateway");
        assertThat(definition().clientId(3)).isEqualTo("gateway:3");
        file.put("connections", "17");
        assertThat(read().errors()).containsExactly("connections: 17 is out of bounds; allowed is 1 to 16");
    }

    @Test
    void sharesOutNothingWhereNothingLeaves() {
        file.put("connections", "2");
        file.put("subscribe.a", file.remove("forward.a"));
        assertThat(read().errors()).containsExactly("connections: is of no use without a forward route");
        file.put("connections", "1");
        assertThat(read().errors()).isEmpty();
    }

    @Test
    void leavesRoomForTheirNumberInTheClientId() {
        file.put("client.id", "x".repeat(65_533));
        assertThat(read().errors()).isEmpty();
        file.put("connections", "2");
        assertThat(read().errors())
                .containsExactly("client.id: is too long for several connections, which have a number behind it");
    }

    @Test
    void takesOneToAServiceThatKnowsADeviceByIt() {
        file.put("server", "mqtts://h");
        file.put("profile", "azure-iothub");
        assertThat(definition().connections()).isEqualTo(1);
        file.put("connections", "2");
        assertThat(read().errors())
                .containsExactly(
                        "connections: is more than one, which azure-iothub does not take of a bridge; allowed is 1");
    }
}
