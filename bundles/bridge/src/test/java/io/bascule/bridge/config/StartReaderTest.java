/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.bridge.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class StartReaderTest {
    private final Map<String, String> file = new HashMap<>(Map.of("server", "mqtt://h", "forward.all", "#"));

    @Test
    void isAutomaticUnlessItSaysSomethingElse() {
        assertThat(startType()).isEqualTo(new StartType.Automatic());
        file.put("start.type", "automatic");
        assertThat(startType()).isEqualTo(new StartType.Automatic());
        file.put("start.type", "manual");
        assertThat(startType()).isEqualTo(new StartType.Manual());
    }

    @Test
    void readsWhatALazyOneWaitsFor() {
        file.put("start.type", "lazy");
        assertThat(startType()).isEqualTo(new StartType.Lazy(10, Duration.ofMinutes(5), Duration.ofSeconds(60)));
        file.putAll(Map.of("threshold", "200", "threshold.age", "1d", "idle.timeout", "5s"));
        assertThat(startType()).isEqualTo(new StartType.Lazy(200, Duration.ofDays(1), Duration.ofSeconds(5)));
    }

    @Test
    void saysWhichWordsThereAre() {
        file.putAll(Map.of("start.type", "once", "threshold", "5"));
        assertThat(errors())
                .containsExactly(
                        "start.type: \"once\" is none of the words it may be; allowed is automatic, lazy, manual");
    }

    @Test
    void refusesKeysOfALazyOneBesideAnother() {
        file.put("idle.timeout", "30s");
        assertThat(errors())
                .containsExactly(
                        "idle.timeout: says something of a lazy bridge, and this one is automatic; allowed is it"
                                + " with start.type = lazy alone");
        file.put("start.type", "manual");
        file.put("threshold", "3");
        file.put("threshold.age", "1h");
        assertThat(errors()).hasSize(3).allMatch(error -> error.contains("a lazy bridge, and this one is manual"));
    }

    @Test
    void refusesALazyOneForWhichNothingWaits() {
        file.put("start.type", "lazy");
        file.put("clean.start", "true");
        assertThat(errors())
                .containsExactly("start.type: is lazy, and with clean.start = true nothing waits while it is not"
                        + " connected; allowed is one of them");
        file.remove("clean.start");
        file.put("forward.all", "# qos=0");
        file.put("subscribe.in", "cmd/#");
        assertThat(errors())
                .containsExactly("start.type: is lazy, and there is no forward route whose messages wait; allowed is"
                        + " one that has a route of QoS 1 or 2, or with offline=latest or offline=queue");
        file.put("forward.all", "# qos=0 offline=queue");
        assertThat(errors()).isEmpty();
        file.put("forward.all", "#");
        assertThat(errors()).isEmpty();
    }

    @Test
    void refusesAThresholdThatItsQueueNeverReaches() {
        file.putAll(Map.of("start.type", "lazy", "threshold", "50", "queue.messages", "49"));
        assertThat(errors())
                .containsExactly(
                        "threshold: 50 is more than may wait by queue.messages, 49; allowed is as much or less");
        file.put("queue.messages", "50");
        assertThat(errors()).isEmpty();
    }

    @Test
    void refusesAnAgeThatNoMessageReaches() {
        file.putAll(Map.of("start.type", "lazy", "queue.age", "5m"));
        assertThat(errors())
                .containsExactly("threshold.age: 5m is no shorter than queue.age, 5m, after which a message is dropped;"
                        + " allowed is a shorter one");
        file.put("threshold.age", "4m");
        assertThat(errors()).isEmpty();
    }

    @Test
    void saysNothingOfWhatDoesNotGoTogetherWhereSomethingElseIsWrong() {
        file.putAll(Map.of("start.type", "lazy", "forward.all", "#/#"));
        assertThat(errors()).singleElement().asString().startsWith("forward.all: ");
    }

    private StartType startType() {
        BridgeReader.Result result = BridgeReader.read("x", file);
        assertThat(result.errors()).isEmpty();
        return result.definition().orElseThrow().startType();
    }

    private List<String> errors() {
        return BridgeReader.read("x", file).errors();
    }
}
