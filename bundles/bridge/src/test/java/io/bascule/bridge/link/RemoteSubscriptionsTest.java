/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.bridge.link;

import static org.assertj.core.api.Assertions.assertThat;

import io.bascule.api.BridgeStatus;
import io.bascule.mqtt.QoS;
import io.bascule.mqtt.ReasonCode;
import io.bascule.mqtt.TopicFilter;
import io.bascule.transport.ControlPacket;
import io.bascule.transport.ControlPacket.ServerProperties;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** What the remote session is subscribed with. */
class RemoteSubscriptionsTest extends LinkFixture {
    private List<ControlPacket.Subscribe> subscribes() {
        return remote.packets.stream()
                .filter(ControlPacket.Subscribe.class::isInstance)
                .map(ControlPacket.Subscribe.class::cast)
                .toList();
    }

    private void begin() {
        begin(ServerProperties.NONE);
    }

    private void begin(ServerProperties properties) {
        start();
        remote.open();
        remote.connAck(true, properties);
        broker.opened(remote.loop);
    }

    private static ServerProperties withoutWildcards() {
        ServerProperties none = ServerProperties.NONE;
        return new ServerProperties(
                none.sessionExpiryInterval(),
                none.receiveMaximum(),
                none.maximumQos(),
                none.retainAvailable(),
                none.maximumPacketSize(),
                none.assignedClientIdentifier(),
                none.topicAliasMaximum(),
                none.reasonString(),
                false,
                none.subscriptionIdentifierAvailable(),
                none.sharedSubscriptionAvailable(),
                none.serverKeepAlive(),
                none.responseInformation(),
                none.serverReference(),
                none.authenticationMethod(),
                none.authenticationData(),
                none.userProperties());
    }

    private List<String> askedFor() {
        return subscribes().stream()
                .flatMap(subscribe -> subscribe.subscriptions().stream())
                .map(ControlPacket.RequestedSubscription::text)
                .toList();
    }

    private void nineteenFilters() {
        file.put(
                "subscribe.down",
                IntStream.range(0, 19).mapToObj(i -> "down/" + i).collect(Collectors.joining(", ")));
    }

    @Test
    void asksForNoMoreFiltersAtATimeThanTheFileSays() {
        file.put("filters.maximum", "8");
        nineteenFilters();
        begin();

        assertThat(subscribes())
                .extracting(subscribe -> subscribe.subscriptions().size())
                .containsExactly(8, 8, 3);
        assertThat(subscribes()).extracting(ControlPacket.Subscribe::packetId).doesNotHaveDuplicates();
        assertThat(subscribes())
                .flatExtracting(ControlPacket.Subscribe::subscriptions)
                .extracting(ControlPacket.RequestedSubscription::text)
                .doesNotHaveDuplicates()
                .hasSize(19);
    }

    @Test
    void asksForAllOfARouteAtOnceWhereTheFileSaysNothing() {
        nineteenFilters();
        begin();

        assertThat(subscribes())
                .extracting(subscribe -> subscribe.subscriptions().size())
                .containsExactly(19);
    }

    @Test
    void isConnectedWhenTheLastPartIsGranted() {
        file.put("filters.maximum", "8");
        nineteenFilters();
        begin();
        List<ControlPacket.Subscribe> parts = subscribes();
        for (ControlPacket.Subscribe part : parts) {
            assertThat(status().state()).isEqualTo(BridgeStatus.State.CONNECTING);
            remote.packet(new ControlPacket.SubAck(
                    part.packetId(),
                    part.subscriptions().stream()
                            .map(each -> each.text().equals("down/18")
                                    ? ReasonCode.NOT_AUTHORIZED
                                    : ReasonCode.GRANTED_QOS_2)
                            .toList()));
        }
        remote.pubComp();

        assertThat(status().state()).isEqualTo(BridgeStatus.State.DEGRADED);
        assertThat(status().lastError().orElseThrow()).contains("down/18");
    }

    // ---------------------------------------------------------------- no wildcards there

    @Test
    void asksForNoWildcardsWhereThereAreNone() {
        file.put("subscribe.down", "down/a, down/b/#, down/c/+ -> near/{topic}");
        file.put("subscribe.shared", "$share/g/other/+ -> other/{1}");
        begin(withoutWildcards());
        remote.subAck();
        remote.pubComp();

        assertThat(askedFor()).containsExactly("down/a");
        assertThat(status().state()).isEqualTo(BridgeStatus.State.DEGRADED);
        assertThat(status().lastError())
                .hasValue("subscription $share/g/other/+ is refused: Wildcard Subscriptions not supported (0xA2)");
        deliver("up/a", QoS.AT_MOST_ONCE, 0, false);
        assertThat(remote.sent).as("what leaves").contains("PUBLISH far/a q0 #0");
    }

    @Test
    void asksForWhatSomebodyHereWantsWithoutThem() {
        file.put("subscribe.down", "down/# -> near/{#} interest=subscribed");
        broker.subscribeHere(remote.loop, "near/a", "near/b/+");
        begin(withoutWildcards());
        remote.subAck();
        remote.pubComp();

        assertThat(askedFor()).containsExactly("down/a");
        assertThat(status().state()).isEqualTo(BridgeStatus.State.DEGRADED);
    }

    /** It allows few subscriptions, and the one in the place of many is none that it has. */
    @Test
    void keepsWhatItHasWhereOneFilterInPlaceOfManyWouldNeedThem() {
        file.put("subscribe.down", "down/# -> near/{#} interest=subscribed");
        broker.subscribeHere(remote.loop, "near/a", "near/b");
        begin(withoutWildcards());
        for (ControlPacket.Subscribe asked : subscribes()) {
            remote.packet(new ControlPacket.SubAck(
                    asked.packetId(),
                    asked.subscriptions().stream()
                            .map(each ->
                                    each.text().equals("down/b") ? ReasonCode.QUOTA_EXCEEDED : ReasonCode.GRANTED_QOS_2)
                            .toList()));
        }
        remote.unsubAck();
        remote.pubComp();

        assertThat(askedFor()).doesNotContain("down/#");
        assertThat(status().state()).isEqualTo(BridgeStatus.State.DEGRADED);
        assertThat(remoteSession.subscribed()).containsExactly(TopicFilter.of("down/a"));
    }
}
