/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.broker;

import static io.netty.handler.codec.mqtt.MqttMessageType.CONNACK;
import static org.assertj.core.api.Assertions.assertThat;

import io.bascule.broker.TestClient.Packet;
import io.bascule.itests.statements.Statement;
import io.netty.handler.codec.mqtt.MqttProperties;
import io.netty.handler.codec.mqtt.MqttVersion;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Keep Alive (section 3.1.2.10 of both specifications). */
class KeepAliveTest extends BrokerTestBase {

    @ParameterizedTest
    @EnumSource(MqttVersion.class)
    @Statement(
            v5 = {"MQTT-3.1.2-8", "MQTT-3.1.2-22", "MQTT-3.1.2-23"},
            v311 = {"MQTT-3.1.2-8", "MQTT-3.1.2-24"})
    void endsASilentConnectionAsIfTheNetworkHadFailed(MqttVersion version) {
        String topic = name("silent", version);
        TestClient observer = connect(version, topic + "-observer");
        observer.subscribe(topic, 0);
        TestClient silent = connect(TestClient.of(version, topic)
                .resuming()
                .lasting(100)
                .keepAlive(1)
                .will(topic, "gone", 0, false));
        long start = System.nanoTime();
        silent.subscribe("unlikely", 0);
        assertThat(observer.message().payload()).isEqualTo("gone");
        assertThat(System.nanoTime() - start).isBetween(1_400_000_000L, 5_000_000_000L);
        silent.awaitRefusal(0x8D);
        assertThat(session(topic)).isPresent();
    }

    @Test
    @Statement(v5 = {"MQTT-3.1.2-22", "MQTT-3.2.2-22"})
    void takesTheKeepAliveOfTheClientWhereItSetsNoneOfItsOwn() {
        TestClient short1 =
                tracked(TestClient.sending(broker.port(), TestClient.v5("short").keepAlive(1)));
        TestClient long60 =
                tracked(TestClient.sending(broker.port(), TestClient.v5("long").keepAlive(60)));
        TestClient none = tracked(TestClient.sending(broker.port(), TestClient.v5("none")));
        for (TestClient client : List.of(short1, long60, none)) {
            assertThat(client.await(CONNACK).property(MqttProperties.SERVER_KEEP_ALIVE))
                    .isNull();
        }
        short1.awaitRefusal(0x8D);
        long60.expectNothing();
        none.expectNothing();
    }

    @Test
    @Statement(
            v5 = "MQTT-3.1.2-22",
            v311 = {"MQTT-3.1.2-24"})
    void countsEveryWholePacketAndNothingElse() {
        List<TestClient> lively = new ArrayList<>();
        for (MqttVersion version : MqttVersion.values()) {
            lively.add(connect(TestClient.of(version, name("lively", version)).keepAlive(1)));
        }
        TestClient pieces = connect(TestClient.v311("pieces").keepAlive(1));
        byte[] never = Bytes.of().utf8("pieces").u8(new int[1000]).packet(0x30);
        long start = System.nanoTime();
        int[] sent = {0};
        eventually("two and a half seconds", () -> {
            int due = (int) ((System.nanoTime() - start) / 100_000_000L); // ten times a second
            while (sent[0] < due) {
                for (TestClient client : lively) {
                    client.publish("lively", "x", 0, 0);
                }
                sendByte(pieces, never[sent[0]++]);
            }
            return due >= 25;
        });
        pieces.awaitClosed(); // it did send, but no packet: not a second and a half after its last byte
        assertThat(System.nanoTime() - start).isLessThan(3_800_000_000L);
        for (TestClient client : lively) {
            client.expectNothing();
        }
    }

    private static void sendByte(TestClient client, byte each) {
        try {
            client.send(new byte[] {each});
        } catch (UncheckedIOException e) {
            // closed meanwhile, as it is to be
        }
    }

    @Test
    void endsAConnectionThatIsSilentBehindAPacketInPieces() {
        TestClient client = connect(TestClient.v5("half").keepAlive(1));
        client.send(Bytes.of(0x30, 100).utf8("half").toArray());
        Packet last = client.next();
        assertThat(last.code()).isEqualTo(0x8D);
        client.awaitClosed();
    }
}
