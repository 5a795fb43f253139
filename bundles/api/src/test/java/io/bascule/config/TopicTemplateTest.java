/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.bascule.mqtt.Topic;
import io.bascule.mqtt.TopicFilter;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TopicTemplateTest {
    private static final String[] WORDS = {"a", "b", "", "sensor", "ä", "$x", "7"};

    @ParameterizedTest
    @CsvSource({
        "alarms/#,         plant7/alarms/{#},   alarms/fire/3,     plant7/alarms/fire/3",
        "alarms/#,         plant7/alarms/{#},   alarms,            plant7/alarms",
        "alarms/#,         plant7/alarms/{#},   alarms/,           plant7/alarms/",
        "alarms/#,         {#}/of/plant7,       alarms,            of/plant7",
        "alarms/#,         x-{#}-y,             alarms/1/2,        x-1/2-y",
        "sensors/+/value,  plant7/{2}/value,    sensors/t1/value,  plant7/t1/value",
        "a/b/c/d/e,        {2-4},               a/b/c/d/e,         b/c/d",
        "a/b/c/d/e,        {5}/{3-#}/{1},       a/b/c/d/e,         e/c/d/e/a",
        "a/#,              up/{3-#},            a/b,               up",
        "+/+,              {2}{1},              a/b,               ba",
        "#,                all/{topic},         a//b,              all/a//b",
        "#,                /{topic},            a,                 /a",
        "+/b,              {1}/x,               /b,                /x",
        "$SYS/#,           $up/{#},             $SYS/load,         $up/load",
    })
    void mapsTopics(String filter, String template, String topic, String expected) {
        assertThat(apply(template, filter, topic)).isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource({
        "a/#,   {3}/x,      a/b", // has no level 3
        "a/#,   {2-4},      a/b/c", // has no level 4
        "a/#,   {#},        a", // nothing is left
        "a/+,   {2},        a/$SYS", // reserved, and the template does not say so
        "a/#,   {#},        a/$SYS/x",
        "+/$x,  {2}/{1},    a/$x",
    })
    void refusesTopicsThatItCannotMapOrMustNot(String filter, String template, String topic) {
        assertThat(apply(template, filter, topic)).isNull();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"{0}", "{x}", "{4-2}", "{1-}", "{-#}", "a{", "a}", "{}", "a/+/b", "a/#", "{1}+", "", "{{1}}"})
    void refusesWhatIsNoTemplate(String text) {
        assertThatIllegalArgumentException().isThrownBy(() -> TopicTemplate.parse(text));
    }

    @ParameterizedTest
    @CsvSource({"a/+, {3}", "a/+, {#}", "a/b/c, {2-4}", "a, {2-#}", "$SYS/#, {topic}", "$SYS/+, {1}{2}", "a/$x/#, {2-#}"
    })
    void saysWhatAFilterCanNeverGive(String filter, String template) {
        assertThat(TopicTemplate.parse(template).impossibleFor(TopicFilter.of(filter)))
                .hasSize(1);
    }

    @ParameterizedTest
    @CsvSource({
        "a/#, {7}",
        "a/+, {2-#}",
        "a/+, {topic}",
        "a/#, x",
        "$SYS/#, {#}",
        "$SYS/#, $SYS/{#}",
        "$SYS/#, /{1}",
        "#, {#}"
    })
    void allowsWhatAFilterMayGive(String filter, String template) {
        assertThat(TopicTemplate.parse(template).impossibleFor(TopicFilter.of(filter)))
                .isEmpty();
    }

    @Test
    void leadsBackFromWhereSomebodyCanSubscribe() {
        String half = "x".repeat(40_000);

        assertThat(TopicTemplate.parse("b/{2}").inverse(TopicFilter.of("a/+")))
                .hasValueSatisfying(back -> assertThat(back.filter()).hasToString("b/+"));
        assertThat(TopicTemplate.parse("$share").inverse(TopicFilter.of("a"))).isEmpty();
        assertThat(TopicTemplate.parse("$share/{1}/b").inverse(TopicFilter.of("+")))
                .isEmpty();
        assertThat(TopicTemplate.parse("{topic}/" + half).inverse(TopicFilter.of(half)))
                .isEmpty();
        assertThat(TopicTemplate.parse("{topic}/" + half).image(TopicFilter.of(half), TopicFilter.of(half)))
                .isEmpty();
    }

    @Test
    void putsTogetherAgainWhatCapturesTookApart() {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        for (int i = 0; i < 20_000; i++) {
            List<String> levels = new ArrayList<>();
            int count = 1 + random.nextInt(6);
            for (int level = 0; level < count; level++) {
                levels.add(WORDS[random.nextInt(WORDS.length)]);
            }
            String name = String.join("/", levels);
            if (name.isEmpty() || name.startsWith("$")) {
                continue;
            }
            int cut = 1 + random.nextInt(count);
            String head = cut == 1 ? "{1}" : "{1-" + cut + "}";
            String filter = String.join("/", levels.subList(0, cut)) + "/#";
            String context = "seed " + seed + ", topic " + name + ", filter " + filter;

            assertThat(apply("{topic}", filter, name)).as(context).isEqualTo(name);
            assertThat(apply(head + "/{#}", filter, name)).as(context).isEqualTo(name);
            assertThat(apply(head + "/{" + (cut + 1) + "-#}", filter, name))
                    .as(context)
                    .isEqualTo(name);
        }
    }

    private static String apply(String template, String filter, String topic) {
        return TopicTemplate.parse(template)
                .apply(TopicFilter.of(filter), Topic.of(topic))
                .map(Topic::name)
                .orElse(null);
    }
}
