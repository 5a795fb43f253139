/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.store.log;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.io.IOException;
import java.nio.ByteBuffer;

/** The records of a segment, behind its header. The first byte says how much of the input is a whole record. */
class RecordFuzzTest {

    @FuzzTest
    void readsWhatWasWrittenAndNothingBehindIt(byte[] input) throws IOException {
        int whole = input.length == 0 ? 0 : (input[0] & 0xFF) % input.length;
        ByteBuffer file = ByteBuffer.allocate(SegmentHeader.SIZE + RecordFormat.OVERHEAD + input.length)
                .position(SegmentHeader.SIZE);
        RecordFormat.put(file, 1, (byte) 7, ByteBuffer.wrap(input, 0, whole));
        int end = file.position();
        file.put(input, whole, input.length - whole).flip();

        RecordReader reader = new RecordReader(new Bytes(file.array(), file.limit()), 1);
        assertThat(reader.advance()).isTrue();
        assertThat(reader.type()).isEqualTo((byte) 7);
        assertThat(reader.payload()).isEqualTo(ByteBuffer.wrap(input, 0, whole));
        assertThat(reader.position()).isEqualTo(end);
        while (reader.advance()) {
            assertThat(reader.position()).isLessThanOrEqualTo(file.limit());
            assertThat(reader.payload().remaining()).isLessThan(input.length);
        }

        RecordReader raw = new RecordReader(new Bytes(input, input.length), 1);
        while (raw.advance()) {
            assertThat(raw.position()).isLessThanOrEqualTo(input.length);
        }
    }

    /** A file that is only read. */
    private record Bytes(byte[] content, int length) implements LogFile {
        @Override
        public int read(byte[] target, int offset, int most, long position) {
            int count = Math.max(0, (int) Math.min(most, length - position));
            System.arraycopy(content, (int) Math.min(position, length), target, offset, count);
            return count;
        }

        @Override
        public long size() {
            return length;
        }

        @Override
        public void write(ByteBuffer source, long position) {
            throw new UnsupportedOperationException();
        }

        @Override
        public void truncate(long size) {
            throw new UnsupportedOperationException();
        }

        @Override
        public void force() {
            throw new UnsupportedOperationException();
        }

        @Override
        public void close() {
            // Nothing is open.
        }
    }
}
