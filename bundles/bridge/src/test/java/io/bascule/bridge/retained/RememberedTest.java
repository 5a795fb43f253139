/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.bridge.retained;

import static org.assertj.core.api.Assertions.assertThat;

import io.bascule.api.Bridge.Direction;
import io.bascule.bridge.config.BridgeDefinition;
import io.bascule.mqtt.Message;
import io.bascule.mqtt.MessageProperties;
import io.bascule.mqtt.QoS;
import io.bascule.mqtt.Topic;
import io.bascule.mqtt.UserProperty;
import java.io.IOException;
import java.nio.file.Files;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

class RememberedTest extends RememberedFixture {
    @Test
    void hasWhatHasArrivedAndNothingBefore() {
        BridgeDefinition definition = definition();
        Values values = values(open(definition), definition);

        Sending first = values.sent("up/x", A, Sending.IN_ORDER).orElseThrow();
        assertThat(values.has("up/x", A)).as("it is on its way").isTrue();
        Sending second = values.sent("up/x", B, Sending.IN_ORDER).orElseThrow();
        assertThat(values.has("up/x", A)).isFalse();
        values.arrived(first);
        assertThat(values.has("up/x", A)).as("something was sent behind it").isFalse();
        values.lost(second);
        assertThat(values.has("up/x", B)).isFalse();
        assertThat(values.hasAny("up/x")).isTrue();

        bring(values, "up/x", B);
        assertThat(values.has("up/x", B)).isTrue();
        Sending deletion = values.sent("up/x", null, Sending.IN_ORDER).orElseThrow();
        assertThat(values.has("up/x", B)).isFalse();
        assertThat(values.hasAny("up/x")).isFalse();
        values.arrived(deletion);
        assertThat(values.topics()).isEmpty();
        assertThat(values.sent("up/x", null, Sending.IN_ORDER))
                .as("nothing is there")
                .isEmpty();
    }

    @Test
    void isNotSureOfWhatMayBeReplacedByWhatWasSentBefore() {
        BridgeDefinition definition = definition();
        Values values = values(open(definition), definition);
        Object one = new Object();
        Object two = new Object();

        bring(values, "up/x", A);
        Sending again = values.sent("up/x", A, one).orElseThrow();
        assertThat(values.has("up/x", A)).isTrue();
        Sending second = values.sent("up/x", B, two).orElseThrow();
        values.arrived(second);
        assertThat(values.has("up/x", B)).isTrue();
        values.arrived(again);
        assertThat(values.has("up/x", B)).as("it may have come last").isFalse();

        Sending deletion = values.sent("up/y", null, one).orElseThrow();
        assertThat(values.topics()).containsExactly("up/x");
        values.sent("up/y", A, two).ifPresent(values::arrived);
        values.lost(deletion);
        assertThat(values.has("up/y", A)).isFalse();

        Sending before = values.sent("up/z", A, one).orElseThrow();
        values.sent("up/z", null, two).ifPresent(values::arrived);
        assertThat(values.hasAny("up/z")).isFalse();
        values.arrived(before);
        assertThat(values.hasAny("up/z"))
                .as("it may have come behind the deletion")
                .isTrue();

        Sending third = values.sent("up/x", A, one).orElseThrow();
        Sending fourth = values.sent("up/x", B, two).orElseThrow();
        values.arrived(third);
        values.arrived(fourth);
        assertThat(values.has("up/x", B)).as("which of the two came last").isFalse();

        Sending fifth = values.sent("up/x", A, one).orElseThrow();
        Sending sixth = values.sent("up/x", B, one).orElseThrow();
        values.arrived(fifth);
        values.arrived(sixth);
        assertThat(values.has("up/x", B)).as("in one order").isTrue();
        values.sent("up/x", B, one).ifPresent(values::arrived);
        assertThat(values.has("up/x", B)).as("the same").isTrue();
    }

    /** It has waited for another connection while the one behind it came to be certain. */
    @Test
    void doubtsInTheFileWhatIsOvertaken() {
        BridgeDefinition definition = definition();
        Values values = values(open(definition), definition);
        bring(values, "up/x", B);
        passTime(Remembered.SOON);
        passTime(Remembered.SETTLED);
        assertThat(reopened().has("up/x", B)).isTrue();

        values.sent("up/x", A, new Object());
        runFiles();

        assertThat(reopened().has("up/x", B)).isFalse();
    }

    @Test
    void outlivesTheBridge() {
        BridgeDefinition definition = definition();
        Remembered remembered = open(definition);
        bring(values(remembered, definition), "up/x", A);
        bring(values(remembered, definition), "up/y", B);
        values(remembered, definition).sent("up/y", A, Sending.IN_ORDER);
        values(remembered, definition).compared("broker");
        remembered.close();

        Values values = reopened();

        assertThat(values.has("up/x", A)).isTrue();
        assertThat(values.topics()).containsExactlyInAnyOrder("up/x", "up/y");
        assertThat(values.has("up/y", B)).as("another one was on its way").isFalse();
        assertThat(values.has("up/y", A)).isFalse();
        values.localSessionBegun("broker");
        assertThat(values.mayBeLostHere()).isFalse();
        values.localSessionBegun("broker started again");
        assertThat(values.mayBeLostHere()).isTrue();
    }

    @Test
    void isWrittenWhenItHasSettledAndBeliesNothingAfterACrash() {
        BridgeDefinition definition = definition();
        Remembered remembered = open(definition);
        Values values = values(remembered, definition);
        bring(values, "up/x", A);
        passTime(Remembered.SOON);
        assertThat(reopened().topics()).as("at once").containsExactly("up/x");
        assertThat(reopened().has("up/x", A)).as("it may change again").isFalse();
        passTime(Remembered.SETTLED);
        assertThat(reopened().has("up/x", A)).isTrue();

        assertThat(values.isOtherInFile("up/x", A)).isFalse();
        assertThat(values.isOtherInFile("up/x", null)).isTrue();
        assertThat(values.isOtherInFile("up/x", B)).isTrue();
        List<String> sent = new ArrayList<>();
        remembered.doubt(values, List.of("up/x"), () -> sent.add("B"));
        assertThat(sent).as("not before the file says so").isEmpty();
        runFiles();
        assertThat(sent).containsExactly("B");
        assertThat(values.isOtherInFile("up/x", B)).isFalse();
        bring(values, "up/x", B);

        Values afterTheCrash = reopened();
        assertThat(afterTheCrash.has("up/x", A)).as("B is there").isFalse();
        assertThat(afterTheCrash.has("up/x", B)).as("that is not written yet").isFalse();
        assertThat(afterTheCrash.topics()).containsExactly("up/x");
        passTime(Remembered.SOON);
        passTime(Remembered.SETTLED);
        assertThat(reopened().has("up/x", B)).isTrue();
    }

    /** It may have been asked whether the file says so long before the other one is sent. */
    @Test
    void isNotWrittenWhileAnotherWaits() {
        BridgeDefinition definition = definition();
        Remembered remembered = open(definition);
        Values values = values(remembered, definition);
        Sending first = values.sent("up/x", A, Sending.IN_ORDER).orElseThrow();
        assertThat(values.isOtherInFile("up/x", B)).isFalse();
        values.next("up/x", B);

        values.arrived(first);
        passTime(Remembered.SOON);
        passTime(Remembered.SETTLED);

        assertThat(reopened().has("up/x", A)).isFalse();
        values.sent("up/x", B, Sending.IN_ORDER).ifPresent(values::arrived);
        passTime(Remembered.SETTLED);
        passTime(Remembered.SETTLED);
        assertThat(reopened().has("up/x", B)).as("the control").isTrue();
    }

    @Test
    void doubtsInTheFileThatIsThereByThen() {
        BridgeDefinition definition = definition();
        Remembered remembered = open(definition);
        Values values = values(remembered, definition);
        bring(values, "up/x", A);
        passTime(Remembered.SOON);
        passTime(Remembered.SETTLED);
        for (int i = 0; i < 50; i++) {
            bring(values, "up/" + i, A); // moves what is in the file
        }
        now = now.plus(Remembered.SETTLED);
        List.copyOf(later).forEach(Runnable::run);
        remembered.doubt(values, List.of("up/x"), () -> {});
        assertThat(files).hasSize(2);
        runFiles();

        assertThat(reopened().has("up/x", A)).isFalse();
        for (int i = 0; i < 50; i++) {
            assertThat(reopened().has("up/" + i, A)).as("up/%d", i).isTrue();
        }
    }

    @Test
    void isNotWrittenAfterTheEnd() {
        BridgeDefinition definition = definition();
        Remembered remembered = open(definition);
        Values values = values(remembered, definition);
        List<String> done = new ArrayList<>();
        bring(values, "up/x", A);
        List.copyOf(later).forEach(Runnable::run);
        remembered.asking(0, () -> done.add("asked"));
        remembered.answered(0, true);
        assertThat(files).hasSize(3);
        remembered.close();

        runFiles();

        assertThat(done).isEmpty();
        assertThat(reopened().has("up/x", A)).as("it has not settled").isTrue();
    }

    @Test
    void doubtsAllOfAServerThatHasBegunAnew() {
        BridgeDefinition definition = definition();
        Remembered remembered = open(definition);
        Values values = values(remembered, definition);
        bring(values, "up/x", A);
        remembered.doubtAll(0, Direction.SUBSCRIBE);
        assertThat(values.has("up/x", A)).isTrue();

        remembered.doubtAll(0, Direction.FORWARD);

        assertThat(values.has("up/x", A)).isFalse();
        runFiles();
        assertThat(reopened().topics()).containsExactly("up/x");

        Sending onItsWay = values.sent("up/x", A, Sending.IN_ORDER).orElseThrow();
        remembered.doubtAll(0, Direction.FORWARD);
        values.arrived(onItsWay);
        assertThat(values.has("up/x", A))
                .as("it has come to who was there before")
                .isFalse();
    }

    @Test
    void forgetsInTheFileAsWell() {
        BridgeDefinition definition = definition();
        Values values = values(open(definition), definition);
        bring(values, "up/x", A);
        passTime(Remembered.SOON);
        passTime(Remembered.SETTLED);
        assertThat(reopened().has("up/x", A)).isTrue();

        values.forget("up/x");
        runFiles();

        assertThat(reopened().has("up/x", A)).isFalse();
        passTime(Remembered.SOON);
        assertThat(reopened().topics()).isEmpty();
    }

    /** Else a large file would be written again for each message. */
    @Test
    void isNotWrittenForWhatHasNotSettled() throws IOException {
        BridgeDefinition definition = definition();
        Remembered remembered = open(definition);
        Values values = values(remembered, definition);
        bring(values, "up/x", A);
        passTime(Remembered.SOON);
        passTime(Remembered.SETTLED);
        remembered.doubt(values, List.of("up/x"), () -> {});
        bring(values, "up/x", B);
        runFiles();
        Files.delete(file);

        passTime(Remembered.SOON);
        assertThat(file).doesNotExist();
        passTime(Remembered.SETTLED);
        assertThat(reopened().has("up/x", B)).isTrue();
    }

    @Test
    void isWrittenWhenSomethingElseIsBrought() {
        bridge.put("subscribe.down", "down/# retain=diff");
        BridgeDefinition definition = definition();
        Values values = open(definition).at(0, definition.routes().get(1));
        values.brought("down/x", A);
        passTime(Remembered.SOON);
        passTime(Remembered.SETTLED);
        values.brought("down/x", B);
        passTime(Remembered.SOON);
        passTime(Remembered.SETTLED);

        Remembered afterTheCrash = open(definition, file);

        assertThat(afterTheCrash.at(0, definition.routes().get(1)).has("down/x", B))
                .isTrue();
    }

    /** A remote broker may have begun anew, and nobody has heard of it. */
    @Test
    void isCertainOfNothingWhileARemoteBrokerIsAsked() {
        BridgeDefinition definition = definition();
        Remembered first = open(definition);
        bring(values(first, definition), "up/x", A);
        first.close();
        Remembered remembered = open(definition);
        List<String> done = new ArrayList<>();

        remembered.asking(0, () -> done.add("asked"));
        assertThat(done).as("not before the file says so").isEmpty();
        runFiles();
        assertThat(done).containsExactly("asked");
        assertThat(reopened().has("up/x", A)).isFalse();
        assertThat(reopened().topics()).containsExactly("up/x");

        bring(values(remembered, definition), "up/y", A);
        passTime(Remembered.SOON);
        assertThat(reopened().has("up/x", A)).as("written meanwhile").isFalse();

        remembered.answered(0, true);
        runFiles();
        assertThat(reopened().has("up/x", A)).isTrue();
        assertThat(values(remembered, definition).has("up/x", A)).isTrue();
    }

    /** What that one has begun anew it does not say to the next who asks. */
    @Test
    void isCertainOfNothingAfterAnAnswerThatWasLost() {
        bridge.put("server", "mqtt://far, mqtt://further");
        BridgeDefinition definition = definition();
        Remembered remembered = open(definition);
        bring(values(remembered, definition), "up/x", A);
        remembered.asking(0, () -> {});
        remembered.answered(0, true);
        remembered.asking(0, () -> {});
        assertThat(values(remembered, definition).has("up/x", A)).isTrue();

        remembered.asking(1, () -> {});
        remembered.answered(1, true);

        assertThat(values(remembered, definition).has("up/x", A)).isFalse();
        runFiles();
        assertThat(reopened().has("up/x", A)).isFalse();
    }

    @Test
    void isAsCertainAsBeforeOfWhoAcceptsAnotherGreeting() {
        bridge.put("server", "mqtt://far, mqtt://further");
        BridgeDefinition definition = definition();
        Remembered first = open(definition);
        bring(values(first, definition), "up/x", A);
        first.close();
        Remembered remembered = open(definition);
        Values values = values(remembered, definition);

        remembered.asking(0, () -> {});
        remembered.lost(0, true);
        remembered.asking(0, () -> {});
        remembered.answered(0, false); // nor that one
        remembered.lost(0, true);
        runFiles();
        assertThat(reopened().has("up/x", A)).isFalse();
        remembered.asking(0, () -> {});
        remembered.answered(0, true);
        remembered.lost(0, false);
        runFiles();
        assertThat(values.has("up/x", A)).isTrue();
        assertThat(reopened().has("up/x", A)).isTrue();

        remembered.asking(0, () -> {});
        remembered.lost(0, true);
        remembered.asking(0, () -> {});
        remembered.answered(0, false);
        remembered.lost(0, false);
        remembered.asking(0, () -> {});
        assertThat(values.has("up/x", A)).as("it has accepted none").isFalse();
        remembered.answered(0, true);

        bring(values, "up/x", A);
        remembered.asking(0, () -> {});
        remembered.lost(0, true);
        remembered.asking(1, () -> {});
        remembered.answered(1, true);
        assertThat(values.has("up/x", A)).as("another is asked").isFalse();
    }

    @Test
    void isNotCertainAgainAfterACrashWhileARemoteBrokerWasAsked() {
        BridgeDefinition definition = definition();
        Remembered first = open(definition);
        bring(values(first, definition), "up/x", A);
        first.close();
        open(definition).asking(0, () -> {});
        runFiles();

        Remembered afterTheCrash = open(definition);
        afterTheCrash.asking(0, () -> {});
        afterTheCrash.answered(0, true);
        runFiles();

        assertThat(reopened().topics()).containsExactly("up/x");
        assertThat(reopened().has("up/x", A)).isFalse();
    }

    @Test
    void isVoidForAnotherRuleOrServerAndThenForTheFirstAsWell() {
        for (String[] edit : new String[][] {
            {"forward.up", "up/# -> further/{#} retain=diff"},
            {"server", "mqtt://further"},
            {"client.id", "another"},
            {"forward.up", "up/# -> far/{#}"}
        }) {
            BridgeDefinition definition = definition();
            Remembered remembered = open(definition);
            bring(values(remembered, definition), "up/x", A);
            remembered.close();
            assertThat(reopened().has("up/x", A)).isTrue();
            String before = bridge.put(edit[0], edit[1]);
            BridgeDefinition edited = definition();
            Remembered.open(edited, Optional.of(file), files::add, () -> now.toNanos())
                    .ifPresent(it -> assertThat(values(it, edited).topics())
                            .as("%s=%s", (Object[]) edit)
                            .isEmpty());
            if (before == null) {
                bridge.remove(edit[0]);
            } else {
                bridge.put(edit[0], before);
            }
            assertThat(reopened().topics())
                    .as("%s=%s, and back", (Object[]) edit)
                    .isEmpty();
        }
    }

    @Test
    void remembersNothingOfAFileThatIsDamaged() throws IOException {
        BridgeDefinition definition = definition();
        Remembered remembered = open(definition);
        bring(values(remembered, definition), "up/x", A);
        remembered.close();
        byte[] good = Files.readAllBytes(file);
        for (int i = 0; i < good.length; i++) {
            byte[] bad = good.clone();
            bad[i] ^= 0x10;
            Files.write(file, bad);
            assertThat(reopened().has("up/x", A)).as("byte %d", i).isFalse();
        }
        for (int length = 0; length < good.length; length++) {
            Files.write(file, Arrays.copyOf(good, length));
            assertThat(reopened().has("up/x", A)).as("%d bytes", length).isFalse();
        }
        Files.write(file, good);
        assertThat(reopened().has("up/x", A)).as("the control").isTrue();
    }

    @Test
    void isBounded() {
        BridgeDefinition definition = definition();
        Values values = values(open(definition), definition);
        for (int i = 0; i < Remembered.MOST_TOPICS; i++) {
            bring(values, "up/" + i, A);
        }
        bring(values, "up/one more", A);
        assertThat(values.has("up/one more", A)).isFalse();
        assertThat(values.topics()).hasSize(Remembered.MOST_TOPICS);
        values.sent("up/0", null, Sending.IN_ORDER).ifPresent(values::arrived);
        bring(values, "up/one more", A);
        assertThat(values.has("up/one more", A)).isTrue();
    }

    @Test
    void isBoundedInBytes() {
        BridgeDefinition definition = definition();
        Values values = values(open(definition), definition);
        String long60k = "x".repeat(60_000);
        int most = (int) (Remembered.MOST_BYTES / 60_007);
        for (int i = 0; i < most + 1; i++) {
            bring(values, "up/%03d/".formatted(i) + long60k, A);
        }
        assertThat(values.topics()).hasSize(most);
        values.forget("up/000/" + long60k);
        bring(values, "up/one/" + long60k, A);
        bring(values, "up/two/" + long60k, A);
        assertThat(values.topics()).hasSize(most).contains("up/one/" + long60k);
    }

    @Test
    void goesOnWithoutADisk() throws IOException {
        Files.createFile(folder.resolve("retained")); // where the folder should be
        BridgeDefinition definition = definition();
        Remembered remembered = open(definition);
        Values values = values(remembered, definition);
        bring(values, "up/x", A);
        passTime(Remembered.SOON);
        passTime(Remembered.SETTLED);

        assertThat(values.has("up/x", A)).isTrue();
        assertThat(values.isOtherInFile("up/x", B)).isFalse();
        remembered.close();
        assertThat(reopened().topics()).isEmpty();
    }

    @Test
    void knowsAMessageByItsContent() {
        Message message = Message.of(Topic.of("t"), new byte[] {1}, QoS.AT_LEAST_ONCE, true);
        Digest digest = Digest.of(message, Set.of("hop"));
        assertThat(digest.isSame(Digest.of(message.withTopic(Topic.of("u")), Set.of())))
                .isTrue();
        assertThat(digest.isSame(Digest.of(with(message, "hop", "far"), Set.of("hop"))))
                .isTrue();

        Digest passing = Digest.of(message.expiringIn(Duration.ofDays(1)), Set.of());
        assertThat(passing.isSame(Digest.of(message.expiringIn(Duration.ofDays(2)), Set.of())))
                .isTrue();
        assertThat(digest.isSame(passing)).isFalse();
        assertThat(digest.isSame(Digest.of(with(message, "unit", "K"), Set.of("hop"))))
                .isFalse();
        assertThat(digest.isSame(Digest.of(message.withQos(QoS.AT_MOST_ONCE), Set.of())))
                .isFalse();
        assertThat(digest.isSame(
                        Digest.of(Message.of(Topic.of("t"), new byte[] {2}, QoS.AT_LEAST_ONCE, true), Set.of())))
                .isFalse();
    }

    private static Message with(Message message, String name, String value) {
        return message.withProperties(new MessageProperties(
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                List.of(new UserProperty(name, value))));
    }
}
