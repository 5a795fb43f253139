/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.bridge.config;

import static org.assertj.core.api.Assertions.assertThat;

import io.bascule.api.SessionOptions;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What a file says of the end of the remote session. */
class SessionExpiryTest {
    private final Map<String, String> file = new HashMap<>(Map.of("server", "mqtt://h", "forward.a", "a/#"));

    private BridgeReader.Result read() {
        return BridgeReader.read("cloud", file);
    }

    private long interval() {
        assertThat(read().errors()).isEmpty();
        return read().definition().orElseThrow().sessionExpiryInterval();
    }

    @Test
    void isKeptForEverUnlessItSaysOtherwise() {
        assertThat(interval()).isEqualTo(SessionOptions.NEVER);
        file.put("session.expiry", "2h");
        assertThat(interval()).isEqualTo(7200);
        file.put("protocol", "auto");
        assertThat(interval()).isEqualTo(7200);
        file.remove("session.expiry");
        file.put("clean.start", "true");
        assertThat(interval()).isZero();
    }

    @Test
    void saysWhatIsAllowed() {
        file.put("session.expiry", "0s");
        assertThat(read().errors())
                .containsExactly("session.expiry: 0s is out of bounds; allowed is 1s to 3650d (units ms, s, m, h, d)");
        file.put("session.expiry", "1500ms");
        assertThat(read().errors()).singleElement().asString().startsWith("session.expiry: is not a whole number of");
        file.put("session.expiry", "1h");
        file.put("clean.start", "true");
        assertThat(read().errors())
                .containsExactly(
                        "session.expiry: is of no use with clean.start=true, which ends the session with its connection");
        file.remove("clean.start");
        file.put("protocol", "3.1.1");
        assertThat(read().errors())
                .containsExactly("session.expiry: cannot be said over MQTT 3.1.1; allowed is protocol = 5.0, or auto");
    }
}
