/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.bridge;

import static org.assertj.core.api.Assertions.assertThat;

import io.bascule.bridge.config.BridgeDefinition;
import io.bascule.bridge.config.BridgeReader;
import io.bascule.bridge.link.KnownSessions;
import io.bascule.bridge.link.RemoteSession;
import io.bascule.mqtt.TopicFilter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RemoteSessionsTest {
    private static final BitSet HELD = BitSet.valueOf(new long[] {0b1010});
    private static final RemoteSession SESSION =
            new RemoteSession(List.of(TopicFilter.of("a/#"), TopicFilter.of("ü\n")), 42, HELD);
    private static final KnownSessions KNOWN = new KnownSessions(List.of(SESSION), OptionalInt.of(0));

    @TempDir
    Path folder;

    @Test
    void keepsWhatIsKnown() {
        sessions().save(bridge("b"), KNOWN);

        RemoteSession session = sessions().load(bridge("b")).all().get(0);

        assertThat(session.subscribed()).isEqualTo(SESSION.subscribed());
        assertThat(session.released()).isEqualTo(42);
        assertNothingKnown(bridge("c"));
    }

    @Test
    void keepsItForThatSessionAlone() {
        sessions().save(bridge("b"), KNOWN);

        assertNothingKnown(bridge("b", "server", "mqtt://elsewhere"));
        assertNothingKnown(bridge("b", "client.id", "other"));
        assertNothingKnown(bridge("b", "clean.start", "true"));
    }

    @Test
    void knowsEachServersSessionByItsAddress() {
        RemoteSession other = new RemoteSession(List.of(), RemoteSession.ALL, new BitSet());
        sessions()
                .save(
                        bridge("b", "server", "mqtt://a, mqtt://b"),
                        new KnownSessions(List.of(other, SESSION), OptionalInt.of(1)));

        KnownSessions known = sessions().load(bridge("b", "server", "mqtt://b, mqtt://c, mqtt://a"));

        assertThat(known.all().get(0).subscribed()).isEqualTo(SESSION.subscribed());
        assertThat(known.all().get(0).held()).isEqualTo(HELD);
        assertThat(known.all().get(1).subscribed()).isEmpty();
        assertThat(known.all().get(2).held()).isEqualTo(new BitSet());
        assertThat(known.joined()).hasValue(0);
        assertThat(sessions().load(bridge("b", "server", "mqtt://a, mqtt://c")).joined())
                .isEmpty();
    }

    @Test
    void knowsServersOfOneHostByTheirPorts() {
        assertKnowsApart("mqtt://a:1883, mqtt://a:1884", "mqtt://a:1884, mqtt://a:1883");
    }

    @Test
    void knowsAServerThatIsReachedInAnotherWay() {
        RemoteSession other = new RemoteSession(List.of(), RemoteSession.ALL, new BitSet());
        sessions()
                .save(
                        bridge("b", "server", "mqtt://a:1884, mqtt://b"),
                        new KnownSessions(List.of(SESSION, other), OptionalInt.of(0)));

        KnownSessions known = sessions().load(bridge("b", "server", "mqtts://b, mqtts://a"));

        assertThat(known.all().get(1).held()).isEqualTo(HELD);
        assertThat(known.joined()).hasValue(1);
    }

    /** Whoever took the one for the other would send it a message under an identifier that it has another one under. */
    @Test
    void tellsServersOfOneHostNotApartThatAreAllReachedInAnotherWay() {
        RemoteSession other = new RemoteSession(List.of(TopicFilter.of("b")), 7, new BitSet());
        sessions()
                .save(
                        bridge("b", "server", "mqtt://a:1883, mqtt://a:1884"),
                        new KnownSessions(List.of(SESSION, other), OptionalInt.of(1)));

        for (String now : List.of("mqtts://a:8883, mqtts://a:8884", "mqtts://a")) {
            KnownSessions known = sessions().load(bridge("b", "server", now));
            for (RemoteSession each : known.all()) {
                assertThat(each.held()).isEqualTo(RemoteSession.everyIdentifier());
                assertThat(each.released()).isEqualTo(7);
                assertThat(each.subscribed()).hasSize(3);
            }
            assertThat(known.joined()).isEmpty();
        }
    }

    @Test
    void tellsNotWhichOfTwoServersOfOneHostIsTheOneThatWasReachedInAnotherWay() {
        sessions().save(bridge("b"), KNOWN);

        KnownSessions known = sessions().load(bridge("b", "server", "ws://far:81, ws://far:82"));

        assertThat(known.all()).allMatch(each -> each.held().equals(RemoteSession.everyIdentifier()));
        assertThat(known.joined()).isEmpty();
    }

    /** What was written by mistake, and never was joined, is not to make doubtful what was. */
    @Test
    void knowsAServerThatIsReachedInAnotherWayFromOneOfTheSameHostThatWasThereBefore() {
        sessions().save(bridge("b", "server", "mqtt://h:1883"), KNOWN);
        BridgeDefinition mistaken = bridge("b", "server", "mqtt://h:1884");
        sessions().save(mistaken, sessions().load(mistaken));
        BridgeDefinition back = bridge("b", "server", "mqtt://h:1883");
        KnownSessions again = sessions().load(back);
        assertThat(again.joined()).hasValue(0);
        sessions().save(back, again);

        KnownSessions known = sessions().load(bridge("b", "server", "mqtts://h"));

        assertThat(known.joined()).hasValue(0);
        assertThat(known.all().get(0).subscribed()).isEqualTo(SESSION.subscribed());
    }

    private void assertKnowsApart(String servers, String turnedRound) {
        BitSet othersHeld = BitSet.valueOf(new long[] {0b100});
        RemoteSession other = new RemoteSession(List.of(TopicFilter.of("b")), 7, othersHeld);
        sessions().save(bridge("b", "server", servers), new KnownSessions(List.of(SESSION, other), OptionalInt.of(1)));

        for (String now : List.of(servers, turnedRound)) {
            KnownSessions known = sessions().load(bridge("b", "server", now));
            int first = now.equals(servers) ? 0 : 1;
            assertThat(known.all().get(first).held()).as(now).isEqualTo(HELD);
            assertThat(known.all().get(first).released()).isEqualTo(42);
            assertThat(known.all().get(1 - first).held()).isEqualTo(othersHeld);
            assertThat(known.all().get(1 - first).subscribed()).isEqualTo(other.subscribed());
            assertThat(known.joined()).hasValue(1 - first);
        }
    }

    @Test
    void knowsWhatTheOnlyServerHoldsWhereItIsOneOfTwo() {
        sessions().save(bridge("b"), KNOWN);

        KnownSessions known = sessions().load(bridge("b", "server", "mqtt://near, mqtt://far"));

        assertThat(known.all().get(0).held()).isEqualTo(new BitSet());
        assertThat(known.all().get(1).held()).isEqualTo(HELD);
        assertThat(known.joined()).hasValue(1);
    }

    /** Its session may still hold what it was sent before the edit, under identifiers that were used anew meanwhile. */
    @Test
    void knowsAServerThatAnEditComesBackTo() {
        sessions().save(bridge("b"), KNOWN);
        for (String server : List.of("mqtt://near", "mqtt://elsewhere")) {
            BridgeDefinition edited = bridge("b", "server", server);
            List<RemoteSession> there = sessions().load(edited).all();
            sessions().save(edited, new KnownSessions(there, OptionalInt.of(0)));
        }

        KnownSessions known = sessions().load(bridge("b"));

        assertThat(known.all().get(0).subscribed()).isEqualTo(SESSION.subscribed());
        assertThat(known.all().get(0).released()).isEqualTo(42);
        assertThat(known.all().get(0).held()).isEqualTo(HELD);
        assertThat(known.joined()).isEmpty();
    }

    /** Its messages are still on their way in the local session, and not to be released before they are sent again. */
    @Test
    void staysWithAServerThatAnEditComesBackToBeforeItHasBeenElsewhere() {
        sessions().save(bridge("b"), KNOWN);
        for (int i = 0; i < 2; i++) {
            BridgeDefinition elsewhere = bridge("b", "server", "mqtt://elsewhere");
            sessions().save(elsewhere, sessions().load(elsewhere));
        }

        assertThat(sessions().load(bridge("b")).joined()).hasValue(0);
        assertThat(sessions()
                        .load(bridge("b", "server", "mqtt://elsewhere"))
                        .all()
                        .get(0)
                        .held())
                .as("what was sent nowhere")
                .isEqualTo(new BitSet());
    }

    @Test
    void knowsNoMoreEarlierServersThanABridgeMayHave() {
        for (int i = 0; i < 18; i++) {
            sessions().save(bridge("b", "server", "mqtt://s" + i), KNOWN);
        }

        assertThat(sessions()
                        .load(bridge("b", "server", "mqtt://s1"))
                        .all()
                        .get(0)
                        .subscribed())
                .isNotEmpty();
        assertNothingKnown(bridge("b", "server", "mqtt://s0"));
    }

    @Test
    void takesServersOfWhichThereIsNoFileForSuchThatMayHoldAnything() {
        KnownSessions known = sessions().load(bridge("b", "server", "mqtt://a, mqtt://b"));

        assertThat(known.all()).allMatch(each -> each.held().equals(RemoteSession.everyIdentifier()));
        assertThat(known.joined()).isEmpty();
    }

    /** As at the first start of a version that keeps a file: there is nowhere else that it can have been. */
    @Test
    void takesTheOnlyServerOfWhichThereIsNoFileForTheOneThatIsJoined() {
        assertThat(sessions().load(bridge("b")).joined()).hasValue(0);
    }

    /** Else what it holds and what is on its way here would be taken for one another after a power cut. */
    @Test
    void takesNoneForJoinedWhereThatCannotBeWrittenDown() throws IOException {
        BridgeDefinition bridge = bridge("b", "server", "mqtt://a, mqtt://b");
        sessions().save(bridge, new KnownSessions(List.of(SESSION, SESSION), OptionalInt.of(0)));
        try (Stream<Path> files = Files.list(folder)) {
            Path file = files.findAny().orElseThrow();
            Files.createDirectory(file.resolveSibling(file.getFileName() + ".new"));
        }
        sessions().save(bridge, new KnownSessions(List.of(SESSION, SESSION), OptionalInt.of(1)));

        assertThat(sessions().load(bridge).joined()).isEmpty();
    }

    @Test
    void forgetsASessionThatHasEnded() throws IOException {
        sessions().save(bridge("b"), KNOWN);
        sessions().forget("b", () -> true, Runnable::run);
        sessions().forget("b", () -> true, Runnable::run);
        sessions().save(bridge("c"), KNOWN);
        sessions().save(bridge("c", "clean.start", "true"), KNOWN);

        try (Stream<Path> files = Files.list(folder)) {
            assertThat(files).isEmpty();
        }
    }

    @Test
    void knowsTheSessionsOfABridgeThatComesBeforeTheyAreForgotten() {
        List<Runnable> files = new ArrayList<>();
        AtomicBoolean gone = new AtomicBoolean(true);
        sessions().save(bridge("b"), KNOWN);
        sessions().forget("b", gone::get, files::add);
        assertThat(sessions().load(bridge("b")).all().get(0).subscribed())
                .as("an event loop is not to wait for the disk")
                .isNotEmpty();

        gone.set(false);
        files.forEach(Runnable::run);
        assertThat(sessions().load(bridge("b")).all().get(0).subscribed()).isNotEmpty();

        gone.set(true);
        files.forEach(Runnable::run);
        assertNothingKnown(bridge("b"));
    }

    @Test
    void takesABrokenFileForNone() throws IOException {
        sessions().save(bridge("b"), KNOWN);
        try (Stream<Path> files = Files.list(folder)) {
            Path file = files.findAny().orElseThrow();
            byte[] bytes = Files.readAllBytes(file);
            for (int length = 0; length < bytes.length; length++) {
                Files.write(file, Arrays.copyOf(bytes, length));
                sessions().load(bridge("b")); // does not throw
            }
            Files.write(file, new byte[(8 << 20) + 1]);
        }

        assertNothingKnown(bridge("b"));
    }

    @Test
    void doesWithoutADataArea() {
        RemoteSessions nowhere = new RemoteSessions(Optional.empty());
        nowhere.save(bridge("b"), KNOWN);
        nowhere.forget("b", () -> true, Runnable::run);

        assertThat(nowhere.load(bridge("b")).all().get(0).subscribed()).isEmpty();
    }

    private void assertNothingKnown(BridgeDefinition bridge) {
        RemoteSession session = sessions().load(bridge).all().get(0);
        assertThat(session.subscribed()).isEmpty();
        assertThat(session.released()).isEqualTo(RemoteSession.ALL);
    }

    private RemoteSessions sessions() {
        return new RemoteSessions(Optional.of(folder));
    }

    private static BridgeDefinition bridge(String name, String... keyAndValue) {
        Map<String, String> properties = new HashMap<>(Map.of("server", "mqtt://far", "subscribe.a", "a/#"));
        if (keyAndValue.length > 0) {
            properties.put(keyAndValue[0], keyAndValue[1]);
        }
        return BridgeReader.read(name, properties).definition().orElseThrow();
    }
}
