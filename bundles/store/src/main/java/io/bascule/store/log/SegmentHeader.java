/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.store.log;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Optional;
import java.util.zip.CRC32C;

/**
 * How a segment begins, big-endian: magic (8 bytes), version of the format (4), number (8), sequence of the first record
 * (8), CRC-32C of these (4). It is safe on disk before the first record is written.
 */
record SegmentHeader(long number, long firstSequence) {
    static final int SIZE = 32;
    private static final int VERSION = 1;
    private static final long MAGIC = 0x4241_5343_554c_4f47L; // BASCULOG
    private static final int CRC = SIZE - Integer.BYTES;

    ByteBuffer encode() {
        ByteBuffer bytes = ByteBuffer.allocate(SIZE);
        bytes.putLong(MAGIC).putInt(VERSION).putLong(number).putLong(firstSequence);
        return bytes.putInt(crc(bytes)).flip();
    }

    /**
     * The header of an open file, if it has one.
     *
     * @throws IOException also when the file is of a newer format
     */
    static Optional<SegmentHeader> read(LogFile file, String name) throws IOException {
        ByteBuffer bytes = ByteBuffer.allocate(SIZE);
        int read = file.read(bytes.array(), 0, SIZE, 0);
        if (read < SIZE || bytes.getLong() != MAGIC || bytes.getInt(CRC) != crc(bytes)) {
            return Optional.empty();
        }
        int version = bytes.getInt();
        if (version != VERSION) {
            throw new IOException(name + " is of version " + version + " of the format, and this release reads version "
                    + VERSION + " only");
        }
        return Optional.of(new SegmentHeader(bytes.getLong(), bytes.getLong()));
    }

    private static int crc(ByteBuffer bytes) {
        CRC32C crc = new CRC32C();
        crc.update(bytes.array(), 0, CRC);
        return (int) crc.getValue();
    }
}
