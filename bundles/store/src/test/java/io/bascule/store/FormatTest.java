/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.store;

import static org.assertj.core.api.Assertions.assertThat;

import io.bascule.api.SessionOptions.Overlap;
import io.bascule.api.Subscription;
import io.bascule.mqtt.Message;
import io.bascule.mqtt.QoS;
import io.bascule.mqtt.Topic;
import io.bascule.mqtt.TopicFilter;
import io.bascule.spi.MessageStore.Receiver;
import io.bascule.spi.SessionStore;
import io.bascule.spi.SessionTerms;
import io.bascule.spi.StoredMessage;
import io.bascule.store.codec.RecordType;
import io.bascule.store.log.DiskFolder;
import io.bascule.store.log.Scan;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Folders that earlier releases have written, one for each format: what was in them is read to this day. A release whose format is another
 * adds its own, by {@code -Dstore.format.write=NAME}, and takes none away.
 */
class FormatTest {
    private static final Path FORMATS = Path.of("src", "test", "resources", "formats");
    private static final String EXPECTED = "expected.jsonl";
    /** How long it takes to fill one, by its clock, and how long it then lies around. */
    private static final Duration SINCE = Duration.ofSeconds(9 + 1);

    @TempDir
    Path folder;

    static Stream<String> formats() throws IOException {
        try (Stream<Path> found = Files.list(FORMATS)) {
            return found.map(each -> each.getFileName().toString()).sorted().toList().stream();
        }
    }

    @ParameterizedTest
    @MethodSource("formats")
    void isReadToThisDay(String format) throws IOException {
        Path kept = FORMATS.resolve(format);
        try (Stream<Path> files = Files.list(kept)) {
            for (Path file : files.filter(each -> !each.endsWith(EXPECTED)).toList()) {
                Files.copy(file, folder.resolve(file.getFileName()));
            }
        }
        Set<RecordType> types = EnumSet.noneOf(RecordType.class);
        Scan.of(DiskFolder.open(folder), (sequence, type, payload) -> types.add(RecordType.of(type)), () -> true);

        assertThat(content()).isEqualTo(Files.readString(kept.resolve(EXPECTED)));
        assertThat(types).as("something of everything").containsExactlyInAnyOrder(RecordType.values());
    }

    /** What the folder has, when some time has passed. */
    private String content() throws IOException {
        FullStore store = new FullStore(DiskFolder.open(folder));
        store.clock().pass(SINCE);
        store.open();
        try {
            store.awaitSafe();
            StringWriter to = new StringWriter();
            store.store().export(to, () -> true);
            return to.toString();
        } finally {
            store.close();
        }
    }

    @Test
    @EnabledIfSystemProperty(named = "store.format.write", matches = ".+")
    void writes() throws IOException {
        FullStore store = new FullStore(DiskFolder.open(folder));
        store.open();
        fillWithWhatIsOver(store.store());
        store.fill();
        store.close();
        Path kept = Files.createDirectories(FORMATS.resolve(System.getProperty("store.format.write")));
        try (Stream<Path> files = Files.list(folder)) {
            files.filter(each -> each.toString().endsWith(".log")).forEach(each -> copy(each, kept));
        }
        Files.writeString(kept.resolve(EXPECTED), content());
    }

    private static void copy(Path file, Path into) {
        try {
            Files.copy(file, into.resolve(file.getFileName()));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void fillWithWhatIsOver(LogMessageStore store) {
        SessionStore left = session(store, "left");
        left.expiry(9_000);
        left.subscribed(Subscription.of(TopicFilter.of("b"), QoS.AT_LEAST_ONCE));
        left.unsubscribed(TopicFilter.of("b"));
        left.willDone();
        left.accepted(7);
        left.released(7);
        StoredMessage sent = append(store, left, "sent");
        append(store, left, "waits");
        StoredMessage dropped = append(store, left, "dropped");
        left.sent(sent, 1);
        left.received(1);
        left.completed(1);
        left.dropped(dropped);
        left.disconnected();
        SessionStore ended = session(store, "ended");
        append(store, ended, "goes with it");
        ended.end();
        store.append(Message.of("b", "retained").withRetain(true), true, List.of(), Optional.empty());
        store.unretain(Topic.of("b"));
    }

    private static SessionStore session(LogMessageStore store, String clientId) {
        SessionStore session = store.session(clientId);
        session.connected(new SessionTerms(100, Optional.of(FullStore.will()), Optional.empty(), Overlap.ONE_COPY));
        return session;
    }

    private static StoredMessage append(LogMessageStore store, SessionStore receiver, String text) {
        Message message = Message.of("b", text).withQos(QoS.EXACTLY_ONCE);
        StoredMessage appended = store.append(
                message,
                false,
                List.of(new Receiver(receiver, 0, QoS.EXACTLY_ONCE, false, new int[0])),
                Optional.empty());
        return appended.forReceiver(receiver, 0).orElseThrow();
    }
}
