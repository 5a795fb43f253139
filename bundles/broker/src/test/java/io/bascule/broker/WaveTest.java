/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.broker;

import static io.bascule.broker.BrokerTestBase.eventually;
import static io.netty.handler.codec.mqtt.MqttMessageType.PUBACK;
import static org.assertj.core.api.Assertions.assertThat;

import io.bascule.api.BrokerInfo;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Many clients that drop and return all at once, beside two that go on. */
@Timeout(120)
class WaveTest {
    private static final int CLIENTS = 500;
    private static final int ROUNDS = 3;
    private static final int STEADY = 3;
    private static final String END = "end";

    private final TestBroker broker = TestBroker.start();
    private final List<WaveClient> wave = IntStream.range(0, CLIENTS)
            .mapToObj(i -> new WaveClient("wave-" + i))
            .toList();
    private final TestClient observer = TestClient.connected(broker.port(), TestClient.v5("observer"));
    private final TestClient subscriber = TestClient.connected(broker.port(), TestClient.v5("steady-in"));
    private final TestClient publisher = TestClient.connected(broker.port(), TestClient.v5("steady-out"));
    private volatile boolean waving = true;

    @AfterEach
    void close() {
        wave.forEach(WaveClient::drop);
        List.of(observer, subscriber, publisher).forEach(TestClient::close);
        broker.close();
    }

    @Test
    void losesNothingAndLeavesNothing() {
        observer.subscribe("will/+", 1);
        subscriber.subscribe("steady", 1);
        CompletableFuture<Integer> sent = CompletableFuture.supplyAsync(this::publishNumbers);
        CompletableFuture<Integer> received = CompletableFuture.supplyAsync(this::receiveNumbers);

        assertThat(arrive(0)).isZero();
        for (int round = 1; round <= ROUNDS; round++) {
            wave.forEach(WaveClient::drop);
            assertThat(arrive(round)).as("sessions resumed in round %d", round).isEqualTo(CLIENTS);
            assertThat(wills(CLIENTS)).containsExactlyInAnyOrderElementsOf(willsOf(round - 1));
        }
        observer.expectNothing(); // every will came once [MQTT-3.1.2-8]
        assertHeld(CLIENTS + STEADY, CLIENTS + STEADY);

        waving = false;
        assertThat(received.join()).isEqualTo(sent.join()).isPositive();

        wave.forEach(WaveClient::drop);
        assertThat(wills(CLIENTS)).containsExactlyInAnyOrderElementsOf(willsOf(ROUNDS));
        assertHeld(STEADY, CLIENTS + STEADY);
        List.of(observer, subscriber, publisher).forEach(TestClient::disconnect);
        assertHeld(0, CLIENTS);
        IntStream.range(0, CLIENTS).forEach(i -> broker.broker().endSession("wave-" + i));
        assertHeld(0, 0);
        eventually("their subscriptions are gone", () -> {
            BrokerInfo info = broker.broker().info();
            return info.subscriptions() == 0 && info.treeNodes() == 0;
        });
        assertThat(broker.broker().info().dropped().values()).containsOnly(0L);
    }

    /** All arrive at once; how many sessions were there. */
    private int arrive(int round) {
        wave.forEach(client -> client.arrive(broker.port(), "round " + round));
        int present = 0;
        for (WaveClient client : wave) {
            present += client.isSessionPresent() ? 1 : 0;
        }
        return present;
    }

    private List<String> wills(int count) {
        List<String> wills = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            TestClient.Packet will = observer.message();
            observer.puback(will.id());
            wills.add(will.topic() + "=" + will.payload());
        }
        return wills;
    }

    private static List<String> willsOf(int round) {
        return IntStream.range(0, CLIENTS)
                .mapToObj(i -> "will/wave-" + i + "=round " + round)
                .toList();
    }

    private int publishNumbers() {
        int number = 0;
        while (waving) {
            publisher.publish("steady", String.valueOf(number), 1, 1 + number % 65_535);
            assertThat(publisher.await(PUBACK).id()).isEqualTo(1 + number % 65_535);
            number++;
        }
        publisher.publishAcknowledged("steady", END);
        return number;
    }

    private int receiveNumbers() {
        int number = 0;
        TestClient.Packet message = subscriber.message();
        while (!message.payload().equals(END)) {
            assertThat(message.payload()).isEqualTo(String.valueOf(number)); // [MQTT-4.6.0-5]
            assertThat(message.dup()).isFalse();
            subscriber.puback(message.id());
            number++;
            message = subscriber.message();
        }
        subscriber.puback(message.id());
        return number;
    }

    private void assertHeld(int connections, int sessions) {
        eventually(connections + " connections, " + sessions + " sessions", () -> {
            BrokerInfo info = broker.broker().info();
            return broker.transport().info().connections() == connections
                    && info.connected() == connections
                    && info.sessions() == sessions;
        });
        eventually("buffers given back", () -> broker.transport().info().activeBuffers() == 0);
    }
}
