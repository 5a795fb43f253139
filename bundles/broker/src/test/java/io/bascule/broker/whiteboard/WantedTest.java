/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.broker.whiteboard;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.bascule.broker.Registered;
import io.bascule.mqtt.QoS;
import io.bascule.mqtt.TopicFilter;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class WantedTest {

    @Test
    void takesFiltersInEachForm() {
        assertThat(filters("a/#")).containsExactly(TopicFilter.of("a/#"));
        assertThat(filters(new String[] {"a", "b/+", "a"})).containsExactly(TopicFilter.of("a"), TopicFilter.of("b/+"));
        assertThat(filters(Set.of("$share/g/a"))).containsExactly(TopicFilter.of("$share/g/a"));
        assertThat(filters("a,b")).containsExactly(TopicFilter.of("a,b"));
    }

    @Test
    void takesTheQosInEachForm() {
        assertThat(qos(1)).isEqualTo(QoS.AT_LEAST_ONCE);
        assertThat(qos("0")).isEqualTo(QoS.AT_MOST_ONCE);
        assertThat(wanted(Map.of("mqtt.topic.filter", "a")).maximumQos()).isEqualTo(QoS.EXACTLY_ONCE);
    }

    @Test
    void refusesWhatIsNoFilter() {
        refuses(Map.of(), "mqtt.topic.filter is missing; allowed is a topic filter such as plant/#");
        refuses(Map.of("mqtt.topic.filter", List.of()), "mqtt.topic.filter is empty; allowed is");
        refuses(
                Map.of("mqtt.topic.filter", 42),
                "mqtt.topic.filter is 42 of type java.lang.Integer; allowed is a topic filter such as plant/#, or several: a"
                        + " String, a String[] or a collection of strings");
        refuses(Map.of("mqtt.topic.filter", Arrays.asList("a", null)), "mqtt.topic.filter is null; allowed is");
        refuses(Map.of("mqtt.topic.filter", "a/#/b"), "mqtt.topic.filter is not a topic filter: # is the last level");
        refuses(Map.of("mqtt.topic.filter", ""), "mqtt.topic.filter is not a topic filter");
    }

    @Test
    void refusesWhatIsNoQos() {
        refuses(
                Map.of("mqtt.topic.filter", "a", "mqtt.maximum.qos", 3),
                "mqtt.maximum.qos is 3 of type java.lang.Integer; allowed is 0, 1 or 2, an Integer or a String");
        refuses(
                Map.of("mqtt.topic.filter", "a", "mqtt.maximum.qos", 1L),
                "mqtt.maximum.qos is 1 of type java.lang.Long");
        refuses(Map.of("mqtt.topic.filter", "a", "mqtt.maximum.qos", "one"), "mqtt.maximum.qos is one");
    }

    @Test
    void saysAllThatIsWrongAtOnce() {
        assertThatThrownBy(() -> wanted(Map.of("mqtt.topic.filter", new String[] {"a#", "+b"}, "mqtt.maximum.qos", "")))
                .hasMessageContaining("\"a#\"")
                .hasMessageContaining("\"+b\"")
                .hasMessageContaining("mqtt.maximum.qos");
    }

    private static void refuses(Map<String, ?> properties, String why) {
        assertThatThrownBy(() -> wanted(properties))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith(why);
    }

    private static Set<TopicFilter> filters(Object value) {
        return wanted(Map.of("mqtt.topic.filter", value)).filters();
    }

    private static QoS qos(Object value) {
        return wanted(Map.of("mqtt.topic.filter", "a", "mqtt.maximum.qos", value))
                .maximumQos();
    }

    private static Wanted wanted(Map<String, ?> properties) {
        return Wanted.of(new Registered<>(properties));
    }
}
