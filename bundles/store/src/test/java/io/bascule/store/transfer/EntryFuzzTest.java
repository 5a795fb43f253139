/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.store.transfer;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.StringWriter;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Whatever is done to a line: it is refused by words, or it is an entry that is written as it was read. */
@Timeout(60)
class EntryFuzzTest {
    private static final int LINES = 5_000;
    private static final long SEED = Long.getLong("entry.seed", System.nanoTime());

    private static final List<String> WHOLE = List.of(
            "{\"format\":\"bascule-store\",\"version\":1}",
            "{\"type\":\"session\",\"clientId\":\"a\\u001b\\ud83d\\ude00\",\"sessionExpiryInterval\":100,\"subscriptions\":[],"
                    + "\"inFlight\":[{\"packetId\":9,\"received\":true}],\"accepted\":[5,65535]}",
            "{\"type\":\"message\",\"topic\":\"a/ü\",\"qos\":1,\"payloadBase64\":\"AP+A\",\"age\":-0,"
                    + "\"receivers\":[{\"clientId\":\"a\",\"qos\":1}]}",
            "{\"type\":\"end\",\"sessions\":0,\"messages\":1234567890123456789,\"retained\":1}");
    private static final List<String> PIECES = List.of(
            "{",
            "}",
            "[",
            "]",
            "\"",
            "'",
            ":",
            ",",
            "\\",
            "\\u",
            "\\ud83d",
            "/*",
            "#",
            "+",
            "-",
            ".",
            "e",
            "0",
            "1",
            "99999999",
            "true",
            "null",
            "NaN",
            " ",
            "\t",
            "\r",
            "\0",
            "\u007f",
            "\u0085",
            "\ufeff",
            "\ud83d",
            "[".repeat(20),
            "7".repeat(2_000));

    private final SplittableRandom random = new SplittableRandom(SEED);

    @Test
    void refusesByWordsOrReadsWhatItWrites() throws IOException {
        int read = 0;
        for (int i = 0; i < LINES; i++) {
            String line = WHOLE.get(random.nextInt(WHOLE.size()));
            for (int changes = random.nextInt(4); changes > 0; changes--) {
                line = change(line);
            }
            read += check(line) ? 1 : 0;
        }
        assertThat(read).as("of seed %d", SEED).isBetween(LINES / 4, LINES - LINES / 4);
    }

    private String change(String line) {
        int from = random.nextInt(line.length() + 1);
        int to = random.nextInt(3) > 0 ? from : Math.min(line.length(), from + random.nextInt(4));
        String piece = random.nextInt(4) > 0 ? PIECES.get(random.nextInt(PIECES.size())) : "";
        return line.substring(0, from) + piece + line.substring(to);
    }

    private static boolean check(String line) throws IOException {
        Entry entry;
        try {
            entry = EntryReader.entry(line);
        } catch (IllegalArgumentException e) {
            assertThat(e.getMessage()).contains(": ").doesNotContain("`");
            return false;
        }
        String written = written(entry);
        assertThat(written).matches("[^\\p{Cntrl}\\p{Cs}]*\n");
        assertThat(written(EntryReader.entry(written))).as(line).isEqualTo(written);
        return true;
    }

    private static String written(Entry entry) throws IOException {
        StringWriter to = new StringWriter();
        EntryWriter.write(entry, to);
        return to.toString();
    }
}
