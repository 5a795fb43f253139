/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.bridge.route;

import static org.assertj.core.api.Assertions.assertThat;

import io.bascule.config.TopicTemplate;
import io.bascule.mqtt.Topic;
import io.bascule.mqtt.TopicFilter;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Assume;
import net.jqwik.api.Combinators;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/** What is said of two filters, and of what a template makes of one, is so for every topic of a small world. */
class FiltersTest {
    private static final List<String> WORDS = List.of("a", "b", "$x", "");
    /** Every topic of up to four of the words. */
    private static final List<Topic> TOPICS = topics();

    @Property(tries = 500)
    void anIntersectionMatchesWhatBothMatch(@ForAll("filters") TopicFilter one, @ForAll("filters") TopicFilter other) {
        Optional<TopicFilter> both = Filters.intersection(one, other);

        for (Topic topic : TOPICS) {
            assertThat(both.filter(filter -> filter.matches(topic)).isPresent())
                    .as("%s and %s, %s at %s", one, other, both, topic)
                    .isEqualTo(one.matches(topic) && other.matches(topic));
        }
    }

    @Property(tries = 500)
    void anImageMatchesWhatTheTemplateMakes(
            @ForAll("filters") TopicFilter filter,
            @ForAll("filters") TopicFilter other,
            @ForAll("templates") TopicTemplate template) {
        Assume.that(template.impossibleFor(filter).isEmpty());
        Optional<TopicFilter> topics = Filters.intersection(filter, other);
        Assume.that(topics.isPresent());

        Optional<TopicFilter> image = template.image(filter, topics.get());

        TOPICS.stream()
                .filter(topic -> topics.get().matches(topic))
                .forEach(topic -> template.apply(filter, topic)
                        .ifPresent(made -> assertThat(image)
                                .as("%s -> %s at %s makes %s", topics.get(), template, topic, made)
                                .hasValueSatisfying(
                                        it -> assertThat(it.matches(made)).isTrue())));
    }

    @Property(tries = 500, maxDiscardRatio = 50)
    void anInverseLeadsBackToWhereATopicCameFrom(
            @ForAll("filters") TopicFilter filter, @ForAll("templates") TopicTemplate template) {
        Assume.that(template.impossibleFor(filter).isEmpty());
        Optional<TopicTemplate.Inverse> inverse = template.inverse(filter);
        Assume.that(inverse.isPresent());

        TOPICS.stream()
                .filter(filter::matches)
                .forEach(topic -> template.apply(filter, topic).ifPresent(made -> {
                    assertThat(inverse.get().filter().matches(made))
                            .as("%s at %s", inverse, made)
                            .isTrue();
                    assertThat(inverse.get().template().apply(inverse.get().filter(), made))
                            .as("%s -> %s back by %s at %s", filter, template, inverse, made)
                            .satisfiesAnyOf(
                                    back -> assertThat(back).contains(topic),
                                    back -> assertThat(back).isEmpty());
                }));
    }

    @Example
    void anImageMatchesNoMoreThanItMust() {
        assertThat(image("a/#", "b/{#}", "a/#")).contains("b/#");
        assertThat(image("a/#", "b/{#}", "a/c/+")).contains("b/c/+");
        assertThat(image("a/#", "b/{#}", "a")).contains("b");
        assertThat(image("a/+/c", "x{2}/{1}", "a/b/c")).contains("xb/a");
        assertThat(image("a/+/c", "x{2}/{1}", "a/+/c")).contains("+/a");
        assertThat(image("a/#", "{3}", "a/b")).isEmpty();
        assertThat(image("a/#", "{2-3}/x", "a/b/#")).contains("b/+/x");
    }

    @Example
    void answersForFiltersOfAnyLength() {
        TopicFilter one = TopicFilter.of("+/" + "x".repeat(40_000));
        TopicFilter other = TopicFilter.of("y".repeat(40_000) + "/+");

        assertThat(Filters.intersection(one, other)).isEmpty();
        assertThat(Filters.covers(one, other)).isFalse();
        assertThat(Filters.covers(TopicFilter.of("+/+"), other)).isTrue();
        assertThat(Filters.overlap(one, TopicFilter.of("#"))).isTrue();
        assertThat(Filters.overlap(one, other)).isTrue();
    }

    private static Optional<String> image(String filter, String template, String topics) {
        return TopicTemplate.parse(template)
                .image(TopicFilter.of(filter), TopicFilter.of(topics))
                .map(TopicFilter::text);
    }

    @Provide
    Arbitrary<TopicFilter> filters() {
        Arbitrary<List<String>> levels =
                Arbitraries.of("a", "b", "$x", "", "+", "+").list().ofMinSize(1).ofMaxSize(4);
        return Combinators.combine(levels, Arbitraries.of(true, false))
                .as((list, open) -> String.join("/", list) + (open ? "/#" : ""))
                .filter(text -> !text.isEmpty())
                .map(TopicFilter::of);
    }

    @Provide
    Arbitrary<TopicTemplate> templates() {
        return Arbitraries.of(
                        "a", "b", "", "{1}", "{2}", "{3}", "{2-3}", "{2-#}", "{#}", "{topic}", "x{1}", "{2}-{1}",
                        "y{2-#}")
                .list()
                .ofMinSize(1)
                .ofMaxSize(3)
                .map(levels -> String.join("/", levels))
                .filter(text -> !text.isEmpty())
                .map(TopicTemplate::parse);
    }

    private static List<Topic> topics() {
        List<Topic> topics = new ArrayList<>();
        for (int levels = 1; levels <= 4; levels++) {
            int count = (int) Math.pow(WORDS.size(), levels);
            for (int i = 0; i < count; i++) {
                int number = i;
                String name = String.join(
                        "/",
                        IntStream.range(0, levels)
                                .mapToObj(
                                        level -> WORDS.get(number / (int) Math.pow(WORDS.size(), level) % WORDS.size()))
                                .toList());
                if (!name.isEmpty()) {
                    topics.add(Topic.of(name));
                }
            }
        }
        return topics;
    }
}
