/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.store;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.bascule.api.StoreVerification;
import io.bascule.store.log.Replay;
import io.bascule.store.log.Scan;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** What records say, each behind a byte for its type and one for its length: whole, as their checksums have it, and true or not. */
class PayloadFuzzTest {

    @FuzzTest
    void isReadAndCopiedOrRefusedByWords(byte[] input) throws IOException {
        Map<Long, ByteBuffer> records = new HashMap<>();
        boolean[] refused = new boolean[1];
        Contents contents = Contents.read(into -> {
            refused[0] = !replay(input, into, records);
            return new Scan.Result(1, records.size(), input.length, 0, 0, List.of());
        });
        StoreVerification verified = contents.verification("folder");
        assertThat(verified.sessions()).isBetween(0, records.size());
        assertThat(verified.retained()).isBetween(0, records.size());
        assertThat(verified.queued()).isBetween(0L, (long) input.length);
        contents.state()
                .sessions()
                .values()
                .forEach(session -> assertThat(session.accepted().length()).isLessThanOrEqualTo(65_536));
        if (!refused[0]) {
            for (Live each = contents.state().live().first(); each != null; each = each.next) {
                ByteBuffer copy =
                        each.copy(records.get(each.sequence()).duplicate()).toBuffer();
                assertThat(copy.remaining()).isLessThanOrEqualTo(2 * input.length + 64);
            }
        }
    }

    /** Whether all could be read. */
    private static boolean replay(byte[] input, Replay into, Map<Long, ByteBuffer> records) {
        long sequence = 0;
        for (int at = 0; at + 2 <= input.length; ) {
            int length = Math.min(input[at + 1] & 0xFF, input.length - at - 2);
            ByteBuffer payload = ByteBuffer.wrap(input, at + 2, length).slice();
            records.put(++sequence, payload);
            try {
                into.record(sequence, input[at], payload.duplicate());
            } catch (UncheckedIOException e) {
                assertThat(e.getCause())
                        .hasMessageMatching("(?s)record " + sequence + " of the store cannot be read: .+");
                return false;
            }
            at += 2 + length;
        }
        return true;
    }
}
