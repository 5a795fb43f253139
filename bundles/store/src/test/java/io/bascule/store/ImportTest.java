/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.bascule.api.SessionOptions;
import io.bascule.api.SessionOptions.Overlap;
import io.bascule.api.Store.Imported;
import io.bascule.mqtt.Message;
import io.bascule.spi.SessionTerms;
import io.bascule.store.log.SimulatedFolder;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.CancellationException;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What is imported is what was exported, and whole. */
@Timeout(60)
class ImportTest {
    private static final String HEAD = "{'format':'bascule-store','version':1}\n";
    private static final String SESSION = "{'type':'session','clientId':'a','sessionExpiryInterval':9}\n";

    @TempDir
    private Path temporary;

    private final SimulatedFolder folder = new SimulatedFolder(new SplittableRandom(1));
    private final FullStore full = new FullStore(folder);
    private Path file;
    private String exported;

    @BeforeEach
    void export() throws IOException {
        FullStore source = new FullStore(new SimulatedFolder(new SplittableRandom(2)));
        source.open();
        source.fill();
        exported = text(source);
        source.close();
        file = Files.writeString(temporary.resolve("export"), exported);
    }

    private static String text(FullStore from) throws IOException {
        from.awaitSafe();
        StringWriter to = new StringWriter();
        from.store().export(to, () -> true);
        return to.toString();
    }

    private Imported run(boolean skipping) throws IOException {
        return Importer.run(folder, FullStore.SETTINGS, full.clock(), file, skipping, () -> true);
    }

    private String content() throws IOException {
        full.open();
        try {
            return text(full);
        } finally {
            full.close();
        }
    }

    /** Who was connected when it was exported has been away since the store was closed. */
    private static String afterClosing(String exported) {
        String here = "\"sessionExpiryInterval\":" + SessionOptions.NEVER + ",";
        return exported.replace(here, here + "\"away\":0,");
    }

    @Test
    void makesTheSameOfAnEmptyStore() throws IOException {
        assertThat(run(false)).isEqualTo(new Imported(2, 4, 2, 0, 0));

        assertThat(content()).isEqualTo(afterClosing(exported));
        assertThat(folder.list()).noneMatch(name -> name.equals("provisional"));
    }

    @Test
    void handsOverWhatItImported() throws IOException {
        run(false);
        full.open();
        Restored restored = Restored.of(full.store());
        assertThat(restored.retained()).extracting(Message::text).containsExactlyInAnyOrder("2", "r");
        assertThat(restored.session(FullStore.AWAY).away()).hasSeconds(7);
        assertThat(restored.session(FullStore.AWAY).inFlight())
                .extracting(each -> each.packetId() + " " + each.received())
                .containsExactly("9 true", "3 false");
        assertThat(restored.queued(FullStore.HERE)).hasSize(3);
        assertThat(restored.session(FullStore.HERE).terms().will()).isPresent();
        full.close();
    }

    @Test
    void refusesWhatExistsAndChangesNothing() throws IOException {
        run(false);
        assertThatThrownBy(() -> run(false))
                .isInstanceOf(IOException.class)
                .hasMessage("the session " + FullStore.AWAY + " exists already: delete it first, or skip what exists");

        assertThat(content()).isEqualTo(afterClosing(exported));
    }

    @Test
    void skipsWhatExistsWhereThatIsWanted() throws IOException {
        full.open();
        full.store()
                .session(FullStore.HERE)
                .connected(new SessionTerms(5, Optional.empty(), Optional.empty(), Overlap.ONE_COPY));
        full.store().append(Message.of("r", "mine").withRetain(true), true, List.of(), Optional.empty());
        full.close();

        assertThat(run(true)).isEqualTo(new Imported(1, 2, 1, 1, 1));
        assertThat(content())
                .contains("\"clientId\":\"here\",\"sessionExpiryInterval\":5,")
                .contains("\"topic\":\"r\",\"qos\":0,\"retain\":true,\"payload\":\"mine\"")
                .contains("\"topic\":\"a/1\"", "\"topic\":\"a/2\"")
                .doesNotContain("\"topic\":\"a/3\"");
    }

    @Test
    void isWholeOrNotAtAllWhenThePowerGoes() throws IOException {
        full.open();
        full.store().append(Message.of("old", "kept").withRetain(true), true, List.of(), Optional.empty());
        full.close();
        String before = content();
        int operations = 0;
        boolean whole = false;
        while (!whole) {
            folder.powerFor(operations++);
            try {
                run(false);
                whole = true;
            } catch (IOException | UncheckedIOException e) {
                assertThat(e).hasStackTraceContaining("no power"); // itself, or as the reason why bytes are not saved
            }
            if (operations % 2 == 0) {
                folder.cut();
            } else {
                folder.kill();
            }
            folder.powerFor(Long.MAX_VALUE);
            String after = content();
            if (!whole && after.equals(before)) {
                continue;
            }
            assertThat(after.lines().count()).isEqualTo(exported.lines().count() + 1);
            whole = true;
        }
        assertThat(operations).isGreaterThan(10);
    }

    @Test
    void isNotThereWhenItIsEnded() throws IOException {
        int[] lines = {0};
        assertThatThrownBy(() ->
                        Importer.run(folder, FullStore.SETTINGS, full.clock(), file, false, () -> lines[0]++ < 16))
                .isInstanceOf(CancellationException.class);

        assertThat(content().lines()).hasSize(2);
    }

    @Test
    void isNotThereWhenTheDiskRefuses() throws IOException {
        String large = Stream.generate(() -> "{'type':'message','topic':'t','qos':1,'payload':'" + "x".repeat(100_000)
                        + "','receivers':[{'clientId':'a','qos':1}]}\n")
                .limit(50)
                .collect(Collectors.joining());
        write(HEAD + SESSION + large + "{'type':'end','sessions':1,'messages':50,'retained':0}");
        folder.room(2 << 20);
        assertThatThrownBy(() -> run(false)).hasMessageContaining("the disk does not take it");

        folder.room(Long.MAX_VALUE);
        assertThat(content().lines()).hasSize(2);
    }

    // ---------------------------------------------------------------- mistakes

    private void write(String text) throws IOException {
        Files.writeString(file, text.replace('\'', '"'));
    }

    private void assertRefused(String text, String reason) throws IOException {
        write(text);
        assertThatThrownBy(() -> run(false)).isInstanceOf(IOException.class).hasMessage(reason);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '~', textBlock = """
            {'type':'session'}|clientId: it is missing
            {'type':'session','clientId':''}|clientId: allowed is a text that is not empty
            {'type':'session','clientId':7}|clientId: allowed is a text
            {'type':'session','clientId':'b'}|sessionExpiryInterval: it is missing
            {'type':'session','clientId':'b','sessionExpiryInterval':0}|sessionExpiryInterval: allowed is a whole number from 1 to 4294967295
            {'type':'session','clientId':'b','sessionExpiryInterval':1.5}|column 58: a whole number, a text, true, false, an object or an array is expected
            {'type':'session','clientId':'b','sessionExpiryInterval':1,'overlap':'X'}|overlap: allowed is ONE_COPY, COPY_PER_SUBSCRIPTION
            {'type':'session','clientId':'b','sessionExpiryInterval':1,'subscriptions':[{'filter':'a/#/b','qos':1}]}|subscriptions[0].filter: # is the last level of a topic filter, in "a/#/b" more follow
            {'type':'session','clientId':'b','sessionExpiryInterval':1,'subscriptions':[{'filter':'a','qos':3}]}|subscriptions[0].qos: allowed is a whole number from 0 to 2
            {'type':'session','clientId':'b','sessionExpiryInterval':1,'subscriptions':[{'filter':'a','qos':1,'nolocal':true}]}|subscriptions[0].nolocal: there is no such field; allowed is filter, identifier, keepsLatest, minimumQos, noLocal, priority, qos, retainAsPublished, retainHandling
            {'type':'session','clientId':'b','sessionExpiryInterval':1,'subscriptions':[{'filter':'a','qos':1,'priority':'HIGH'}]}|subscriptions[0].identifier: keepsLatest and priority need one
            {'type':'session','clientId':'b','sessionExpiryInterval':1,'subscriptions':[{'filter':'a','qos':1,'minimumQos':2}]}|subscriptions[0].minimumQos: allowed is a whole number from 0 to 1
            {'type':'session','clientId':'b','sessionExpiryInterval':1,'inFlight':[{'packetId':1},{'packetId':1}]}|inFlight[1].packetId: 1 is there twice
            {'type':'session','clientId':'a','sessionExpiryInterval':1}|clientId: the session a is in line 2 already
            {'type':'session','clientId':'b','clientId':'c'}|column 48: clientId is there twice
            {'type':'message','topic':'t','qos':1,'receivers':[]}|payload: it is missing, and so is payloadBase64
            {'type':'message','topic':'t','qos':1,'payload':'x','payloadBase64':'AA=='}|payload: allowed is either this or payloadBase64
            {'type':'message','topic':'t','qos':1,'payload':'x'}|receivers: allowed is one or more
            {'type':'message','topic':'t','qos':1,'payload':'x','receivers':[{'clientId':'b','qos':1}]}|receivers[0].clientId: no line before has a session b
            {'type':'message','topic':'t','qos':1,'payload':'x','receivers':[{'clientId':'a','qos':1,'packetId':4}]}|receivers[0].packetId: allowed is what inFlight of line 2 has and no other message
            {'type':'retained','topic':'t','qos':1,'payload':''}|payload: allowed is one that is not empty
            {'type':'other'}|type: allowed is session, message, retained, end
            {'format':'bascule-store','version':1}|format: allowed is bascule-store, in the first line alone
            {'type':'end','sessions':2,'messages':0,'retained':0}|sessions: the file has 1
            []|column 1: { is expected
            {'type':'end'|column 14: it ends too early
            {'type':'end']|column 14: Unexpected close marker ']': expected '}'
            {'type':'end'} {}|column 15: nothing may follow the object
            {'type':null}|column 9: a whole number, a text, true, false, an object or an array is expected
            {'type':[[[[[[[[[[[[[[[[|column 25: it is nested too deeply, or this name or number is too long
            {'type':'retained','topic':'t','qos':1,'payload':'\\ud800'}|payload: it has half a surrogate pair
            """)
    void namesTheLineAndTheField(String line, String reason) throws IOException {
        assertRefused(HEAD + SESSION + line + "\n", "line 3: " + reason);
    }

    @Test
    void refusesWhatIsNoWholeExport() throws IOException {
        assertRefused("", "line 1: the file is cut short: its last line is of type end");
        assertRefused(SESSION, "line 1: format: allowed is bascule-store, in the first line alone");
        assertRefused("{'format':'x','version':1}", "line 1: format: allowed is bascule-store");
        assertRefused("{'format':'bascule-store','version':2}", "line 1: version: allowed is 1");
        assertRefused(HEAD + "\n", "line 2: column 1: { is expected");
        assertRefused(HEAD + SESSION, "line 3: the file is cut short: its last line is of type end");
        String end = "{'type':'end','sessions':1,'messages':0,'retained':0}\n";
        assertRefused(HEAD + SESSION + end + end, "line 4: nothing may follow the line of type end");
        assertRefused(
                HEAD + SESSION.replace("}", ",'inFlight':[{'packetId':8}]}") + end,
                "line 3: there is no message with packetId 8 for the session a, as inFlight of line 2 says");
        Files.write(file, "{\"\u00e4".getBytes(StandardCharsets.ISO_8859_1));
        assertThatThrownBy(() -> run(false)).hasMessage("line 1: it is not in UTF-8");
        Files.delete(file);
        assertThatThrownBy(() -> run(false)).hasMessage("there is no file " + file);

        assertThat(content().lines()).hasSize(2);
    }
}
