/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.bridge.link;

import io.bascule.api.Delivery;
import io.bascule.mqtt.Message;
import io.bascule.mqtt.QoS;
import io.bascule.mqtt.ReasonCode;
import io.bascule.mqtt.Topic;
import io.bascule.transport.Acknowledgement;
import io.bascule.transport.ControlPacket.ServerProperties;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** A link with a forward route with {@code retain=diff}, whose messages are acknowledged when they are looked at. */
abstract class RetainedDiffFixture extends LinkFixture {
    @TempDir
    Path folder;

    private final Set<Integer> answered = new HashSet<>();

    @BeforeEach
    void route() {
        file.put("forward.up", "up/# -> far/{#} retain=diff");
    }

    static Message retained(String topic, String text, QoS qos) {
        return Message.of(Topic.of(topic), text.getBytes(StandardCharsets.UTF_8), qos, true);
    }

    void retain(String topic, String text) {
        broker.retain(retained(topic, text, QoS.AT_LEAST_ONCE));
    }

    /** Published here while the bridge is connected. */
    void publish(String topic, String text, int packetId) {
        publish(topic, text, QoS.AT_LEAST_ONCE, packetId);
    }

    void publish(String topic, String text, QoS qos, int packetId) {
        Message message = retained(topic, text, qos);
        broker.retain(message);
        broker.deliver(
                remote.loop, new Delivery(packetId, message, message.qos(), true, false, new int[] {identifier()}));
    }

    int identifier() {
        return broker.subscriptions.get(0).identifier();
    }

    /** What was published there over this connection, with its text, and acknowledges it. */
    List<String> crossed() {
        List<String> lines =
                remote.sent.stream().filter(line -> line.startsWith("PUBLISH")).toList();
        List<Message> messages =
                remote.published.subList(remote.published.size() - lines.size(), remote.published.size());
        answer(ReasonCode.SUCCESS);
        return messages.stream()
                .map(message -> message.topic() + "=" + message.text())
                .toList();
    }

    void answer(ReasonCode reason) {
        for (String line : List.copyOf(remote.sent)) {
            int packetId = line.contains("#")
                    ? Integer.parseInt(line.substring(line.indexOf('#') + 1).split(" ")[0])
                    : 0;
            if (line.startsWith("PUBLISH") && line.contains(" q1 ") && answered.add(packetId)) {
                remote.acknowledge(Acknowledgement.PUBACK, packetId, reason);
            }
        }
    }

    void connectAndCompare(boolean remotePresent) {
        start();
        establishAndCompare(remotePresent);
    }

    void establishAndCompare(boolean remotePresent) {
        remote.open();
        remote.connAck(remotePresent, ServerProperties.NONE);
        broker.opened(remote.loop);
        remote.subAck();
        remote.pubComp(); // compares, since nothing waits
    }

    void reconnectAndCompare(boolean remotePresent) {
        remote.close("lost");
        remote.loop.advance(Duration.ofMinutes(1));
        establishAndCompare(remotePresent);
    }

    /** Activation in a new process, or of a new component. */
    void startAgain(boolean remotePresent) {
        stop();
        remembered.orElseThrow().close();
        broker.opening = null;
        connectAndCompare(remotePresent);
    }

    /** The same, and what is remembered was not written at the end. */
    void crash(boolean remotePresent) {
        stop();
        broker.opening = null;
        connectAndCompare(remotePresent);
    }
}
