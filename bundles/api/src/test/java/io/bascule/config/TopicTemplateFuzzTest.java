/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.config;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.bascule.mqtt.Topic;
import io.bascule.mqtt.TopicFilter;
import java.util.Optional;

/** A template, a filter and a topic, each on a line. */
class TopicTemplateFuzzTest {

    @FuzzTest
    void comesBackWhereThereIsAWayBack(byte[] input) {
        String[] lines = new String(input, UTF_8).split("\n", 3);
        if (lines.length < 3) {
            return;
        }
        TopicTemplate template;
        TopicFilter filter;
        Topic topic;
        try {
            template = TopicTemplate.parse(lines[0]);
            filter = TopicFilter.of(lines[1]);
            topic = Topic.of(lines[2]);
        } catch (IllegalArgumentException e) {
            return;
        }
        assertThat(TopicTemplate.parse(template.toString())).hasToString(template.toString());
        if (filter.isShared() || !template.impossibleFor(filter).isEmpty() || !filter.matches(topic)) {
            return;
        }
        Optional<Topic> made = template.apply(filter, topic);
        Optional<TopicTemplate.Inverse> inverse = template.inverse(filter);
        if (made.isPresent() && inverse.isPresent()) {
            assertThat(inverse.get().template().apply(inverse.get().filter(), made.get()))
                    .contains(topic);
        }
    }
}
