/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.bridge.route;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.tuple;

import io.bascule.api.Bridge.Direction;
import io.bascule.api.LocalOptions;
import io.bascule.api.LocalOptions.Priority;
import io.bascule.api.Subscription;
import io.bascule.api.Subscription.RetainHandling;
import io.bascule.bridge.route.Queueing.Offline;
import io.bascule.mqtt.QoS;
import io.bascule.mqtt.Topic;
import io.bascule.mqtt.TopicFilter;
import io.bascule.mqtt.UserProperty;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RouteParserTest {

    @Test
    void readsFiltersTemplateAndOptions() {
        Route route = parse("alarms/#, sensors/+  ->  plant7/{topic}   qos=1  retain=strip");

        assertThat(route.filters()).extracting(TopicFilter::text).containsExactly("alarms/#", "sensors/+");
        assertThat(route.template()).hasToString("plant7/{topic}");
        assertThat(route.maximumQos()).isEqualTo(QoS.AT_LEAST_ONCE);
        assertThat(route.retain()).isEqualTo(Retain.STRIP);
    }

    @Test
    void keepsTopicQosAndRetainWhereNothingElseIsSaid() {
        Route route = parse("a/#");

        assertThat(route.map(Topic.of("a/b"))).contains(Topic.of("a/b"));
        assertThat(route.maximumQos()).isEqualTo(QoS.EXACTLY_ONCE);
        assertThat(route.retain()).isEqualTo(Retain.KEEP);
    }

    @Test
    void readsWhichQosMessagesCrossWith() {
        assertThat(crossing("a qos=exact:1")).containsExactly(QoS.AT_LEAST_ONCE, QoS.AT_LEAST_ONCE, QoS.AT_LEAST_ONCE);
        assertThat(crossing("a qos=exact:2")).containsOnly(QoS.EXACTLY_ONCE);
        assertThat(crossing("a qos=exact:0")).containsOnly(QoS.AT_MOST_ONCE);
        assertThat(crossing("a qos=max:1"))
                .containsExactly(QoS.AT_MOST_ONCE, QoS.AT_LEAST_ONCE, QoS.AT_LEAST_ONCE)
                .isEqualTo(crossing("a qos=1"));
        assertThat(crossing("a qos=keep")).containsExactly(QoS.values());
    }

    private static List<QoS> crossing(String rule) {
        Route route = parse(rule);
        return Stream.of(QoS.values()).map(route::crossing).toList();
    }

    @Test
    void asksTheSessionHereForMoreThanWasPublishedWithAndNotTheRemoteBroker() {
        Subscription here = parse("a qos=exact:1").subscriptions(true).get(0);
        assertThat(here.maximumQos()).isEqualTo(QoS.AT_LEAST_ONCE);
        assertThat(here.local().minimumQos()).isEqualTo(QoS.AT_LEAST_ONCE);

        Subscription there = RouteParser.parse(Direction.SUBSCRIBE, "r", "a qos=exact:1")
                .subscriptions(true)
                .get(0);
        assertThat(there.maximumQos()).isEqualTo(QoS.AT_LEAST_ONCE);
        assertThat(there.local()).isEqualTo(LocalOptions.NONE);
    }

    @Test
    void readsHowMessagesWait() {
        assertThat(parse("a").queueing()).isEqualTo(new Queueing(Offline.DROP, Priority.NORMAL));
        assertThat(local("a offline=drop priority=normal")).isEqualTo(LocalOptions.NONE);
        assertThat(local("a offline=latest priority=high"))
                .isEqualTo(new LocalOptions(QoS.AT_MOST_ONCE, true, Priority.HIGH));
        assertThat(local("a priority=low offline=queue"))
                .isEqualTo(new LocalOptions(QoS.AT_LEAST_ONCE, false, Priority.LOW));
    }

    private static LocalOptions local(String rule) {
        return parse(rule).subscriptions(true).get(0).local();
    }

    @Test
    void sendsWhatHasWaitedWithWhatTheRouteSays() {
        Route queued = parse("a offline=queue");
        assertThat(queued.sent(QoS.AT_LEAST_ONCE, QoS.AT_MOST_ONCE)).isEqualTo(QoS.AT_MOST_ONCE);
        assertThat(queued.sent(QoS.AT_LEAST_ONCE, QoS.AT_LEAST_ONCE)).isEqualTo(QoS.AT_LEAST_ONCE);
        assertThat(queued.sent(QoS.AT_LEAST_ONCE, QoS.EXACTLY_ONCE)).isEqualTo(QoS.AT_LEAST_ONCE);
        assertThat(queued.sent(QoS.EXACTLY_ONCE, QoS.AT_MOST_ONCE)).isEqualTo(QoS.EXACTLY_ONCE);
        assertThat(queued.subscriptions(true).get(0).maximumQos()).isEqualTo(QoS.EXACTLY_ONCE);

        Route lowered = parse("a qos=0 offline=queue");
        assertThat(lowered.subscriptions(true).get(0).maximumQos()).isEqualTo(QoS.AT_LEAST_ONCE);
        assertThat(lowered.sent(QoS.AT_LEAST_ONCE, QoS.EXACTLY_ONCE)).isEqualTo(QoS.AT_MOST_ONCE);

        assertThat(parse("a qos=exact:1").sent(QoS.AT_LEAST_ONCE, QoS.AT_MOST_ONCE))
                .isEqualTo(QoS.AT_LEAST_ONCE);
    }

    @Test
    void excludesTopics() {
        Route route = parse("a/#, b -> x/{topic} exclude=a/secret/#,a/+/raw");

        assertThat(route.map(Topic.of("a/b/c"))).contains(Topic.of("x/a/b/c"));
        assertThat(route.map(Topic.of("a/secret"))).isEmpty();
        assertThat(route.map(Topic.of("a/b/raw"))).isEmpty();
        assertThat(route.map(Topic.of("b"))).isPresent();
        assertThat(route.excludes(Topic.of("a/b/raw"))).isTrue();
        assertThat(route.excludes(Topic.of("c"))).isFalse();
    }

    @Test
    void forcesRetain() {
        assertThat(parse("a retain=force").retain().of(false)).isTrue();
        assertThat(parse("a retain=strip").retain().of(true)).isFalse();
        assertThat(parse("a").retain().of(true)).isTrue();
        assertThat(parse("a").retain().of(false)).isFalse();
    }

    @Test
    void comparesWhatIsRetained() {
        Route route = parse("a retain=diff");
        assertThat(route.retain()).isEqualTo(Retain.DIFF);
        assertThat(route.retain().of(true)).isTrue();
        assertThat(route.retain().of(false)).isFalse();
        assertThat(handling(route)).isEqualTo(RetainHandling.DO_NOT_SEND);
        List<Route> both = RouteParser.parseBoth("x", "a/# -> b/{#} retain=diff");
        assertThat(both).extracting(Route::retain).containsOnly(Retain.DIFF);
        assertThat(handling(both.get(1))).isEqualTo(RetainHandling.SEND_IF_NEW);
        assertThat(handling(RouteParser.parse(Direction.SUBSCRIBE, "r", "a retain=diff retain.handling=always")))
                .isEqualTo(RetainHandling.SEND);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                "a retain=diff retain.handling=never; if-new or always, not never",
                "a retain=diff interest=subscribed; leave one of them out",
                "$share/g/a retain=diff; shared subscription",
            })
    void refusesToCompareWhatIsNotSent(String rule, String reason) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> RouteParser.parse(Direction.SUBSCRIBE, "r", rule))
                .withMessageContaining(reason);
    }

    @Test
    void refusesToCompareWhatHasNoWayBack() {
        for (String rule : List.of(
                "sensors/+/v -> x",
                "a/+/+ -> x/{2}",
                "a/+/+ -> x/{1}/{3}",
                "a/+ -> x/{2}/{2}",
                "a/+ -> x/v{2}",
                "a/# -> x/{#}/{#}",
                "a/#, b/# -> x/{#}")) {
            for (Direction direction : Direction.values()) {
                assertThat(RouteParser.parse(direction, "r", rule))
                        .as("the control")
                        .isNotNull();
                assertThatIllegalArgumentException()
                        .as(rule)
                        .isThrownBy(() -> RouteParser.parse(direction, "r", rule + " retain=diff"))
                        .withMessageContaining("way back");
            }
        }
        for (String rule : List.of(
                "a/#, b/# -> x/{topic} retain=diff",
                "a/#, b/# retain=diff",
                "a/+/v, b/+/v -> x/{1}/{2} retain=diff",
                "a/+/# -> x/{#} retain=keep",
                "a -> b retain=diff")) {
            assertThat(parse(rule)).as(rule).isNotNull();
        }
    }

    @Test
    void sharesItsSubscriptionWithOthers() {
        Route route = parse("$share/g/a/+/#, b/+ -> x/{2}/{topic}");

        assertThat(route.map(Topic.of("a/1/z"))).contains(Topic.of("x/1/a/1/z"));
        assertThat(route.subscriptions(true))
                .extracting(each -> each.filter().text(), Subscription::noLocal)
                .containsExactly(tuple("$share/g/a/+/#", false), tuple("b/+", true));
    }

    @Test
    void readsWhenRetainedMessagesAreSent() {
        assertThat(handling(parse("a"))).isEqualTo(RetainHandling.SEND_IF_NEW);
        assertThat(handling(parse("a retain.handling=never"))).isEqualTo(RetainHandling.DO_NOT_SEND);
        assertThat(handling(RouteParser.parse(Direction.SUBSCRIBE, "r", "a retain.handling=always")))
                .isEqualTo(RetainHandling.SEND);
    }

    private static RetainHandling handling(Route route) {
        return route.subscriptions(false).get(0).retainHandling();
    }

    @Test
    void readsWhatBecomesOfProperties() {
        assertThat(parse("a response=map").edits()).isSameAs(Edits.NONE);
        Edits edits = parse("a/# -> b expiry=90s response=keep property.From-Where={bridge}/{topic}={time} qos=1")
                .edits();
        assertThat(edits.expiry()).contains(Duration.ofSeconds(90));
        assertThat(edits.keepsResponseTopic()).isTrue();
        assertThat(edits.properties()).containsExactly(new UserProperty("From-Where", "{bridge}/{topic}={time}"));
    }

    @Test
    void goesTheSameWayBackWithTheSameEdits() {
        List<Route> both = RouteParser.parseBoth("x", "a/# -> b/{#} expiry=1h property.by={bridge}");
        assertThat(both)
                .extracting(Route::edits)
                .extracting(Edits::expiry)
                .containsOnly(Optional.of(Duration.ofHours(1)));
        assertThat(both.get(1).edits().properties()).containsExactly(new UserProperty("by", "{bridge}"));
    }

    @Test
    void readsOptionsWithoutATemplate() {
        Route route = parse("a/#, b qos=max:1 retain=keep");

        assertThat(route.filters()).hasSize(2);
        assertThat(route.maximumQos()).isEqualTo(QoS.AT_LEAST_ONCE);
        assertThat(parse("a qos=keep").maximumQos()).isEqualTo(QoS.EXACTLY_ONCE);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                "a/# -> b/{#} qos=3; no QoS",
                "a/# -> b/{#} quality=1; no option quality",
                "a/# -> b/{#} retain=yes; keep, strip, force or diff",
                "$share/g/a/# -> b/{#} retain=diff; of which a shared subscription such as $share/g/a/# has none",
                "a retain=diff retain.handling=if-new; leave retain.handling out",
                "a/# exclude=a/b#; wildcard takes a whole level",
                "a/# exclude=; at least one character",
                "a/# exclude=$share/g/a; is shared",
                "a/# exclude=a/b,b/#; exclude=b/# excludes nothing",
                "a/# -> b/{#} qos=1 qos=2; given twice",
                "a/# -> b/{#} qos = 1; name=value",
                "a/#->b; space on both sides",
                "a/# ->; template after -> is missing",
                "-> b; a topic filter is missing",
                "a,,b; a topic filter is missing",
                "a b -> c; has a space",
                "a/b# -> c; wildcard takes a whole level",
                "a retain.handling=2; if-new, always or never",
                "a retain.handling=always; subscribe routes",
                "a/#, a/+ -> c; match the same topics",
                "a/+ -> {3}; names level 3",
                "a/+ -> x/{#}; needs a #",
                "$SYS/#; {topic} begins with what is reserved in $SYS/#; a template has to say",
                "a, $SYS/# -> {topic}; is reserved in $SYS/#",
                "$SYS/broker/load/# -> {1}/x; is reserved",
                "$share/g/$SYS/+ -> {1-2}; is reserved",
                "a expiry=0s; 1s to 49710d",
                "a expiry=49711d; 1s to 49710d",
                "a expiry=1500ms; whole seconds",
                "a expiry=60; no unit",
                "a response=maybe; map or keep",
                "a interest=sometimes; allowed is always or subscribed",
                "a interest=subscribed; is possible for subscribe routes",
                "a property.=x; lacks its name",
                "a property.x={y}; has {y}",
                "a property.x={topic; has a brace by itself",
                "a property.bascule-hop=x; keep for ourselves",
                "a -> b/+; wildcard outside braces",
                "a offline=keep; offline=keep is not possible; allowed is drop, latest or queue",
                "a priority=9; priority=9 is not possible; allowed is high, normal or low",
                "a qos=exact:1 offline=queue; offline is of QoS 0",
                "a qos=exact:3; qos=exact:3 is no QoS",
            })
    void refusesWhatIsNoRoute(String rule, String reason) {
        assertThatIllegalArgumentException().isThrownBy(() -> parse(rule)).withMessageContaining(reason);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                "x/#;                                x/#",
                "x/#, y qos=1;                       x/#, y qos=1",
                "x/# offline=queue priority=low qos=1; x/# qos=1",
                "x/# -> y/{#} priority=high qos=1;   y/# -> x/{#} qos=1",
                "alarms/# -> plant7/alarms/{#};      plant7/alarms/# -> alarms/{#}",
                "s/+/value -> p/{2}/value retain=strip; p/+/value -> s/{2}/value retain=strip",
                "a/+/b/+ -> x/{4}/{2};               x/+/+ -> a/{3}/b/{2}",
                "a/+/+/# -> {2-#}/;                  -",
                "a/+/+/# -> x/{2-#};                 x/+/+/# -> a/{2}/{3}/{#}",
                "a/+/# -> {topic};                   a/+/# -> a/{2}/{#}",
                "# -> site7/{#};                     site7/# -> {#}",
                "a/+/# -> x/{2}/{#} exclude=a/b/#,a/+/c qos=1; x/+/# -> a/{2}/{#} exclude=x/b/#,x/+/c qos=1",
                "x/# exclude=x/y;                    x/# exclude=x/y",
                "a/# -> b/{#} property.exclude=no exclude=a/c; b/# -> a/{#} property.exclude=no exclude=b/c",
                "a->b/# -> c/{#} qos=1;              c/# -> a->b/{#} qos=1",
                "a/b -> {1}//c;                      a//c -> a/b",
                "a/+ -> {2};                         + -> a/{1}",
                "a/+ -> x/{2}/{2};                   -",
                "a/+ -> x;                           -",
                "a/+ -> x-{2};                       -",
                "a/# -> x/{2};                       -",
                "a/# -> x/{3-#};                     -",
                "a/# -> {#}/x;                       -",
                "a/+/# -> {#}/{2};                   -",
                "a/+/# -> x/{#};                     -",
                "a/#, b/# -> x/{topic};              -",
                "$SYS/# -> x/{#};                    -",
                "$share/g/a/#;                       -",
                "$share/g/a/# -> b/{#};              -",
            })
    void leadsTheSameWayBack(String rule, String back) {
        if (back.equals("-")) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> RouteParser.parseBoth("r", rule))
                    .withMessageMatching(".*(no way back|different ways back).*");
        } else {
            assertThat(RouteParser.parseBoth("r", rule))
                    .extracting(Route::direction, Route::rule)
                    .containsExactly(tuple(Direction.FORWARD, rule), tuple(Direction.SUBSCRIBE, back));
        }
    }

    @Test
    void takesNoSubscribeRouteWhoseMessagesWaitElsewhere() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> RouteParser.parse(Direction.SUBSCRIBE, "r", "a offline=queue priority=high"))
                .withMessageContainingAll("offline is possible for forward routes", "priority is possible for forward");
    }

    @Test
    void namesEveryErrorAtOnce() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> parse("a/+ -> {3}/{#} qos=9"))
                .withMessageContainingAll("{3}", "{#}", "qos=9");
    }

    private static Route parse(String rule) {
        return RouteParser.parse(Direction.FORWARD, "r", rule);
    }
}
