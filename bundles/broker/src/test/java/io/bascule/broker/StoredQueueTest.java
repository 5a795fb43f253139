/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.broker;

import static io.bascule.broker.BrokerTestBase.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import io.bascule.api.QueueInfo;
import io.bascule.broker.TestClient.Packet;
import io.bascule.store.StoreSettings;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The limits of one session hold for messages that are on disk alone, and after a restart. */
class StoredQueueTest extends StoredBrokerTestBase {
    private static final StoreSettings NOTHING_IN_MEMORY = new StoreSettings(StoredBroker.log(1 << 20), 0);

    private Map<String, Object> properties = Map.of();

    @Override
    StoredBroker open() {
        return new StoredBroker(folder, properties, NOTHING_IN_MEMORY);
    }

    private void restart(Map<String, Object> with) {
        properties = with;
        restart();
    }

    /** Messages with these numbers, whose payloads are of 1,000 bytes. */
    private void publish(int first, int last) {
        TestClient publisher = connect(TestClient.v5("publisher"));
        for (int i = first; i <= last; i++) {
            publisher.publish("in", payload(i), 1, i);
            publisher.next();
        }
        publisher.close();
    }

    private static String payload(int number) {
        return String.format("%01000d", number);
    }

    private QueueInfo queue() {
        return broker.broker().session("in").orElseThrow().queue();
    }

    private long dropped() {
        return broker.broker().info().dropped().get("queue-full");
    }

    /** What is acknowledged may still be on its way from its publisher's event loop. */
    private void await(int queued, long dropped) {
        eventually(
                queued + " queued and " + dropped + " dropped",
                () -> queue().queued() == queued && dropped() == dropped && queue().dropped() == dropped);
    }

    private void awaitHits(String limit, long hits) {
        eventually(hits + " hits of " + limit, () -> hits(limit) == hits);
    }

    private long hits(String limit) {
        return broker.broker().limits().stream()
                .filter(each -> each.name().equals(limit))
                .findAny()
                .orElseThrow()
                .hits();
    }

    private void assertReceives(int first, int last) {
        TestClient client = resume(lasting("in"));
        for (int i = first; i <= last; i++) {
            Packet message = client.message();
            assertThat(message.payload()).isEqualTo(payload(i));
            client.puback(message.id());
        }
        client.expectNothing();
    }

    @ParameterizedTest
    @ValueSource(strings = {"queue.messages=10", "queue.bytes=12KiB"})
    void dropsWhatComesLast(String limit) {
        String key = limit.split("=")[0];
        restart(Map.of(key, limit.split("=")[1]));
        leave("in", 1);
        publish(1, 15);
        await(10, 5);
        awaitHits(key, 5);
        long bytes = queue().queuedBytes();

        restart();
        assertThat(queue().queued()).isEqualTo(10);
        assertThat(queue().queuedBytes()).isEqualTo(bytes);
        publish(16, 17);
        await(10, 2);
        awaitHits(key, 2);

        restart();
        assertReceives(1, 10);
    }

    @ParameterizedTest
    @ValueSource(strings = {"queue.messages=10", "queue.bytes=12KiB"})
    void dropsTheOldest(String limit) {
        String key = limit.split("=")[0];
        restart(Map.of(key, limit.split("=")[1], "queue.policy", "drop-oldest"));
        leave("in", 1);
        publish(1, 15);
        await(10, 5);
        awaitHits(key, 5);

        restart();
        assertThat(queue().queued()).isEqualTo(10);
        publish(16, 17);
        await(10, 2);

        restart();
        assertReceives(8, 17);
    }

    @ParameterizedTest
    @ValueSource(strings = {"queue.messages=3", "queue.bytes=4KiB"})
    void keepsWhatThereIsWhenItMayHaveLess(String limit) {
        leave("in", 1);
        publish(1, 10);
        restart(Map.of(limit.split("=")[0], limit.split("=")[1]));
        publish(11, 12);
        await(10, 2);
        assertReceives(1, 10);
    }

    @Test
    void forgetsOnDiskWhatItDrops() {
        restart(Map.of("queue.messages", "10", "queue.policy", "drop-oldest"));
        leave("in", 1);
        publish(1, 10);
        await(10, 0);
        long full = broker.store().keptBytes();
        publish(11, 100);
        await(10, 90);
        eventually("forgotten", () -> Math.abs(broker.store().keptBytes() - full) <= 100);
    }

    @Test
    void countsWhatIsInFlightAsNoneThatWaits() {
        restart(Map.of("queue.messages", "10"));
        TestClient client = connect(lasting("in").receiveMaximum(5));
        client.subscribe("in", 1);
        publish(1, 20);
        List<Integer> sent = IntStream.range(0, 5)
                .map(i -> Integer.parseInt(client.message().payload()))
                .boxed()
                .toList();
        assertThat(sent).containsExactly(1, 2, 3, 4, 5);
        await(10, 5);

        restart();
        assertThat(queue().queued()).isEqualTo(10);
        assertThat(queue().inFlight()).isEqualTo(5);
        publish(21, 21);
        await(10, 1);
        assertReceives(1, 15);
    }
}
