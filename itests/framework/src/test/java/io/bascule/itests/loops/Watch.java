/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.itests.loops;

import io.bascule.itests.client.Client;
import io.bascule.itests.client.ConnectOptions;
import io.bascule.itests.client.Received;
import io.bascule.itests.client.Version;
import io.bascule.itests.support.Eventually;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/** Publishes at some brokers and counts at all of them what comes. */
final class Watch implements AutoCloseable {
    /** Nothing more comes where nothing has come for so long and all is there. */
    private static final Duration QUIET = Duration.ofSeconds(1);
    /** And where not: on a machine that does other things the next one may be on its way. */
    private static final Duration LONG_QUIET = Duration.ofSeconds(5);
    /** What goes on after that does not end. */
    private static final Duration TO_END = Duration.ofSeconds(12);

    private final Map<String, Client> clients = new LinkedHashMap<>();
    /** How often each message came, by broker and message. */
    private final Map<String, AtomicInteger> seen = new ConcurrentHashMap<>();

    private final List<String> published = new ArrayList<>();
    private long lastPublished = System.nanoTime();
    private volatile long lastSeen = lastPublished;

    /** Watches this filter at the broker on this port. */
    void at(String broker, int port, String filter) {
        Client client = Client.connect(
                ConnectOptions.of(Version.MQTT_5, port, "watch"), received -> received(broker, received));
        client.subscribe(filter, 0);
        clients.put(broker, client);
    }

    private void received(String broker, Received received) {
        lastSeen = System.nanoTime();
        seen.computeIfAbsent(received.text() + " at " + broker, key -> new AtomicInteger())
                .incrementAndGet();
    }

    /** Publishes messages with each QoS at this broker. */
    void publish(String broker, String topic, int messages) {
        for (int i = 0; i < messages; i++) {
            String text = i + " from " + broker;
            published.add(text);
            clients.get(broker).publish(topic, i % 3, text);
        }
        lastPublished = System.nanoTime();
    }

    /** Waits until something has come so often. */
    void awaitRepeated(int times) {
        Eventually.eventually(
                "a message comes " + times + " times",
                () -> seen.values().stream().anyMatch(count -> count.get() >= times));
    }

    /** What is wrong, one sentence each, once nothing comes any more. */
    List<String> findings() {
        Eventually.eventually(TO_END.multipliedBy(2), "traffic has had its time", this::hasHadItsTime);
        List<String> findings = new ArrayList<>();
        Map<String, Integer> counts = new TreeMap<>();
        clients.keySet().forEach(broker -> published.forEach(text -> counts.put(text + " at " + broker, 0)));
        seen.forEach((message, count) -> counts.put(message, count.get()));
        counts.forEach((message, count) -> {
            if (count != 1) {
                findings.add(message + " came " + count + " times");
            }
        });
        if (lastSeen - lastPublished > TO_END.minus(QUIET).toNanos()) {
            findings.add("traffic " + (lastSeen - lastPublished) / 1_000_000 + " ms after the last message");
        }
        return findings;
    }

    private boolean hasHadItsTime() {
        long now = System.nanoTime();
        long quiet = now - Math.max(lastSeen, lastPublished);
        return quiet > (hasAllCome() ? QUIET : LONG_QUIET).toNanos() || now - lastPublished > TO_END.toNanos();
    }

    private boolean hasAllCome() {
        return clients.keySet().stream()
                .allMatch(broker -> published.stream().allMatch(text -> seen.containsKey(text + " at " + broker)));
    }

    @Override
    public void close() {
        clients.values().forEach(Client::close);
    }
}
