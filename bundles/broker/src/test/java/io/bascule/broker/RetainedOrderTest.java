/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.broker;

import static org.assertj.core.api.Assertions.assertThat;

import io.bascule.api.Session;
import io.bascule.api.SessionOptions;
import io.bascule.mqtt.Message;
import io.bascule.mqtt.QoS;
import io.bascule.mqtt.ReasonCode;
import io.bascule.mqtt.Topic;
import io.bascule.mqtt.TopicFilter;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.Test;

/** What is retained at a topic by several event loops at once. */
class RetainedOrderTest extends StoredBrokerTestBase {
    private static final int TOPICS = 3000;
    /** So that it takes a while to tell the store. */
    private static final int SIZE = 8000;

    private static Message message(int topic, int first) {
        byte[] payload = new byte[SIZE];
        payload[0] = (byte) first;
        return Message.of(Topic.of("r/" + topic), payload, QoS.AT_LEAST_ONCE, true);
    }

    private Map<String, Byte> retained() {
        Map<String, Byte> all = new TreeMap<>();
        broker.broker()
                .retained(TopicFilter.of("r/+"), TOPICS)
                .forEach(message -> all.put(message.topic().name(), message.payload()[0]));
        return all;
    }

    @Test
    void isTheSameAfterARestart() {
        List<Session> sessions = new ArrayList<>();
        for (int i = 0; i < 2; i++) {
            sessions.add(get(broker.broker().open(SessionOptions.temporary("publisher" + i), delivery -> {})));
        }
        List<CompletionStage<?>> answers = new ArrayList<>();
        for (int topic = 0; topic < TOPICS; topic++) {
            for (int i = 0; i < sessions.size(); i++) {
                CompletableFuture<ReasonCode> answer = new CompletableFuture<>();
                answers.add(answer);
                sessions.get(i).publish(topic + 1, message(topic, i), answer::complete);
            }
        }
        answers.forEach(StoredBrokerTestBase::get);
        Map<String, Byte> before = retained();

        restart();

        Map<String, Byte> after = retained();
        assertThat(after).hasSize(TOPICS);
        assertThat(after.keySet())
                .as("that are not what they were")
                .noneMatch(topic -> !after.get(topic).equals(before.get(topic)));
    }
}
