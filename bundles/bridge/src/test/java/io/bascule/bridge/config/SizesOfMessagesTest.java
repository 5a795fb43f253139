/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.bridge.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.bascule.bridge.route.Route;
import io.bascule.mqtt.Topic;
import io.bascule.mqtt.TopicFilter;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What a file says of messages that are too large, and of packets that bear too much. */
class SizesOfMessagesTest {
    private final Map<String, String> file = new HashMap<>(Map.of("server", "mqtt://h", "forward.a", "a/#"));

    private BridgeReader.Result read() {
        return BridgeReader.read("cloud", file);
    }

    private BridgeDefinition definition() {
        assertThat(read().errors()).isEmpty();
        return read().definition().orElseThrow();
    }

    @Test
    void boundsThePayloadOfARouteInBothDirections() {
        file.put("both.b", "b/# -> c/{#} max.payload=64KiB");
        file.put("subscribe.d", "d/# max.payload=1B");

        assertThat(definition().routes())
                .extracting(Route::key, Route::maximumPayload)
                .contains(
                        tuple("forward.a", Integer.MAX_VALUE),
                        tuple("forward.b", 65_536),
                        tuple("subscribe.b", 65_536),
                        tuple("subscribe.d", 1));
    }

    @Test
    void saysWhatAPayloadMayBe() {
        file.put("forward.a", "a/# max.payload=0B");
        file.put("forward.b", "b/# max.payload=1GiB");
        file.put("forward.c", "c/# max.payload=much");

        assertThat(read().errors())
                .anyMatch(error -> error.equals("forward.a: max.payload=0B is out of bounds; allowed is 1B to 256MiB"))
                .anyMatch(
                        error -> error.equals("forward.b: max.payload=1GiB is out of bounds; allowed is 1B to 256MiB"))
                .anyMatch(error -> error.startsWith("forward.c: max.payload: \"much\""));
    }

    @Test
    void sendsDeadLettersToOneTopic() {
        assertThat(definition().deadLetterTopic()).isEmpty();
        file.put("dead.letter.topic", "bridges/cloud/dead");
        assertThat(definition().deadLetterTopic()).contains(Topic.of("bridges/cloud/dead"));
        for (String text : new String[] {"dead/#", "$SYS/dead"}) {
            file.put("dead.letter.topic", text);
            assertThat(read().errors())
                    .singleElement()
                    .asString()
                    .startsWith("dead.letter.topic: ")
                    .endsWith("; allowed is a topic without wildcards that does not begin with $");
        }
    }

    @Test
    void sendsNoDeadLetterIntoAQueueThatItKeepsFromMoving() {
        file.put("dead.letter.topic", "a/dead");
        assertThat(read().errors()).isEmpty();
        file.put("queue.policy", "block");
        assertThat(read().errors())
                .containsExactly(
                        "dead.letter.topic: is taken by forward.a, whose queue blocks, so that the two may wait for each other;"
                                + " allowed is another topic, or an exclude there");
        file.put("forward.a", "a/# exclude=a/dead");
        assertThat(read().errors()).isEmpty();
    }

    @Test
    void boundsTheTopicsOfWhatIsSent() {
        assertThat(definition().topicLimits().allow(Topic.of("/".repeat(65_535))))
                .isTrue();
        file.put("topic.levels.maximum", "2");
        file.put("topic.bytes.maximum", "5B");

        TopicLimits limits = definition().topicLimits();
        assertThat(limits.allow(Topic.of("a/bcd"))).isTrue();
        assertThat(limits.allow(Topic.of("a/b/c"))).isFalse();
        assertThat(limits.allow(Topic.of("a/bcde"))).isFalse();
        assertThat(limits.allow(Topic.of("a/bä"))).isTrue();
        assertThat(limits.allow(Topic.of("a/bcä"))).isFalse();
        assertThat(limits.allow(TopicFilter.of("a/#"))).isTrue();
        assertThat(limits.allow(TopicFilter.of("a/+/#"))).isFalse();
    }

    @Test
    void asksForNoTopicThatIsNotTaken() {
        file.put("topic.levels.maximum", "3");
        file.put("topic.bytes.maximum", "8B");
        file.put("status.topic", "a/b/c/d");
        file.put("forward.a", "a/b/c/d/#");
        file.put("subscribe.x", "x/1, x/2/3/#, x/123456");
        file.put("subscribe.y", "y/#");
        file.put("both.z", "z/# -> z/3/4/{#}");

        assertThat(read().errors())
                .containsExactlyInAnyOrder(
                        "status.topic: has 4 levels; allowed by topic.levels.maximum are 3",
                        "subscribe.x: x/2/3/# has 4 levels; allowed by topic.levels.maximum are 3",
                        "both.z: z/3/4/# has 4 levels; allowed by topic.levels.maximum are 3");
        file.put("topic.bytes.maximum", "7B");
        assertThat(read().errors()).contains("subscribe.x: x/123456 has 8 bytes; allowed by topic.bytes.maximum are 7");
    }

    @Test
    void saysWhatTheBoundsOfTopicsMayBe() {
        file.put("topic.levels.maximum", "0");
        file.put("topic.bytes.maximum", "64KiB");

        assertThat(read().errors())
                .containsExactlyInAnyOrder(
                        "topic.levels.maximum: 0 is out of bounds; allowed is 1 to 65535",
                        "topic.bytes.maximum: 64KiB is out of bounds; allowed is 1B to 65535B (units B, KiB, MiB, GiB)");
    }

    @Test
    void asksForAHundredFiltersAtATimeUnlessItSaysLess() {
        assertThat(definition().maximumFilters()).isEqualTo(100);
        file.put("filters.maximum", "8");
        assertThat(definition().maximumFilters()).isEqualTo(8);
        file.put("filters.maximum", "101");
        assertThat(read().errors()).containsExactly("filters.maximum: 101 is out of bounds; allowed is 1 to 100");
    }
}
