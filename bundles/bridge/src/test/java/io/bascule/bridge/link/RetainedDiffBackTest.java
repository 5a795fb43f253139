/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.bridge.link;

import static org.assertj.core.api.Assertions.assertThat;

import io.bascule.api.Bridge.Direction;
import io.bascule.mqtt.Message;
import io.bascule.mqtt.QoS;
import io.bascule.mqtt.ReasonCode;
import io.bascule.mqtt.Topic;
import io.bascule.transport.Acknowledgement;
import io.bascule.transport.ControlPacket;
import io.bascule.transport.ControlPacket.ServerProperties;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A subscribe route with {@code retain=diff}. */
class RetainedDiffBackTest extends LinkFixture {
    private int lastPacketId;

    @BeforeEach
    void route() {
        file.put("subscribe.down", "down/# -> near/{#} retain=diff");
    }

    private static Message retained(String topic, String text) {
        return Message.of(Topic.of(topic), text.getBytes(StandardCharsets.UTF_8), QoS.AT_LEAST_ONCE, true);
    }

    private void connectTo(boolean remotePresent, String... retained) {
        start();
        establishWith(remotePresent, retained);
    }

    private void reconnectTo(boolean remotePresent, String... retained) {
        remote.close("lost");
        remote.loop.advance(Duration.ofMinutes(1));
        establishWith(remotePresent, retained);
    }

    private void establishWith(boolean remotePresent, String... retained) {
        remote.open();
        broker.published.clear();
        remote.connAck(remotePresent, ServerProperties.NONE);
        broker.opened(remote.loop);
        remote.subAck();
        for (String each : retained) {
            send(each);
        }
    }

    /** The remote broker sends {@code topic=text}, and this one takes it. */
    private void send(String each) {
        int before = broker.published.size();
        remote.publish(
                retained("down/" + each.substring(0, each.indexOf('=')), each.substring(each.indexOf('=') + 1)),
                ++lastPacketId,
                false);
        broker.published.subList(before, broker.published.size()).forEach(broker::retain);
        settle(ReasonCode.SUCCESS);
    }

    private List<String> published() {
        return broker.published.stream()
                .map(message -> message.topic() + "=" + message.text())
                .toList();
    }

    /** Nothing new comes until it is taken for all. */
    private void beQuiet() {
        remote.loop.advance(RetainedIn.QUIET.plusSeconds(2));
        assertThat(remote.sent).contains("PINGREQ");
        remote.packet(new ControlPacket.PingResp());
        remote.loop.advance(Duration.ofSeconds(2));
    }

    private List<String> remembered() {
        return remembered
                .orElseThrow()
                .at(0, definition.routes(Direction.SUBSCRIBE).get(0))
                .topics();
    }

    @Test
    void publishesWhatIsNotRetainedHereAlready() {
        connectTo(false, "a=1", "b=1");
        assertThat(published()).containsExactly("near/a=1", "near/b=1");

        reconnectTo(false, "a=1", "b=2", "c=1");

        assertThat(published()).containsExactly("near/b=2", "near/c=1");
        assertThat(remote.sent).as("acknowledged all the same").contains("PUBACK #3");
        assertBooks("down", 5, 4, Map.of("unchanged", 1L));
    }

    @Test
    void publishesEveryEvent() {
        connectTo(false, "a=1", "a=1");
        assertThat(published()).containsExactly("near/a=1", "near/a=1");
        reconnectTo(false, "a=1", "a=1");
        assertThat(published())
                .as("the first is sent because of the subscription")
                .containsExactly("near/a=1");
        beQuiet();
        send("a=1");
        assertThat(published()).hasSize(2);

        reconnectTo(true, "a=1");
        assertThat(published())
                .as("a session that was kept is sent events alone")
                .containsExactly("near/a=1");
    }

    @Test
    void releasesWhatItDoesNotPublish() {
        connectTo(false, "a=1");
        remote.close("lost");
        remote.loop.advance(Duration.ofMinutes(1));
        establishWith(false);
        broker.retain(retained("near/a", "1").withQos(QoS.EXACTLY_ONCE));

        remote.publish(retained("down/a", "1").withQos(QoS.EXACTLY_ONCE), 77, false);
        remote.acknowledge(Acknowledgement.PUBREL, 77);

        assertThat(published()).isEmpty();
        assertThat(remote.sent).contains("PUBREC #77");
        assertThat(broker.told).contains("pubrel #77");
    }

    @Test
    void comparesNothingOverASessionThatWasKeptUnlessItIsToBeSentAll() {
        file.put("subscribe.down", "down/# -> near/{#} retain=diff retain.handling=always");
        connectTo(true, "a=1", "b=1");
        reconnectTo(true, "a=1", "b=1");
        assertThat(published()).isEmpty();
        reconnectTo(true, "b=1");
        beQuiet();
        assertThat(published()).containsExactly("near/a=");
    }

    @Test
    void deletesWhatTheRemoteBrokerHasNoMore() {
        connectTo(false, "a=1", "b=1", "c=1");
        beQuiet();
        assertThat(published()).hasSize(3);

        reconnectTo(false, "a=1");
        remote.loop.advance(RetainedIn.QUIET.minusSeconds(1));
        send("b=1"); // still on its way
        remote.loop.advance(RetainedIn.QUIET.minusSeconds(1));
        assertThat(published()).isEmpty();
        beQuiet();

        assertThat(published()).containsExactly("near/c=");
        assertThat(broker.published.get(0).retain()).isTrue();
        assertThat(remembered()).containsExactlyInAnyOrder("down/a", "down/b");
        assertBooks("down", 5, 3, Map.of("unchanged", 2L));
    }

    @Test
    void waitsForTheAnswerToAPing() {
        connectTo(false, "a=1", "b=1");
        reconnectTo(false, "b=1");
        remote.loop.advance(Duration.ofSeconds(25));
        assertThat(published()).isEmpty();

        send("a=1"); // quicker than the answer
        remote.packet(new ControlPacket.PingResp());
        remote.loop.advance(Duration.ofSeconds(2));
        assertThat(published()).isEmpty();
    }

    @Test
    void deletesNothingOfSomebodyElse() {
        connectTo(false, "mine=1", "changed=1", "same=1", "gone=1", "there=1");
        broker.retain(retained("near/changed", "2"));
        broker.retain(retained("near/same", "1")); // published here, and over no bridge
        broker.retain(retained("near/gone", ""));
        broker.retain(retained("near/other", "1"));

        reconnectTo(false, "there=1");
        beQuiet();

        assertThat(published()).containsExactly("near/mine=");
        assertThat(remembered()).containsExactly("down/there");
    }

    @Test
    void deletesNothingWhereASubscriptionIsRefused() {
        file.put("subscribe.down", "down/#, more/# -> near/{topic} retain=diff");
        connectTo(false, "a=1", "b=1");
        remote.close("lost");
        remote.loop.advance(Duration.ofMinutes(1));
        remote.open();
        broker.published.clear();
        remote.connAck(false, ServerProperties.NONE);
        broker.opened(remote.loop);
        int packetId = ((ControlPacket.Subscribe) remote.packets.get(remote.packets.size() - 1)).packetId();
        remote.packet(new ControlPacket.SubAck(packetId, List.of(ReasonCode.GRANTED_QOS_2, ReasonCode.NOT_AUTHORIZED)));
        send("a=1");
        beQuiet();

        assertThat(published()).isEmpty();
        assertThat(remembered()).containsExactlyInAnyOrder("down/a", "down/b");
    }

    /** It may have lost everything, or be one that does not send what is retained. */
    @Test
    void deletesNothingWhereNothingAtAllHasCome() {
        connectTo(false, "a=1", "b=1");
        reconnectTo(false);
        beQuiet();

        assertThat(published()).isEmpty();
        reconnectTo(false, "a=1");
        beQuiet();
        assertThat(published()).as("the control").containsExactly("near/b=");
    }

    @Test
    void deletesNothingWhereItWasPausedMeanwhile() {
        connectTo(false, "a=1", "b=1");
        reconnectTo(false);
        link.control().pause(Direction.SUBSCRIBE);
        remote.loop.runTasks();
        send("a=1");
        link.control().resume(Direction.SUBSCRIBE);
        remote.loop.runTasks();
        remote.loop.advance(Duration.ofMinutes(1));
        remote.packet(new ControlPacket.PingResp());
        remote.loop.advance(Duration.ofSeconds(5));

        assertThat(published()).doesNotContain("near/b=");
        assertThat(remembered()).containsExactlyInAnyOrder("down/a", "down/b");
    }

    @Test
    void deletesNothingWhileWhatHasComeIsNotPublished() {
        connectTo(false, "a=1", "b=1");
        reconnectTo(false);
        remote.publish(retained("down/x", "1"), 99, false); // of which nothing is heard
        remote.loop.advance(Duration.ofMinutes(1));
        remote.packet(new ControlPacket.PingResp());
        remote.loop.advance(Duration.ofSeconds(15));

        assertThat(published()).containsExactly("near/x=1");
    }

    @Test
    void deletesNothingAfterAConnectionThatWasLostTooEarly() {
        connectTo(false, "a=1", "b=1");
        reconnectTo(false, "a=1");
        reconnectTo(true);
        remote.loop.advance(Duration.ofMinutes(1));
        remote.packet(new ControlPacket.PingResp());
        remote.loop.advance(Duration.ofSeconds(15));

        assertThat(published()).isEmpty();
    }

    @Test
    void takesDeletionsAsTheyCome() {
        connectTo(false, "a=1");
        send("a=");
        assertThat(published()).containsExactly("near/a=1", "near/a=");
        assertThat(remembered()).isEmpty();
    }

    @Test
    void knowsWhatARouteHasPutIn() {
        file.put("subscribe.down", "down/# -> near/{#} retain=diff property.at={time}");
        connectTo(false, "a=1");
        reconnectTo(false, "a=1");
        assertThat(published()).isEmpty();
    }

    @Test
    void leavesNothingBehind() {
        connectTo(false, "a=1");
        assertThat(stop()).isCompleted();
        assertNothingLeft();
    }
}
