/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.broker.retained;

import static org.assertj.core.api.Assertions.assertThat;

import io.bascule.broker.LimitHits;
import io.bascule.mqtt.Message;
import io.bascule.mqtt.QoS;
import io.bascule.mqtt.Topic;
import io.bascule.mqtt.TopicFilter;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

class RetainedMessagesTest {
    private static final long NOW = System.nanoTime();
    private static final long AN_HOUR_LATER = NOW + TimeUnit.HOURS.toNanos(1);

    private final List<String> expired = new ArrayList<>();
    private final RetainedMessages retained = new RetainedMessages(
            Integer.MAX_VALUE, Long.MAX_VALUE, new LimitHits(), topic -> expired.add(topic.name()));

    @Test
    void keepsTheLastMessageOfATopic() { // [MQTT-3.3.1-5]
        put("a/b", "first");
        put("a/b", "second");

        assertThat(found("a/b")).containsExactly("a/b=second");
        assertThat(retained.get(Topic.of("a/b"), NOW)).map(Message::text).contains("second");
        assertThat(retained.size()).isEqualTo(1);
    }

    @Test
    void deletesWithAnEmptyPayload() { // [MQTT-3.3.1-6, MQTT-3.3.1-7]
        put("a/b/c", "v");
        put("a", "w");

        assertThat(put("a/b/c", "")).isTrue();
        assertThat(put("a/b", "")).isTrue();
        assertThat(put("nowhere", "")).isTrue();

        assertThat(found("#")).containsExactly("a=w");
        assertThat(retained.nodes()).isEqualTo(1);
    }

    @Test
    void removesAndReturnsWhatIsThere() {
        put("a/b", "v");

        assertThat(retained.remove(Topic.of("a"))).isEmpty();
        assertThat(retained.remove(Topic.of("a/b/c"))).isEmpty();
        assertThat(retained.remove(Topic.of("a/b"))).map(Message::text).contains("v");
        assertThat(retained.remove(Topic.of("a/b"))).isEmpty();

        assertThat(retained.size()).isZero();
        assertThat(retained.bytes()).isZero();
        assertThat(retained.nodes()).isZero();
    }

    @Test
    void matchesByTheRulesOfTopicFilters() {
        for (String topic : new String[] {"a", "a/", "a/b", "a/b/c", "a//c", "/a", "$SYS/a", "$SYS", "a/$b"}) {
            put(topic, "v");
        }

        assertThat(topics("#")).containsExactly("/a", "a", "a/", "a/$b", "a//c", "a/b", "a/b/c");
        assertThat(topics("a/#")).containsExactly("a", "a/", "a/$b", "a//c", "a/b", "a/b/c");
        assertThat(topics("+")).containsExactly("a");
        assertThat(topics("+/a")).containsExactly("/a");
        assertThat(topics("+/+")).containsExactly("/a", "a/", "a/$b", "a/b");
        assertThat(topics("a/+/c")).containsExactly("a//c", "a/b/c");
        assertThat(topics("a/+/#")).containsExactly("a/", "a/$b", "a//c", "a/b", "a/b/c");
        assertThat(topics("a/b")).containsExactly("a/b");
        assertThat(topics("$share/g/a/b")).containsExactly("a/b");
        assertThat(topics("$SYS/#")).containsExactly("$SYS", "$SYS/a");
        assertThat(topics("$SYS/+")).containsExactly("$SYS/a");
        assertThat(topics("b/#")).isEmpty();
    }

    @Test
    void doesNotHandOutWhatHasExpiredAndDeletesItWhenMet() {
        putExpiring("a/b", "v");
        put("a/c", "w");
        assertThat(found("a/+")).containsExactly("a/b=v", "a/c=w");

        List<String> later = new ArrayList<>();
        retained.match(TopicFilter.of("a/+"), AN_HOUR_LATER, message -> later.add(message.text()));

        assertThat(later).containsExactly("w");
        assertThat(retained.size()).isEqualTo(1);
        assertThat(retained.nodes()).isEqualTo(2);
    }

    @Test
    void doesNotReturnWhatHasExpired() {
        putExpiring("a", "v");

        assertThat(retained.get(Topic.of("a"), NOW)).isPresent();
        assertThat(retained.get(Topic.of("a"), AN_HOUR_LATER)).isEmpty();
        assertThat(retained.size()).isZero();
    }

    @Test
    void removesExpiredMessagesThatNobodyMeets() {
        putExpiring("a", "v");
        putExpiring("$reserved/a", "v");
        put("b", "w");

        new RetainedSweep(retained).sweep(Integer.MAX_VALUE, AN_HOUR_LATER);

        assertThat(found("#")).containsExactly("b=w");
        assertThat(retained.size()).isEqualTo(1);
        assertThat(retained.nodes()).isEqualTo(1);
    }

    @Test
    void saysOnceWhatHasExpired() {
        putExpiring("a", "v");
        putExpiring("b", "v");
        putExpiring("c", "v");
        put("d", "w");
        putExpiring("replaced", "v");
        put("replaced", "w");
        putExpiring("deleted", "v");
        retained.remove(Topic.of("deleted"));

        retained.get(Topic.of("a"), AN_HOUR_LATER);
        retained.match(TopicFilter.of("b"), AN_HOUR_LATER, message -> {});
        new RetainedSweep(retained).sweep(Integer.MAX_VALUE, AN_HOUR_LATER);

        assertThat(expired).containsExactly("a", "b", "c");
    }

    @Test
    void removesExpiredMessagesPieceByPieceWhileOthersComeAndGo() {
        RetainedSweep sweep = new RetainedSweep(retained);
        for (int i = 0; i < 100; i++) {
            putExpiring("a/" + i + "/x", "v");
        }
        put("b", "w");
        for (int i = 0; i < 120; i++) {
            sweep.sweep(3, AN_HOUR_LATER); // 302 levels in 101 pieces
            retained.remove(Topic.of("a/" + (99 - i) + "/x"));
            put("c/" + i, "new");
        }
        assertThat(found("a/#")).isEmpty();
        assertThat(retained.size()).isEqualTo(121);
        sweep.sweep(Integer.MAX_VALUE, AN_HOUR_LATER);
        assertThat(retained.size()).isEqualTo(121);
    }

    @Test
    void sweepsNoMoreThanAPieceAtATime() {
        for (int i = 0; i < 100; i++) {
            putExpiring("a" + i, "v");
        }
        new RetainedSweep(retained).sweep(10, AN_HOUR_LATER);
        assertThat(retained.size()).isEqualTo(90);
    }

    @Test
    void refusesMoreMessagesThanAllowedButReplacesAndDeletes() {
        RetainedMessages two = new RetainedMessages(2, Long.MAX_VALUE, new LimitHits(), topic -> {});
        assertThat(two.put(Message.of("a", "1"))).isTrue();
        assertThat(two.put(Message.of("b", "2"))).isTrue();

        assertThat(two.put(Message.of("c/d", "3"))).isFalse();
        assertThat(two.size()).isEqualTo(2);
        assertThat(two.nodes()).isEqualTo(2);
        assertThat(two.put(Message.of("a", "4"))).isTrue();
        assertThat(two.put(Message.of("b", ""))).isTrue();
        assertThat(two.put(Message.of("c/d", "5"))).isTrue();
    }

    @Test
    void refusesMoreBytesThanAllowedAndKeepsWhatTheTopicHad() {
        put("a", "x".repeat(1_000));
        RetainedMessages bounded = new RetainedMessages(10, retained.bytes(), new LimitHits(), topic -> {});
        assertThat(bounded.put(Message.of("a", "x".repeat(1_000)))).isTrue();

        assertThat(bounded.put(Message.of("a", "y".repeat(1_001)))).isFalse();
        assertThat(bounded.put(Message.of("b", "z"))).isFalse();
        assertThat(bounded.get(Topic.of("a"), NOW)).map(Message::text).contains("x".repeat(1_000));
        assertThat(bounded.bytes()).isEqualTo(retained.bytes());

        assertThat(bounded.put(Message.of("a", "short"))).isTrue();
        assertThat(bounded.put(Message.of("b", "z"))).isTrue();
    }

    @Test
    void countsTheLevelsOfATopic() {
        put("/".repeat(10_000), "v");

        // Ten thousand nodes for ten kilobytes of topic: the bound has to know.
        assertThat(retained.nodes()).isEqualTo(10_001);
        assertThat(retained.bytes()).isGreaterThan(1_000_000);
        assertThat(found("+/#")).hasSize(1);
    }

    @Test
    void shrinksAgainAfterManySiblings() {
        for (int i = 0; i < 10_000; i++) {
            put("a/" + i, "v");
        }
        for (int i = 0; i < 9_990; i++) {
            put("a/" + i, "");
        }

        assertThat(found("a/+")).hasSize(10);
        assertThat(retained.nodes()).isEqualTo(11);
        assertThat(put("a/x", "v")).isTrue();
        assertThat(found("a/+")).hasSize(11);
    }

    @Test
    void letsTheVisitorChangeWhatIsRetained() {
        for (int i = 0; i < 100; i++) {
            put("a/" + i, "v");
        }

        retained.match(TopicFilter.of("#"), NOW, message -> retained.remove(message.topic()));

        assertThat(retained.size()).isZero();
        assertThat(retained.nodes()).isZero();
    }

    @Test
    @Timeout(60)
    void showsReadersWhatStaysWhileOthersWrite() {
        List<String> stable =
                IntStream.range(0, 50).mapToObj(i -> "a/" + i + "/stable").toList();
        stable.forEach(topic -> put(topic, "v"));
        AtomicBoolean writing = new AtomicBoolean(true);

        CompletableFuture<List<String>> firstMiss = CompletableFuture.supplyAsync(() -> {
            while (writing.get()) {
                for (String filter : new String[] {"#", "a/+/stable", "a/#"}) {
                    List<String> seen = topics(filter).stream()
                            .filter(topic -> topic.endsWith("stable"))
                            .toList();
                    if (seen.size() != stable.size() || !seen.containsAll(stable)) {
                        return seen;
                    }
                }
            }
            return List.of();
        });
        for (int round = 0; round < 100; round++) {
            for (int i = 0; i < 1_000; i++) {
                put("a/" + i + "/" + round % 3, "v");
            }
            for (int i = 0; i < 1_000; i++) {
                put("a/" + i + "/" + round % 3, "");
            }
        }
        writing.set(false);

        assertThat(firstMiss.join()).isEmpty();
        stable.forEach(topic -> put(topic, ""));
        assertThat(retained.nodes()).isZero();
    }

    private boolean put(String topic, String text) {
        return retained.put(
                Message.of(Topic.of(topic), text.getBytes(StandardCharsets.UTF_8), QoS.AT_LEAST_ONCE, true));
    }

    private void putExpiring(String topic, String text) {
        retained.put(Message.of(topic, text).expiringIn(Duration.ofMinutes(10)));
    }

    private List<String> found(String filter) {
        List<String> found = new ArrayList<>();
        retained.match(TopicFilter.of(filter), NOW, message -> found.add(message.topic() + "=" + message.text()));
        found.sort(null);
        return found;
    }

    private List<String> topics(String filter) {
        List<String> found = new ArrayList<>();
        retained.match(
                TopicFilter.of(filter),
                NOW,
                message -> found.add(message.topic().name()));
        found.sort(null);
        return found;
    }
}
