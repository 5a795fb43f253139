/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.bridge.link;

import static org.assertj.core.api.Assertions.assertThat;

import io.bascule.api.Bridge.Direction;
import io.bascule.mqtt.Message;
import io.bascule.mqtt.MessageProperties;
import io.bascule.mqtt.QoS;
import io.bascule.mqtt.ReasonCode;
import io.bascule.mqtt.UserProperty;
import io.bascule.transport.Acknowledgement;
import io.bascule.transport.ControlPacket;
import io.bascule.transport.ControlPacket.ServerProperties;
import java.lang.ref.WeakReference;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** A subscribe route with {@code retain=diff}. */
class RetainedDiffBackTest extends RetainedDiffBackFixture {
    private static MessageProperties hop(String broker) {
        return new MessageProperties(
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                List.of(new UserProperty(Hops.PROPERTY, broker)));
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

    /** It is an event, of which there are others behind it. */
    @Test
    void publishesWhatHasWaitedThere() {
        sendAllAtEachConnection();
        connectTo(false, "a=1", "b=1");
        remote.close("lost");
        remote.loop.advance(Duration.ofMinutes(1));
        remote.open();
        broker.published.clear();
        remote.connAck(true, ServerProperties.NONE);
        broker.opened(remote.loop);
        send("a=1");
        send("a=2");
        send("a=1");
        remote.subAck();
        send("b=1");

        assertThat(published()).containsExactly("near/a=1", "near/a=2", "near/a=1");
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
        sendAllAtEachConnection();
        connectTo(false, "a=1", "b=1", "c=1");
        beQuiet();
        assertThat(published()).hasSize(3);

        reconnectTo(true, "a=1");
        remote.loop.advance(RetainedIn.QUIET.minusSeconds(1));
        send("b=1"); // still on its way
        remote.loop.advance(RetainedIn.QUIET.minusSeconds(1));
        assertThat(published()).isEmpty();
        beQuiet();
        answerDeletions(ReasonCode.SUCCESS);

        assertThat(published()).containsExactly("near/c=");
        assertThat(broker.published.get(0).retain()).isTrue();
        assertThat(remembered()).containsExactlyInAnyOrder("down/a", "down/b");
        assertBooks("down", 5, 3, Map.of("unchanged", 2L));
    }

    @Test
    void waitsForTheAnswerToAPing() {
        sendAllAtEachConnection();
        connectTo(false, "a=1", "b=1");
        reconnectTo(true, "b=1");
        remote.loop.advance(Duration.ofSeconds(25));
        assertThat(published()).isEmpty();

        send("a=1"); // quicker than the answer
        remote.packet(new ControlPacket.PingResp());
        remote.loop.advance(Duration.ofSeconds(2));
        assertThat(published()).isEmpty();
    }

    @Test
    void deletesNothingOfSomebodyElse() {
        sendAllAtEachConnection();
        connectTo(false, "mine=1", "changed=1", "same=1", "gone=1", "bridged=1", "a=1", "b=1", "c=1", "d=1", "e=1");
        broker.retain(retained("near/changed", "2"));
        broker.retain(retained("near/same", "1")); // published here, and over no bridge
        broker.retain(retained("near/gone", ""));
        broker.retain(retained("near/other", "1"));
        broker.retain(retained("near/bridged", "1").withProperties(hop("another")));

        reconnectTo(true, "a=1", "b=1", "c=1", "d=1", "e=1");
        beQuiet();
        answerDeletions(ReasonCode.SUCCESS);

        assertThat(published()).containsExactly("near/mine=");
        assertThat(remembered()).containsExactlyInAnyOrder("down/a", "down/b", "down/c", "down/d", "down/e");
    }

    /** Brokers may have another id with every start, by which messages are known to have come from there. */
    @Test
    void deletesWhatWasBroughtBeforeThisBrokerStartedAgain() {
        retainedFile = Optional.of(folder.resolve("b"));
        sendAllAtEachConnection();
        connectTo(false, "a=1", "b=1", "c=1");
        stop();
        remembered.orElseThrow().close();
        broker.id = "started again";
        broker.opening = null;

        connectTo(true, "b=1", "c=1");
        beQuiet();

        assertThat(published()).containsExactly("near/a=");
    }

    @Test
    void deletesNothingWhereASubscriptionIsRefused() {
        file.put("subscribe.down", "down/#, more/# -> near/{topic} retain=diff retain.handling=always");
        connectTo(false, "a=1", "b=1");
        remote.close("lost");
        remote.loop.advance(Duration.ofMinutes(1));
        remote.open();
        broker.published.clear();
        remote.connAck(true, ServerProperties.NONE);
        broker.opened(remote.loop);
        int packetId = ((ControlPacket.Subscribe) remote.packets.get(remote.packets.size() - 1)).packetId();
        remote.packet(new ControlPacket.SubAck(packetId, List.of(ReasonCode.GRANTED_QOS_2, ReasonCode.NOT_AUTHORIZED)));
        send("a=1");
        beQuiet();

        assertThat(published()).isEmpty();
        assertThat(remembered()).containsExactlyInAnyOrder("down/a", "down/b");
    }

    /** It has lost its session, and perhaps all else; what it has was published just now. */
    @Test
    void deletesNothingWhereTheSessionIsLost() {
        connectTo(false, "a=1", "b=1", "c=1");
        reconnectTo(false, "a=1", "b=1");
        beQuiet();

        assertThat(published()).isEmpty();
        assertThat(remembered()).hasSize(3);
    }

    /** It may have lost everything, or be one that does not send what is retained. */
    @Test
    void deletesNothingWhereLessThanHalfHasCome() {
        sendAllAtEachConnection();
        connectTo(false, "a=1", "b=1", "c=1");
        reconnectTo(true);
        beQuiet();
        assertThat(published()).isEmpty();
        reconnectTo(true, "a=2", "b=1", "x=1");
        beQuiet();
        assertThat(published()).as("one as before, one no more").containsExactly("near/a=2", "near/x=1", "near/c=");
    }

    @Test
    void deletesNothingWhereAllThatComesIsNew() {
        file.put("clean.start", "true");
        connectTo(false, "a=1", "b=1");
        reconnectTo(false, "b=2", "x=1");
        beQuiet();
        assertThat(published()).containsExactly("near/b=2", "near/x=1");
        reconnectTo(false, "b=2", "x=1");
        beQuiet();
        assertThat(published()).as("the control").containsExactly("near/a=");
    }

    @Test
    void deletesNothingWhereItWasPausedMeanwhile() {
        sendAllAtEachConnection();
        connectTo(false, "a=1", "b=1");
        reconnectTo(true);
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
        sendAllAtEachConnection();
        connectTo(false, "a=1", "b=1");
        reconnectTo(true);
        remote.publish(retained("down/x", "1"), 99, false); // of which nothing is heard
        remote.loop.advance(Duration.ofMinutes(1));
        remote.packet(new ControlPacket.PingResp());
        remote.loop.advance(Duration.ofSeconds(15));

        assertThat(published()).containsExactly("near/x=1");
    }

    @Test
    void deletesNothingAfterAConnectionThatWasLostTooEarly() {
        sendAllAtEachConnection();
        connectTo(false, "a=1", "b=1");
        reconnectTo(true, "a=1");
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
    void remembersWhatThisBrokerDoesNotDelete() {
        sendAllAtEachConnection();
        connectTo(false, "a=1", "b=1", "c=1");
        remote.publish(retained("down/a", ""), 99, false);
        settle(ReasonCode.NOT_AUTHORIZED);
        assertThat(remembered()).hasSize(3);

        reconnectTo(true, "b=1", "c=1");
        beQuiet();
        assertThat(published()).containsExactly("near/a=");
        answerDeletions(ReasonCode.QUOTA_EXCEEDED);
        assertThat(remembered()).hasSize(3);

        reconnectTo(true, "b=1", "c=1");
        beQuiet();
        assertThat(published()).containsExactly("near/a=");
        answerDeletions(ReasonCode.SUCCESS);
        assertThat(remembered()).containsExactlyInAnyOrder("down/b", "down/c");
    }

    /** Else it would be for the remote broker to say how much memory this takes. */
    @Test
    void keepsNoTopicOfADeletionThatChangesNothing() {
        connectTo(false, "a=1", "dropped=1");
        interceptors.only =
                (way, message) -> message.topic().name().endsWith("dropped") ? Optional.empty() : Optional.of(message);
        List<WeakReference<String>> names = new ArrayList<>();
        for (String text : List.of("never there", "a", "dropped")) {
            Message message = retained("down/" + text, "");
            names.add(new WeakReference<>(message.topic().name()));
            remote.publish(message, 90 + names.size(), false);
            settle(ReasonCode.NOT_AUTHORIZED);
        }
        assertThat(published()).contains("near/never there=", "near/a=");
        broker.published.clear();

        for (int i = 0; i < 100 && names.stream().anyMatch(name -> name.get() != null); i++) {
            System.gc();
        }

        assertThat(names).allMatch(name -> name.get() == null);
        assertThat(remembered()).containsExactlyInAnyOrder("down/a", "down/dropped");
    }

    @Test
    void deletesNothingWhereMoreHasComeThanIsRemembered() {
        sendAllAtEachConnection();
        connectTo(false, "a=1", "b=1");
        reconnectTo(true, "b=1");
        for (int i = 0; i < 280; i++) {
            send(i + "/" + "x".repeat(62_000) + "=1");
        }
        beQuiet();

        assertThat(published()).doesNotContain("near/a=");
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
