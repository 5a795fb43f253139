/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.itests.kill;

import io.bascule.itests.client.Client;
import io.bascule.itests.client.ConnectOptions;
import io.bascule.itests.client.Version;
import io.bascule.itests.support.Eventually;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** Growing numbers, retained on some topics in turn. Safe for use by several threads. */
final class Retained implements Publisher.Source {
    private static final String TOPIC = "kill/retained/";
    private static final int TOPICS = 8;

    private final int[] acknowledged = new int[TOPICS];
    private int sent;

    Retained() {
        Arrays.fill(acknowledged, -1);
    }

    @Override
    public synchronized int next() {
        return sent++;
    }

    @Override
    public String topic(int number) {
        return TOPIC + number % TOPICS;
    }

    @Override
    public synchronized void acknowledged(int number) {
        acknowledged[number % TOPICS] = number;
    }

    synchronized boolean isOnAllTopics() {
        return IntStream.of(acknowledged).allMatch(number -> number >= 0);
    }

    synchronized int sent() {
        return sent;
    }

    /**
     * Looks at what is retained while nothing is published, and says what is wrong with it: each topic has what was acknowledged last, or
     * something that was sent later.
     */
    synchronized List<String> check(int port) {
        Map<String, Integer> found = new ConcurrentHashMap<>();
        Map<String, Integer> expected =
                IntStream.of(acknowledged).boxed().collect(Collectors.toMap(this::topic, number -> number));
        ConnectOptions options = ConnectOptions.of(Version.MQTT_5, port, "looks at what is retained");
        try (Client client = Client.connect(options, it -> found.put(it.topic(), Integer.valueOf(it.text())))) {
            client.subscribe(TOPIC + "#", 1);
            await(expected.keySet(), found);
        }
        return expected.entrySet().stream()
                .filter(topic -> !isBetween(topic.getValue(), found.get(topic.getKey())))
                .map(topic -> topic + " was acknowledged, and there is " + found.get(topic.getKey()) + " of " + sent)
                .toList();
    }

    private static void await(Set<String> topics, Map<String, Integer> found) {
        try {
            Eventually.eventually("all of it comes", () -> found.keySet().containsAll(topics));
        } catch (AssertionError e) {
            // What is missing is said with what is old.
        }
    }

    private boolean isBetween(int oldest, Integer number) {
        return number != null && number >= oldest && number < sent;
    }
}
