/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.audit;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

/** How much of each event is written, and that the rest is told. */
class AuditLogTest {
    private final List<String> lines = new ArrayList<>();
    private final AtomicLong nanos = new AtomicLong(Long.MAX_VALUE - 5); // as a clock of nanoseconds may be
    private final AuditLog log = new AuditLog(lines::add, nanos::get, () -> Instant.EPOCH);

    private void pass(Duration time) {
        nanos.addAndGet(time.toNanos());
    }

    private void refuse(int times) {
        for (int i = 0; i < times; i++) {
            log.record(AuditEvent.LOGIN_REFUSED, entry -> entry.client("c"));
        }
    }

    private void deny(String client, String topic) {
        log.recordOnce(AuditEvent.DENIED_PUBLISH, client, topic, entry -> entry.topic(topic));
    }

    private List<String> written() {
        List<String> written = List.copyOf(lines);
        lines.clear();
        return written;
    }

    private static String suppressed(String event, int count) {
        return "{\"time\":\"1970-01-01T00:00:00Z\",\"event\":\"suppressed\",\"of\":\"" + event + "\",\"count\":" + count
                + "}";
    }

    @Test
    void writesAHandfulAtOnceAndThenOneASecond() {
        refuse(Gate.BURST + 100);
        assertThat(written()).hasSize(Gate.BURST);

        pass(Duration.ofMillis(999));
        refuse(1);
        assertThat(written()).isEmpty();

        pass(Duration.ofMillis(1));
        refuse(2);
        assertThat(written()).hasSize(1);

        pass(Duration.ofDays(300));
        refuse(Gate.BURST + 1);
        assertThat(written()).hasSize(Gate.BURST);
    }

    /** 1,000 a second for an hour, and what is said of them by the clock alone when it is over. */
    @Test
    void staysWithinItsBoundsInAStormAndTellsOfTheRest() {
        int seconds = 3600;
        for (int second = 0; second < seconds; second++) {
            refuse(1000);
            log.tellSuppressed();
            pass(Duration.ofSeconds(1));
        }
        pass(Duration.ofSeconds(Gate.PAUSE_SECONDS));
        log.tellSuppressed();
        pass(Duration.ofSeconds(Gate.PAUSE_SECONDS));
        log.tellSuppressed();

        List<String> told =
                lines.stream().filter(line -> line.contains("suppressed")).toList();
        long count = told.stream()
                .mapToLong(line -> Long.parseLong(line.replaceAll(".*\"count\":(\\d+)}", "$1")))
                .sum();
        assertThat(told).hasSizeLessThanOrEqualTo(seconds / Gate.PAUSE_SECONDS + 1);
        assertThat(lines.size() - told.size()).isLessThanOrEqualTo(Gate.BURST + seconds);
        assertThat(count + lines.size() - told.size()).isEqualTo(1000L * seconds);
    }

    @Test
    void tellsTheFirstTimeAtOnceAndThenNotTooOften() {
        refuse(Gate.BURST + 2);
        written();
        log.tellSuppressed();
        assertThat(written()).containsExactly(suppressed("login.refused", 2));

        refuse(3);
        log.tellSuppressed();
        assertThat(written()).isEmpty();

        pass(Duration.ofSeconds(Gate.PAUSE_SECONDS));
        log.tellSuppressed();
        log.tellSuppressed();
        assertThat(written()).containsExactly(suppressed("login.refused", 3));

        refuse(Gate.BURST);
        written();
        log.flush();
        assertThat(written()).hasSize(1);
    }

    @Test
    void keepsEventsApart() {
        refuse(Gate.BURST + 1);
        written();

        log.record(AuditEvent.LOGIN_ACCEPTED, entry -> {});
        assertThat(written()).singleElement().asString().contains("\"event\":\"login.accepted\"");
    }

    @Test
    void doesNotEvenAskWhatItDoesNotWrite() {
        AtomicInteger asked = new AtomicInteger();
        for (int i = 0; i < 2 * Gate.BURST; i++) {
            log.record(AuditEvent.LOGOUT, entry -> asked.incrementAndGet());
        }
        assertThat(asked).hasValue(Gate.BURST);
    }

    @Test
    void writesADenialOnceAMinuteForAClientAndATopic() {
        deny("c", "a");
        deny("c", "a");
        deny("c", "b");
        deny("d", "a");
        deny("ca", "");
        assertThat(written()).hasSize(4);

        pass(Duration.ofSeconds(59));
        deny("c", "a");
        assertThat(written()).isEmpty();
        pass(Duration.ofSeconds(1));
        deny("c", "a");
        assertThat(written()).hasSize(1);

        log.flush();
        assertThat(written()).containsExactly(suppressed("denied.publish", 2));
    }

    @Test
    void wasNotWrittenWhatHasFoundNoRoom() {
        for (int i = 0; i < Gate.BURST; i++) {
            deny("c", "t" + i);
        }
        deny("c", "a");
        written();

        pass(Duration.ofSeconds(1));
        deny("c", "a");
        assertThat(written()).hasSize(1);
    }

    @Test
    void forgetsRatherThanGrows() {
        Repetitions repetitions = new Repetitions();
        for (int i = 0; i < 100 * Repetitions.SLOTS; i++) {
            repetitions.written(repetitions.key(AuditEvent.DENIED_RECEIVE, "c" + i, "t"), 0);
        }

        long last = repetitions.key(AuditEvent.DENIED_RECEIVE, "c" + (100 * Repetitions.SLOTS - 1), "t");
        assertThat(repetitions.isRepeated(last, 1)).isTrue();
        long remembered = 0;
        for (int i = 0; i < 100 * Repetitions.SLOTS; i++) {
            long key = repetitions.key(AuditEvent.DENIED_RECEIVE, "c" + i, "t");
            remembered += repetitions.isRepeated(key, 1) ? 1 : 0;
        }
        assertThat(remembered).isBetween(Repetitions.SLOTS / 2L, (long) Repetitions.SLOTS);
    }
}
