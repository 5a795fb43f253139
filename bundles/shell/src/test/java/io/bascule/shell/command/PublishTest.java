/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.shell.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.bascule.mqtt.Message;
import io.bascule.mqtt.MessageProperties;
import io.bascule.mqtt.QoS;
import io.bascule.mqtt.ReasonCode;
import io.bascule.mqtt.UserProperty;
import io.bascule.shell.command.Fakes.FakeBroker;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PublishTest {
    private static final byte[] BINARY = {(byte) 0xff, 0, 1};

    @TempDir
    Path folder;

    private final FakeBroker broker = new FakeBroker();

    @Test
    void publishesTextAsUtf8() {
        String answer = publish(new PublishInput("a/b", "Größe").qos("1").retain(true), false);

        Message message = broker.published.get(0);
        assertThat(message.topic().name()).isEqualTo("a/b");
        assertThat(message.text()).isEqualTo("Größe");
        assertThat(message.qos()).isEqualTo(QoS.AT_LEAST_ONCE);
        assertThat(message.retain()).isTrue();
        assertThat(message.properties()).isSameAs(MessageProperties.NONE);
        assertThat(message.expires()).isFalse();
        assertThat(answer).isEqualTo("Published 7 bytes to a/b.\n");
    }

    @Test
    void tellsProgramsWhatCameOfIt() {
        assertThat(publish(new PublishInput("a/b", "x").qos("1").retain(true), true))
                .isEqualTo("""
                        {
                          "topic": "a/b",
                          "bytes": 1,
                          "qos": 1,
                          "retain": true,
                          "reason": "SUCCESS"
                        }
                        """);
    }

    @Test
    void saysThatNobodyListens() {
        broker.answer = CompletableFuture.completedFuture(ReasonCode.NO_MATCHING_SUBSCRIBERS);

        assertThat(publish(new PublishInput("a", ""), false))
                .isEqualTo("Published 0 bytes to a; nobody is subscribed to it.\n");
        assertThat(publish(new PublishInput("/a", ""), false))
                .isEqualTo("Published 0 bytes to /a; nobody is subscribed to it."
                        + " Was there a $? The shell has taken it for a variable; quote it: '…'.\n");
    }

    @Test
    void passesOnWhyItWasRefused() {
        broker.answer = CompletableFuture.completedFuture(ReasonCode.QUOTA_EXCEEDED);

        assertThatThrownBy(() -> publish(new PublishInput("a", "x"), false))
                .hasMessage("The broker refused the message: Quota exceeded (0x97).");
    }

    @Test
    void doesNotWaitForEver() {
        broker.answer = new CompletableFuture<>();

        assertThatThrownBy(() -> Publish.of(new PublishInput("a", "x"), Duration.ZERO, Time.REAL)
                        .run(() -> Fakes.services(broker), new Printed().console(false, () -> true)))
                .hasMessage("The broker has not confirmed the message within 0 s.");
    }

    @Test
    void passesOnAFault() {
        broker.answer = CompletableFuture.failedFuture(new IllegalStateException("the store is full"));

        assertThatThrownBy(() -> publish(new PublishInput("a", "x"), false))
                .hasMessage("The broker has not confirmed the message: the store is full.");
    }

    @Test
    void sendsPropertiesAlong() {
        publish(
                new PublishInput("a", "{}")
                        .payloadFormat("1")
                        .contentType("application/json")
                        .response("answers/me", "größe")
                        .expiry("90s")
                        .userProperties(List.of("unit=C", "unit=a=b", "empty=")),
                false);

        Message message = broker.published.get(0);
        MessageProperties properties = message.properties();
        assertThat(properties.payloadFormatIndicator()).hasValue(1);
        assertThat(properties.contentType()).hasValue("application/json");
        assertThat(properties.responseTopic()).hasValue("answers/me");
        assertThat(properties.correlationData())
                .hasValueSatisfying(data -> assertThat(data).asString().isEqualTo("größe"));
        assertThat(properties.userProperties())
                .containsExactly(
                        new UserProperty("unit", "C"), new UserProperty("unit", "a=b"), new UserProperty("empty", ""));
        assertThat(message.remainingExpirySeconds(System.nanoTime()).getAsLong())
                .isBetween(80L, 90L);
    }

    @Test
    void sendsTheContentOfAFile() throws IOException {
        Path file = Files.write(folder.resolve("payload"), BINARY);

        publish(new PublishInput("a", null).file(file.toString()), false);

        assertThat(broker.published.get(0).payload()).isEqualTo(BINARY);
    }

    @Test
    void saysWhatIsWrongWithTheFile() throws IOException {
        Path file = Files.write(folder.resolve("payload"), BINARY);
        Path missing = folder.resolve("missing");

        assertThatThrownBy(() -> Publish.of(new PublishInput("a", null).file(missing.toString())))
                .hasMessage("There is no file " + missing + ".");
        assertThatThrownBy(() -> Publish.of(new PublishInput("a", null).file(folder.toString())))
                .hasMessage("There is no file " + folder + ".");
        assertThatThrownBy(() -> Publish.of(new PublishInput("a", "x").file(file.toString())))
                .hasMessage("Either a message or --file, not both.");
        assertThatThrownBy(() -> Publish.of(
                        new PublishInput("a", null).file(file.toString()).payloadFormat("1")))
                .hasMessage("--payload-format 1 is for UTF-8, which the file is not.");
    }

    @Test
    void saysWhatIsWrongWithTheInput() {
        refuses(new PublishInput(null, null), "A topic is missing.");
        refuses(new PublishInput("a", null), "A message is missing;");
        refuses(new PublishInput("a/#", "x"), "A topic name has no wildcard, \"a/#\" has # at index 2.");
        refuses(new PublishInput("a", "x").qos("3"), "--qos is 0, 1 or 2, not 3.");
        refuses(new PublishInput("a", "x").qos(""), "--qos is 0, 1 or 2, not .");
        refuses(new PublishInput("a", "x").payloadFormat("utf8"), "--payload-format is 0 or 1, not utf8.");
        refuses(new PublishInput("a", "x").expiry("90"), "\"90\" has no unit.");
        refuses(new PublishInput("a", "x").expiry("999ms"), "--expiry is 1s to 4294967295s, not 999ms.");
        refuses(new PublishInput("a", "x").expiry("4294967296s"), "--expiry is 1s to 4294967295s,");
        refuses(new PublishInput("a", "x").response("a/+", null), "A topic name has no wildcard,");
        refuses(new PublishInput("a", "x").userProperties(List.of("unit")), "--user-property is name=value, not unit.");
        refuses(new PublishInput("a", "x").repeated("many", null), "--count is 1 to 1000000000, not many.");
        refuses(new PublishInput("a", "x").repeated("2", "0/s"), "--rate is 1 to 1000000, not 0.");
        refuses(new PublishInput("a", "x").repeated(null, "5/s"), "--rate needs --count: how many in all.");
    }

    @Test
    void takesTheLongestExpiryThatThereIs() {
        publish(new PublishInput("a", "x").expiry("4294967295s"), false);

        assertThat(broker.published.get(0).remainingExpirySeconds(System.nanoTime()))
                .hasValue(4294967295L);
    }

    private static void refuses(PublishInput input, String reason) {
        assertThatThrownBy(() -> Publish.of(input))
                .isInstanceOf(CommandFailure.class)
                .hasMessageStartingWith(reason);
    }

    private String publish(PublishInput input, boolean json) {
        Printed printed = new Printed();
        Publish.of(input).run(() -> Fakes.services(broker), printed.console(json, () -> true));
        return printed.text();
    }
}
