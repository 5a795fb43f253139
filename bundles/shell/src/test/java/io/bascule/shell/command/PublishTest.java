/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.shell.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.bascule.mqtt.Message;
import io.bascule.mqtt.QoS;
import io.bascule.mqtt.ReasonCode;
import io.bascule.shell.command.Fakes.FakeBroker;
import io.bascule.shell.view.Json;
import io.bascule.shell.view.Sentence;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

class PublishTest {
    private final FakeBroker broker = new FakeBroker();

    @Test
    void publishesTextAsUtf8() {
        Sentence answer = (Sentence) Publish.of("a/b", "Größe", "1", true).run(Fakes.services(broker));

        Message message = broker.published.get(0);
        assertThat(message.topic().name()).isEqualTo("a/b");
        assertThat(message.text()).isEqualTo("Größe");
        assertThat(message.qos()).isEqualTo(QoS.AT_LEAST_ONCE);
        assertThat(message.retain()).isTrue();
        assertThat(answer.text()).isEqualTo("Published 7 bytes to a/b.");
        assertThat(Json.line(answer))
                .isEqualTo("{\"topic\":\"a/b\",\"bytes\":7,\"qos\":1,\"retain\":true,\"reason\":\"SUCCESS\"}");
    }

    @Test
    void saysThatNobodyListens() {
        broker.answer = CompletableFuture.completedFuture(ReasonCode.NO_MATCHING_SUBSCRIBERS);

        Sentence answer = (Sentence) Publish.of("a", "", "0", false).run(Fakes.services(broker));

        assertThat(answer.text()).isEqualTo("Published 0 bytes to a; nobody is subscribed to it.");
    }

    @Test
    void passesOnWhyItWasRefused() {
        broker.answer = CompletableFuture.completedFuture(ReasonCode.QUOTA_EXCEEDED);

        assertThatThrownBy(() -> Publish.of("a", "x", "0", false).run(Fakes.services(broker)))
                .hasMessage("The broker refused the message: Quota exceeded (0x97).");
    }

    @Test
    void doesNotWaitForEver() {
        broker.answer = new CompletableFuture<>();

        assertThatThrownBy(() -> Publish.of("a", "x", "0", false, Duration.ZERO).run(Fakes.services(broker)))
                .hasMessage("The broker has not confirmed the message within 0 s.");
    }

    @Test
    void passesOnAFault() {
        broker.answer = CompletableFuture.failedFuture(new IllegalStateException("the store is full"));

        assertThatThrownBy(() -> Publish.of("a", "x", "0", false).run(Fakes.services(broker)))
                .hasMessage("The broker has not confirmed the message: the store is full.");
    }

    @Test
    void saysWhatIsWrongWithTheInput() {
        assertThatThrownBy(() -> Publish.of(null, null, "0", false)).hasMessageStartingWith("A topic is missing.");
        assertThatThrownBy(() -> Publish.of("a", null, "0", false)).hasMessageStartingWith("A message is missing;");
        assertThatThrownBy(() -> Publish.of("a/#", "x", "0", false))
                .hasMessage("A topic name has no wildcard, \"a/#\" has # at index 2.");
        assertThatThrownBy(() -> Publish.of("a", "x", "3", false)).hasMessage("--qos is 0, 1 or 2, not 3.");
        assertThatThrownBy(() -> Publish.of("a", "x", "", false)).isInstanceOf(CommandFailure.class);
    }
}
