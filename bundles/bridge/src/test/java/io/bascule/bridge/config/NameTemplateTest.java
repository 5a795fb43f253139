/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.bridge.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

class NameTemplateTest {
    private final Map<String, String> file = new HashMap<>(Map.of("server", "mqtt://h", "forward.all", "#"));

    @Test
    void fillsClientIdAndUser() throws Exception {
        String host = InetAddress.getLocalHost().getHostName();
        file.put("client.id", "{host}-{bridge}");
        file.put("user", "site/{bridge}");

        assertThat(read().clientId()).isEqualTo(host + "-cloud");
        assertThat(read().user()).contains("site/cloud");
    }

    @Test
    void leavesWhatIsNoTemplateAsItIs() {
        file.putAll(Map.of("client.id", "a{b", "user", "}{", "password", "{bridge}{x}"));

        assertThat(read().clientId()).isEqualTo("a{b");
        assertThat(read().user()).contains("}{");
        assertThat(read().password()).contains(new Secret("{bridge}{x}"));
    }

    @Test
    void fillsANameAsItIsWhateverIsInIt() {
        assertThat(NameTemplate.fill("{bridge}", "a$1\\{host}")).isEqualTo("a$1\\{host}");
    }

    @Test
    void saysWhatMayStandThere() {
        file.putAll(Map.of("client.id", "{hots}", "user", "{}"));

        assertThat(BridgeReader.read("cloud", file).errors())
                .containsExactlyInAnyOrder(
                        "client.id: {hots} stands for nothing; allowed is 1 to 65535 bytes, with {bridge} for the name"
                                + " of the bridge and {host} for that of this machine",
                        "user: {} stands for nothing; allowed is a text, with {bridge} for the name of the bridge and"
                                + " {host} for that of this machine");
    }

    @Test
    void boundsWhatIsFilledIn() {
        file.put("client.id", "{bridge}".repeat(20_000));

        assertThat(BridgeReader.read("cloud", file).errors())
                .singleElement()
                .asString()
                .startsWith("client.id: is no client id; allowed is 1 to 65535 bytes");
    }

    private BridgeDefinition read() {
        BridgeReader.Result result = BridgeReader.read("cloud", file);
        assertThat(result.errors()).isEmpty();
        return result.definition().orElseThrow();
    }
}
