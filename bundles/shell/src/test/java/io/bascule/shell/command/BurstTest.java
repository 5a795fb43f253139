/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.shell.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.bascule.mqtt.Message;
import io.bascule.mqtt.ReasonCode;
import io.bascule.shell.command.Fakes.FakeBroker;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.FutureTask;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** {@code mqtt:publish --count}. */
@Timeout(60)
class BurstTest {
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private final FakeBroker broker = new FakeBroker();
    private final Printed printed = new Printed();

    @Test
    void sendsSoManyAndSaysWhatCameOfThem() {
        publish("2500", null, new FakeTime(), PATIENCE, () -> true);

        assertThat(broker.published).hasSize(2500);
        assertThat(printed.text()).startsWith("Published to a: sent 2500, acknowledged 2500 in 0.0 s, ");
    }

    @Test
    void keepsToTheRate() {
        publish("11", "5/s", new FakeTime(), PATIENCE, () -> true);

        assertThat(broker.published).hasSize(11);
        assertThat(printed.text()).isEqualTo("Published to a: sent 11, acknowledged 11 in 2.0 s, 6/s.\n");
    }

    @Test
    void isDueInTimeForTheLargestCountAndRate() {
        assertThat(Repetition.of("1000000000", "1").dueNanos(999_999_999)).isEqualTo(999_999_999_000_000_000L);
        assertThat(Repetition.of("1000000000", "1000000/s").dueNanos(1_500_000)).isEqualTo(1_500_000_000L);
        assertThat(Repetition.of("10", "3/s").dueNanos(4)).isEqualTo(1_333_333_333L);
    }

    @Test
    void tellsProgramsTheSame() {
        Publish.of(new PublishInput("a", "x").qos("1").repeated("3", "2"), PATIENCE, new FakeTime())
                .run(() -> Fakes.services(broker), printed.console(true, () -> true));

        assertThat(printed.text()).isEqualTo("""
                        {
                          "topic": "a",
                          "bytes": 1,
                          "qos": 1,
                          "retain": false,
                          "asked": 3,
                          "sent": 3,
                          "acknowledged": 3,
                          "withoutSubscribers": 0,
                          "millis": 1000,
                          "perSecond": 3
                        }
                        """);
    }

    @Test
    void saysThatNobodyListens() {
        broker.answer = CompletableFuture.completedFuture(ReasonCode.NO_MATCHING_SUBSCRIBERS);

        publish("2", "1/s", new FakeTime(), PATIENCE, () -> true);

        assertThat(printed.text())
                .isEqualTo("Published to a: sent 2, acknowledged 2 in 1.0 s, 2/s; nobody is subscribed to it.\n");
    }

    @Test
    void beginsTheExpiryOfEachMessageWhenItIsSent() {
        Publish.of(new PublishInput("a", "x").expiry("90s").repeated("2", null), PATIENCE, new FakeTime())
                .run(() -> Fakes.services(broker), printed.console(false, () -> true));

        assertThat(broker.published).hasSize(2).allMatch(Message::expires);
        assertThat(broker.published.get(0)).isNotSameAs(broker.published.get(1));
    }

    @Test
    void sendsNoMoreThanTheBrokerKeepsUpWith() {
        broker.answer = new CompletableFuture<>();

        assertThatThrownBy(() -> publish("5000", null, new FakeTime(), Duration.ZERO, () -> true))
                .hasMessage("The broker has not confirmed a message within 0 s; sent 1000, acknowledged 0.");
        assertThat(broker.published).hasSize(Burst.WINDOW);
    }

    @Test
    void waitsForTheLastAcknowledgements() {
        CompletableFuture<ReasonCode> late = new CompletableFuture<>();
        broker.answer = late;
        FakeTime time = new FakeTime(() -> late.complete(ReasonCode.SUCCESS));

        publish("2", "1/s", time, PATIENCE, () -> true);

        assertThat(printed.text()).startsWith("Published to a: sent 2, acknowledged 2 ");
    }

    @Test
    void saysThatTheLastWereNotConfirmed() {
        broker.answer = new CompletableFuture<>();

        assertThatThrownBy(() -> publish("2", null, new FakeTime(), Duration.ZERO, () -> true))
                .hasMessage("The broker has not confirmed every message within 0 s; sent 2, acknowledged 0.");
    }

    @Test
    void stopsAtTheFirstRefusal() {
        broker.answer = CompletableFuture.completedFuture(ReasonCode.QUOTA_EXCEEDED);

        assertThatThrownBy(() -> publish("10", null, new FakeTime(), PATIENCE, () -> true))
                .hasMessage("The broker refused a message: Quota exceeded (0x97); sent 1, acknowledged 0.");
    }

    @Test
    void stopsAtTheFirstFault() {
        broker.answer = CompletableFuture.failedFuture(new IllegalStateException("the store is full"));

        assertThatThrownBy(() -> publish("10", null, new FakeTime(), PATIENCE, () -> true))
                .hasMessage("The broker has not confirmed a message: the store is full; sent 1, acknowledged 0.");
    }

    @Test
    void stopsWithTheBroker() {
        boolean[] stopped = {false};
        FakeTime time = new FakeTime(() -> stopped[0] = true);

        assertThatThrownBy(() -> Publish.of(new PublishInput("a", "x").repeated("10", "1/s"), PATIENCE, time)
                        .run(
                                () -> stopped[0] ? Fakes.stopped() : Fakes.services(broker),
                                printed.console(false, () -> true)))
                .hasMessage("The broker has stopped; sent 1, acknowledged 1.");
    }

    @Test
    void stopsWhenItIsInterruptedAndSaysHowFarItCame() throws Exception {
        FakeTime time = new FakeTime(() -> {
            throw new InterruptedException("Ctrl-C");
        });

        publish("100", "1/s", time, PATIENCE, () -> true);

        assertThat(printed.text()).startsWith("Published to a: sent 1 of 100, acknowledged 1 in ");
    }

    @Test
    void stopsOnACtrlCAlsoWithoutARate() throws Exception {
        FutureTask<Void> command = new FutureTask<>(() -> {
            Thread.currentThread().interrupt();
            publish("1000000000", null, Time.REAL, PATIENCE, () -> true);
            return null;
        });
        new Thread(command, "console").start();

        command.get();

        assertThat(printed.text()).startsWith("Published to a: sent 0 of 1000000000, acknowledged 0 in ");
    }

    @Test
    void stopsWhenItIsNoLongerWanted() {
        publish("100", null, new FakeTime(), PATIENCE, () -> broker.published.size() < 3);

        assertThat(printed.text()).startsWith("Published to a: sent 3 of 100, acknowledged 3 in ");
    }

    private void publish(String count, String rate, Time time, Duration patience, BooleanSupplier wanted) {
        Publish.of(new PublishInput("a", "x").repeated(count, rate), patience, time)
                .run(() -> Fakes.services(broker), printed.console(false, wanted));
    }
}
