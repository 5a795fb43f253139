/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.bridge.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.bascule.bridge.route.Route;
import io.bascule.mqtt.Topic;
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
    void asksForAHundredFiltersAtATimeUnlessItSaysLess() {
        assertThat(definition().maximumFilters()).isEqualTo(100);
        file.put("filters.maximum", "8");
        assertThat(definition().maximumFilters()).isEqualTo(8);
        file.put("filters.maximum", "101");
        assertThat(read().errors()).containsExactly("filters.maximum: 101 is out of bounds; allowed is 1 to 100");
    }
}
