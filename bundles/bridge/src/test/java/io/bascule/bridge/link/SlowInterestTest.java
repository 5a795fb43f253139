/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.bridge.link;

import static org.assertj.core.api.Assertions.assertThat;

import io.bascule.api.BridgeStatus;
import io.bascule.api.Session;
import io.bascule.mqtt.ReasonCode;
import io.bascule.mqtt.TopicFilter;
import io.bascule.transport.ControlPacket;
import io.bascule.transport.ControlPacket.ServerProperties;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** The same with a remote broker that refuses, is slow or does not answer. */
class SlowInterestTest extends InterestFixture {

    @Test
    void asksAgainForWhatWasOnItsWayWhenTheConnectionWasLost() {
        connectAndTell();
        broker.subscribeHere(remote.loop, "near/a");
        remote.loop.advance(PAUSE);
        assertThat(said(false)).containsExactly("+down/a");
        remote.close("lost");
        remote.loop.advance(Duration.ofMinutes(1));
        remote.open();
        remote.connAck(true, ServerProperties.NONE);
        broker.opened(remote.loop);

        assertThat(said(true)).containsExactly("+down/a");
    }

    /** Somebody who wants what the bridge may not have there is not to take from others what they have. */
    @Test
    void keepsWhatItHasWhereTheWiderOneIsRefused() {
        connectAndTell();
        subscribeHere("near/a");
        broker.subscribeHere(remote.loop, "near/#");
        remote.loop.advance(PAUSE);
        refuse();

        assertThat(said(true)).as("it may have it from before").containsExactly("-down/#");
        assertThat(status().state()).isEqualTo(BridgeStatus.State.DEGRADED);
        assertThat(status().lastError()).contains("subscription down/# is refused: Not authorized (0x87)");
        assertThat(known()).containsExactly("down/a");
        assertThat(subscribeHere("near/b")).containsExactly("+down/b");
    }

    @Test
    void asksForTheNarrowerOnesWhereTheWiderOneIsRefusedWhenItConnects() {
        broker.subscribeHere(remote.loop, "near/a", "near/#");
        start();
        remote.open();
        remote.connAck(true, ServerProperties.NONE);
        broker.opened(remote.loop);
        assertThat(said(false)).containsExactly("+down/#");
        refuse();

        assertThat(said(true)).containsExactly("+down/a");
        assertThat(said(true)).containsExactly("-down/#");
        remote.pubComp();
        assertThat(known()).containsExactly("down/a");
        assertThat(status().state()).isEqualTo(BridgeStatus.State.DEGRADED);
    }

    /** Over a slow link something is always on its way. */
    @Test
    void endsWhatNobodyWantsThoughMoreIsWantedAllTheWhile() {
        connectAndTell();
        subscribeHere("near/0");
        List<String> said = new ArrayList<>();
        broker.subscribeHere(remote.loop, "near/1");
        for (int i = 1; i < 6; i++) {
            broker.unsubscribeHere(remote.loop, "near/" + (i - 1));
            broker.subscribeHere(remote.loop, "near/" + (i + 1));
            remote.loop.advance(PAUSE);
            said.addAll(said(true));
        }

        assertThat(said).contains("-down/0", "-down/1", "-down/2");
        assertThat(known()).hasSizeLessThanOrEqualTo(4);
    }

    @Test
    void connectsThoughMoreIsWantedAllTheWhile() {
        broker.subscribeHere(remote.loop, "near/a");
        start();
        remote.open();
        remote.connAck(true, ServerProperties.NONE);
        broker.opened(remote.loop);
        broker.subscribeHere(remote.loop, "near/b");
        remote.loop.advance(PAUSE);
        assertThat(said(true)).containsExactly("+down/a");
        remote.pubComp();

        assertThat(status().state()).isEqualTo(BridgeStatus.State.CONNECTED);
        assertThat(said(true)).containsExactly("+down/b");
    }

    @Test
    void wantsAgainWhatIsOnItsWayOut() {
        connectAndTell();
        subscribeHere("near/a");
        broker.unsubscribeHere(remote.loop, "near/a");
        remote.loop.advance(PAUSE);
        assertThat(said(false)).containsExactly("-down/a");
        broker.subscribeHere(remote.loop, "near/a");
        remote.loop.advance(PAUSE);

        assertThat(said(false)).containsExactly("-down/a", "+down/a");
        remote.unsubAck();
        remote.subAck();
        assertThat(known()).containsExactly("down/a");

        remote.packets.clear();
        assertThat(unsubscribeHere("near/a")).containsExactly("-down/a");
        assertThat(known()).isEmpty();
    }

    @Test
    void leavesWhatIsOnItsWayOutAndWantedAndThenNot() {
        connectAndTell();
        subscribeHere("near/a");
        broker.unsubscribeHere(remote.loop, "near/a");
        remote.loop.advance(PAUSE);
        broker.subscribeHere(remote.loop, "near/a");
        remote.loop.advance(PAUSE);
        broker.unsubscribeHere(remote.loop, "near/a");
        remote.loop.advance(PAUSE);
        remote.subAck();
        remote.unsubAck();

        assertThat(said(false)).containsExactly("-down/a", "+down/a", "-down/a");
        remote.unsubAck();
        assertThat(known()).isEmpty();
    }

    @Test
    void leavesARemoteBrokerThatAnswersNoSubscribe() {
        connectAndTell();
        broker.subscribeHere(remote.loop, "near/a");
        remote.loop.advance(Duration.ofSeconds(29));
        assertThat(status().state()).isEqualTo(BridgeStatus.State.CONNECTED);
        remote.loop.advance(Duration.ofSeconds(3));

        assertThat(status().lastError()).contains("the remote broker has answered no SUBSCRIBE or UNSUBSCRIBE for 30s");
        assertThat(remote.attempts).isEqualTo(2);
    }

    @Test
    void waitsNoLongerForWhatIsAnswered() {
        connectAndTell();
        subscribeHere("near/a");
        remote.loop.advance(Duration.ofSeconds(40));

        assertThat(status().state()).isEqualTo(BridgeStatus.State.CONNECTED);
    }

    /** They share the number space with the deliveries of the local session. */
    @Test
    void asksUnderIdentifiersThatTheLocalSessionLeavesAlone() {
        connectAndTell();
        for (int i = 0; i < 2000; i++) {
            broker.subscribeHere(remote.loop, "near/" + i % 2 + "/" + i);
            broker.unsubscribeHere(remote.loop, "near/" + (i - 1) % 2 + "/" + (i - 1));
            remote.loop.advance(PAUSE);
            for (ControlPacket packet : remote.packets) {
                if (packet instanceof ControlPacket.Subscribe subscribe) {
                    assertThat(subscribe.packetId()).isBetween(Session.HIGHEST_PACKET_ID + 1, 65_535);
                }
            }
            answer();
        }
    }

    @Test
    void sendsNoMoreThanItHasIdentifiersFor() {
        broker.subscribeHere(remote.loop, "near/a");
        remoteSession.subscribing(IntStream.range(0, 3000)
                .mapToObj(i -> TopicFilter.of("old/" + i))
                .toList());
        start();
        remote.open();
        remote.connAck(true, ServerProperties.NONE);
        broker.opened(remote.loop);
        remote.subAck();
        assertThat(remote.packets).hasSize(2 + 65_535 - Session.HIGHEST_PACKET_ID); // CONNECT and SUBSCRIBE besides
        for (int i = 0; i < 3; i++) {
            List<ControlPacket> due = List.copyOf(remote.packets);
            remote.packets.clear();
            due.forEach(packet -> {
                if (packet instanceof ControlPacket.Unsubscribe unsubscribe) {
                    remote.packet(new ControlPacket.UnsubAck(unsubscribe.packetId(), List.of(ReasonCode.SUCCESS)));
                }
            });
        }

        assertThat(known()).containsExactly("down/a");
        remote.pubComp();
        assertThat(status().state()).isEqualTo(BridgeStatus.State.CONNECTED);
    }

    @Test
    void keepsWhatItHasWhereAllIsRefused() {
        connectAndTell();
        subscribeHere("near/a", "near/b");
        broker.subscribeHere(
                remote.loop,
                IntStream.rangeClosed(0, Demand.MOST_FILTERS)
                        .mapToObj(i -> "near/" + i)
                        .toArray(String[]::new));
        remote.loop.advance(PAUSE);
        assertThat(said(false)).containsExactly("+down/#");
        refuse();

        assertThat(follow()).containsExactly("-down/#");
        assertThat(known()).containsExactlyInAnyOrder("down/a", "down/b");
    }
}
