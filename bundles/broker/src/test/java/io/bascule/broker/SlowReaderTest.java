/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.broker;

import static io.bascule.broker.BrokerTestBase.eventually;
import static io.netty.handler.codec.mqtt.MqttMessageType.PUBACK;
import static org.assertj.core.api.Assertions.assertThat;

import io.bascule.api.QueueInfo;
import io.bascule.api.SessionInfo;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** One subscriber that does not read, among others that do, two of them on each event loop: connections take turns among the loops. */
@Timeout(120)
class SlowReaderTest {
    private static final int OTHERS = 2 * Runtime.getRuntime().availableProcessors();
    private static final int BURST = 8;
    private static final int PAYLOAD = 16 * 1024;
    private static final int ENOUGH_DROPS = 100;
    private static final int MOST_MESSAGES = 4000;

    private TestBroker broker;
    private SilentReader slow;
    private TestClient publisher;
    private final List<TestClient> others = new ArrayList<>();
    private int published;

    /** The limits of a session, and how many messages of this test they let wait. */
    private record Limits(String key, String value, String policy, int waiting) {
        private static Limits of(String key, String value, String policy) {
            int size = 64 + 96 + "feed".length() + PAYLOAD; // as Message.sizeInBytes and a queue's entry say
            int waiting = key.equals("queue.messages") ? Integer.parseInt(value) : Integer.parseInt(value) / size;
            return new Limits(key, value, policy, waiting);
        }

        Map<String, Object> properties() {
            return Map.of(key, value, "queue.policy", policy);
        }

        @Override
        public String toString() {
            return key + "=" + value + " " + policy;
        }
    }

    static Stream<Limits> limits() {
        return Stream.of("drop-newest", "drop-oldest")
                .flatMap(policy -> Stream.of(
                        Limits.of("queue.messages", "50", policy), Limits.of("queue.bytes", "500000", policy)));
    }

    @AfterEach
    void close() {
        slow.close();
        publisher.close();
        others.forEach(TestClient::close);
        eventually("buffers given back", () -> broker.transport().info().activeBuffers() == 0);
        broker.close();
    }

    @ParameterizedTest
    @MethodSource("limits")
    void isBoundedAndCountedAtQosZero(Limits limits) {
        isBoundedAndCounted(limits, 0);
    }

    @ParameterizedTest
    @MethodSource("limits")
    void isBoundedAndCountedAtQosOne(Limits limits) {
        isBoundedAndCounted(limits, 1);
    }

    private void isBoundedAndCounted(Limits limits, int qos) {
        connect(limits, qos);
        do {
            burst(qos);
            eventually("books balance", () -> delivered() + queue().queued() + queue().dropped() == published);
            // Nothing leaves the queue while its owner does not read: had it been exceeded, it would be now.
            assertThat(queue().queued()).isLessThanOrEqualTo(limits.waiting());
        } while (queue().dropped() < ENOUGH_DROPS && published < MOST_MESSAGES);

        int sent = (int) delivered();
        int dropped = (int) queue().dropped();
        assertThat(dropped).isGreaterThanOrEqualTo(ENOUGH_DROPS);
        assertThat(queue().queued()).isEqualTo(limits.waiting());
        assertThat(queue().inFlight()).isEqualTo(qos == 0 ? 0 : sent);
        eventually("all are counted", () -> broker.broker().info().dropped().get("queue-full") == dropped);
        assertThat(broker.broker().info().dropped()).containsEntry("offline-qos0", 0L);

        List<Integer> got = new ArrayList<>();
        for (int i = 0; i < published - dropped; i++) {
            got.add(number(slow.message()));
        }
        IntStream kept = limits.policy().equals("drop-newest")
                ? IntStream.range(0, published - dropped)
                : IntStream.concat(IntStream.range(0, sent), IntStream.range(sent + dropped, published));
        assertThat(got).containsExactlyElementsOf(kept.boxed().toList());

        burst(qos);
        for (int i = published - BURST; i < published; i++) {
            assertThat(number(slow.message())).isEqualTo(i);
        }
        eventually("all acknowledged", () -> queue().inFlight() == 0 && queue().queued() == 0);
        assertThat(queue().queuedBytes()).isZero();
        assertThat(queue().dropped()).isEqualTo(dropped);
        assertThat(delivered()).isEqualTo(published - dropped);
    }

    private void connect(Limits limits, int qos) {
        broker = new TestBroker(limits.properties(), Map.of());
        slow = new SilentReader(broker.port());
        slow.subscribe("feed", qos);
        for (int i = 0; i < OTHERS; i++) {
            TestClient other = TestClient.connected(broker.port(), TestClient.v5("other-" + i));
            other.subscribe("feed", qos);
            others.add(other);
        }
        publisher = TestClient.connected(broker.port(), TestClient.v5("feed-out"));
    }

    /** A few numbered messages, which all others have to get in order, whatever the slow one does. */
    private void burst(int qos) {
        for (int i = 0; i < BURST; i++) {
            String number = String.valueOf(published + i);
            publisher.publish("feed", number + " ".repeat(PAYLOAD - number.length()), 1, 1 + i);
        }
        for (int i = 0; i < BURST; i++) {
            assertThat(publisher.await(PUBACK).id()).isEqualTo(1 + i);
        }
        for (TestClient other : others) {
            for (int i = 0; i < BURST; i++) {
                TestClient.Packet message = other.message();
                assertThat(number(message.payload())).isEqualTo(published + i);
                if (qos > 0) {
                    other.puback(message.id());
                }
            }
        }
        published += BURST;
    }

    private static int number(String payload) {
        return Integer.parseInt(payload.strip());
    }

    /** How many messages the broker has sent to the slow one: all but what the others have received. */
    private long delivered() {
        return broker.broker().info().delivered() - (long) OTHERS * published;
    }

    private QueueInfo queue() {
        return broker.broker().sessions().stream()
                .filter(session -> session.clientId().equals(SilentReader.CLIENT_ID))
                .map(SessionInfo::queue)
                .findFirst()
                .orElseThrow();
    }
}
