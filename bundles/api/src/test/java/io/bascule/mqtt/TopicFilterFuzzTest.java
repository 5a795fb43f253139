/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.mqtt;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;

/** A filter and a topic, each on a line. */
class TopicFilterFuzzTest {

    @FuzzTest
    void matchesAsTheSpecificationSays(byte[] input) {
        String[] lines = new String(input, UTF_8).split("\n", 2);
        TopicFilter filter;
        try {
            filter = TopicFilter.of(lines[0]);
        } catch (IllegalArgumentException e) {
            return;
        }
        assertThat(TopicFilter.of(filter.text())).isEqualTo(filter);
        if (!filter.isShared() && !filter.hasWildcard()) {
            assertThat(filter.matches(Topic.of(filter.text()))).isTrue();
        }
        Topic topic;
        try {
            topic = Topic.of(lines[lines.length - 1]);
        } catch (IllegalArgumentException e) {
            return;
        }
        String[] levels = filter.levels().toArray(String[]::new);
        assertThat(filter.matches(topic)).isEqualTo(matches(levels, topic.name().split("/", -1)));
    }

    /** Section 4.7, word by word. */
    private static boolean matches(String[] filter, String[] topic) {
        boolean wildcardFirst = filter[0].equals("#") || filter[0].equals("+");
        if (wildcardFirst && topic[0].startsWith("$")) {
            return false; // [MQTT-4.7.2-1]
        }
        for (int i = 0; i < filter.length; i++) {
            if (filter[i].equals("#")) {
                return topic.length >= i; // the parent level, too
            }
            if (i >= topic.length || !filter[i].equals("+") && !filter[i].equals(topic[i])) {
                return false;
            }
        }
        return filter.length == topic.length;
    }
}
