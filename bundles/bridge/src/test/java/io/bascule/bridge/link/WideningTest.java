/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.bridge.link;

import static org.assertj.core.api.Assertions.assertThat;

import io.bascule.api.BridgeStatus;
import io.bascule.mqtt.ReasonCode;
import io.bascule.transport.ControlPacket;
import io.bascule.transport.ControlPacket.ServerProperties;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** The same with a remote broker that allows few subscriptions. */
class WideningTest extends InterestFixture {
    /** Those of the remote broker. */
    private final Set<String> granted = new HashSet<>();

    /** Those that it never grants, whatever room there is. */
    private final Set<String> forbidden = new HashSet<>();

    private int most = 2;
    private ReasonCode refusal = ReasonCode.QUOTA_EXCEEDED;

    /** Answers all that is asked, as such a remote broker does, and what is asked thereupon; returns it, with ! where it is refused. */
    private List<String> talk() {
        List<String> said = new ArrayList<>();
        while (remote.packets.stream().anyMatch(WideningTest::isRequest)) {
            List<ControlPacket> asked = List.copyOf(remote.packets);
            remote.packets.clear();
            asked.forEach(packet -> answer(packet, said));
        }
        return said;
    }

    private static boolean isRequest(ControlPacket packet) {
        return packet instanceof ControlPacket.Subscribe || packet instanceof ControlPacket.Unsubscribe;
    }

    private void answer(ControlPacket packet, List<String> said) {
        if (packet instanceof ControlPacket.Subscribe subscribe) {
            List<ReasonCode> reasons = new ArrayList<>();
            subscribe.subscriptions().forEach(each -> {
                boolean fits =
                        granted.contains(each.text()) || granted.size() < most && !forbidden.contains(each.text());
                said.add((fits ? "+" : "!") + each.text());
                reasons.add(fits ? ReasonCode.GRANTED_QOS_2 : refusal);
                if (fits) {
                    granted.add(each.text());
                }
            });
            remote.packet(new ControlPacket.SubAck(subscribe.packetId(), reasons));
        } else if (packet instanceof ControlPacket.Unsubscribe unsubscribe) {
            unsubscribe.filters().forEach(each -> {
                said.add("-" + each.orElseThrow());
                granted.remove(each.orElseThrow().text());
            });
            remote.packet(new ControlPacket.UnsubAck(unsubscribe.packetId(), List.of(ReasonCode.SUCCESS)));
        }
    }

    private List<String> begin() {
        start();
        return connected();
    }

    private List<String> connected() {
        remote.open();
        remote.connAck(true, ServerProperties.NONE);
        broker.opened(remote.loop);
        List<String> said = talk();
        remote.pubComp();
        return said;
    }

    private List<String> want(String... filters) {
        broker.subscribeHere(remote.loop, filters);
        remote.loop.advance(PAUSE);
        return talk();
    }

    private List<String> wantNoMore(String... filters) {
        broker.unsubscribeHere(remote.loop, filters);
        remote.loop.advance(PAUSE);
        return talk();
    }

    private void assertConnectedTo(String... filters) {
        assertThat(granted).containsExactlyInAnyOrder(filters);
        assertThat(known()).containsExactlyInAnyOrder(filters);
        assertThat(status().state()).isEqualTo(BridgeStatus.State.CONNECTED);
        assertThat(status().lastError()).isEmpty();
    }

    @Test
    void letsOneMakeRoomForAll() {
        begin();
        want("near/a");
        want("near/b");
        assertConnectedTo("down/a", "down/b");

        assertThat(want("near/c"))
                .startsWith("!down/c", "!down/#", "-down/a", "+down/#", "!down/a")
                .contains("-down/b");

        assertConnectedTo("down/#");
    }

    /** What was granted is not given up for what was refused before, when somebody here wanted just that. */
    @Test
    void asksForAllOnceWhoeverHasWantedIt() {
        forbidden.addAll(List.of("down/#", "down/p"));
        most = 100;
        begin();
        assertThat(want("near/#")).startsWith("!down/#");
        assertThat(want("near/q", "near/p")).contains("+down/q", "!down/p").doesNotContain("-down/q");

        assertThat(granted).containsExactly("down/q");
        assertThat(status().state()).isEqualTo(BridgeStatus.State.DEGRADED);
    }

    /** 3.1.1 has one word for all that is wrong: one of the others makes room once, and not with each connection. */
    @Test
    void makesRoomInVainOnce() {
        file.put("protocol", "3.1.1");
        refusal = ReasonCode.UNSPECIFIED_ERROR;
        forbidden.addAll(List.of("down/#", "down/c"));
        most = 100;
        begin();
        want("near/a");
        assertThat(want("near/c")).startsWith("!down/c", "!down/#", "-down/a", "!down/#", "+down/a");
        remote.close("lost");
        granted.clear();
        remote.loop.advance(Duration.ofMinutes(1));

        assertThat(connected()).contains("+down/a", "!down/c").doesNotContain("!down/#", "-down/a");
        assertThat(granted).containsExactly("down/a");
    }

    /** The number was not what was wrong, or there is one more for it. */
    @Test
    void asksForAllBesideTheOthersFirst() {
        begin();
        want("near/a", "near/b");
        broker.subscribeHere(remote.loop, "near/c");
        remote.loop.advance(PAUSE);
        ControlPacket.Subscribe asked = (ControlPacket.Subscribe) remote.packets.remove(0);
        most = 3;
        remote.packet(new ControlPacket.SubAck(asked.packetId(), List.of(refusal)));

        assertThat(talk()).startsWith("+down/#").doesNotContain("+down/a");
        assertConnectedTo("down/#");
    }

    @Test
    void doesSoWhenItConnects() {
        broker.subscribeHere(remote.loop, "near/a", "near/b", "near/c", "near/d/#");
        assertThat(begin()).startsWith("+down/a", "+down/b", "!down/c", "!down/d/#", "!down/#", "-down/a", "+down/#");
        assertConnectedTo("down/#");
    }

    @Test
    void wantsNothingMoreOfWhatItHas() {
        begin();
        want("near/a", "near/b", "near/c");

        assertThat(want("near/d")).isEmpty();
        assertThat(wantNoMore("near/a", "near/b", "near/c")).isEmpty();
        assertThat(wantNoMore("near/d")).containsExactly("-down/#");
        assertConnectedTo();
        assertThat(want("near/e")).containsExactly("+down/#");
    }

    @Test
    void beginsWithWhatIsWantedOnTheNextConnection() {
        begin();
        want("near/a", "near/b", "near/c");
        remote.close("lost");
        broker.unsubscribeHere(remote.loop, "near/b", "near/c");
        remote.loop.advance(Duration.ofMinutes(1));

        assertThat(connected()).containsExactly("+down/a", "-down/#");
        assertThat(known()).containsExactly("down/a");
    }

    @Test
    void isDegradedWhenItGetsNoMoreAtAll() {
        file.put("subscribe.all", "all/+");
        most = 1;
        broker.subscribeHere(remote.loop, "near/a");
        List<String> said = begin();

        assertThat(said).contains("!down/a", "!down/#").doesNotContain("-all/+");
        assertThat(status().state()).isEqualTo(BridgeStatus.State.DEGRADED);
        assertThat(status().lastError()).contains("subscription down/# is refused: Quota exceeded (0x97)");
        assertThat(granted).containsExactly("all/+");
        assertThat(want("near/b")).startsWith("!down/b").doesNotContain("!down/#");
    }

    /** Nobody is to lose what he has because somebody else wants more. */
    @Test
    void keepsWhatItHasWhereAllIsRefusedInItsPlaceAsWell() {
        begin();
        want("near/a", "near/b");
        broker.subscribeHere(remote.loop, "near/c");
        remote.loop.advance(PAUSE);
        for (int i = 0; i < 2; i++) { // what is wanted, and then all
            ControlPacket.Subscribe asked = (ControlPacket.Subscribe) remote.packets.remove(0);
            remote.packet(new ControlPacket.SubAck(asked.packetId(), List.of(refusal)));
        }
        ControlPacket.Unsubscribe left = (ControlPacket.Unsubscribe) remote.packets.remove(0);
        remote.packet(new ControlPacket.UnsubAck(left.packetId(), List.of(ReasonCode.SUCCESS)));
        ControlPacket.Subscribe all = (ControlPacket.Subscribe) remote.packets.remove(0);
        remote.packet(new ControlPacket.SubAck(all.packetId(), List.of(ReasonCode.NOT_AUTHORIZED)));

        assertThat(talk()).startsWith("+down/a").doesNotContain("-down/a", "-down/b", "+down/#");
        assertThat(known()).containsExactlyInAnyOrder("down/a", "down/b");
        assertThat(status().state()).isEqualTo(BridgeStatus.State.DEGRADED);
        assertThat(status().lastError()).contains("subscription down/# is refused: Not authorized (0x87)");
    }

    @Test
    void takesEveryRefusalOver311ForOneOfThese() {
        file.put("protocol", "3.1.1");
        refusal = ReasonCode.UNSPECIFIED_ERROR;
        begin();
        want("near/a", "near/b", "near/c");

        assertConnectedTo("down/#");
    }

    @Test
    void takesNoOtherRefusalOf50ForOneOfThese() {
        refusal = ReasonCode.UNSPECIFIED_ERROR;
        broker.subscribeHere(remote.loop, "near/a", "near/b", "near/c");

        assertThat(begin()).contains("!down/c").doesNotContain("+down/#", "!down/#");
        assertThat(granted).containsExactlyInAnyOrder("down/a", "down/b");
        assertThat(status().state()).isEqualTo(BridgeStatus.State.DEGRADED);
    }

    @Test
    void asksForAllOfTheRouteThatItIsForAlone() {
        file.put("subscribe.up", "up/# -> above/{#} interest=subscribed");
        most = 3;
        begin();
        want("above/x", "near/a", "near/b");
        want("near/c");

        assertConnectedTo("up/x", "down/#");
    }

    @Test
    void leavesNothingBehind() {
        begin();
        want("near/a", "near/b", "near/c");
        stop();
        assertNothingLeft();
    }
}
