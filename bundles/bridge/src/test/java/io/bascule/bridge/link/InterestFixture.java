/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.bridge.link;

import static org.assertj.core.api.Assertions.assertThat;

import io.bascule.api.BridgeStatus;
import io.bascule.mqtt.ReasonCode;
import io.bascule.mqtt.TopicFilter;
import io.bascule.transport.ControlPacket;
import io.bascule.transport.ControlPacket.ServerProperties;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;

/** A link with a route that asks for what somebody here is subscribed to, and what it says of it. */
abstract class InterestFixture extends LinkFixture {
    static final Duration PAUSE = Duration.ofMillis(100);

    @BeforeEach
    void onDemand() {
        file.put("subscribe.down", "down/# -> near/{#} interest=subscribed");
    }

    /** What was said of subscriptions since the last look, in order; answered where it says so. */
    List<String> said(boolean answered) {
        List<String> said = new ArrayList<>();
        for (ControlPacket packet : List.copyOf(remote.packets)) {
            if (packet instanceof ControlPacket.Subscribe subscribe) {
                subscribe.subscriptions().forEach(each -> said.add("+" + each.text()));
            } else if (packet instanceof ControlPacket.Unsubscribe unsubscribe) {
                unsubscribe.filters().forEach(each -> said.add("-" + each.orElseThrow()));
            }
        }
        if (answered) {
            answer();
        }
        return said;
    }

    /** Grants what was asked, and not what is asked thereupon. */
    void answer() {
        List<ControlPacket> asked = List.copyOf(remote.packets);
        remote.packets.clear();
        for (ControlPacket packet : asked) {
            if (packet instanceof ControlPacket.Subscribe subscribe) {
                remote.packet(new ControlPacket.SubAck(
                        subscribe.packetId(),
                        subscribe.subscriptions().stream()
                                .map(each -> ReasonCode.GRANTED_QOS_2)
                                .toList()));
            } else if (packet instanceof ControlPacket.Unsubscribe unsubscribe) {
                remote.packet(new ControlPacket.UnsubAck(unsubscribe.packetId(), List.of(ReasonCode.SUCCESS)));
            }
        }
    }

    List<String> follow() {
        remote.loop.advance(PAUSE);
        List<String> all = new ArrayList<>();
        for (List<String> said = said(true); !said.isEmpty(); said = said(true)) {
            all.addAll(said);
        }
        return all;
    }

    List<String> subscribeHere(String... filters) {
        broker.subscribeHere(remote.loop, filters);
        return follow();
    }

    List<String> unsubscribeHere(String... filters) {
        broker.unsubscribeHere(remote.loop, filters);
        return follow();
    }

    List<String> known() {
        return remoteSession.subscribed().stream().map(TopicFilter::text).toList();
    }

    /** As it is right after the connection is there. */
    List<String> connectAndTell() {
        start();
        remote.open();
        remote.connAck(true, ServerProperties.NONE);
        broker.opened(remote.loop);
        List<String> all = new ArrayList<>();
        for (List<String> said = said(true); !said.isEmpty(); said = said(true)) {
            all.addAll(said);
        }
        remote.pubComp();
        assertThat(status().state()).isEqualTo(BridgeStatus.State.CONNECTED);
        return all;
    }

    void refuse() {
        ControlPacket.Subscribe asked = (ControlPacket.Subscribe) remote.packets.get(remote.packets.size() - 1);
        remote.packets.clear();
        remote.packet(new ControlPacket.SubAck(asked.packetId(), List.of(ReasonCode.NOT_AUTHORIZED)));
    }
}
