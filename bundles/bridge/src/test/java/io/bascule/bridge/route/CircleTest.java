/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.bridge.route;

import static org.assertj.core.api.Assertions.assertThat;

import io.bascule.api.Bridge.Direction;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CircleTest {

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                "x/#;                  x/#;                    x/#",
                "x/# -> y/{#};         y/# -> x/{#};           y/#",
                "x/# -> y/{#};         y/in/# -> x/in/{#};     y/in/#",
                "x/# -> x/up/{#};      x/# -> x/down/{#};      x/up/#",
                "a/+/c -> {2}/a;       +/a -> a/{1}/c;         +/a",
                "a/+ -> b-{2};         + -> a/{1};             +",
                "#;                    $SYS/# -> far/{#};      -",
                "a/b, c/d;             c/#;                    c/d",
                "x/# -> y/{#};         y -> x;                 y",
                "$SYS/# -> s/{#};      s/# -> $SYS/{#};        s/#",
                "a/# -> {#}/z;         +/z -> a/{1};           +/z",
            })
    void findsWhatGoesRound(String forward, String subscribe, String there) {
        List<Circle> circles = Circle.among(List.of(forward(forward), subscribe(subscribe)));

        if (there.equals("-")) {
            assertThat(circles).isEmpty();
        } else {
            assertThat(circles).singleElement().satisfies(circle -> {
                assertThat(circle.there()).hasToString(there);
                assertThat(circle.again()).isPresent();
            });
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                "x/#;               y/#",
                "x/# -> y/{#};      x/# -> y/{#}",
                "x/up/#;            x/down/#",
                "a/+ -> b/{2};      b/+/c -> a/{2}",
                "a/# -> b/{1}/{#};  b/b/#",
                "a/+ -> b/{2}/{2};  b/+",
                "x -> y;            y/+",
                // what would come back is not taken
                "x/#;                              x/# exclude=x/#",
                "x/a/#;                            x/# exclude=x/a/#,x/b",
                "x/# -> y/{#};                     y/# -> x/{#} exclude=y/#",
                // nor did it leave
                "x/# exclude=x/back/#;             x/back/#",
                "x/# -> y/{#} exclude=x/in/#;      y/in/# -> x/in/{#}",
                "a/+/c -> {2}/a exclude=a/b/c;     b/a -> a/b/c",
                "x/a, x/b exclude=x/b;             x/b",
            })
    void findsNothingWhereNothingComesBack(String forward, String subscribe) {
        assertThat(Circle.among(List.of(forward(forward), subscribe(subscribe))))
                .isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                "a/# -> b/{topic};  +/# -> {topic}",
                "x/# -> y/{#};      y/# -> z/{#}",
                "x -> y;            y -> x/y",
                "x/# exclude=x/in/#;                x/# -> x/in/{#}",
                "x/# -> y/{#} exclude=x/in/#;       y/# -> x/in/{#}",
            })
    void tellsWhatComesBackOnce(String forward, String subscribe) {
        assertThat(Circle.among(List.of(forward(forward), subscribe(subscribe))))
                .singleElement()
                .satisfies(circle -> assertThat(circle.again()).isEmpty());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                "x/#;                              x/# exclude=x/a/#",
                "x/#;                              x/# exclude=x/+/#", // x itself
                "x/# exclude=x/back/+;             x/back/#",
                "a/+ -> b exclude=a/1;             b -> a/2", // several topics leave under one name
                "a/+, b/+ -> {1}/x exclude=a/1;    +/x -> {1}/x",
                "#;                                # exclude=+/#", // a topic of one level
            })
    void staysWithTheWarningWhereSomethingIsLeft(String forward, String subscribe) {
        assertThat(Circle.among(List.of(forward(forward), subscribe(subscribe))))
                .singleElement()
                .satisfies(circle -> assertThat(circle.again()).isPresent());
    }

    @Test
    void knowsOfNoTopicThatIsTooLong() {
        Route out = forward("+/" + "x".repeat(40_000));
        Route back = subscribe("y".repeat(40_000) + "/+");

        assertThat(Circle.among(List.of(out, back))).isEmpty();
    }

    @Test
    void namesTheRoutesAndTheTopics() {
        Route out = forward("x/# -> y/{#}");
        Route back = subscribe("y/# -> z/{#}");
        Route again = RouteParser.parse(Direction.FORWARD, "again", "+/1 -> q");

        assertThat(Circle.among(List.of(out, again, back)))
                .singleElement()
                .hasToString("forward.out and subscribe.back overlap: what leaves as y/# comes back and is taken by"
                        + " forward.again once more");
    }

    private static Route forward(String rule) {
        return RouteParser.parse(Direction.FORWARD, "out", rule);
    }

    private static Route subscribe(String rule) {
        return RouteParser.parse(Direction.SUBSCRIBE, "back", rule);
    }
}
