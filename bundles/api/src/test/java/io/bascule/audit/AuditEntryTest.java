/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.audit;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadFeature;
import io.bascule.api.Identity;
import io.bascule.mqtt.MqttVersion;
import io.bascule.mqtt.ReasonCode;
import io.bascule.spi.Client;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.time.Instant;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;

class AuditEntryTest {
    private static final Instant TIME = Instant.parse("2026-11-29T06:00:00.123456Z");
    private static final JsonFactory JSON = JsonFactory.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .build();

    private static AuditEntry entry() {
        return new AuditEntry(TIME, "login.refused");
    }

    /** The members of a line, which is one object and nothing else. */
    private static Map<String, String> read(String line) {
        Map<String, String> members = new LinkedHashMap<>();
        try (JsonParser parser = JSON.createParser(line)) {
            assertThat(parser.nextToken()).isEqualTo(JsonToken.START_OBJECT);
            while (parser.nextToken() == JsonToken.FIELD_NAME) {
                String name = parser.currentName();
                parser.nextToken();
                members.put(name, parser.getText());
                parser.skipChildren();
            }
            assertThat(parser.nextToken()).isNull();
            return members;
        } catch (IOException e) {
            throw new UncheckedIOException(line, e);
        }
    }

    @Test
    void saysWhenWhatAndWho() {
        String line = entry().who(new Client(
                        "pump-4",
                        Identity.of("alice"),
                        Optional.of(MqttVersion.MQTT_5),
                        Optional.of("main"),
                        Optional.of(InetSocketAddress.createUnresolved("10.0.0.7", 4711))))
                .topic("plants/7")
                .reason(ReasonCode.NOT_AUTHORIZED)
                .count(3)
                .line();

        assertThat(line)
                .isEqualTo("{\"time\":\"2026-11-29T06:00:00.123Z\",\"event\":\"login.refused\",\"listener\":\"main\","
                        + "\"client\":\"pump-4\",\"user\":\"alice\",\"address\":\"10.0.0.7:4711\","
                        + "\"topic\":\"plants/7\",\"reason\":\"NOT_AUTHORIZED\",\"count\":3}");
    }

    @Test
    void leavesOutWhatIsNotKnown() {
        assertThat(entry().client("")
                        .user(Optional.empty())
                        .keys("added", List.of())
                        .line())
                .isEqualTo("{\"time\":\"2026-11-29T06:00:00.123Z\",\"event\":\"login.refused\"}");
    }

    @Test
    void escapesWhatCouldForgeALineOrDeceiveWhoReadsIt() {
        for (String name : List.of(
                "x\",\"event\":\"login.accepted",
                "x\"}\n{\"time\":\"2026-11-29T06:00:00Z\",\"event\":\"login.accepted\"}",
                "x\\",
                "\\\"\\u0022",
                "\r\n\t\b\f\u0001\u001b[2J\u007f\u0085",
                "\u2028\u2029\u202e\ufeff",
                "grüße ж 😀",
                "{}%n${jndi:ldap://x}")) {
            String line = entry().client(name).user(Optional.of("alice")).line();

            assertThat(line).matches("[ -~]+");
            assertThat(read(line))
                    .containsOnlyKeys("time", "event", "client", "user")
                    .containsEntry("event", "login.refused")
                    .containsEntry("client", name);
        }
    }

    @Test
    void escapesHalvesOfCharacters() {
        String line = entry().client("\ud83d").topic("\ude00x").line();

        assertThat(line).contains("\"client\":\"\\ud83d\"").contains("\"topic\":\"\\ude00x\"");
        assertThat(read(line)).containsOnlyKeys("time", "event", "client", "topic");
    }

    @Test
    void isOneObjectWhateverIsInIt() {
        long seed = new Random().nextLong();
        Random random = new Random(seed);
        for (int i = 0; i < 10_000; i++) {
            StringBuilder text = new StringBuilder();
            for (int n = random.nextInt(20); n >= 0; n--) {
                boolean odd = random.nextInt(4) == 0;
                text.append(odd ? "\"\\{}:,\n\u2028".charAt(random.nextInt(8)) : (char) random.nextInt(0x10000));
            }
            String line = entry().user(Optional.of(text.toString())).topic("t").line();

            assertThat(line).as("seed %d", seed).matches("[ -~]+");
            assertThat(read(line)).as("seed %d", seed).hasSize(4).containsEntry("topic", "t");
        }
    }

    @Test
    void boundsALine() {
        String name = "\u0001".repeat(65_535);
        String line = entry().client(name)
                .topic("t".repeat(257))
                .keys("changed", Collections.nCopies(65, "k"))
                .line();

        assertThat(read(line))
                .containsEntry("client", "\u0001".repeat(256) + "…")
                .containsEntry("topic", "t".repeat(256) + "…");
        assertThat(line).endsWith("\"k\",\"\\u2026\"]}").hasSizeLessThan(4000);
        assertThat(entry().keys("changed", Collections.nCopies(64, "k")).line()).endsWith(",\"k\"]}");
        assertThat(read(entry().topic("t".repeat(256)).line())).containsEntry("topic", "t".repeat(256));
    }
}
