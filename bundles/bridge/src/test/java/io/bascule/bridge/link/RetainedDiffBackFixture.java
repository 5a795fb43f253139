/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.bridge.link;

import static org.assertj.core.api.Assertions.assertThat;

import io.bascule.api.Bridge.Direction;
import io.bascule.mqtt.Message;
import io.bascule.mqtt.QoS;
import io.bascule.mqtt.ReasonCode;
import io.bascule.mqtt.Topic;
import io.bascule.transport.ControlPacket;
import io.bascule.transport.ControlPacket.ServerProperties;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** A link with a subscribe route with {@code retain=diff}. */
abstract class RetainedDiffBackFixture extends LinkFixture {
    @TempDir
    Path folder;

    private int lastPacketId;

    @BeforeEach
    void route() {
        file.put("subscribe.down", "down/# -> near/{#} retain=diff");
    }

    static Message retained(String topic, String text) {
        return Message.of(Topic.of(topic), text.getBytes(StandardCharsets.UTF_8), QoS.AT_LEAST_ONCE, true);
    }

    void connectTo(boolean remotePresent, String... retained) {
        start();
        establishWith(remotePresent, retained);
    }

    void reconnectTo(boolean remotePresent, String... retained) {
        remote.close("lost");
        remote.loop.advance(Duration.ofMinutes(1));
        establishWith(remotePresent, retained);
    }

    void establishWith(boolean remotePresent, String... retained) {
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
    void send(String each) {
        int before = broker.published.size();
        remote.publish(
                retained("down/" + each.substring(0, each.indexOf('=')), each.substring(each.indexOf('=') + 1)),
                ++lastPacketId,
                false);
        broker.published.subList(before, broker.published.size()).forEach(broker::retain);
        settle(ReasonCode.SUCCESS);
    }

    List<String> published() {
        return broker.published.stream()
                .map(message -> message.topic() + "=" + message.text())
                .toList();
    }

    /** Nothing new comes until it is taken for all. */
    void beQuiet() {
        remote.loop.advance(RetainedIn.QUIET.plusSeconds(2));
        assertThat(remote.sent).contains("PINGREQ");
        remote.packet(new ControlPacket.PingResp());
        remote.loop.advance(Duration.ofSeconds(2));
    }

    void sendAllAtEachConnection() {
        file.put("subscribe.down", "down/# -> near/{#} retain=diff retain.handling=always");
    }

    List<String> remembered() {
        return remembered
                .orElseThrow()
                .at(0, definition.routes(Direction.SUBSCRIBE).get(0))
                .topics();
    }

    void answerDeletions(ReasonCode reason) {
        remote.loop.run(() -> broker.owedOfQos0.forEach(owed -> owed.accept(reason)));
        broker.owedOfQos0.clear();
    }
}
