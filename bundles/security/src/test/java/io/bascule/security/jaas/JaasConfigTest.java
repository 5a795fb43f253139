/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.security.jaas;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

class JaasConfigTest {
    private static JaasConfig read(Map<String, String> properties) {
        Map<String, String> all = new HashMap<>(properties);
        all.put("service.pid", "io.bascule.jaas~x");
        return JaasConfig.read(all);
    }

    @Test
    void needsNothing() {
        JaasConfig config = read(Map.of());
        assertThat(config.errors()).isEmpty();
        assertThat(config.realm()).isEqualTo("karaf");
        assertThat(config.role()).isEmpty();
        assertThat(config.timeout()).isEqualTo(Duration.ofSeconds(5));
        assertThat(config.ranking()).isZero();
    }

    @Test
    void readsEveryKey() {
        JaasConfig config = read(Map.of(
                "realm", "ldap", "role", "mqtt", "groups.principals", "a.B, c.D", "timeout", "1m", "ranking", "7"));
        assertThat(config.errors()).isEmpty();
        assertThat(config.realm()).isEqualTo("ldap");
        assertThat(config.role()).contains("mqtt");
        assertThat(config.groupPrincipals()).containsExactlyInAnyOrder("a.B", "c.D");
        assertThat(config.timeout()).isEqualTo(Duration.ofMinutes(1));
        assertThat(config.ranking()).isEqualTo(7);
    }

    @Test
    void saysWhatIsWrong() {
        assertThat(read(Map.of("timeout", "99ms", "groups.principals", "a,", "roles", "x"))
                        .errors())
                .containsExactly(
                        "groups.principals: there is nothing before or behind a comma; allowed is names of classes, separated by commas",
                        "timeout: 99ms is out of bounds; allowed is 100ms to 1m (units ms, s, m, h, d)",
                        "roles: is not a key; did you mean role?");
        assertThat(read(Map.of("timeout", "61s")).errors()).hasSize(1);
    }
}
