/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.bridge.route;

import static org.assertj.core.api.Assertions.assertThat;

import io.bascule.api.Bridge.Direction;
import io.bascule.config.TopicTemplate;
import io.bascule.mqtt.Topic;
import io.bascule.mqtt.TopicFilter;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Assume;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/** What a route asks of the remote broker for what is subscribed to here. */
class NarrowingTest {
    private static final List<Topic> TOPICS = topics();

    // ---------------------------------------------------------------- for every topic of a small world

    @Property(tries = 3000, maxDiscardRatio = 50)
    void everythingThatAnybodyHereWantsIsAskedForAndNothingOutsideTheRoute(
            @ForAll("filters") TopicFilter filter,
            @ForAll("templates") TopicTemplate template,
            @ForAll("several") List<TopicFilter> subscribed) {
        Assume.that(template.impossibleFor(filter).isEmpty());
        Route route = route(filter + " -> " + template);
        Narrowing narrowing = new Narrowing(route, filter);
        Set<TopicFilter> asked = narrowing.narrowed(subscribed, Set.of()).orElseThrow();

        assertDisjoint(asked);
        assertThat(asked)
                .allSatisfy(each -> assertThat(Filters.covers(filter, each))
                        .as("%s within %s", each, filter)
                        .isTrue());
        for (Topic topic : TOPICS) {
            Optional<Topic> here = route.map(topic);
            boolean wanted = here.isPresent() && subscribed.stream().anyMatch(each -> each.matches(here.get()));
            if (wanted) {
                assertThat(asked)
                        .as("%s, which comes as %s", topic, here)
                        .anySatisfy(each -> assertThat(each.matches(topic)).isTrue());
            }
        }
    }

    /** Not what others might want: with one subscription only it is exact, where there is a way back. */
    @Property(tries = 1000, maxDiscardRatio = 50)
    void nothingIsAskedForThatASingleSubscriptionDoesNotWant(
            @ForAll("filters") TopicFilter filter,
            @ForAll("templates") TopicTemplate template,
            @ForAll("filters") TopicFilter subscribed) {
        Assume.that(template.impossibleFor(filter).isEmpty());
        Assume.that(template.inverse(filter).isPresent());
        Route route = route(filter + " -> " + template);
        Set<TopicFilter> asked = new Narrowing(route, filter)
                .narrowed(List.of(subscribed), Set.of())
                .orElseThrow();

        for (Topic topic : TOPICS) {
            route.map(topic)
                    .filter(here -> asked.stream().anyMatch(each -> each.matches(topic)))
                    .ifPresent(here -> assertThat(subscribed.matches(here))
                            .as("%s, which comes as %s, is asked for by %s", topic, here, asked)
                            .isTrue());
        }
    }

    @Property(tries = 2000)
    void disjointFiltersMatchWhatTheOthersMatchInAnyOrder(@ForAll("several") List<TopicFilter> several) {
        DisjointFilters disjoint = new DisjointFilters(Set.of());
        several.forEach(disjoint::add);

        assertDisjoint(disjoint.filters());
        assertThat(several)
                .allSatisfy(each -> assertThat(disjoint.filters())
                        .as("one that has all of %s", each)
                        .anySatisfy(
                                wider -> assertThat(Filters.covers(wider, each)).isTrue()));
    }

    @Property(tries = 2000)
    void aTreeFindsWhatOverlapsAndNothingElse(
            @ForAll("several") List<TopicFilter> several,
            @ForAll("several") List<TopicFilter> removed,
            @ForAll("filters") TopicFilter asked) {
        FilterTree<String> tree = new FilterTree<>();
        several.forEach(each -> tree.put(each, each.text()));
        List<TopicFilter> left = new ArrayList<>(several);
        removed.stream().filter(left::contains).distinct().forEach(each -> {
            tree.remove(each);
            left.removeIf(each::equals);
        });

        List<TopicFilter> expected =
                left.stream().filter(each -> Filters.overlap(each, asked)).toList();
        assertThat(tree.overlapping(asked, (filter, text) -> true).isPresent()).isEqualTo(!expected.isEmpty());
        assertThat(expected)
                .allSatisfy(each -> assertThat(tree.overlapping(asked, (filter, text) -> text.equals(each.text())))
                        .contains(each));
    }

    private static void assertDisjoint(Set<TopicFilter> filters) {
        for (TopicFilter one : filters) {
            for (TopicFilter other : filters) {
                assertThat(one == other || !Filters.overlap(one, other))
                        .as("%s and %s of %s", one, other, filters)
                        .isTrue();
            }
        }
    }

    // ---------------------------------------------------------------- examples

    @Example
    void asksForWhatIsSubscribedToByItsNameThere() {
        assertThat(narrowed("plant7/cmd/# -> cmd/{#}", "cmd/pump/+")).containsExactly("plant7/cmd/pump/+");
        assertThat(narrowed("plant7/cmd/# -> cmd/{#}", "cmd")).containsExactly("plant7/cmd");
        assertThat(narrowed("plant7/cmd/# -> cmd/{#}", "+/start")).containsExactly("plant7/cmd/start");
        assertThat(narrowed("plant7/cmd/# -> cmd/{#}", "#")).containsExactly("plant7/cmd/#");
        assertThat(narrowed("plant7/cmd/# -> cmd/{#}", "other/x")).isEmpty();
        assertThat(narrowed("a/+/b/+ -> {4}/{2}", "x/y")).containsExactly("a/y/b/x");
        assertThat(narrowed("$SYS/# -> remote/{#}", "remote/broker/+")).containsExactly("$SYS/broker/+");
        assertThat(narrowed("a/#", "a/x", "a/y")).containsExactlyInAnyOrder("a/x", "a/y");
    }

    @Example
    void leavesOutWhatIsCovered() {
        assertThat(narrowed("p/# -> {#}", "cmd/pump/+", "cmd/#", "cmd/x")).containsExactly("p/cmd/#");
    }

    @Example
    void makesOneOfTwoThatOverlap() {
        assertThat(narrowed("p/# -> {#}", "a/+/x", "a/b/+")).containsExactly("p/a/+/+");
        assertThat(narrowed("p/# -> {#}", "a/+/x", "a/b/#")).containsExactly("p/a/+/#");
        assertThat(narrowed("p/# -> {#}", "a/+/x", "a/b/+", "a/c/d", "b")).containsExactlyInAnyOrder("p/a/+/+", "p/b");
    }

    @Example
    void asksForAllOrNothingWhereThereIsNoWayBack() {
        assertThat(narrowed("a/+/# -> flat/{2}", "flat/x")).containsExactly("a/+/#");
        assertThat(narrowed("a/+ -> x{2}", "xy")).containsExactly("a/+");
        assertThat(narrowed("a/+ -> x{2}", "x/y")).isEmpty();
    }

    @Example
    void leavesOutWhatTheRouteExcludes() {
        assertThat(narrowed("p/# -> {#} exclude=p/secret/#", "secret/x", "open/x"))
                .containsExactly("p/open/x");
        assertThat(narrowed("p/# -> {#} exclude=p/secret/#", "#")).containsExactly("p/#");
    }

    /** Somebody who wants what the bridge may not have is not to take from others what they have. */
    @Example
    void asksForTheOthersWhereTheRemoteBrokerHasRefusedOne() {
        assertThat(narrowedWithout("p/cmd/#", "p/# -> {#}", "cmd/#", "cmd/x")).containsExactly("p/cmd/x");
        assertThat(narrowedWithout("p/a/+/+", "p/# -> {#}", "a/+/x", "a/b/+"))
                .containsExactlyInAnyOrder("p/a/+/x", "p/a/b/+");
    }

    private static List<String> narrowed(String rule, String... subscribed) {
        return narrowedWithout("nothing", rule, subscribed);
    }

    private static List<String> narrowedWithout(String refused, String rule, String... subscribed) {
        Route route = route(rule);
        List<TopicFilter> filters = Stream.of(subscribed).map(TopicFilter::of).toList();
        return new Narrowing(route, route.filters().get(0))
                .narrowed(filters, Set.of(TopicFilter.of(refused))).orElseThrow().stream()
                        .map(TopicFilter::text)
                        .toList();
    }

    /** All of them meet at every level but the last. */
    @Example
    void givesUpWhereSomebodyHasThoughtUpFiltersThatTakeLongToCompare() {
        Random random = new Random(7);
        List<TopicFilter> intricate = IntStream.range(0, 1000)
                .mapToObj(i -> TopicFilter.of(random.ints(100, 0, 2)
                        .mapToObj(level -> level == 0 ? "+/" : "a/")
                        .collect(Collectors.joining("", "", String.valueOf(i)))))
                .toList();
        List<TopicFilter> plain = IntStream.range(0, 1000)
                .mapToObj(i -> TopicFilter.of("line/" + i % 10 + "/" + i + "/#"))
                .toList();
        Route route = route("p/# -> {#}");
        Narrowing narrowing = new Narrowing(route, route.filters().get(0));

        assertThat(narrowing.narrowed(intricate, Set.of())).isEmpty();
        assertThat(narrowing.narrowed(plain, Set.of()).orElseThrow()).hasSize(1000);
    }

    private static Route route(String rule) {
        return RouteParser.parse(Direction.SUBSCRIBE, "r", rule);
    }

    // ---------------------------------------------------------------- a small world

    @Provide
    Arbitrary<TopicFilter> filters() {
        return new FiltersTest().filters();
    }

    @Provide
    Arbitrary<List<TopicFilter>> several() {
        return filters().list().ofMaxSize(6);
    }

    @Provide
    Arbitrary<TopicTemplate> templates() {
        Arbitrary<TopicTemplate> invertible = Arbitraries.of(
                        "a/{#}", "{#}", "{2}/{1}", "b/{1}/{2}/{#}", "{2-#}", "{topic}", "a/{topic}", "{2}/b/{#}")
                .map(TopicTemplate::parse);
        return Arbitraries.oneOf(invertible, new FiltersTest().templates());
    }

    private static List<Topic> topics() {
        List<String> words = List.of("a", "b", "$x", "");
        List<String> names = new ArrayList<>(words);
        List<String> longest = names;
        for (int levels = 2; levels <= 4; levels++) {
            longest = longest.stream()
                    .flatMap(start -> words.stream().map(word -> start + "/" + word))
                    .collect(Collectors.toList());
            names = new ArrayList<>(names);
            names.addAll(longest);
        }
        return names.stream().filter(name -> !name.isEmpty()).map(Topic::of).toList();
    }
}
