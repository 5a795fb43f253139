/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.bridge.config;

import static org.assertj.core.api.Assertions.assertThat;

import io.bascule.bridge.route.Route;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Where {@code interest=subscribed} may stand. */
class OnDemandTest {
    private final Map<String, String> file = new HashMap<>(Map.of("server", "mqtt://h"));

    private List<String> errors() {
        return BridgeReader.read("x", file).errors();
    }

    private List<Boolean> onDemand() {
        return BridgeReader.read("x", file).definition().orElseThrow().routes().stream()
                .map(Route::onDemand)
                .toList();
    }

    @Test
    void standsInASubscribeRouteAndInTheWayBackOfOneBothWays() {
        file.put("subscribe.a", "a/# interest=subscribed");
        file.put("subscribe.b", "b/# interest=always");
        file.put("subscribe.c", "c/#");
        assertThat(onDemand()).containsExactly(true, false, false);

        file.clear();
        file.putAll(Map.of("server", "mqtt://h", "both.a", "a/# interest=subscribed qos=1"));
        assertThat(onDemand()).containsExactly(false, true);
        file.put("both.a", "a/# -> b/{#} interest=subscribed exclude=a/x");
        assertThat(onDemand()).containsExactly(false, true);
    }

    @Test
    void isNotForWhatGoesOut() {
        file.put("forward.a", "a/# interest=subscribed");
        assertThat(errors())
                .containsExactly(
                        "forward.a: interest=subscribed is possible for subscribe routes; what the clients of the remote broker want"
                                + " nobody says to this one, so write it in the subscribe route of a bridge on the other side");
    }

    @Test
    void isNotForWhatIsShared() {
        file.put("subscribe.a", "$share/g/a/# interest=subscribed");
        assertThat(errors())
                .containsExactly(
                        "subscribe.a: interest=subscribed is not possible for $share/g/a/#: those who share a filter have to be"
                                + " subscribed to the same one");
    }

    @Test
    void leavesARouteItsTopicsForItself() {
        file.put("subscribe.a", "a/# -> x/{#} interest=subscribed");
        file.put("subscribe.b", "a/+/c -> y/{2}");
        assertThat(errors())
                .containsExactly(
                        "subscribe.a: a/# and a/+/c of another subscribe route match the same topics; with interest=subscribed a"
                                + " route has its topics for itself");

        file.put("subscribe.b", "$share/g/a/# -> y/{#}");
        assertThat(errors()).hasSize(1);
        file.put("subscribe.b", "$share/g/$share//x -> y");
        assertThat(errors()).isEmpty();
        file.remove("subscribe.b");
        file.put("forward.b", "a/#");
        file.put("subscribe.c", "b/#");
        assertThat(errors()).isEmpty();
    }

    @Test
    void isReadBesideFiltersThatTogetherAreTooLong() {
        file.put("subscribe.a", "+/" + "x".repeat(40_000) + " interest=subscribed");
        file.put("subscribe.b", "y".repeat(40_000) + "/+ -> b/{2}");

        assertThat(errors()).singleElement().asString().startsWith("subscribe.a: +/xx");
    }
}
