/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.benchmarks.bridge;

import com.hivemq.client.mqtt.datatypes.MqttQos;
import com.hivemq.client.mqtt.mqtt3.Mqtt3AsyncClient;
import com.hivemq.client.mqtt.mqtt3.message.publish.Mqtt3Publish;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.BitSet;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Numbered messages of one publisher on one topic, and the account of what came of them. A message counts as sent when it is acknowledged
 * to the publisher; at QoS 0, when it is written.
 */
final class Stream {
    private static final int PAYLOAD_BYTES = 64;
    private static final int LATENCIES = 1 << 20;

    private final String name;
    private final MqttQos qos;
    private final String topic;
    private final Mqtt3AsyncClient publisher;
    private final AtomicLong acknowledged = new AtomicLong();
    private final AtomicLong failed = new AtomicLong();
    private long next;

    // Under the lock of this object.
    private final BitSet received = new BitSet();
    private final long[] latencies = new long[LATENCIES];
    private int latencyCount;
    private long duplicates;
    private long outOfOrder;
    private long highest = -1;

    Stream(String name, MqttQos qos, String topic, Mqtt3AsyncClient publisher) {
        this.name = name;
        this.qos = qos;
        this.topic = topic;
        this.publisher = publisher;
    }

    void publishNext() {
        byte[] payload = new byte[PAYLOAD_BYTES];
        ByteBuffer.wrap(payload).putLong(next++).putLong(System.nanoTime());
        publisher
                .publish(Mqtt3Publish.builder()
                        .topic(topic)
                        .qos(qos)
                        .payload(payload)
                        .build())
                .whenComplete((sent, failure) -> (failure == null ? acknowledged : failed).incrementAndGet());
    }

    void subscribe(Mqtt3AsyncClient subscriber, String filter) {
        subscriber
                .subscribeWith()
                .topicFilter(filter)
                .qos(qos)
                .callback(this::receive)
                .send()
                .join();
    }

    private void receive(Mqtt3Publish message) {
        long now = System.nanoTime();
        ByteBuffer payload = ByteBuffer.wrap(message.getPayloadAsBytes());
        int number = (int) payload.getLong();
        long sentAt = payload.getLong();
        synchronized (this) {
            if (received.get(number)) {
                duplicates++;
                return;
            }
            received.set(number);
            if (number < highest) {
                outOfOrder++;
            }
            highest = Math.max(highest, number);
            if (latencyCount < LATENCIES) {
                latencies[latencyCount++] = now - sentAt;
            }
        }
    }

    /** Everything that was published is either acknowledged or given up, and everything acknowledged has arrived. */
    synchronized boolean isSettled() {
        boolean answered = acknowledged.get() + failed.get() == next;
        return answered && (qos == MqttQos.AT_MOST_ONCE || received.cardinality() >= acknowledged.get());
    }

    synchronized long lost() {
        return Math.max(0, acknowledged.get() - received.cardinality());
    }

    synchronized void forgetLatencies() {
        latencyCount = 0;
    }

    /** One row of a Markdown table. */
    synchronized String row() {
        return String.format(
                "| %s | %d | %d | %d | %d | %d | %d | %s |",
                name,
                qos.getCode(),
                acknowledged.get(),
                received.cardinality(),
                lost(),
                duplicates,
                outOfOrder,
                latency());
    }

    /** Median, 99th percentile and maximum in milliseconds, of what arrived since they were last forgotten. */
    synchronized String latency() {
        long[] sorted = Arrays.copyOf(latencies, latencyCount);
        Arrays.sort(sorted);
        if (sorted.length == 0) {
            return "-";
        }
        return String.format(
                "%.2f / %.2f / %.1f",
                sorted[sorted.length / 2] / 1e6,
                sorted[(int) (sorted.length * 0.99)] / 1e6,
                sorted[sorted.length - 1] / 1e6);
    }

    static String header() {
        return "| stream | QoS | acknowledged | received | lost | duplicates | out of order | latency p50 / p99 / max, ms |\n"
                + "|---|---|---|---|---|---|---|---|";
    }
}
