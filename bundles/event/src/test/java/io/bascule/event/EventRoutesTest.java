/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.event;

import static org.assertj.core.api.Assertions.assertThat;

import io.bascule.mqtt.QoS;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class EventRoutesTest {
    private static final String PID = "io.bascule.eventadmin";

    @Test
    void readsRoutesOfBothDirectionsByName() {
        EventRoutes read = read(Map.of(
                "out.b", "plant/alarm/* -> alarms/{#} qos=2 retain=true payload=text",
                "out.a", "plant/state",
                "in.c", "cmd/+/set -> plant/{2}",
                "queue.bytes", "1MiB"));

        assertThat(read.errors()).isEmpty();
        assertThat(read.queueBytes()).isEqualTo(1 << 20);
        assertThat(read.in()).singleElement().satisfies(route -> {
            assertThat(route.name()).isEqualTo("c");
            assertThat(route.filter().text()).isEqualTo("cmd/+/set");
        });
        assertThat(read.out()).extracting(OutRoute::name).containsExactly("a", "b");
        OutRoute alarms = read.out().get(1);
        assertThat(alarms.eventFilter()).isEqualTo("plant/alarm/*");
        assertThat(alarms.qos()).isEqualTo(QoS.EXACTLY_ONCE);
        assertThat(alarms.retain()).isTrue();
        assertThat(alarms.payload()).isEqualTo("text");
    }

    @Test
    void publishesAtLeastOnceAndNotRetainedUnlessTheRouteSaysOtherwise() {
        OutRoute route = read(Map.of("out.a", "*")).out().get(0);

        assertThat(route.qos()).isEqualTo(QoS.AT_LEAST_ONCE);
        assertThat(route.retain()).isFalse();
        assertThat(route.payload()).isEqualTo("mqtt.payload");
    }

    @ParameterizedTest
    @CsvSource({"io.bascule.eventadmin~plant-7, plant-7", "io.bascule.eventadmin.0a1b, 0a1b"})
    void takesItsNameFromTheFile(String pid, String name) {
        assertThat(read(Map.of("service.pid", pid, "out.a", "*")).name()).isEqualTo(name);
    }

    @Test
    void saysAllThatIsWrongAtOnce() {
        List<String> errors = read(Map.of("out.a", "a/*/b", "in.b", "x/#/y", "ot.c", "a", "queue.bytes", "12 apples"))
                .errors();

        assertThat(errors)
                .hasSize(4)
                .anySatisfy(error -> assertThat(error).startsWith("out.a: \"a/*/b\" is no filter of event topics"))
                .anySatisfy(error -> assertThat(error).startsWith("in.b: # is the last level"))
                .anySatisfy(error -> assertThat(error).isEqualTo("ot.c: is not a key; did you mean out.c?"))
                .anySatisfy(error -> assertThat(error).startsWith("queue.bytes: "));
    }

    @Test
    void needsARoute() {
        assertThat(read(Map.of("queue.bytes", "1MiB")).errors())
                .containsExactly("out.<name>: there is no route; give at least one out.<name> or in.<name>");
    }

    @Test
    void needsANameForARoute() {
        assertThat(read(Map.of("in.", "a")).errors()).containsExactly("in.: the route lacks a name; write in.<name>");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/a",
                "a/",
                "a//b",
                "a/#",
                "a/+",
                "a*",
                "*/a",
                "ä",
                "a b",
                "$SYS",
                "a ->",
                "a -> b c",
                "a -> +/b",
                "a -> {2}",
                "a -> {#}",
                "a qos=3",
                "a qos=1 qos=1",
                "a retain=strip",
                "a payload=",
                "a colour=red"
            })
    void refusesWhatIsNoWayOut(String line) {
        assertThat(read(Map.of("out.a", line)).errors())
                .singleElement()
                .satisfies(error -> assertThat(error).startsWith("out.a: "));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "a/#/b",
                "a+",
                "$share/g/a",
                "$SYS/#",
                "a -> b.c",
                "a -> b/*",
                "a -> {2}",
                "+ -> {#}",
                "a qos=1",
                "a, b",
            })
    void refusesWhatIsNoWayIn(String line) {
        assertThat(read(Map.of("in.a", line)).errors())
                .singleElement()
                .satisfies(error -> assertThat(error).startsWith("in.a: "));
    }

    private static EventRoutes read(Map<String, String> properties) {
        return EventRoutes.read(PID, properties);
    }
}
