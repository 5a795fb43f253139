/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.bridge.link;

import static org.assertj.core.api.Assertions.assertThat;

import io.bascule.mqtt.QoS;
import io.bascule.mqtt.ReasonCode;
import io.bascule.mqtt.TopicFilter;
import io.bascule.transport.ControlPacket.ServerProperties;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** A link that asks the remote broker for what somebody here is subscribed to. */
class InterestTest extends InterestFixture {

    @Test
    void subscribesToNothingWhereNobodyIsSubscribed() {
        assertThat(connectAndTell()).isEmpty();
    }

    @Test
    void beginsWithWhatIsSubscribedToWhenItConnects() {
        broker.subscribeHere(remote.loop, "near/pump/+", "elsewhere/#");
        assertThat(connectAndTell()).containsExactly("+down/pump/+");
        assertThat(broker.interests).singleElement().satisfies(interest -> {
            assertThat(interest.range).hasToString("near/#");
            assertThat(interest.exceptClientId).isEqualTo("bridge:test");
        });
    }

    @Test
    void followsWhoComesAndGoes() {
        connectAndTell();
        assertThat(subscribeHere("near/a")).containsExactly("+down/a");
        assertThat(subscribeHere("near/b")).containsExactly("+down/b");
        assertThat(unsubscribeHere("near/a")).containsExactly("-down/a");
        assertThat(subscribeHere("elsewhere")).isEmpty();
        assertThat(known()).containsExactly("down/b");
    }

    @Test
    void asksForTheWiderOneBeforeItLeavesTheNarrowerOnes() {
        connectAndTell();
        subscribeHere("near/a", "near/b");

        assertThat(subscribeHere("near/#")).containsExactly("+down/#", "-down/a", "-down/b");
        assertThat(subscribeHere("near/c")).as("covered").isEmpty();
        assertThat(unsubscribeHere("near/#"))
                .containsExactlyInAnyOrder("+down/a", "+down/b", "+down/c", "-down/#")
                .endsWith("-down/#");
    }

    @Test
    void leavesNothingBeforeTheOthersAreGranted() {
        connectAndTell();
        subscribeHere("near/a");
        broker.subscribeHere(remote.loop, "near/#");
        remote.loop.advance(PAUSE);

        assertThat(said(false)).containsExactly("+down/#");
        remote.subAck();
        assertThat(said(true)).containsExactly("+down/#", "-down/a");
    }

    @Test
    void followsManyChangesAtOnce() {
        connectAndTell();
        remote.loop.advance(PAUSE);
        broker.subscribeHere(remote.loop, "near/first");
        assertThat(said(true)).as("at once").containsExactly("+down/first");

        for (int i = 0; i < 50; i++) {
            broker.subscribeHere(remote.loop, "near/" + i);
        }
        assertThat(said(true)).isEmpty();
        remote.loop.advance(PAUSE);
        assertThat(remote.packets).hasSize(1);
        assertThat(said(true)).hasSize(50);
    }

    @Test
    void saysNothingOfWhatComesAndGoesWithinTheTenthOfASecond() {
        connectAndTell();
        remote.loop.advance(PAUSE);
        broker.subscribeHere(remote.loop, "near/first");
        assertThat(said(true)).containsExactly("+down/first");

        broker.subscribeHere(remote.loop, "near/a");
        broker.unsubscribeHere(remote.loop, "near/a");
        assertThat(follow()).isEmpty();
    }

    @Test
    void knowsWhatChangedWhileItWasNotConnected() {
        connectAndTell();
        subscribeHere("near/a", "near/b");
        remote.close("lost");
        broker.unsubscribeHere(remote.loop, "near/a");
        broker.subscribeHere(remote.loop, "near/c");
        remote.loop.advance(Duration.ofMinutes(1));
        remote.open();
        remote.connAck(true, ServerProperties.NONE);
        broker.opened(remote.loop);

        assertThat(said(true)).containsExactlyInAnyOrder("+down/b", "+down/c");
        assertThat(said(true)).containsExactly("-down/a");
        assertThat(known()).containsExactlyInAnyOrder("down/b", "down/c");
    }

    @Test
    void leavesWhatItsForerunnerHasLeftBehind() {
        remoteSession.subscribing(List.of(TopicFilter.of("down/#"), TopicFilter.of("down/old")));
        broker.subscribeHere(remote.loop, "near/a");

        assertThat(connectAndTell()).containsExactly("+down/a", "-down/#", "-down/old");
        assertThat(known()).containsExactly("down/a");
    }

    @Test
    void asksForAllWhereTooManyFiltersAreWanted() {
        String[] many = IntStream.rangeClosed(0, Demand.MOST_FILTERS)
                .mapToObj(i -> "near/" + i)
                .toArray(String[]::new);
        broker.subscribeHere(remote.loop, many);
        assertThat(connectAndTell()).containsExactly("+down/#");

        assertThat(unsubscribeHere("near/0")).hasSize(Demand.MOST_FILTERS + 1).endsWith("-down/#");
    }

    @Test
    void asksForAllWhereTheFiltersAreTooLong() {
        String level = "x".repeat(Demand.MOST_CHARACTERS / 8);
        broker.subscribeHere(
                remote.loop,
                IntStream.range(0, 9).mapToObj(i -> "near/" + i + level).toArray(String[]::new));

        assertThat(connectAndTell()).containsExactly("+down/#");
    }

    @Test
    void leavesTheOtherRoutesAsTheyAre() {
        file.put("subscribe.all", "all/#");
        assertThat(connectAndTell()).containsExactly("+all/#");
        assertThat(subscribeHere("near/a")).containsExactly("+down/a");
        assertThat(unsubscribeHere("near/a")).containsExactly("-down/a");
        assertThat(known()).containsExactly("all/#");
    }

    @Test
    void doesSoForTheWayBackOfARouteBothWays() {
        file.remove("subscribe.down");
        file.put("both.lines", "lines/+/cmd -> plant7/{2} interest=subscribed");
        broker.subscribeHere(remote.loop, "lines/a/#");

        assertThat(connectAndTell()).containsExactly("+plant7/a");
        assertThat(broker.subscriptions)
                .extracting(each -> each.filter().text())
                .contains("lines/+/cmd");
    }

    @Test
    void takesWhatComesAsEver() {
        connectAndTell();
        subscribeHere("near/a");
        broker.told.clear();
        remote.publish(
                message("down/a", QoS.AT_LEAST_ONCE), 1, false, route("down").identifier());

        assertThat(broker.told).containsExactly("publish near/a q1 #1");
        settle(ReasonCode.SUCCESS);
        assertBooks("down", 1, 1, Map.of());
    }

    /** A second connection that fails, to a server that is preferred, takes nothing from the first. */
    @Test
    void followsOverTheFirstConnectionWhenASecondOneFails() {
        file.put("server", "mqtt://a, mqtt://b");
        start();
        remote.close("connection refused");
        remote.loop.advance(Duration.ZERO);
        remote.open();
        remote.connAck(false, ServerProperties.NONE);
        broker.opened(remote.loop);
        remote.pubComp();
        assertThat(status().server()).isEqualTo("mqtt://b:1883");
        remote.loop.advance(Duration.ofSeconds(60));
        deliver("up/x", QoS.AT_LEAST_ONCE, 5, false); // for whose acknowledgement it waits
        remote.openSecond();
        remote.connAckSecond(true, ServerProperties.NONE);
        remote.closeSecond("connection reset");
        remote.loop.advance(Duration.ofSeconds(3));
        remote.packets.clear();

        assertThat(subscribeHere("near/a")).containsExactly("+down/a");
    }

    @Test
    void leavesNothingBehind() {
        connectAndTell();
        subscribeHere("near/a");
        broker.subscribeHere(remote.loop, "near/b"); // which waits its turn, and then for its answer
        stop();

        assertNothingLeft();
        assertThat(broker.interests).isEmpty();
    }

    @Test
    void costsNothingWhereNoRouteAsksForIt() {
        file.put("subscribe.down", "down/# -> near/{#}");
        connectAndTell();

        assertThat(broker.interests).isEmpty();
    }
}
