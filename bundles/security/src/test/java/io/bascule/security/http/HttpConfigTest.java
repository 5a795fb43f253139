/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.security.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class HttpConfigTest {
    private static HttpConfig read(String... properties) {
        Map<String, Object> all = new HashMap<>(Map.of("service.pid", "io.bascule.http~plant"));
        for (int i = 0; i < properties.length; i += 2) {
            all.put(properties[i], properties[i + 1]);
        }
        return HttpConfig.read(all);
    }

    @Test
    void hasDefaultsForAllButTheUrl() {
        HttpConfig config = read("url", "https://example.org/login");
        assertThat(config.errors()).isEmpty();
        assertThat(config.name()).isEqualTo("plant");
        assertThat(config.timeout()).isEqualTo(Duration.ofSeconds(3));
        assertThat(config.maximumRequests()).isEqualTo(64);
        assertThat(config.cacheTtl()).isZero();
        assertThat(read().errors()).singleElement().asString().startsWith("url: is missing");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "https://10.0.0.1/",
                "http://localhost:8080/login",
                "http://127.0.0.1:8080/login?a=b",
                "http://127.1.2.3/",
                "http://[::1]:8080/"
            })
    void asksOverTlsOrOnThisMachine(String url) {
        assertThat(read("url", url).errors()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "http://10.0.0.1/",
                "http://example.org/",
                "http://127.0.0.1.example.org/",
                "http://localhost.example.org"
            })
    void sendsPasswordsElsewhereInClearTextOnlyWhenToldSo(String url) {
        assertThat(read("url", url).errors()).singleElement().asString().contains("clear text");
        assertThat(read("url", url, "allow.plain", "true").errors()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "canary",
                "ftp://canary/",
                "https:///canary",
                "https://user:canary@example.org/",
                "https://example.org/#canary",
                "https://exa mple/canary"
            })
    void refusesWhatIsNoUrlWithoutRepeatingIt(String url) {
        assertThat(read("url", url).errors())
                .singleElement()
                .asString()
                .startsWith("url: ")
                .doesNotContain("canary");
    }

    @ParameterizedTest
    @CsvSource({
        "timeout, 99ms",
        "timeout, 10s",
        "max.requests, 0",
        "max.requests, 10001",
        "cache.ttl, 61m",
        "allow.plain, maybe",
        "ranking, high",
        "time.out, 3s"
    })
    void refusesWhatIsOutOfBounds(String key, String value) {
        assertThat(read("url", "https://example.org", key, value).errors())
                .singleElement()
                .asString()
                .startsWith(key + ": ");
    }

    @Test
    void tellsNoSecret() {
        HttpConfig config = read("url", "https://example.org/?key=canary", "authorization", "Bearer canary");
        assertThat(config.toString()).doesNotContain("canary");
        assertThat(read("url", "https://example.org", "authorization", "canary\n")
                        .errors()
                        .toString())
                .doesNotContain("canary");
        assertThat(read("url", "https://example.org", "authorization", "canary é")
                        .errors())
                .singleElement()
                .asString()
                .doesNotContain("canary");
    }
}
